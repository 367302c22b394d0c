import { beforeAll, describe, expect, test } from '@jest/globals'
import type { BoundSchemaChange } from '../../../acl/enforcement/binding.ts'
import type { Schema, Table } from '../../../acl/schema.ts'
import { loadParser } from '../../../parser/parse.ts'
import { bindText, optionsFor, outcome, primaryKey, schemaOf, table } from './bind-fixture.ts'
import { viewOf } from './view-fixture.ts'

beforeAll(loadParser)

const plain = table('t', 'a int4, b text, sym symbol, ts timestamp', { oid: 10 })

/** A partitioned WAL table with a key, a default and an indexed column. */
const trades: Table = {
  ...plain,
  designatedTimestamp: 4,
  partitionBy: 'DAY',
  wal: true,
  constraints: [primaryKey(1)],
  columns: plain.columns.map((column) =>
    column.name === 'sym'
      ? { ...column, declaredType: 'SYMBOL', index: { capacity: 256 } }
      : column,
  ),
}

const deduplicated: Table = {
  ...table('d', 'k int4, ts timestamp, x int4', { oid: 12 }),
  designatedTimestamp: 2,
  partitionBy: 'DAY',
  wal: true,
  dedupKeys: [1, 2],
}
const suspended: Table = { ...table('s', 'a int4', { oid: 13 }), wal: true, suspended: true }
const withDefault: Table = {
  ...table('f', 'a int4', { oid: 14 }),
  columns: table('f', 'a int4').columns.map((column) => ({
    ...column,
    hasDefault: true,
    default: '1',
  })),
}

function schema(): Schema {
  const tables = [trades, table('u', 'a int4, d numeric', { oid: 11 }), deduplicated]
  const all = [...tables, suspended, withDefault]
  return schemaOf([...all, viewOf('v', 'SELECT a, b FROM t', schemaOf(all))])
}

function change(sql: string): BoundSchemaChange {
  const binding = bindText(sql, optionsFor(schema()))
  if (binding.kind !== 'SchemaChange') throw new Error(JSON.stringify(outcome(binding)))
  return binding
}

describe('what each statement needs (section 11)', () => {
  test.each([
    ['ALTER TABLE t ALTER COLUMN b TYPE VARCHAR', ['ALTER COLUMN TYPE on t(b)']],
    ['ALTER TABLE t ALTER COLUMN b TYPE INT USING 1', ['ALTER COLUMN TYPE on t(b)']],
    // What USING reads could be hidden, and what it writes not: as in UPDATE.
    [
      'ALTER TABLE t ALTER COLUMN b TYPE INT USING length(t.sym) + A',
      ['ALTER COLUMN TYPE on t(b)', 'SELECT on t(a, sym)'],
    ],
    ['ALTER TABLE u ALTER COLUMN d TYPE SYMBOL INDEX', ['ALTER COLUMN TYPE on u(d)']],
    ['ALTER TABLE t ALTER COLUMN sym DROP INDEX', ['DROP INDEX on t(sym)']],
    ['ALTER TABLE t ALTER COLUMN sym NOCACHE', ['ALTER COLUMN CACHE on t(sym)']],
    ['ALTER TABLE t ALTER COLUMN SYM CACHE', ['ALTER COLUMN CACHE on t(SYM)']],
    ['ALTER TABLE t ALTER COLUMN sym SYMBOL CAPACITY 8', ['ALTER SYMBOL CAPACITY on t(sym)']],
    ['ALTER TABLE t SET PARAM maxUncommittedRows = 1', ['SET TABLE PARAM on t']],
    ['ALTER TABLE t SET TYPE BYPASS WAL', ['SET TABLE TYPE on t']],
    ['ALTER TABLE t SUSPEND WAL', ['RESUME WAL on t']],
    ['ALTER TABLE t RESUME WAL', ['RESUME WAL on t']],
    ['ALTER TABLE IF EXISTS nope SET TYPE WAL', ['SET TABLE TYPE on unknown nope']],
    ['REINDEX TABLE t COLUMN sym LOCK EXCLUSIVE', ['REINDEX on t(sym)']],
    ['REINDEX TABLE t LOCK EXCLUSIVE', ['REINDEX on t(sym*)']],
    ['REINDEX TABLE u LOCK EXCLUSIVE', ['REINDEX on u']],
    ['VACUUM TABLE t', ['VACUUM TABLE on t']],
    ['DROP ALL TABLES', ['DROP TABLE on every table']],
    [
      'ALTER TABLE u RENAME COLUMN a TO x, d TO y',
      ['RENAME COLUMN on u(a)', 'RENAME COLUMN on u(d)'],
    ],
  ])('%s', (sql, needs) => {
    expect(outcome(bindText(sql, optionsFor(schema())))).toEqual({ needs })
  })
})

