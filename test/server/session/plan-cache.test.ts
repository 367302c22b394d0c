import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParser, parseStatements } from '../../../parser/parse.ts'
import type { CachedText } from '../../../server/session/plan-cache.ts'
import { PlanCache } from '../../../server/session/plan-cache.ts'

beforeAll(async () => {
  await loadParser()
})

/** The entry for a text, and whether it had to be parsed for it. */
function look(
  cache: PlanCache,
  text: string,
  searchPath = 'public',
): { entry: CachedText; parsed: boolean } {
  let parsed = false
  const entry = cache.text({ text, searchPath }, () => {
    parsed = true
    return parseStatements(text)
  })
  return { entry, parsed }
}

describe('the plan cache', () => {
  test('parses a text once', () => {
    const cache = new PlanCache(1 << 20)
    expect(look(cache, 'SELECT 1').parsed).toBe(true)
    expect(look(cache, 'SELECT 1').parsed).toBe(false)
    expect(look(cache, 'SELECT 1').entry).toBe(look(cache, 'SELECT 1').entry)
  })

  test('keeps texts apart by search path', () => {
    const cache = new PlanCache(1 << 20)
    look(cache, 'SELECT 1', 'a')
    expect(look(cache, 'SELECT 1', 'b').parsed).toBe(true)
  })

  test('forgets the least recently used text first when it is full', () => {
    const cache = new PlanCache(3 * 4600)
    for (const text of ['SELECT 1', 'SELECT 2', 'SELECT 3']) look(cache, text)
    look(cache, 'SELECT 1')
    look(cache, 'SELECT 4')
    expect(look(cache, 'SELECT 1').parsed).toBe(false)
    expect(look(cache, 'SELECT 2').parsed).toBe(true)
  })

  test('keeps no text with a secret, and none that is very long', () => {
    const cache = new PlanCache(1 << 24)
    for (const text of ["ALTER USER u WITH PASSWORD 'p'", `SELECT '${'x'.repeat(20_000)}'`]) {
      look(cache, text)
      expect(look(cache, text).parsed).toBe(true)
    }
  })
})
