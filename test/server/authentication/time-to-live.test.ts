import { expect, test } from '@jest/globals'
import { parseTimeToLive } from '../../../server/authentication/time-to-live.ts'

test.each([
  ['60s', 60],
  ['1m', 60],
  ['90m', 5400],
  ['12h', 43_200],
  ['30d', 2_592_000],
  ['3650d', 315_360_000],
  ['315360000s', 315_360_000],
])('%s is a TTL', (text, seconds) => {
  expect(parseTimeToLive(text)).toBe(seconds)
})

test.each([
  '59s',
  '0m',
  '3651d',
  '315360001s',
  '30',
  'd',
  '',
  '30D',
  '30 d',
  ' 30d',
  '30d ',
  '-30d',
  '+30d',
  '1.5d',
  '30w',
  '1d12h',
  '٣d',
  '99999999999999999999d',
])('%j is none', (text) => {
  expect(() => parseTimeToLive(text, 7)).toThrow(
    expect.objectContaining({
      sqlState: '22023',
      offset: 7,
      message: `invalid TTL, expected an integer and one of s, m, h, d, between 1m and 3650d [ttl=${text}]`,
    }),
  )
})
