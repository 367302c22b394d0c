import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParser } from '../../parser/parse.ts'
import { World } from './world.ts'

beforeAll(loadParser)

const trades = [
  'CREATE TABLE trades (symbol SYMBOL, price DOUBLE, quantity LONG, ts TIMESTAMP) TIMESTAMP(ts)',
  'CREATE USER john',
]

describe('GRANT', () => {
  test.each([
    {
      name: 'makes an entry at the database for a database permission (L4)',
      grants: ['GRANT PGWIRE TO john'],
      rows: ['PGWIRE'],
    },
    {
      name: 'takes ON ALL TABLES for a database permission too (D15)',
      grants: ['GRANT CREATE TABLE ON ALL TABLES TO john'],
      rows: ['CREATE TABLE'],
    },
    {
      name: 'judges each target for itself (L5)',
      grants: ['CREATE TABLE b (x INT)', 'GRANT SELECT ON trades, b(x) TO john'],
      rows: ['SELECT on b(x)', 'SELECT on trades'],
    },
    {
      name: 'replaces the grant option, to win it (G8)',
      grants: [
        'GRANT SELECT ON trades TO john',
        'GRANT SELECT ON trades TO john WITH GRANT OPTION',
      ],
      rows: ['SELECT on trades WITH GRANT OPTION'],
    },
    {
      name: 'replaces the grant option, to lose it (G8)',
      grants: [
        'GRANT SELECT ON trades TO john WITH GRANT OPTION',
        'GRANT SELECT ON trades TO john',
      ],
      rows: ['SELECT on trades'],
    },
    {
      name: 'a second time changes nothing (G13)',
      grants: ['GRANT SELECT ON trades TO john', 'GRANT SELECT ON trades TO john'],
      rows: ['SELECT on trades'],
    },
    {
      name: 'above an equal grant removes what is below (G14)',
      grants: [
        'GRANT SELECT ON trades(price) TO john',
        'GRANT SELECT ON trades TO john',
        'GRANT SELECT ON ALL TABLES TO john',
      ],
      rows: ['SELECT'],
    },
    {
      name: 'below an equal grant leaves no trace (G14)',
      grants: ['GRANT SELECT ON ALL TABLES TO john', 'GRANT SELECT ON trades(price) TO john'],
      rows: ['SELECT'],
    },
    {
      name: 'above, with the option, removes what is below with the option (G14)',
      grants: [
        'GRANT SELECT ON trades TO john WITH GRANT OPTION',
        'GRANT SELECT ON ALL TABLES TO john WITH GRANT OPTION',
      ],
      rows: ['SELECT WITH GRANT OPTION'],
    },
    {
      name: 'without option keeps a grant with option below (G15, D20)',
      grants: [
        'GRANT SELECT ON trades TO john WITH GRANT OPTION',
        'GRANT SELECT ON ALL TABLES TO john',
      ],
      rows: ['SELECT', 'SELECT on trades WITH GRANT OPTION'],
    },
    {
      name: 'that takes the option from a grant below makes it redundant (G8, G14)',
      grants: [
        'GRANT SELECT ON trades TO john WITH GRANT OPTION',
        'GRANT SELECT ON ALL TABLES TO john',
        'GRANT SELECT ON trades TO john',
      ],
      rows: ['SELECT'],
    },
    {
      name: 'merges nothing upwards (G16)',
      grants: ['GRANT SELECT ON trades(*) TO john'],
      rows: [
        'SELECT on trades(symbol)',
        'SELECT on trades(price)',
        'SELECT on trades(quantity)',
        'SELECT on trades(ts)',
      ],
    },
    {
      name: 'with a star means the columns of this moment (G11)',
      grants: ['GRANT DROP COLUMN ON trades(*) TO john', 'ALTER TABLE trades ADD COLUMN venue INT'],
      rows: [
        'DROP COLUMN on trades(symbol)',
        'DROP COLUMN on trades(price)',
        'DROP COLUMN on trades(quantity)',
        'DROP COLUMN on trades(ts)',
      ],
    },
    {
      name: 'with EXCLUDE leaves columns out (G11); the designated timestamp stays implicit (G40)',
      grants: ['GRANT SELECT ON trades(* EXCLUDE (price, ts)) TO john'],
      rows: [
        'SELECT on trades(symbol)',
        'SELECT on trades(quantity)',
        'SELECT on trades(ts) implicitly',
      ],
    },
    {
      name: 'compares names without case (N4)',
      grants: ['GRANT SELECT ON TRADES(PRICE) TO JOHN', 'GRANT SELECT ON "Trades" TO "John"'],
      rows: ['SELECT on trades'],
    },
  ])('$name', ({ grants, rows }) => {
    expect(World.after(...trades, ...grants).permissions('john')).toEqual(rows)
  })

  test.each([
    ['GRANT SELECT TO john', '0LP01 SELECT needs ON ALL TABLES or a table'],
    ['GRANT INSERT TO john', '0LP01 INSERT needs ON ALL TABLES or a table'],
    ['GRANT CREATE TABLE ON trades TO john', '0LP01 CREATE TABLE cannot be granted on table level'],
    ['GRANT PGWIRE ON trades(price) TO john', '0LP01 PGWIRE cannot be granted on column level'],
    ['GRANT INSERT ON trades(price) TO john', '0LP01 INSERT cannot be granted on column level'],
    ['GRANT INSERT ON trades(*) TO john', '0LP01 INSERT cannot be granted on column level'],
    [
      'GRANT SELECT, INSERT ON trades(price) TO john',
      '0LP01 INSERT cannot be granted on column level',
    ],
    ['GRANT SELECT ON trades(price, PRICE) TO john', '42701 Duplicate column: PRICE'],
    ['GRANT SELECT ON nosuch(*) TO john', '42P01 table does not exist [table=nosuch]'],
    ['GRANT SELECT ON trades(* EXCLUDE (nosuch)) TO john', '42703 Invalid column: nosuch'],
    ['GRANT SELECT ON trades(* EXCLUDE (ts, ts)) TO john', '42701 Duplicate column: ts'],
    [
      'GRANT SELECT ON trades(* EXCLUDE (symbol, price, quantity, ts)) TO john',
      '0LP01 EXCLUDE leaves no column of trades',
    ],
    ['GRANT INSERT ON v TO john', '0LP01 INSERT does not apply to view v'],
    ['GRANT ALTER VIEW ON trades TO john', '0LP01 ALTER VIEW does not apply to table trades'],
    [
      'GRANT SELECT ON v(a) TO john',
      '0LP01 column level permissions are not supported on views [view=v]',
    ],
    [
      'GRANT SELECT ON v(*) TO john',
      '0LP01 column level permissions are not supported on views [view=v]',
    ],
    [
      'GRANT ALL ON v(a) TO john',
      '0LP01 column level permissions are not supported on views [view=v]',
    ],
    [
      'GRANT SELECT ON trades TO admin',
      '0LP01 permissions of the built-in admin cannot be changed [name=admin]',
    ],
  ])('%s fails, and nothing of it happens', (statement, failure) => {
    const world = World.after(...trades, 'CREATE VIEW v AS (SELECT price FROM trades)')
    expect(world.failure(statement)).toBe(failure)
  })
})

