/** Statements about the running server. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParser, parseStatements } from '../../parser/parse.ts'
import { printStatement } from '../../parser/print.ts'
import type { Statement } from '../../parser/statement.ts'
import { sqlErrorOf } from './sql-error-of.ts'

beforeAll(async () => loadParser())

function only(sql: string): Statement {
  const [parsed, ...others] = parseStatements(sql)
  if (parsed === undefined || others.length > 0) throw new Error('one statement is expected')
  return parsed.statement
}

describe('CANCEL QUERY', () => {
  test('takes a whole number', () => {
    const statement = only('cancel query 42')
    expect(statement).toMatchObject({ kind: 'CancelQuery', queryId: 42 })
    expect(statement.kind === 'CancelQuery' && printStatement(statement)).toBe('CANCEL QUERY 42')
  })

  test.each([
    ['CANCEL QUERY', 12],
    ['CANCEL QUERY -1', 13],
    ['CANCEL QUERY 1.5', 13],
    ["CANCEL QUERY 'x'", 13],
    ['CANCEL QUERY $1', 13],
    ['CANCEL QUERY 99999999999999999999', 13],
    ['CANCEL QUERY 1 2', 15],
    ['CANCEL 1', 7],
  ])('%s is a syntax error', (sql, offset) => {
    expect(sqlErrorOf(() => parseStatements(sql))).toMatchObject({ sqlState: '42601', offset })
  })
})

describe('a call that is the whole of a SELECT', () => {
  test.each([
    ['SELECT reload_tls()', { function: 'reload_tls', arguments: [], label: 'reload_tls' }],
    ['select RELOAD_TLS() AS done', { function: 'reload_tls', label: 'done' }],
    [
      'SELECT cancel_query(5)',
      { function: 'cancel_query', arguments: [{ kind: 'Integer', value: 5n, offset: 20 }] },
    ],
    [
      'SELECT cancel_query(5000000000)',
      { arguments: [{ kind: 'Integer', value: 5_000_000_000n }] },
    ],
    ['SELECT cancel_query($1)', { arguments: [{ kind: 'Parameter', number: 1, offset: 20 }] }],
    ['SELECT cancel_query($1::int)', { arguments: [{ kind: 'Parameter', type: 'int4' }] }],
    ['SELECT cancel_query(NULL)', { arguments: [{ kind: 'Null' }] }],
    [
      "SELECT hydrate_table_metadata('a', 'b')",
      { arguments: [{ kind: 'Text', value: 'a' }, { value: 'b' }] },
    ],
  ])('%s is a statement of its own', (sql, expected) => {
    expect(only(sql)).toMatchObject({ kind: 'ServerCall', ...expected })
  })

  test.each([
    'SELECT reload_tls(), 1',
    'SELECT NOT reload_tls()',
    'SELECT reload_tls() FROM t',
    'SELECT reload_tls() WHERE true',
    'SELECT reload_tls() LIMIT 1',
    'SELECT DISTINCT reload_tls()',
    'SELECT reload_tls() UNION SELECT true',
    'SELECT (SELECT reload_tls())',
    'WITH w AS (SELECT 1) SELECT reload_tls()',
    'SELECT reload_tls() FILTER (WHERE true)',
    'SELECT reload_tls() OVER ()',
    'SELECT pg_catalog.reload_tls()',
    'SELECT cancel_query(2 + 3)',
    "SELECT cancel_query('5'::int)",
    'DECLARE @x := 5 SELECT cancel_query(@x)',
    'SELECT version()',
  ])('%s is a query', (sql) => {
    expect(only(sql).kind).toBe('Query')
  })

  test('is none behind EXPLAIN, in a view and in INSERT', () => {
    expect(only('EXPLAIN SELECT reload_tls()')).toMatchObject({ statement: { kind: 'Query' } })
    expect(only('INSERT INTO t SELECT reload_tls()').kind).toBe('Insert')
    expect(only('CREATE VIEW v AS SELECT reload_tls()').kind).toBe('CreateView')
  })
})

test('SHOW PARAMETERS', () => {
  const statement = only('show parameters')
  expect(statement).toEqual({ kind: 'ShowParameters' })
  expect(statement.kind === 'ShowParameters' && printStatement(statement)).toBe('SHOW PARAMETERS')
})