describe('what is refused, after the permission', () => {
  test.each([
    // Unknown names (G61).
    [
      'ALTER TABLE nope ALTER COLUMN a TYPE INT',
      ['ALTER COLUMN TYPE on unknown nope'],
      '42P01 table does not exist [table=nope]',
    ],
    [
      'ALTER TABLE t ALTER COLUMN z ADD INDEX',
      ['ADD INDEX on t(unknown z)'],
      '42703 Invalid column: z',
    ],
    ['ALTER TABLE v ALTER COLUMN a TYPE INT', ['ALTER COLUMN TYPE on v'], '42809 v is a view'],
    [
      'ALTER TABLE nope SUSPEND WAL',
      ['RESUME WAL on unknown nope'],
      '42P01 table does not exist [table=nope]',
    ],
    ['REINDEX TABLE nope', ['REINDEX on unknown nope'], '42P01 table does not exist [table=nope]'],
    ['REINDEX TABLE t COLUMN z', ['REINDEX on t(unknown z)'], '42703 Invalid column: z'],
    [
      'VACUUM TABLE nope',
      ['VACUUM TABLE on unknown nope'],
      '42P01 table does not exist [table=nope]',
    ],
    ['VACUUM TABLE v', ['VACUUM TABLE on v'], '42809 v is a view'],
    // Types.
    [
      'ALTER TABLE t ALTER COLUMN ts TYPE TEXT',
      ['ALTER COLUMN TYPE on t(ts)'],
      '42809 cannot change type of designated timestamp column',
    ],
    [
      'ALTER TABLE t ALTER COLUMN a TYPE BIGINT',
      ['ALTER COLUMN TYPE on t(a)'],
      '0A000 changing the type of a column of constraint "pk" is not supported',
    ],
    [
      'ALTER TABLE d ALTER COLUMN k TYPE BIGINT',
      ['ALTER COLUMN TYPE on d(k)'],
      '0A000 changing the type of a deduplication key is not supported',
    ],
    [
      'ALTER TABLE f ALTER COLUMN a TYPE BIGINT',
      ['ALTER COLUMN TYPE on f(a)'],
      '0A000 changing the type of a column with a default is not supported',
    ],
    [
      'ALTER TABLE t ALTER COLUMN b TYPE TEXT',
      ['ALTER COLUMN TYPE on t(b)'],
      "42710 column 'b' type is already 'text'",
    ],
    [
      'ALTER TABLE t ALTER COLUMN b TYPE nosuch',
      ['ALTER COLUMN TYPE on t(b)'],
      '42704 type "nosuch" does not exist',
    ],
    [
      'ALTER TABLE u ALTER COLUMN d TYPE DATE',
      ['ALTER COLUMN TYPE on u(d)'],
      '42846 cannot cast type numeric to date',
    ],
    [
      'ALTER TABLE u ALTER COLUMN d TYPE DATE USING now()::date',
      ['ALTER COLUMN TYPE on u(d)'],
      '0A000 transaction_timestamp in transform expressions is not supported',
    ],
    [
      'ALTER TABLE u ALTER COLUMN d TYPE INT USING (SELECT 1)',
      ['ALTER COLUMN TYPE on u(d)'],
      '0A000 subqueries in transform expressions are not supported',
    ],
    [
      'ALTER TABLE u ALTER COLUMN d TYPE INT USING max(a)',
      ['ALTER COLUMN TYPE on u(d)', 'SELECT on u(a)'],
      '42803 aggregate functions are not allowed in transform expressions',
    ],
    [
      'ALTER TABLE u ALTER COLUMN d TYPE INT USING z',
      ['ALTER COLUMN TYPE on u(d)', 'SELECT on u(unknown z)'],
      '42703 Invalid column: z',
    ],
    [
      'ALTER TABLE u ALTER COLUMN d TYPE DATE USING true',
      ['ALTER COLUMN TYPE on u(d)'],
      '42804 column "d" is of type date but expression is of type boolean',
    ],
    // Symbols and their indexes.
    [
      'ALTER TABLE t ALTER COLUMN b ADD INDEX',
      ['ADD INDEX on t(b)'],
      '42809 indexes are only supported for symbol type [column=b, type=text]',
    ],
    [
      'ALTER TABLE t ALTER COLUMN sym ADD INDEX',
      ['ADD INDEX on t(sym)'],
      "42710 column 'sym' already indexed",
    ],
    [
      'ALTER TABLE t ALTER COLUMN b CACHE',
      ['ALTER COLUMN CACHE on t(b)'],
      '42809 cache is only supported for symbol type [column=b, type=text]',
    ],
    [
      'ALTER TABLE t ALTER COLUMN b SYMBOL CAPACITY 4',
      ['ALTER SYMBOL CAPACITY on t(b)'],
      "42809 column 'b' is not of symbol type",
    ],
    [
      'ALTER TABLE t ALTER COLUMN sym SYMBOL CAPACITY 1',
      ['ALTER SYMBOL CAPACITY on t(sym)'],
      '22023 min symbol capacity is 2',
    ],
    [
      'ALTER TABLE t ALTER COLUMN sym SYMBOL CAPACITY 1073741825',
      ['ALTER SYMBOL CAPACITY on t(sym)'],
      '22023 max symbol capacity is 1073741824',
    ],
    ['REINDEX TABLE t COLUMN b', ['REINDEX on t(b)'], "42809 column 'b' is not indexed"],
    [
      "REINDEX TABLE t PARTITION '2020' LOCK EXCLUSIVE",
      ['REINDEX on t(sym*)'],
      '0A000 REINDEX of single partitions is not supported',
    ],
    // The log.
    [
      'ALTER TABLE u SET TYPE WAL',
      ['SET TABLE TYPE on u'],
      '42809 Cannot convert non-partitioned table',
    ],
    [
      'ALTER TABLE d SET TYPE BYPASS WAL',
      ['SET TABLE TYPE on d'],
      '42809 deduplication is only supported for WAL tables',
    ],
    ['ALTER TABLE u SUSPEND WAL', ['RESUME WAL on u'], '42809 u is not a WAL table.'],
    [
      "ALTER TABLE t SUSPEND WAL WITH 1, 'x'",
      ['RESUME WAL on t'],
      '0A000 SUSPEND WAL WITH an error code is not supported',
    ],
    [
      'ALTER TABLE t RESUME WAL FROM TXN 1',
      ['RESUME WAL on t'],
      '0A000 RESUME WAL FROM TXN is not supported',
    ],
    [
      'ALTER TABLE t SET PARAM maxUncommittedRows = -1',
      ['SET TABLE PARAM on t'],
      '22023 maxUncommittedRows must be non negative',
    ],
    // Writing to a table whose log is suspended.
    ['INSERT INTO s VALUES (1)', ['INSERT on s'], '55000 table is suspended [table=s]'],
    ['UPDATE s SET a = 1', ['UPDATE on s(a)'], '55000 table is suspended [table=s]'],
    ['DELETE FROM s', ['DELETE on s'], '55000 table is suspended [table=s]'],
    ['TRUNCATE TABLE s', ['TRUNCATE TABLE on s'], '55000 table is suspended [table=s]'],
    [
      'ALTER TABLE s ALTER COLUMN a TYPE TEXT',
      ['ALTER COLUMN TYPE on s(a)'],
      '55000 table is suspended [table=s]',
    ],
    // What grantd does not have.
    [
      'CREATE MATERIALIZED VIEW m AS SELECT 1',
      ['CREATE MATERIALIZED VIEW'],
      '0A000 CREATE MATERIALIZED VIEW is not supported',
    ],
    [
      'DROP MATERIALIZED VIEW m',
      ['DROP MATERIALIZED VIEW on unknown m'],
      '0A000 DROP MATERIALIZED VIEW is not supported',
    ],
    [
      'ALTER TABLE t SET STORAGE POLICY x',
      ['SET STORAGE POLICY on t'],
      '0A000 ALTER TABLE ... SET STORAGE POLICY is not supported',
    ],
    [
      'ALTER TABLE nope SET FORMAT PARQUET',
      ['SET TABLE FORMAT on unknown nope'],
      '42P01 table does not exist [table=nope]',
    ],
    [
      'ALTER USER x SET MEMORY LIMIT 1',
      ['SET MEMORY LIMIT'],
      '0A000 ALTER USER ... SET MEMORY LIMIT is not supported',
    ],
  ])('%s', (sql, needs, error) => {
    expect(outcome(bindText(sql, optionsFor(schema())))).toEqual({ needs, error })
  })
})

