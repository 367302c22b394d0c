import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParser } from '../../parser/parse.ts'
import { apply } from '../../acl/apply.ts'
import { foldName } from '../../acl/names.ts'
import type { Change } from '../../acl/change.ts'
import type { Table } from '../../acl/schema.ts'
import { oid } from './brands.ts'
import { plainColumn } from './schema-change.ts'
import { failureOf, tableNamed, World } from './world.ts'

beforeAll(loadParser)

const setUp = [
  'CREATE TABLE t (a INT, b INT, ts TIMESTAMP) TIMESTAMP(ts)',
  'CREATE USER u',
  'CREATE USER w',
  'GRANT SELECT, UPDATE ON t(a) TO u',
  'GRANT INSERT ON t TO u',
  'GRANT SELECT ON t TO w',
  'GRANT SELECT ON t(b) TO later',
]

const rows = ['INSERT on t', 'SELECT on t(a)', 'UPDATE on t(a)']
const implicit = ['SELECT on t(ts) implicitly', 'UPDATE on t(ts) implicitly']

const tableOf = (world: World, name: string): Table => {
  const relation = world.model.schema.relation(tableNamed(name).key)
  if (relation?.kind !== 'Table') throw new Error(`${name} is not a table`)
  return relation
}

describe('names that come and go', () => {
  test('DROP TABLE keeps entries; they come back with the name (G45, D27)', () => {
    const world = World.after(...setUp, 'DROP TABLE t')
    expect(world.permissions('u')).toEqual([])
    expect(world.may('u', 'INSERT', 't')).toBe(true)
    world.run('CREATE TABLE t (x INT, a INT)')
    expect(world.permissions('u')).toEqual(rows)
  })

  test('a rename into the name brings them into force, a rename away does not take them along (G46, D25)', () => {
    const world = World.after(...setUp, 'RENAME TABLE t TO other', 'GRANT SELECT ON new TO u')
    expect(world.permissions('u')).toEqual([])
    world.run('RENAME TABLE other TO new')
    expect(world.permissions('u')).toEqual(['SELECT on new'])
    world.run('RENAME TABLE new TO t')
    expect(world.permissions('u')).toEqual([...rows, ...implicit])
    expect(tableOf(world, 't').oid).toBe(oid(1))
  })

  test('a column that is renamed leaves its entries, one renamed into the name gets them (G45, G46)', () => {
    const world = World.after(...setUp, 'ALTER TABLE t RENAME COLUMN a TO z')
    expect(world.permissions('u')).toEqual(['INSERT on t'])
    world.run('ALTER TABLE t RENAME COLUMN b TO a')
    expect(world.permissions('u')).toEqual([...rows, ...implicit])
    expect(tableOf(world, 't').columns.map(({ name }) => name)).toEqual(['z', 'a', 'ts'])
  })

  test('the implicit permission follows the designated timestamp when it is renamed (G39)', () => {
    const world = World.after(...setUp, 'ALTER TABLE t RENAME COLUMN ts TO time')
    expect(world.permissions('u')).toContain('SELECT on t(time) implicitly')
  })

  test('a column that is dropped leaves its entries (G45)', () => {
    const world = World.after(...setUp, 'ALTER TABLE t DROP COLUMN a')
    expect(world.permissions('u')).toEqual(['INSERT on t'])
    world.run('ALTER TABLE t ADD COLUMN a INT')
    expect(world.permissions('u')).toEqual([
      'INSERT on t',
      ...implicit,
      'SELECT on t(a)',
      'UPDATE on t(a)',
    ])
  })

  test('a table granted ahead, held at the database, and CASCADE PERMISSIONS (G47)', () => {
    const world = World.after(
      ...setUp,
      'GRANT REINDEX ON ALL TABLES TO u',
      'GRANT SELECT ON s TO u',
    )
    world.run('DROP TABLE t CASCADE PERMISSIONS')
    world.run('CREATE TABLE t (a INT, b INT)')
    world.run('CREATE TABLE s (a INT)')
    world.run('CREATE USER later')
    expect(world.permissions('u')).toEqual(['REINDEX', 'SELECT on s'])
    expect(world.permissions('w')).toEqual([])
    expect(world.permissions('later')).toEqual([])
  })

  test('CASCADE PERMISSIONS for a column takes the entries on it from everybody (G47, D26)', () => {
    const world = World.after(...setUp, 'ALTER TABLE t DROP COLUMN a, b CASCADE PERMISSIONS')
    world.run('ALTER TABLE t ADD COLUMN a INT, b INT')
    world.run('CREATE USER later')
    expect(world.permissions('u')).toEqual(['INSERT on t'])
    expect(world.permissions('w')).toEqual(['SELECT on t'])
    expect(world.permissions('later')).toEqual([])
  })

  test('CASCADE PERMISSIONS for a view (G47, D26)', () => {
    const world = World.after(...setUp, 'CREATE VIEW v AS (SELECT 1)', 'GRANT SELECT ON v TO u')
    world.run('DROP VIEW v CASCADE PERMISSIONS')
    world.run('CREATE VIEW v AS (SELECT 1)')
    expect(world.permissions('u')).not.toContain('SELECT on v')
  })

  test('the first owner has every right on a table of that name by somebody else (G56)', () => {
    const world = World.after('CREATE USER first', 'CREATE USER second')
    world.run('first: CREATE TABLE t (a INT)')
    world.run('DROP TABLE t')
    world.run('second: CREATE TABLE t (a INT)')
    expect(world.may('first', 'DROP TABLE', 't')).toBe(true)
  })
})

