import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParser, parseStatements } from '../../parser/parse.ts'
import type { Statement } from '../../parser/statement.ts'
import { sqlErrorOf } from './sql-error-of.ts'
import { withoutPlaces } from './without-places.ts'

beforeAll(loadParser)

function parseOne(sql: string): Statement {
  const [parsed, ...others] = parseStatements(sql)
  if (parsed === undefined || others.length > 0) throw new Error('not one statement')
  return parsed.statement
}

const table = { name: { text: 't' } }
const column = { text: 'c' }
const symbol = { name: 'symbol', declared: 'SYMBOL', modifiers: [], arrayDimensions: 0 }

describe('ALTER COLUMN', () => {
  const int = { name: 'int4', declared: 'INT', modifiers: [], arrayDimensions: 0 }

  test.each([
    ['TYPE INT', { kind: 'SetType', type: int }],
    ['SET DATA TYPE INT', { kind: 'SetType', type: int }],
    [
      'TYPE INT USING a + length(b)',
      { kind: 'SetType', type: int, using: { text: 'a + length(b)' } },
    ],
    [
      'TYPE symbol CAPACITY 10 NOCACHE INDEX CAPACITY 20',
      {
        kind: 'SetType',
        type: symbol,
        symbol: { capacity: { value: 10 }, cached: false },
        index: { capacity: { value: 20 } },
      },
    ],
    ['ADD INDEX', { kind: 'AddIndex' }],
    ['ADD INDEX CAPACITY 64', { kind: 'AddIndex', capacity: { value: 64 } }],
    ['DROP INDEX', { kind: 'DropIndex' }],
    ['CACHE', { kind: 'SetCached', cached: true }],
    ['NOCACHE', { kind: 'SetCached', cached: false }],
    ['SYMBOL CAPACITY 64', { kind: 'SetSymbolCapacity', capacity: { value: 64 } }],
  ])('%s', (sql, action) => {
    const expected = { kind: 'AlterColumn', table, column, action }
    expect(withoutPlaces(parseOne(`ALTER TABLE t ALTER COLUMN c ${sql}`))).toEqual(expected)
    expect(withoutPlaces(parseOne(`alter table t alter c ${sql}`))).toEqual(expected)
  })
})

test.each([
  [
    'ALTER TABLE t RENAME COLUMN a TO b, c TO d',
    {
      kind: 'RenameColumn',
      table,
      renames: [
        { column: { text: 'a' }, to: { text: 'b' } },
        { column: { text: 'c' }, to: { text: 'd' } },
      ],
    },
  ],
  [
    'ALTER TABLE t SET PARAM maxUncommittedRows = 100',
    { kind: 'SetTableParameters', table, parameters: { maxUncommittedRows: { value: 100 } } },
  ],
  [
    'ALTER TABLE IF EXISTS t SET PARAM O3MAXLAG = 20s, maxuncommittedrows=1',
    {
      kind: 'SetTableParameters',
      table,
      ifTableExists: true,
      parameters: { o3MaxLag: { value: 20_000_000 }, maxUncommittedRows: { value: 1 } },
    },
  ],
  ['ALTER TABLE t SET TYPE WAL', { kind: 'SetTableType', table, wal: true }],
  ['ALTER TABLE t SET TYPE BYPASS WAL', { kind: 'SetTableType', table, wal: false }],
  ['ALTER TABLE t SUSPEND WAL', { kind: 'SuspendWal', table }],
  ["ALTER TABLE t SUSPEND WAL WITH 24, 'x'", { kind: 'SuspendWal', table, with: {} }],
  ['ALTER TABLE t RESUME WAL', { kind: 'ResumeWal', table }],
  ['ALTER TABLE t RESUME WAL FROM TXN 5', { kind: 'ResumeWal', table, from: {} }],
  ['ALTER TABLE t RESUME WAL FROM TRANSACTION 5', { kind: 'ResumeWal', table, from: {} }],
  ['REINDEX TABLE t LOCK EXCLUSIVE', { kind: 'Reindex', table }],
  ['REINDEX TABLE t COLUMN a, c', { kind: 'Reindex', table, columns: [{ text: 'a' }, column] }],
  [
    "REINDEX TABLE t COLUMN c PARTITION '2020', '2021' LOCK EXCLUSIVE",
    { kind: 'Reindex', table, columns: [column], partition: {} },
  ],
  ['VACUUM TABLE t', { kind: 'Vacuum', table }],
  ['DROP ALL TABLES', { kind: 'DropAllTables' }],
])('%s', (sql, expected) => {
  expect(withoutPlaces(parseOne(sql))).toEqual(expected)
})

test.each([
  ['o3MaxLag = 20us', 20],
  ['o3MaxLag = 3ms', 3_000],
  ['o3MaxLag = 2s', 2_000_000],
  ['o3MaxLag = 2m', 120_000_000],
  ['o3MaxLag = 2h', 7_200_000_000],
  ['o3MaxLag = 1d', 86_400_000_000],
])('%s', (sql, value) => {
  const { storage } = Object.assign({ storage: {} }, parseOne(`CREATE TABLE t (a INT) WITH ${sql}`))
  expect(storage).toMatchObject({ parameters: { o3MaxLag: { value } } })
})