describe('what it comes to', () => {
  test('a type that only is called otherwise rewrites nothing', () => {
    const bound = change('ALTER TABLE t ALTER COLUMN sym TYPE VARCHAR')
    expect(bound.steps).toEqual([])
    expect(bound.changes).toMatchObject([
      { patch: { type: { declaredType: 'VARCHAR' }, symbol: null, index: null } },
    ])
  })

  test('another type has another number, and nobody is left with NULL where there may be none', () => {
    const bound = change('ALTER TABLE t ALTER COLUMN b TYPE INT')
    expect(bound.steps).toMatchObject([
      { change: { kind: 'AlterPhysicalColumnType', attnum: 2, notNull: false } },
      { change: { kind: 'RenamePhysicalColumn', attnum: 2, to: 5 } },
    ])
    expect(bound.changes).toMatchObject([{ attnum: 2, patch: { type: { attnum: 5 } } }])
  })

  test('capacities are powers of two, and what is not said stays', () => {
    expect(change('ALTER TABLE t ALTER COLUMN sym SYMBOL CAPACITY 100').changes).toMatchObject([
      { patch: { symbol: { capacity: 128, cached: true } } },
    ])
    expect(change('ALTER TABLE t ALTER COLUMN sym NOCACHE').changes).toMatchObject([
      { patch: { symbol: { capacity: 256, cached: false } } },
    ])
  })

  test('an index is said to be a property only', () => {
    const bound = change('CREATE TABLE n (a SYMBOL INDEX CAPACITY 100, b SYMBOL), INDEX(B)')
    expect(bound.notices.map(({ message }) => message)).toEqual([
      'the index of column "a" is kept as a property of the table: it is shown and dumped, and no query uses it',
      'the index of column "b" is kept as a property of the table: it is shown and dumped, and no query uses it',
    ])
    expect(bound.changes).toMatchObject([
      { table: { columns: [{ index: { capacity: 128 } }, { index: { capacity: 256 } }] } },
    ])
    expect(change('CREATE TABLE n (LIKE t)').notices).toEqual([])
    expect(change('ALTER TABLE u ADD COLUMN s SYMBOL INDEX').notices).toHaveLength(1)
  })

  test('DROP ALL TABLES drops tables and leaves views', () => {
    const dropped = change('DROP ALL TABLES').changes.map((one) =>
      one.kind === 'DropRelation' ? one.relation.name : '',
    )
    expect(dropped).toEqual(['d', 'f', 's', 't', 'u'])
  })
})
