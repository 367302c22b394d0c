import { beforeAll, describe, expect, test } from '@jest/globals'
import { SqlError } from '../../../errors/sql-error.ts'
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

  test('forgets all of it when it is flushed, plans of prepared statements too', () => {
    const cache = new PlanCache(1 << 20)
    const { entry } = look(cache, 'SELECT 1')
    entry.plans.set('0:', {
      kind: 'Unbindable',
      schemaEpoch: 1,
      binding: { kind: 'Unbindable', requirements: [], error: new SqlError('0A000', 'no') },
    })
    cache.clear()
    expect(entry.plans.size).toBe(0)
    expect(look(cache, 'SELECT 1').parsed).toBe(true)
  })

  test('forgets what is too much when it becomes smaller', () => {
    const cache = new PlanCache(1 << 20)
    for (const text of ['SELECT 1', 'SELECT 2']) look(cache, text)
    cache.resize(4600)
    expect(look(cache, 'SELECT 2').parsed).toBe(false)
    expect(look(cache, 'SELECT 1').parsed).toBe(true)
    cache.resize(0)
    expect(look(cache, 'SELECT 1').parsed).toBe(true)
  })
})