describe('a change of the schema', () => {
  test.each([
    ['CREATE TABLE T (x INT)', '42P07 table already exists'],
    ['CREATE TABLE v (x INT)', '42P07 view already exists'],
    ['CREATE TABLE IF NOT EXISTS v (x INT)', '42P07 view already exists'],
    ['CREATE VIEW t AS (SELECT 1)', '42P07 table already exists'],
    ['CREATE VIEW v AS (SELECT 1)', '42P07 view already exists'],
    ['RENAME TABLE t TO v', '42P07 view already exists'],
    ['RENAME TABLE t TO t', '42P07 table already exists'],
    ['RENAME TABLE v TO x', '42809 v is a view'],
    ['RENAME TABLE nosuch TO x', '42P01 table does not exist [table=nosuch]'],
    ['DROP TABLE v', '42809 v is a view'],
    ['DROP VIEW t', '42809 t is not a view'],
    ['DROP TABLE nosuch', '42P01 table does not exist [table=nosuch]'],
    ['DROP VIEW nosuch', '42P01 view does not exist [view=nosuch]'],
    ['ALTER VIEW nosuch AS (SELECT 1)', '42P01 view does not exist [view=nosuch]'],
    ['ALTER TABLE t ADD COLUMN A INT', '42701 Duplicate column: A'],
    ['ALTER TABLE t RENAME COLUMN a TO B', '42701 Duplicate column: B'],
    ['ALTER TABLE t RENAME COLUMN nosuch TO c', '40001 t was changed meanwhile'],
  ])('%s fails: %s (section 15)', (statement, failure) => {
    expect(World.after(...setUp, 'CREATE VIEW v AS (SELECT 1)').failure(statement)).toBe(failure)
  })

  const gone: readonly (readonly [Change, RegExp])[] = [
    [
      {
        kind: 'DropRelation',
        relationKind: 'Table',
        relation: tableNamed('t'),
        oid: oid(99),
        cascadePermissions: false,
      },
      /^42P01 table does not exist/,
    ],
    [
      { kind: 'RenameTable', relation: tableNamed('t'), oid: oid(99), to: tableNamed('x') },
      /^42P01 table does not exist/,
    ],
    [
      {
        kind: 'AddColumns',
        relation: tableNamed('t'),
        oid: oid(1),
        columns: [plainColumn('c', 3)],
      },
      /^40001 t was changed meanwhile/,
    ],
    [
      {
        kind: 'DropColumns',
        relation: tableNamed('t'),
        oid: oid(1),
        attnums: [9],
        cascadePermissions: false,
      },
      /^40001 t was changed meanwhile/,
    ],
  ]

  test.each(gone)('bound to what is not there any more fails: %j (X3)', (change, failure) => {
    const world = World.after(...setUp)
    expect(failureOf(() => world.applyAs('admin', change))).toMatch(failure)
  })

  test('CREATE TABLE IF NOT EXISTS put on a table made meanwhile is a conflict at replay only', () => {
    const world = World.after(...setUp)
    const table = tableOf(world, 't')
    const change = { kind: 'CreateTable', table, ifNotExists: true } as const
    const actor = world.actor('admin')
    expect(apply(world.model, change, { actor }).effects).toEqual([])
    expect(failureOf(() => apply(world.model, change, { actor, isReplay: true }))).toBe(
      '42P07 table already exists',
    )
  })

  test('a dropped column goes from keys and constraints, and takes the designated timestamp’s place along', () => {
    const world = new World()
    const columns = [plainColumn('a', 1), plainColumn('b', 2), plainColumn('ts', 3)]
    const table: Table = {
      kind: 'Table',
      oid: oid(1),
      ...tableNamed('t'),
      columns,
      designatedTimestamp: 3,
      wal: false,
      dedupKeys: [1, 3],
      constraints: [
        { kind: 'PrimaryKey', name: 'p', attnums: [1, 2] },
        { kind: 'Unique', name: 'q', attnums: [2] },
      ],
      nextAttnum: 4,
    }
    world.applyAs('admin', { kind: 'CreateTable', table, ifNotExists: false })
    world.run('ALTER TABLE t DROP COLUMN a')
    expect(tableOf(world, 't')).toMatchObject({
      designatedTimestamp: 3,
      dedupKeys: [3],
      constraints: [{ name: 'q' }],
      nextAttnum: 4,
    })
    world.run('ALTER TABLE t DROP COLUMN ts')
    expect(tableOf(world, 't')).not.toHaveProperty('designatedTimestamp')
    world.run('ALTER TABLE t ADD COLUMN c INT')
    expect(tableOf(world, 't').columns.map(({ attnum }) => attnum)).toEqual([2, 4])
  })

  test('each one has an epoch of the schema of its own; a change of access has none', () => {
    const world = World.after('CREATE USER u')
    const epochs = [world.model.schema.epoch]
    for (const statement of [
      'CREATE TABLE b (a INT)',
      'CREATE TABLE a (a INT)',
      'GRANT HTTP TO u',
    ]) {
      world.run(statement)
      epochs.push(world.model.schema.epoch)
    }
    expect(epochs).toEqual([0, 1, 2, 2])
    expect(world.model.schema.relations().map(({ name }) => name)).toEqual(['a', 'b'])
    expect(world.model.schema.relations()).toBe(world.model.schema.relations())
    expect(world.model.schema.relation(tableNamed('A').key)?.key).toBe(`public.${foldName('A')}`)
  })
})
