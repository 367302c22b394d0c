import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Binding } from '../../../acl/enforcement/binding.ts'
import { loadParser } from '../../../parser/parse.ts'
import { bindText, optionsFor, outcome, schemaOf, table } from './bind-fixture.ts'

/** `pub` is what a reader may read one column of; `b` is the hidden one (duckdb-hardening.md, 3.1). */
const schema = schemaOf([
  table('pub', 'a int4, b text', { oid: 7 }),
  table('secret', 'ssn text', { oid: 8 }),
])

const bindHere = (sql: string): Binding => bindText(sql, optionsFor(schema))

/** Every column of a table that the bound tree lets through. */
function projected(binding: Binding, oid: number): readonly string[] {
  if (binding.kind !== 'Data') return []
  const names = new Set<string>()
  JSON.stringify(binding.statement, (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null && 'kind' in value && 'oid' in value) {
      if (value.oid === oid && 'columns' in value && Array.isArray(value.columns)) {
        for (const column of value.columns) names.add(String(column.name))
      }
    }
    return typeof value === 'bigint' ? value.toString() : value
  })
  return [...names].toSorted()
}

beforeAll(loadParser)

describe('a hidden column is reached by no side door without being required', () => {
  test.each([
    'SELECT * FROM pub',
    'SELECT pub.* FROM pub',
    'SELECT pub FROM pub',
    'SELECT row(pub.*) FROM pub',
    'SELECT count(pub) FROM pub',
    'SELECT p FROM (SELECT * FROM pub) p',
    'SELECT a FROM pub ORDER BY b',
    'SELECT DISTINCT ON (b) a FROM pub',
    "SELECT count(*) FILTER (WHERE b = 'x') FROM pub",
    'SELECT rank() OVER (ORDER BY b) FROM pub',
    'SELECT count(*) FROM pub HAVING max(b) > $1',
    'SELECT 1 FROM pub x NATURAL JOIN pub y',
    'SELECT 1 FROM pub x JOIN pub y USING (b)',
    'SELECT a AS b FROM pub WHERE b = $1',
    'SELECT a AS b FROM pub GROUP BY a, b',
    'SELECT c FROM pub AS p(x, c)',
    'SELECT (pub).b FROM pub',
    'SELECT (SELECT b) FROM pub',
    'SELECT q.b FROM pub, LATERAL (SELECT b) q',
    'WITH "x as(select 1)select b from pub--" AS (SELECT b FROM pub) SELECT 1',
  ])('%s', (sql) => {
    const needs = outcome(bindHere(sql)).needs.join(' ')
    expect(needs).toMatch(/SELECT on pub\((?:a\*?, )?b\*?\)/)
  })
})

describe('what the engine would understand and PostgreSQL does not is refused', () => {
  test.each([
    ['SELECT b.lower() FROM pub', '42883'],
    ['SELECT pub.b.lower() FROM pub', '42883'],
    ['SELECT rowid FROM pub', '42703'],
    ['SELECT pub.rowid FROM pub', '42703'],
    ['SELECT ctid, tableoid FROM pub', '42703'],
    ["SELECT columns('b') FROM pub", '42883'],
    ['SELECT columns(a) FROM pub', '42883'],
    ["SELECT struct_extract(pub, 'b') FROM pub", '42883'],
    ["SELECT query('select * from secret')", '42883'],
    ["SELECT * FROM query_table('secret')", '42883'],
    ["SELECT * FROM read_csv('/etc/passwd')", '42883'],
    ["SELECT getvariable('x'), current_setting('secret_directory')", '42883'],
    ['SELECT stats(a) FROM pub', '42883'],
    ["SELECT * FROM enable_logging('QueryLog')", '42883'],
    ['SELECT * FROM duckdb_columns()', '42883'],
    ['SELECT * FROM information_schema.duckdb', '42P01'],
    ['SELECT * FROM "file.csv"', '42P01'],
    ['SELECT * FROM main.t8', '42P01'],
    ['SELECT * FROM t8', '42P01'],
    ['SELECT c1 FROM pub', '42703'],
    ['SELECT k1 FROM pub', '42703'],
    ['SELECT a AS x FROM pub WHERE x = 1', '42703'],
    ['SELECT unnest(pub) FROM pub', '0A000'],
  ])('%s', (sql, code) => {
    const binding = bindHere(sql)
    expect(binding.kind).toBe('Unbindable')
    expect(outcome(binding).error).toMatch(new RegExp(`^${code} `, 'u'))
  })
})

describe('a relation is cut down to the columns that were found', () => {
  test.each([
    ['SELECT a FROM pub', ['a']],
    ['SELECT count(*) FROM pub', []],
    ['SELECT p.a FROM pub p JOIN secret ON true', ['a']],
    ['SELECT a FROM (SELECT a FROM pub) q', ['a']],
    ['SELECT * FROM pub', ['a', 'b']],
    ['INSERT INTO secret SELECT a FROM pub', ['a']],
    ['DELETE FROM secret USING pub WHERE pub.a = 1', ['a']],
  ])('%s', (sql, columns) => {
    expect(projected(bindHere(sql), 7)).toEqual(columns)
  })
})

test('no identifier of the text is in the tree that is printed, but for output names and origins', () => {
  const hostile = 'x as(select 1)select ssn from secret--'
  const binding = bindHere(
    `WITH "${hostile}" AS (SELECT a AS "${hostile}" FROM pub AS "${hostile}")
     SELECT "${hostile}"."${hostile}", sum(1) OVER "${hostile}" FROM "${hostile}"
     WINDOW "${hostile}" AS ()`,
  )
  if (binding.kind !== 'Data' || binding.statement.kind !== 'Query') {
    throw new Error('the statement is a query')
  }
  // Names of output columns are for RowDescription; nothing else may hold the text.
  const printed = JSON.stringify(binding.statement, (key, value: unknown) =>
    key === 'columns' ? undefined : value,
  )
  expect(printed).not.toContain('secret')
})
