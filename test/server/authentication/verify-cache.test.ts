import { expect, test } from '@jest/globals'
import { VerifyCache } from '../../../server/authentication/verify-cache.ts'

const attempt = { principal: '1', storedHash: 'h', password: 'p' }

test('knows an attempt by all of its parts', () => {
  const cache = new VerifyCache(10)
  cache.add(attempt)
  expect(cache.has({ ...attempt })).toBe(true)
  expect(cache.has({ ...attempt, principal: '2' })).toBe(false)
  expect(cache.has({ ...attempt, storedHash: 'g' })).toBe(false)
  expect(cache.has({ ...attempt, password: 'P' })).toBe(false)
  // Where one part ends and the next begins counts.
  expect(cache.has({ principal: '1h', storedHash: '', password: 'p' })).toBe(false)
})

test('holds so many and lets go of the longest unused', () => {
  const cache = new VerifyCache(2)
  const [a, b, c] = ['a', 'b', 'c'].map((password) => ({ ...attempt, password }))
  if (a === undefined || b === undefined || c === undefined) throw new Error('three attempts')
  cache.add(a)
  cache.add(b)
  expect(cache.has(a)).toBe(true)
  cache.add(c)
  expect([cache.has(a), cache.has(b), cache.has(c)]).toEqual([true, false, true])
})

test('of size 0 remembers nothing', () => {
  const cache = new VerifyCache(0)
  cache.add(attempt)
  expect(cache.has(attempt)).toBe(false)
})
