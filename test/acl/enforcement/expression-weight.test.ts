import { beforeAll, describe, expect, test } from '@jest/globals'
import { weightOf } from '../../../acl/enforcement/expression-weight.ts'
import { loadParser } from '../../../parser/parse.ts'
import { bindText, optionsFor, outcome, schemaOf } from './bind-fixture.ts'

beforeAll(loadParser)

/** `text` with itself in place of `#`, again and again. */
function nested(text: string, depth: number, innermost = '1'): string {
  return Array.from({ length: depth }).reduce(
    (inner: string) => text.replaceAll('#', inner),
    innermost,
  )
}

const refused = '54001 an expression repeats its parts too often'

describe('an expression that doubles its parts is refused before it is printed (hardening 5.3)', () => {
  test.each([
    ['CASE', nested('CASE # WHEN 1 THEN 1 WHEN 2 THEN 3 END', 40)],
    ['BETWEEN of two types', nested('(# BETWEEN SYMMETRIC 1.5 AND 2)::int', 40)],
    ['BETWEEN', nested('(# BETWEEN 1 AND 2.5)::int', 40)],
  ])('%s', (_what, expression) => {
    expect(outcome(bindText(`SELECT ${expression}`, optionsFor(schemaOf([])))).error).toBe(refused)
  })

  test('records that hold each other twice', () => {
    const query = nested('SELECT ROW(x, x) AS x FROM (#) t', 30, 'SELECT 1 AS x')
    expect(outcome(bindText(query, optionsFor(schemaOf([])))).error).toBe(refused)
  })
})

test.each([
  [
    'an IN list as long as it may be',
    `SELECT 1 IN (${Array.from({ length: 10_000 }, (_, n) => n).join(', ')})`,
  ],
  [
    'a long condition',
    `SELECT 1 WHERE ${Array.from({ length: 5_000 }, () => '1 = 1').join(' AND ')}`,
  ],
  ['a CASE of many branches', `SELECT CASE 1 ${'WHEN 2 THEN 3 '.repeat(3_000)}END`],
])('%s is not refused', (_what, sql) => {
  expect(outcome(bindText(sql, optionsFor(schemaOf([]))))).not.toHaveProperty('error')
})

test('a shared part counts at each place', () => {
  const leaf = { kind: 'Constant' }
  const twice = { left: leaf, right: leaf }
  expect(weightOf({ left: twice, right: twice })).toBe(7)
})