describe('GRANT ALL', () => {
  test('at the database is every permission but DATABASE ADMIN (L6, D17)', () => {
    const rows = World.after('CREATE USER u', 'GRANT ALL TO u').permissions('u')
    expect(rows).toHaveLength(79)
    expect(rows).toEqual(expect.arrayContaining(['PGWIRE', 'SELECT', 'CREATE USER']))
    expect(rows).not.toContain('DATABASE ADMIN')
    expect(rows).not.toContain('ASSUME SERVICE ACCOUNT')
  })

  test('on all tables is every permission of table or column granularity (L6)', () => {
    const rows = World.after('CREATE USER u', 'GRANT ALL ON ALL TABLES TO u').permissions('u')
    expect(rows).toEqual(expect.arrayContaining(['SELECT', 'INSERT', 'ALTER VIEW']))
    expect(rows).not.toContain('PGWIRE')
  })

  test('on a view is what has a meaning for views (L6)', () => {
    const world = World.after('CREATE USER u', 'CREATE VIEW v AS (SELECT 1)', 'GRANT ALL ON v TO u')
    expect(world.permissions('u')).toEqual([
      'ALTER VIEW on v',
      'COMPILE VIEW on v',
      'DROP VIEW on v',
      'SELECT on v',
    ])
  })

  test('on a name that does not exist is what has a meaning for tables (L6)', () => {
    const world = World.after('CREATE USER u', 'GRANT ALL ON t TO u', 'CREATE TABLE t (a INT)')
    expect(world.permissions('u')).toContain('INSERT on t')
    expect(world.permissions('u')).not.toContain('ALTER VIEW on t')
  })

  test('on a column is what can be held on columns (L6)', () => {
    const world = World.after('CREATE USER u', 'CREATE TABLE t (a INT)', 'GRANT ALL ON t(a) TO u')
    expect(world.permissions('u')).toEqual([
      'ADD INDEX on t(a)',
      'ALTER COLUMN CACHE on t(a)',
      'ALTER COLUMN TYPE on t(a)',
      'ALTER SYMBOL CAPACITY on t(a)',
      'DROP COLUMN on t(a)',
      'DROP INDEX on t(a)',
      'REINDEX on t(a)',
      'RENAME COLUMN on t(a)',
      'SELECT on t(a)',
      'UPDATE on t(a)',
    ])
  })
})

