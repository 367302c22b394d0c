import { beforeAll, describe, expect, test } from '@jest/globals'
import { checkSyntax } from '../../../acl/enforcement/syntax-gate.ts'
import { loadParser } from '../../../parser/parse.ts'
import { SqlError } from '../../../errors/sql-error.ts'
import { bindText, optionsFor, outcome, schemaOf, table } from './bind-fixture.ts'

const schema = schemaOf([table('t', 'a int4, b text, j json')])

beforeAll(loadParser)

/** Refused by the parser, which throws, or by the binder. */
function refusal(sql: string): { readonly code: string; readonly offset: number | undefined } {
  try {
    const binding = bindText(sql, optionsFor(schema))
    if (binding.kind !== 'Unbindable') throw new Error(`bound: ${JSON.stringify(outcome(binding))}`)
    return { code: binding.error.sqlState, offset: binding.error.offset }
  } catch (error) {
    if (!(error instanceof SqlError)) throw error
    return { code: error.sqlState, offset: error.offset }
  }
}

describe('what nobody decided on is refused (R3)', () => {
  test.each([
    'SELECT a FROM t FOR UPDATE',
    'SELECT a INTO z FROM t',
    'SELECT a FROM t TABLESAMPLE system (10)',
    "SELECT * FROM xmltable('/a' PASSING '<a/>' COLUMNS x int)",
    "SELECT * FROM json_table('{}', '$' COLUMNS (x int PATH '$'))",
    'SELECT xmlelement(name foo)',
    "SELECT json_object('a': 1)",
    "SELECT '{}' IS JSON",
    'SELECT lower(x => b) FROM t',
    'SELECT concat(VARIADIC ARRAY[b]) FROM t',
    "SELECT B'101'",
    'SELECT a FROM t ORDER BY a USING <',
    'SELECT a FROM t FETCH FIRST 1 ROW WITH TIES',
    'SELECT a FROM t GROUP BY DISTINCT a',
    'SELECT a FROM ROWS FROM (generate_series(1, 2), generate_series(1, 3)) x',
    'SELECT * FROM generate_series(1, 2) AS f(a int)',
    'SELECT t.a FROM t JOIN t u USING (a) AS k',
    'SELECT b COLLATE "de_DE" FROM t',
    'SELECT a OPERATOR(public.+) 1 FROM t',
    'WITH q AS (DELETE FROM t RETURNING a) SELECT a FROM q',
    'WITH q AS (INSERT INTO t VALUES (1) RETURNING a) SELECT a FROM q',
    'WITH RECURSIVE q(n) AS (SELECT 1 UNION SELECT n FROM q) SEARCH DEPTH FIRST BY n SET o SELECT 1',
    'WITH RECURSIVE q(n) AS (SELECT 1 UNION SELECT n FROM q) CYCLE n SET c USING p SELECT 1',
    'INSERT INTO t OVERRIDING SYSTEM VALUE VALUES (1)',
    'INSERT INTO t (a) VALUES (1) ON CONFLICT (a) WHERE a > 1 DO NOTHING',
    'INSERT INTO t (a) VALUES (1) ON CONFLICT ((lower(b))) DO NOTHING',
    'UPDATE t SET a = 1 WHERE CURRENT OF c',
    'UPDATE t SET j[1] = $1',
    'UPDATE t SET a = 1 RETURNING WITH (OLD AS o) o.a',
    'SELECT generate_series(1, 3)',
    'SELECT grandt.public.t.a FROM t',
    'SELECT a FROM grantd.public.t',
    'SELECT (SELECT max(t.a)) FROM t',
    'SELECT CAST(a AS pg_catalog."int4) , (select 1") FROM t',
  ])('%s', (sql) => {
    expect(['0A000', '42601', '42704']).toContain(refusal(sql).code)
  })

  test('with the place where it stands', () => {
    expect(refusal("SELECT a, B'101' FROM t")).toEqual({ code: '0A000', offset: 10 })
  })

  test('before anything is looked up: the form alone says so', () => {
    const binding = bindText("SELECT B'1' FROM nope", optionsFor(schema))
    expect(outcome(binding).needs).toEqual([])
  })
})

describe('a tree of a later grammar is not half understood', () => {
  const options = { offsetOf: () => undefined }
  test.each([
    ['an unknown node', { SelectStmt: { targetList: [{ NewNode: {} }] } }],
    ['an unknown field', { SelectStmt: { newClause: true } }],
    ['an object where a value should stand', { SelectStmt: { op: { kind: 'x' } } }],
    ['a name from the prototype', { SelectStmt: { constructor: true } }],
    ['a kind from the prototype', { toString: {} }],
  ])('%s', (_what, tree) => {
    expect(() => checkSyntax(tree, options)).toThrow(SqlError)
  })
})

function doubling(steps: number): string {
  const chain = Array.from(
    { length: steps },
    (_, index) => `c${index + 1} AS (SELECT 1 AS x FROM c${index} a, c${index} b)`,
  )
  return `WITH c0 AS (SELECT 1 AS x), ${chain.join(', ')} SELECT count(*) FROM c${steps}`
}

describe('bounds (hardening 5.3)', () => {
  test('CTEs that double along a chain', () => {
    expect(outcome(bindText(doubling(9), optionsFor(schema))).error).toBeUndefined()
    expect(outcome(bindText(doubling(10), optionsFor(schema))).error).toMatch(/^54001 /u)
  })

  test('columns of a result, stars written out', () => {
    const columns = Array.from({ length: 800 }, (_, index) => `c${index} int4`).join(', ')
    const wide = schemaOf([table('w', columns)])
    const sql = 'SELECT * FROM w x, w y'
    expect(outcome(bindText(sql, optionsFor(wide))).error).toBeUndefined()
    expect(outcome(bindText(`${sql}, w z`, optionsFor(wide))).error).toMatch(/^54011 /u)
  })
})
