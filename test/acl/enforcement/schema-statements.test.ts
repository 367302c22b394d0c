import { beforeAll, describe, expect, test } from '@jest/globals'
import type { BoundSchemaChange } from '../../../acl/enforcement/binding.ts'
import type { Schema } from '../../../acl/schema.ts'
import { loadParser } from '../../../parser/parse.ts'
import { bindText, optionsFor, outcome, primaryKey, schemaOf, table } from './bind-fixture.ts'
import { viewOf } from './view-fixture.ts'

beforeAll(loadParser)

function schema(): Schema {
  const tables = [
    table('t', 'a int4, b text, ts timestamp', {
      oid: 10,
      designatedTimestamp: 3,
      constraints: [primaryKey(1)],
    }),
    table('u', 'a int4, d numeric', { oid: 11 }),
  ]
  return schemaOf([...tables, viewOf('v', 'SELECT a, b FROM t', schemaOf(tables))])
}

function change(sql: string): BoundSchemaChange {
  const binding = bindText(sql, optionsFor(schema()))
  if (binding.kind !== 'SchemaChange') throw new Error(JSON.stringify(outcome(binding)))
  return binding
}

describe('what each statement needs (section 11)', () => {
  test.each([
    ['CREATE TABLE n (a INT)', ['CREATE TABLE']],
    ['CREATE TABLE IF NOT EXISTS t (z INT)', ['CREATE TABLE']],
    ['CREATE TABLE n AS (SELECT b FROM t)', ['CREATE TABLE', 'SELECT on t(b)']],
    ['CREATE TABLE n AS SELECT a FROM v', ['CREATE TABLE', 'SELECT on v']],
    ['CREATE TABLE n (LIKE u)', ['CREATE TABLE', 'SELECT on u(a*, d*)']],
    ['DROP TABLE t', ['DROP TABLE on t']],
    ['DROP TABLE t, u', ['DROP TABLE on t', 'DROP TABLE on u']],
    ['DROP TABLE IF EXISTS nope', []],
    ['DROP TABLE t CASCADE PERMISSIONS', ['DROP TABLE on t']],
    ['RENAME TABLE t TO n', ['RENAME TABLE on t']],
    ['ALTER TABLE t RENAME TO n', ['RENAME TABLE on t']],
    ['TRUNCATE TABLE t', ['TRUNCATE TABLE on t']],
    ['ALTER TABLE t ADD COLUMN z INT', ['ADD COLUMN on t']],
    ['ALTER TABLE t DROP COLUMN b', ['DROP COLUMN on t(b)']],
    ['ALTER TABLE t DROP COLUMN IF EXISTS z', ['DROP COLUMN on t(unknown z)']],
    ['ALTER TABLE IF EXISTS t ADD COLUMN z INT', ['ADD COLUMN on t']],
    ['ALTER TABLE IF EXISTS nope ADD COLUMN z INT', ['ADD COLUMN on unknown nope']],
    ['ALTER TABLE IF EXISTS nope DROP COLUMN z', ['DROP COLUMN on unknown nope']],
    ['ALTER TABLE IF EXISTS nope RENAME COLUMN a TO z', ['RENAME COLUMN on unknown nope']],
    ['ALTER TABLE IF EXISTS nope RENAME TO n', ['RENAME TABLE on unknown nope']],
    ['TRUNCATE TABLE IF EXISTS nope', ['TRUNCATE TABLE on unknown nope']],
    ['ALTER TABLE t RENAME COLUMN b TO z', ['RENAME COLUMN on t(b)']],
    ['CREATE VIEW n AS (SELECT a FROM t)', ['CREATE VIEW', 'SELECT on t(a)']],
    ['CREATE VIEW n AS (SELECT a FROM v)', ['CREATE VIEW', 'SELECT on v']],
    [
      'CREATE OR REPLACE VIEW v AS (SELECT b FROM t)',
      ['CREATE VIEW', 'ALTER VIEW on v', 'SELECT on t(b)'],
    ],
    ['CREATE OR REPLACE VIEW n AS (SELECT b FROM t)', ['CREATE VIEW', 'SELECT on t(b)']],
    ['CREATE VIEW IF NOT EXISTS v AS (SELECT 1 AS x)', ['CREATE VIEW']],
    ['ALTER VIEW v AS (SELECT d FROM u)', ['ALTER VIEW on v', 'SELECT on u(d)']],
    ['DROP VIEW v', ['DROP VIEW on v']],
    ['DROP VIEW IF EXISTS nope', []],
  ])('%s', (sql, needs) => {
    const bound = outcome(bindText(sql, optionsFor(schema())))
    expect(bound).toEqual({ needs })
  })
})