describe('a grant to or on what does not exist', () => {
  test('waits for the grantee (G44)', () => {
    const world = World.after('CREATE TABLE t (a INT)', 'GRANT SELECT ON t TO later')
    expect(world.notices.map(({ message }) => message)).toEqual([
      'entity later does not exist yet, the grant waits for it',
    ])
    world.run('CREATE USER later')
    expect(world.permissions('later')).toEqual(['SELECT on t'])
    expect(world.may('later', 'SELECT', 't(a)')).toBe(true)
  })

  test('waits for the table, whatever its type (G44, G45)', () => {
    const world = World.after('CREATE USER u', 'GRANT SELECT ON t, s.x(a) TO u')
    expect(world.notices.map(({ message }) => message)).toEqual([
      'table t does not exist yet, the grant waits for it',
      'table s.x does not exist yet, the grant waits for it',
    ])
    expect(world.permissions('u')).toEqual([])
    world.run('CREATE VIEW t AS (SELECT 1)')
    world.run('CREATE TABLE s.x (a INT)')
    expect(world.permissions('u')).toEqual(['SELECT on s.x(a)', 'SELECT on t'])
  })

  test('says what it waits for once', () => {
    const world = World.after('CREATE USER u', 'GRANT SELECT, INSERT ON t, t TO u')
    expect(world.notices).toHaveLength(1)
  })

  test('waits for the column, and is dormant on a view of that name (G7, G50)', () => {
    const world = World.after(
      'CREATE USER u',
      'CREATE TABLE t (a INT)',
      'GRANT SELECT ON t(b) TO u',
    )
    expect(world.notices.map(({ message }) => message)).toEqual([
      'column t(b) does not exist yet, the grant waits for it',
    ])
    expect(world.permissions('u')).toEqual([])
    world.run('ALTER TABLE t ADD COLUMN b INT')
    expect(world.permissions('u')).toEqual(['SELECT on t(b)'])
    world.run('DROP TABLE t')
    world.run('CREATE VIEW t AS (SELECT 1 AS b)')
    expect(world.permissions('u')).toEqual([])
    expect(world.may('u', 'SELECT', 't')).toBe(false)
  })

  test.each([
    ['GRANT SELECT ON t(a) TO u WITH VERIFICATION', 'no failure'],
    ['GRANT PGWIRE TO u WITH VERIFICATION', 'no failure'],
    ['GRANT SELECT ON t TO nobody WITH VERIFICATION', '42704 entity does not exist [name=nobody]'],
    ['GRANT SELECT ON tt TO u WITH VERIFICATION', '42P01 table does not exist [table=tt]'],
    ['GRANT SELECT ON t, s.t TO u WITH VERIFICATION', '42P01 table does not exist [table=s.t]'],
    ['GRANT SELECT ON t(b) TO u WITH VERIFICATION', '42703 Invalid column: b'],
    [
      'GRANT ASSUME SERVICE ACCOUNT app TO nobody WITH VERIFICATION',
      '42704 entity does not exist [name=nobody]',
    ],
    ['GRANT ASSUME SERVICE ACCOUNT app TO u WITH VERIFICATION', 'no failure'],
  ])('%s: %s (G57, G58)', (statement, failure) => {
    const world = World.after(
      'CREATE USER u',
      'CREATE TABLE t (a INT)',
      'CREATE SERVICE ACCOUNT app',
    )
    if (failure === 'no failure') expect(() => world.run(statement)).not.toThrow()
    else expect(world.failure(statement)).toBe(failure)
  })
})
