import { expect, test } from '@jest/globals'
import { reachesClient } from '../../../server/session/notice-level.ts'

test.each([
  ['NOTICE', 'debug1', true],
  ['NOTICE', 'notice', true],
  ['NOTICE', 'warning', false],
  ['WARNING', 'warning', true],
  ['WARNING', 'error', false],
] as const)('a %s with client_min_messages = %s', (severity, least, expected) => {
  expect(reachesClient(severity, least)).toBe(expected)
})
