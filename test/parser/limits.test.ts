import { beforeAll, describe, expect, test } from '@jest/globals'
import { checkTokens } from '../../parser/check-complexity.ts'
import { tokenize } from '../../parser/lexer.ts'
import {
  COLUMNS_MAX,
  CONSTRAINTS_MAX,
  FROM_ITEMS_MAX,
  IN_LIST_ITEMS_MAX,
  NAME_BYTES_MAX,
  NESTING_MAX,
  SET_OPERATION_ARMS_MAX,
  STATEMENTS_MAX,
  SYNTAX_NODES_MAX,
  TEXT_BYTES_MAX,
  TREE_HEIGHT_MAX,
} from '../../parser/limits.ts'
import { loadParser, parseStatements } from '../../parser/parse.ts'
import { sqlErrorOf } from './sql-error-of.ts'

beforeAll(async () => loadParser())

function times(count: number, text: string, separator = ''): string {
  return Array.from({ length: count }, () => text).join(separator)
}

const rows = (count: number): string => `INSERT INTO t VALUES ${times(count, '(1,1,1)', ',')}`
const name = (bytes: number): string => 'n'.repeat(bytes)

describe('each bound lets through what is within it, and refuses one more', () => {
  test.each<readonly [string, string, (count: number) => string, number]>([
    ['54000', 'bytes of text', (n) => `SELECT 1 --${'x'.repeat(n - 11)}`, TEXT_BYTES_MAX],
    ['54000', 'statements', (n) => times(n, 'SHOW USERS;'), STATEMENTS_MAX],
    ['54001', 'parentheses', (n) => `SELECT ${times(n, '(')}1${times(n, ')')}`, NESTING_MAX],
    ['54001', 'NOTs', (n) => `SELECT ${times(n, 'NOT ')}true`, NESTING_MAX],
    ['54001', 'signs', (n) => `SELECT ${times(n, '- ')}1`, NESTING_MAX],
    [
      '54001',
      'CASEs',
      (n) => `SELECT ${times(n, 'CASE WHEN true THEN ')}1${times(n, ' END')}`,
      NESTING_MAX,
    ],
    [
      '54001',
      'items of IN',
      (n) => `SELECT 1 WHERE 1 IN (${times(n, '1', ',')})`,
      IN_LIST_ITEMS_MAX,
    ],
    ['54001', 'items of FROM', (n) => `SELECT 1 FROM ${times(n, 't', ',')}`, FROM_ITEMS_MAX],
    [
      '54001',
      'joins',
      (n) => `SELECT 1 FROM t ${times(n - 1, 'CROSS JOIN t', ' ')}`,
      FROM_ITEMS_MAX,
    ],
    [
      '54001',
      'relations of USING',
      (n) => `DELETE FROM t USING ${times(n, 't', ',')}`,
      FROM_ITEMS_MAX,
    ],
    ['54001', 'arms of UNION', (n) => times(n, 'SELECT 1', ' UNION '), SET_OPERATION_ARMS_MAX],
    ['54001', 'chained operators', (n) => `SELECT 1 ${times(n - 3, '+ 1')}`, TREE_HEIGHT_MAX],
    ['54011', 'columns of a query', (n) => `SELECT ${times(n, '1', ',')}`, COLUMNS_MAX],
    [
      '54011',
      'columns of a table',
      (n) => `CREATE TABLE t (${times(n, 'a INT', ',')})`,
      COLUMNS_MAX,
    ],
    [
      '54001',
      'constraints',
      (n) => `CREATE TABLE t (a INT ${times(n, 'UNIQUE', ' ')})`,
      CONSTRAINTS_MAX,
    ],
    ['42601', 'characters of an operator', (n) => `SELECT 1 ${times(n, '<')} 2`, NAME_BYTES_MAX],
    ['42622', 'bytes of a column in a query', (n) => `SELECT ${name(n)}`, NAME_BYTES_MAX],
    ['42622', 'bytes of an alias', (n) => `SELECT 1 AS "${name(n)}"`, NAME_BYTES_MAX],
    ['42622', 'bytes of a table', (n) => `CREATE TABLE ${name(n)} (a INT)`, NAME_BYTES_MAX],
    [
      '42622',
      'bytes of a granted table',
      (n) => `GRANT SELECT ON "${name(n)}" TO u`,
      NAME_BYTES_MAX,
    ],
  ])('%s: %s', (sqlState, _what, make, bound) => {
    expect(parseStatements(make(bound)).length).toBeGreaterThan(0)
    expect(sqlErrorOf(() => parseStatements(make(bound + 1))).sqlState).toBe(sqlState)
  })

  test('names are measured in bytes', () => {
    expect(sqlErrorOf(() => parseStatements(`SELECT ${'é'.repeat(32)}`)).sqlState).toBe('42622')
    expect(parseStatements(`SELECT ${'é'.repeat(31)}`)).toHaveLength(1)
  })

  test('54001: nodes of a tree', () => {
    expect(parseStatements(rows(12_000))).toHaveLength(1)
    expect(sqlErrorOf(() => parseStatements(rows(SYNTAX_NODES_MAX / 3))).sqlState).toBe('54001')
  })
})

test('a long chain is refused before PostgreSQL reads it, which would take a second', () => {
  const tokens = tokenize(`SELECT ${times(90_000, 'true', ' AND ')}`)
  expect(sqlErrorOf(() => checkTokens(tokens, 0)).sqlState).toBe('54001')
})

test('an access statement is bounded as well', () => {
  const sql = `ADD USER u TO ${times(SYNTAX_NODES_MAX, 'g', ',')}`
  expect(sqlErrorOf(() => parseStatements(sql)).sqlState).toBe('54001')
})

test('a row of signs costs no more than its length', () => {
  expect(sqlErrorOf(() => parseStatements(`SELECT ${times(500_000, '+')}1`)).sqlState).toBe('42601')
})

test('a name with very many dots is refused', () => {
  const sql = `CREATE TABLE t (a ${times(10_000, 'x', '.')})`
  expect(sqlErrorOf(() => parseStatements(sql)).sqlState).toBe('42601')
})

test('an error repeats a bounded part of the text', () => {
  const { message } = sqlErrorOf(() => parseStatements(`SELECT '${'x'.repeat(10_000)}`))
  expect(message.length).toBeLessThan(300)
})

describe('characters that no text may have', () => {
  test.each([
    ['U+0000', 'SELECT \0 1', 7],
    ['half a surrogate pair', "SELECT '\ud83d'", 8],
  ])('%s', (_what, sql, offset) => {
    expect(sqlErrorOf(() => parseStatements(sql))).toMatchObject({ sqlState: '22021', offset })
  })
})