describe('what is refused, after the permission', () => {
  test.each([
    ['CREATE TABLE t (a INT)', ['CREATE TABLE'], '42P07 table already exists'],
    ['CREATE TABLE v (a INT)', ['CREATE TABLE'], '42P07 view already exists'],
    ['CREATE TABLE IF NOT EXISTS v (a INT)', ['CREATE TABLE'], '42P07 view already exists'],
    ['CREATE VIEW v AS (SELECT 1 AS x)', ['CREATE VIEW'], '42P07 view already exists'],
    ['CREATE OR REPLACE VIEW t AS (SELECT 1 AS x)', ['CREATE VIEW'], '42P07 table already exists'],
    ['CREATE TABLE n (a INT, A TEXT)', ['CREATE TABLE'], '42701 Duplicate column: A'],
    ['CREATE TABLE n (a nosuch)', ['CREATE TABLE'], '42704 type "nosuch" does not exist'],
    [
      'CREATE TABLE n (a INT) timestamp(a)',
      ['CREATE TABLE'],
      '42804 TIMESTAMP column expected [actual=integer, columnName=a]',
    ],
    ['CREATE TABLE n (a INT) timestamp(z)', ['CREATE TABLE'], '42703 Invalid column: z'],
    ['CREATE TABLE n (a INT, PRIMARY KEY (z))', ['CREATE TABLE'], '42703 Invalid column: z'],
    [
      'CREATE TABLE n (a INT CHECK ((SELECT max(a) FROM t) > a))',
      ['CREATE TABLE'],
      '0A000 subqueries in CHECK constraints are not supported',
    ],
    [
      'CREATE TABLE n (a INT DEFAULT current_user)',
      ['CREATE TABLE'],
      '42804 column "a" is of type integer but expression is of type name',
    ],
    [
      'CREATE TABLE n (a TEXT DEFAULT current_user)',
      ['CREATE TABLE'],
      '0A000 current_user in DEFAULT expressions is not supported',
    ],
    ['CREATE TABLE nosuch.n (a INT)', ['CREATE TABLE'], '3F000 schema "nosuch" does not exist'],
    [
      'CREATE TABLE n AS (SELECT a, a FROM t)',
      ['CREATE TABLE', 'SELECT on t(a)'],
      '42701 Duplicate column: a',
    ],
    [
      'CREATE TABLE n AS (SELECT z FROM t)',
      ['CREATE TABLE', 'SELECT on t(unknown z)'],
      '42703 Invalid column: z',
    ],
    [
      'CREATE TABLE n (LIKE nope)',
      ['CREATE TABLE', 'SELECT on unknown nope'],
      '42P01 table does not exist [table=nope]',
    ],
    ['DROP TABLE nope', ['DROP TABLE on unknown nope'], '42P01 table does not exist [table=nope]'],
    ['DROP TABLE v', ['DROP TABLE on v'], '42809 v is a view'],
    ['DROP VIEW t', ['DROP VIEW on t'], '42809 t is not a view'],
    ['DROP VIEW nope', ['DROP VIEW on unknown nope'], '42P01 view does not exist [view=nope]'],
    ['ALTER VIEW t AS (SELECT 1 AS x)', ['ALTER VIEW on t'], '42809 t is not a view'],
    ['TRUNCATE TABLE v', ['TRUNCATE TABLE on v'], '42809 v is a view'],
    ['RENAME TABLE v TO w', ['RENAME TABLE on v'], '42809 v is a view'],
    ['RENAME TABLE t TO u', ['RENAME TABLE on t'], '42P07 table already exists'],
    ['ALTER TABLE v ADD COLUMN z INT', ['ADD COLUMN on v'], '42809 v is a view'],
    ['ALTER TABLE t ADD COLUMN a INT', ['ADD COLUMN on t'], '42701 Duplicate column: a'],
    ['ALTER TABLE t DROP COLUMN z', ['DROP COLUMN on t(unknown z)'], '42703 Invalid column: z'],
    [
      'ALTER TABLE t DROP COLUMN ts',
      ['DROP COLUMN on t(ts)'],
      '42809 Cannot remove designated timestamp column',
    ],
    ['ALTER TABLE t RENAME COLUMN a TO b', ['RENAME COLUMN on t(a)'], '42701 Duplicate column: b'],
    ['INSERT INTO v VALUES (1)', ['INSERT on v'], '42809 v is a view'],
    ['UPDATE v SET a = 1', ['UPDATE on v'], '42809 v is a view'],
    ['DELETE FROM v', ['DELETE on v'], '42809 v is a view'],
    [
      'ALTER VIEW v AS (SELECT a FROM v)',
      ['ALTER VIEW on v', 'SELECT on v'],
      '42P19 circular dependency detected',
    ],
  ])('%s', (sql, needs, error) => {
    const bound = outcome(bindText(sql, optionsFor(schema())))
    expect(bound).toMatchObject({ error })
    expect(bound.needs.slice(0, needs.length)).toEqual(needs)
  })
})