test('nothing that is said about how a table is kept is lost', () => {
  const statement =
    parseOne(`CREATE TABLE t (a SYMBOL CAPACITY 128 NOCACHE INDEX CAPACITY 512, b SYMBOL
    INDEX NOT NULL, ts TIMESTAMP), INDEX(a CAPACITY 4), INDEX("B") TIMESTAMP(ts)
    WITH maxUncommittedRows=7, o3MaxLag=1s`)
  expect(withoutPlaces(statement)).toMatchObject({
    columns: [
      {
        symbol: { capacity: { value: 128 }, cached: false },
        index: { capacity: { value: 512 } },
      },
      { index: {}, notNull: true },
      {},
    ],
    storage: {
      timestamp: { text: 'ts' },
      indexes: [{ column: { text: 'a' }, capacity: { value: 4 } }, { column: { text: 'B' } }],
      parameters: { maxUncommittedRows: { value: 7 }, o3MaxLag: { value: 1_000_000 } },
    },
  })
})

describe('statements that grantd does not have are read up to what their permission is on', () => {
  const onTable = { kind: 'Table', table }
  const onView = { kind: 'View', view: { name: { text: 'v' } } }

  test.each<readonly [string, string, object]>([
    ['CREATE MATERIALIZED VIEW v AS (SELECT 1) PARTITION BY DAY', 'CREATE MATERIALIZED VIEW', {}],
    ['CREATE LIVE VIEW v AS SELECT 1', 'CREATE LIVE VIEW', {}],
    ['DROP MATERIALIZED VIEW IF EXISTS v', 'DROP MATERIALIZED VIEW', { target: onView }],
    ['DROP LIVE VIEW v', 'DROP LIVE VIEW', { target: onView }],
    ['REFRESH MATERIALIZED VIEW v FULL', 'REFRESH MATERIALIZED VIEW', { target: onView }],
    ['ALTER MATERIALIZED VIEW v RESUME WAL', 'ALTER MATERIALIZED VIEW', { target: onView }],
    ['ALTER MATERIALIZED VIEW v SET REFRESH LIMIT 1 DAY', 'SET REFRESH LIMIT', { target: onView }],
    ['ALTER MATERIALIZED VIEW v SET REFRESH EVERY 1h', 'SET REFRESH TYPE', { target: onView }],
    ['ALTER TABLE t SET STORAGE POLICY (x)', 'SET STORAGE POLICY', { target: onTable }],
    ['ALTER TABLE t DROP STORAGE POLICY', 'REMOVE STORAGE POLICY', { target: onTable }],
    ['ALTER TABLE t ENABLE STORAGE POLICY', 'ENABLE STORAGE POLICY', { target: onTable }],
    ['ALTER TABLE t DISABLE STORAGE POLICY', 'DISABLE STORAGE POLICY', { target: onTable }],
    ['ALTER TABLE t SET FORMAT PARQUET', 'SET TABLE FORMAT', { target: onTable }],
    ['ALTER TABLE t ALTER COLUMN c SET PARQUET(zstd)', 'SET PARQUET SETTINGS', { target: onTable }],
    [
      "ALTER TABLE t CONVERT PARTITION TO PARQUET LIST '2020'",
      'CONVERT PARTITION TO PARQUET',
      { target: onTable },
    ],
    [
      'ALTER TABLE t CONVERT PARTITION TO NATIVE WHERE ts > 0',
      'CONVERT PARTITION TO NATIVE',
      { target: onTable },
    ],
    ['ALTER USER u SET MEMORY LIMIT 1G', 'SET MEMORY LIMIT', {}],
    ['ALTER SERVICE ACCOUNT "a b" SET MEMORY LIMIT 1G', 'SET MEMORY LIMIT', {}],
  ])('%s', (sql, permission, on) => {
    const expected = { kind: 'UnsupportedStatement', permission, text: sql, ...on }
    expect(withoutPlaces(parseOne(sql))).toMatchObject(expected)
  })
})

test.each([
  ['ALTER TABLE t ALTER COLUMN c', 'syntax error at end of input', 28],
  ['ALTER TABLE t ALTER COLUMN c SYMBOL', 'syntax error at end of input', 35],
  ['ALTER TABLE t ALTER COLUMN c TYPE INT CAPACITY 1', 'syntax error at or near "CAPACITY"', 38],
  ['ALTER TABLE t ALTER COLUMN c TYPE SYMBOL CACHE NOCACHE', 'CACHE is given twice', 47],
  ['ALTER TABLE t ALTER COLUMN c ADD INDEX CAPACITY x', 'syntax error at or near "x"', 48],
  ['ALTER TABLE t SET PARAM o3MaxLag = 20', 'syntax error at or near "20"', 35],
  [
    'ALTER TABLE t SET PARAM o3MaxLag = 20q',
    'trailing junk after numeric literal at or near "20q"',
    35,
  ],
  ['ALTER TABLE t SET PARAM o3MaxLag = 1s, O3maxlag = 1s', 'O3maxlag is given twice', 39],
  ['ALTER TABLE t SET TYPE BYPASS', 'syntax error at end of input', 29],
  ['ALTER TABLE t RESUME WAL FROM 1', 'syntax error at or near "1"', 30],
  ['ALTER TABLE t CONVERT PARTITION TO CSV', 'syntax error at or near "CSV"', 35],
  ['ALTER TABLE t RENAME COLUMN a TO b,', 'syntax error at end of input', 35],
  ['REINDEX TABLE t LOCK', 'syntax error at end of input', 20],
  ['VACUUM TABLE t, u', 'syntax error at or near ","', 14],
  ['DROP ALL TABLES t', 'syntax error at or near "t"', 16],
])('%s', (sql, message, offset) => {
  expect(sqlErrorOf(() => parseStatements(sql))).toMatchObject({
    sqlState: '42601',
    message,
    offset,
  })
})
