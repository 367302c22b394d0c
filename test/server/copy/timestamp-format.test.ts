import { expect, test } from '@jest/globals'
import { timestampReader } from '../../../server/copy/timestamp-format.ts'

const read = (format: string, text: string): bigint | undefined =>
  timestampReader({ value: format, span: { start: 7, end: 8 } })(text)

const micros = (iso: string): bigint => BigInt(Date.parse(iso)) * 1000n

test.each([
  [
    'yyyy-MM-ddTHH:mm:ss.SSSUUUZ',
    '2020-02-29T01:02:03.456789Z',
    micros('2020-02-29T01:02:03.456Z') + 789n,
  ],
  ['yyyy-MM-ddTHH:mm:ss.SSSZ', '2020-02-29T01:02:03.456+02:30', micros('2020-02-28T22:32:03.456Z')],
  ['dd/MM/yyyy HH:mm', '31/12/1969 23:59', -60_000_000n],
  ["yyyy'at'MM.dd", '2020at01.02', micros('2020-01-02T00:00:00Z')],
])('%s reads %s', (format, text, expected) => {
  expect(read(format, text)).toBe(expected)
})

test.each([
  ['yyyy-MM-dd', '2021-02-29'],
  ['yyyy-MM-dd', '2021-13-01'],
  ['yyyy-MM-dd', '2021-01-01 '],
  ['yyyy.MM', '2021x01'],
  ['yyyy-MM-dd HH:mm:ss', '2021-01-01 24:00:00'],
])('%s does not read %s', (format, text) => {
  expect(read(format, text)).toBeUndefined()
})

test.each([
  ['yyyy-MMM', '0A000'],
  ['hello', '0A000'],
  ['', '0A000'],
  ["yyyy'", '0A000'],
  ['yyyy yyyy', '22023'],
])('the format %j is refused', (format, sqlState) => {
  expect(() => read(format, '')).toThrow(expect.objectContaining({ sqlState, offset: 7 }))
})