test('CREATE TABLE of QuestDB’s form comes to a table with its storage, and to a physical one', () => {
  const { changes, steps } = change(
    'CREATE TABLE n (s SYMBOL, p DOUBLE DEFAULT 1.5, ts TIMESTAMP) timestamp(ts) PARTITION BY DAY WAL',
  )
  expect(changes).toMatchObject([
    {
      kind: 'CreateTable',
      table: {
        name: 'n',
        designatedTimestamp: 3,
        partitionBy: 'DAY',
        wal: true,
        nextAttnum: 4,
        columns: [
          { attnum: 1, name: 's', type: { name: 'varchar' }, hasDefault: false },
          { attnum: 2, name: 'p', type: { name: 'float8' }, hasDefault: true },
          { attnum: 3, name: 'ts', type: { name: 'timestamp' }, notNull: true },
        ],
      },
    },
  ])
  expect(steps).toMatchObject([
    { kind: 'Physical', change: { kind: 'CreatePhysicalTable', columns: [{}, {}, {}] } },
  ])
})

test('constraints have PostgreSQL’s names, and CHECK knows what it reads', () => {
  const { changes } = change(
    'CREATE TABLE n (a INT PRIMARY KEY, b TEXT UNIQUE, c INT CHECK (c > 0), CHECK (a < c), UNIQUE (a, b))',
  )
  expect(changes).toMatchObject([
    {
      table: {
        constraints: expect.arrayContaining([
          { kind: 'PrimaryKey', name: 'n_pkey', attnums: [1] },
          { kind: 'Unique', name: 'n_b_key', attnums: [2] },
          expect.objectContaining({ kind: 'Check', name: 'n_c_check', attnums: [3] }),
          expect.objectContaining({ kind: 'Check', name: 'n_check', attnums: [1, 3] }),
          { kind: 'Unique', name: 'n_a_b_key', attnums: [1, 2] },
        ]),
      },
    },
  ])
})

test('CREATE TABLE AS makes the table and then fills it', () => {
  const { steps } = change('CREATE TABLE n AS (SELECT a, count(*) AS n FROM t GROUP BY a)')
  expect(steps).toMatchObject([
    { kind: 'Physical', change: { kind: 'CreatePhysicalTable' } },
    { kind: 'Fill', insert: { kind: 'Insert', columns: [1, 2] } },
  ])
})

test('ADD COLUMN takes numbers that were never used', () => {
  const { changes, steps } = change('ALTER TABLE t ADD COLUMN y INT, z TEXT')
  expect(changes).toMatchObject([{ columns: [{ attnum: 4 }, { attnum: 5 }] }])
  expect(steps).toHaveLength(2)
})

test('ADD COLUMN NOT NULL is two steps of the store', () => {
  const { steps, changes } = change('ALTER TABLE t ADD COLUMN y INT NOT NULL DEFAULT 1')
  expect(changes).toMatchObject([{ columns: [{ notNull: true, hasDefault: true }] }])
  expect(steps).toMatchObject([
    { change: { kind: 'AddPhysicalColumn', column: { notNull: false } } },
    { change: { kind: 'SetPhysicalNotNull', attnum: 4 } },
  ])
})

test('DROP COLUMN leaves a column before a key in the store, where it may be null', () => {
  const plain = table('k', 'a int4, b text, c int4, d int4', { constraints: [primaryKey(3)] })
  const columns = plain.columns.map((one) => ({ ...one, notNull: one.name === 'b' }))
  const keyed = { ...plain, columns }
  const physical = (column: string): unknown => {
    const binding = bindText(`ALTER TABLE k DROP COLUMN ${column}`, optionsFor(schemaOf([keyed])))
    return binding.kind === 'SchemaChange' ? binding.steps : outcome(binding)
  }
  expect(physical('a')).toEqual([])
  expect(physical('b')).toMatchObject([{ change: { kind: 'DropPhysicalNotNull', attnum: 2 } }])
  expect(physical('d')).toMatchObject([{ change: { kind: 'DropPhysicalColumn', attnum: 4 } }])
  expect(physical('c')).toMatchObject({ error: expect.stringMatching(/^0A000 /) })
})

test('IF NOT EXISTS and IF EXISTS say what they skip, and change nothing', () => {
  const statements = [
    'CREATE TABLE IF NOT EXISTS t (z INT)',
    'DROP TABLE IF EXISTS nope',
    'TRUNCATE TABLE IF EXISTS nope',
    'ALTER TABLE IF EXISTS nope ADD COLUMN z INT',
    'ALTER TABLE IF EXISTS nope RENAME TO n',
  ]
  for (const sql of statements) {
    const { changes, steps, notices } = change(sql)
    expect({ changes, steps }).toEqual({ changes: [], steps: [] })
    expect(notices).toHaveLength(1)
  }
})

test('names that look like nothing are not made', () => {
  for (const name of ['a\u00A0b', '\u200B', '\uFEFFx']) {
    const bound = outcome(bindText(`CREATE TABLE "${name}" (a INT)`, optionsFor(schema())))
    expect(bound.error).toMatch(/^42602 invalid name/u)
  }
})
