import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParser } from '../../parser/parse.ts'
import { emptyModel } from '../../acl/model.ts'
import { show } from '../../acl/show.ts'
import { failureOf, World } from './world.ts'

beforeAll(loadParser)

const columnNames = (world: World, statement: Parameters<typeof show>[2]): readonly string[] =>
  show(world.model, world.actor('admin'), statement, 0n).columns.map(({ name }) => name)

describe('lists of principals', () => {
  const setUp = [
    'CREATE USER zoe',
    'CREATE USER Amy',
    'CREATE USER bob',
    'CREATE USER "émile"',
    'CREATE GROUP h',
    'CREATE GROUP g',
    'CREATE SERVICE ACCOUNT "s.b"',
    'CREATE SERVICE ACCOUNT a',
  ]

  test('are by name, without case (W1), with the built-in admin among the users (A4)', () => {
    const world = World.after(...setUp)
    expect(world.show('SHOW USERS').flat()).toEqual(['admin', 'Amy', 'bob', 'zoe', 'émile'])
    expect(world.show('SHOW GROUPS').flat()).toEqual(['g', 'h'])
    expect(world.show('SHOW SERVICE ACCOUNTS').flat()).toEqual(['a', 's.b'])
    expect(columnNames(world, { kind: 'ShowUsers' })).toEqual(['name'])
  })

  test('leave the built-in admin out while it is disabled (A1)', () => {
    const world = new World()
    world.model = emptyModel({ adminName: 'root', adminEnabled: false, nameLengthMax: 255 })
    expect(world.show('SHOW USERS')).toEqual([])
    expect(failureOf(() => world.show('SHOW USER root'))).toBe(
      '42704 user does not exist [name=root]',
    )
    expect(world.failure('CREATE USER root')).toBe('42710 name is already in use [name=root]')
  })

  test.each(['SHOW USERS', 'SHOW GROUPS', 'SHOW SERVICE ACCOUNTS'])(
    '%s needs LIST USERS',
    (sql) => {
      const world = World.after(...setUp, 'GRANT USER DETAILS TO bob')
      expect(failureOf(() => world.show(`bob: ${sql}`))).toBe(
        '42501 Access denied for bob [LIST USERS]',
      )
      world.run('GRANT LIST USERS TO bob')
      expect(() => world.show(`bob: ${sql}`)).not.toThrow()
    },
  )
})

describe('who may look at whom (9.3)', () => {
  const setUp = [
    'CREATE USER bob',
    'CREATE USER other',
    'CREATE GROUP mine',
    'CREATE GROUP theirs',
    'CREATE SERVICE ACCOUNT linked',
    'CREATE SERVICE ACCOUNT grouped',
    'CREATE SERVICE ACCOUNT far',
    'ADD USER bob TO mine',
    'GRANT ASSUME SERVICE ACCOUNT linked TO bob',
    'GRANT ASSUME SERVICE ACCOUNT grouped TO mine',
  ]

  test.each([
    'SHOW USER',
    'SHOW USER bob',
    'SHOW GROUPS bob',
    'SHOW SERVICE ACCOUNTS bob',
    'SHOW SERVICE ACCOUNTS mine',
    'SHOW PERMISSIONS',
    'SHOW PERMISSIONS bob',
    'SHOW PERMISSIONS mine',
    'SHOW PERMISSIONS linked',
    'SHOW PERMISSIONS grouped',
    'SHOW SERVICE ACCOUNT linked',
    'SHOW SERVICE ACCOUNT grouped',
  ])('%s needs nothing', (sql) => {
    expect(() => World.after(...setUp).show(`bob: ${sql}`)).not.toThrow()
  })

  test.each([
    'SHOW USER other',
    'SHOW USER admin',
    'SHOW USER nobody',
    'SHOW GROUPS other',
    'SHOW GROUPS admin',
    'SHOW SERVICE ACCOUNTS other',
    'SHOW SERVICE ACCOUNTS theirs',
    'SHOW SERVICE ACCOUNTS linked',
    'SHOW SERVICE ACCOUNT far',
    'SHOW SERVICE ACCOUNT nobody',
    'SHOW PERMISSIONS other',
    'SHOW PERMISSIONS theirs',
    'SHOW PERMISSIONS far',
    'SHOW PERMISSIONS admin',
    'SHOW PERMISSIONS nobody',
    'SHOW GROUPS mine',
    'SHOW USER mine',
  ])('%s needs USER DETAILS, whether or not the name exists (W12)', (sql) => {
    const world = World.after(...setUp, 'GRANT LIST USERS TO bob')
    expect(failureOf(() => world.show(`bob: ${sql}`))).toBe(
      '42501 Access denied for bob [USER DETAILS]',
    )
    world.run('GRANT USER DETAILS TO bob')
    expect(failureOf(() => world.show(`bob: ${sql}`))).not.toMatch(/^42501/)
  })

  test('oneself is the assumed account alone (U9)', () => {
    const world = World.after(...setUp, 'GRANT HTTP TO linked')
    world.assume('bob', 'linked')
    expect(world.show('bob: SHOW PERMISSIONS')).toEqual([['HTTP', null, null, false, 'G']])
    expect(() => world.show('bob: SHOW SERVICE ACCOUNT')).not.toThrow()
    expect(() => world.show('bob: SHOW SERVICE ACCOUNT linked')).not.toThrow()
    for (const sql of ['SHOW PERMISSIONS bob', 'SHOW PERMISSIONS mine', 'SHOW GROUPS bob']) {
      expect(failureOf(() => world.show(`bob: ${sql}`))).toBe(
        '42501 Access denied for linked [USER DETAILS]',
      )
    }
  })

  test('a principal that was dropped is told that it is not there', () => {
    const world = World.after(...setUp)
    const actor = world.actor('bob')
    world.run('DROP USER bob')
    expect(failureOf(() => show(world.model, actor, { kind: 'ShowUser' }, 0n))).toBe(
      '42704 user does not exist [name=bob]',
    )
  })
})

describe('SHOW of one principal', () => {
  const setUp = ['CREATE USER u', 'CREATE GROUP g', 'CREATE SERVICE ACCOUNT s']

  test('of the built-in admin has its password and nothing else (A4, D5)', () => {
    const world = World.after(...setUp)
    const methods = [
      ['Password', true],
      ['JWK Token', false],
      ['REST Token', false],
    ]
    expect(world.show('SHOW USER admin')).toEqual(methods)
    expect(world.show('SHOW USER')).toEqual(methods)
    expect(world.show('SHOW USER "ADMIN"')).toEqual(methods)
    for (const sql of [
      'SHOW PERMISSIONS admin',
      'SHOW PERMISSIONS',
      'SHOW GROUPS admin',
      'SHOW SERVICE ACCOUNTS admin',
    ]) {
      expect([sql, world.show(sql)]).toEqual([sql, []])
    }
    expect(columnNames(world, { kind: 'ShowUser' })).toEqual(['auth_type', 'enabled'])
    const name = { text: 'u', span: { start: 0, end: 1 } }
    expect(columnNames(world, { kind: 'ShowServiceAccounts', entity: name })).toEqual([
      'name',
      'grant_option',
    ])
  })

  test.each([
    ['SHOW USER s', 'user does not exist [name=s]'],
    ['SHOW USER nobody', 'user does not exist [name=nobody]'],
    ['SHOW SERVICE ACCOUNT u', 'service account does not exist [name=u]'],
    ['SHOW SERVICE ACCOUNT', 'service account does not exist [name=admin]'],
    ['SHOW SERVICE ACCOUNT admin', 'service account does not exist [name=admin]'],
    ['u: SHOW SERVICE ACCOUNT', 'service account does not exist [name=u]'],
    ['s: SHOW USER', 'user does not exist [name=s]'],
    ['SHOW GROUPS g', 'user does not exist [name=g]'],
    ['SHOW GROUPS s', 'user does not exist [name=s]'],
    ['SHOW SERVICE ACCOUNTS s', 'entity does not exist [name=s]'],
    ['SHOW SERVICE ACCOUNTS nobody', 'entity does not exist [name=nobody]'],
    ['SHOW PERMISSIONS nobody', 'entity does not exist [name=nobody]'],
  ])('%s: of the wrong kind or unknown is %s (W4, W5)', (sql, message) => {
    expect(failureOf(() => World.after(...setUp).show(sql))).toBe(`42704 ${message}`)
  })

  test('of a user lists groups and accounts by name', () => {
    const world = World.after(
      ...setUp,
      'CREATE GROUP b',
      'CREATE SERVICE ACCOUNT a',
      'ADD USER u TO g, b',
      'GRANT ASSUME SERVICE ACCOUNT s TO u',
      'GRANT ASSUME SERVICE ACCOUNT a TO b WITH GRANT OPTION',
    )
    expect(world.show('SHOW GROUPS u')).toEqual([['b'], ['g']])
    expect(world.show('SHOW SERVICE ACCOUNTS u')).toEqual([
      ['a', true],
      ['s', false],
    ])
    expect(world.show('SHOW SERVICE ACCOUNTS b')).toEqual([['a', true]])
  })
})

describe('SHOW PERMISSIONS', () => {
  test('is ordered by table, place of the column, permission (W9)', () => {
    const world = World.after(
      'CREATE TABLE b (y INT, x INT, ts TIMESTAMP) TIMESTAMP(ts)',
      'CREATE TABLE a (x INT)',
      'CREATE TABLE s.z (x INT)',
      'CREATE USER bob',
      'GRANT SELECT ON b(x) TO bob',
      'GRANT UPDATE ON b(y) TO bob',
      'GRANT INSERT, SELECT ON a, s.z TO bob',
      'GRANT PGWIRE, HTTP TO bob',
      'GRANT INSERT ON b TO bob',
    )
    expect(world.show('SHOW PERMISSIONS bob')).toEqual([
      ['HTTP', null, null, false, 'G'],
      ['PGWIRE', null, null, false, 'G'],
      ['INSERT', 'a', null, false, 'G'],
      ['SELECT', 'a', null, false, 'G'],
      ['INSERT', 'b', null, false, 'G'],
      ['UPDATE', 'b', 'y', false, 'G'],
      ['SELECT', 'b', 'x', false, 'G'],
      ['SELECT', 'b', 'ts', false, 'I'],
      ['UPDATE', 'b', 'ts', false, 'I'],
      ['INSERT', 's.z', null, false, 'G'],
      ['SELECT', 's.z', null, false, 'G'],
    ])
    expect(columnNames(world, { kind: 'ShowPermissions' })).toEqual([
      'permission',
      'table_name',
      'column_name',
      'grant_option',
      'origin',
    ])
  })

  test('unites own and group entries and leaves redundant ones out (W6, G5)', () => {
    const world = World.after(
      'CREATE TABLE t (a INT, b INT)',
      'CREATE USER u',
      'CREATE GROUP g',
      'CREATE GROUP h',
      'ADD USER u TO g, h',
      'GRANT SELECT ON t(a) TO u',
      'GRANT SELECT ON t TO g',
      'GRANT SELECT ON t(b) TO h WITH GRANT OPTION',
      'GRANT HTTP TO u WITH GRANT OPTION',
      'GRANT HTTP TO g',
    )
    expect(world.permissions('u')).toEqual([
      'HTTP WITH GRANT OPTION',
      'SELECT on t',
      'SELECT on t(b) WITH GRANT OPTION',
    ])
    expect(world.permissions('g')).toEqual(['HTTP', 'SELECT on t'])
  })

  test.each([
    // Explicit and implicit are a union (G38).
    [
      ['GRANT UPDATE ON t(ts) TO u', 'GRANT SELECT ON t(a) TO u'],
      ['SELECT on t(a)', 'SELECT on t(ts) implicitly', 'UPDATE on t(ts)'],
    ],
    // The timestamp alone is no cause.
    [['GRANT SELECT ON t(ts) TO u'], ['SELECT on t(ts)']],
    // A table-level or database-level entry needs none (G41).
    [['GRANT SELECT ON t TO u'], ['SELECT on t']],
    [['GRANT SELECT ON t(a) TO u', 'GRANT SELECT ON t TO g'], ['SELECT on t']],
    // No other permission behaves so (G42).
    [['GRANT DROP COLUMN ON t(a) TO u'], ['DROP COLUMN on t(a)']],
    // Derived from own and group entries together (G39).
    [
      ['GRANT SELECT ON t(a) TO g', 'GRANT SELECT ON t(ts) TO u'],
      ['SELECT on t(a)', 'SELECT on t(ts)'],
    ],
    [['GRANT SELECT ON t(a) TO g'], ['SELECT on t(a)', 'SELECT on t(ts) implicitly']],
    // No option (G37).
    [
      ['GRANT SELECT ON t(a) TO u WITH GRANT OPTION'],
      ['SELECT on t(a) WITH GRANT OPTION', 'SELECT on t(ts) implicitly'],
    ],
    // Tables without one, and dormant columns, have none (G39, G41).
    [['GRANT SELECT ON plain(a) TO u', 'GRANT SELECT ON t(later) TO u'], ['SELECT on plain(a)']],
  ])('after %j shows %j (6.7)', (grants, rows) => {
    const world = World.after(
      'CREATE TABLE t (a INT, ts TIMESTAMP) TIMESTAMP(ts)',
      'CREATE TABLE plain (a INT, ts TIMESTAMP)',
      'CREATE USER u',
      'CREATE GROUP g',
      'ADD USER u TO g',
      ...grants,
    )
    expect(world.permissions('u')).toEqual(rows)
  })

  test('does not show links (W8)', () => {
    const world = World.after(
      'CREATE SERVICE ACCOUNT app',
      'CREATE USER u',
      'GRANT ASSUME SERVICE ACCOUNT app TO u',
    )
    expect(world.permissions('u')).toEqual([])
  })
})

describe('SHOW TABLES and SHOW COLUMNS', () => {
  const setUp = [
    'CREATE TABLE b (x INT, sym SYMBOL, ts TIMESTAMP) TIMESTAMP(ts)',
    'CREATE TABLE A (x INT)',
    'CREATE TABLE s.c (x INT)',
    'CREATE VIEW v AS (SELECT 1)',
    'CREATE USER u',
    'CREATE GROUP g',
    'ADD USER u TO g',
  ]

  test.each([
    ['GRANT PGWIRE TO u', []],
    ['GRANT INSERT ON b TO u', ['b']],
    ['GRANT REINDEX ON b(x) TO g', ['b']],
    ['GRANT SELECT ON b(later) TO u', []],
    ['GRANT SELECT ON ALL TABLES TO u', ['A', 'b', 's.c', 'v']],
    ['GRANT DATABASE ADMIN TO u', ['A', 'b', 's.c', 'v']],
    ['GRANT SELECT ON v, s.c TO u', ['s.c', 'v']],
  ])('after %s list %j (G60, D31)', (grant, tables) => {
    expect(
      World.after(...setUp, grant)
        .show('u: SHOW TABLES')
        .flat(),
    ).toEqual(tables)
  })

  test('are for the built-in admin all', () => {
    const world = World.after(...setUp)
    expect(world.show('SHOW TABLES').flat()).toEqual(['A', 'b', 's.c', 'v'])
    expect(columnNames(world, { kind: 'ShowTables' })).toEqual(['table_name'])
    expect(world.show('SHOW COLUMNS FROM b')).toEqual([
      ['x', 'INT', false, 0, false, 0, false, false],
      ['sym', 'SYMBOL', false, 0, true, 256, false, false],
      ['ts', 'INT', false, 0, false, 0, true, false],
    ])
    expect(world.show('SHOW COLUMNS FROM s.c')).toHaveLength(1)
    expect(world.show('SHOW COLUMNS FROM v')).toEqual([
      ['a', 'INT', false, 0, false, 0, false, false],
    ])
  })

  test.each([
    [['GRANT SELECT ON b(x) TO u'], ['x', 'ts']],
    [
      ['GRANT SELECT ON b(x) TO u', 'GRANT REINDEX ON b(sym) TO g'],
      ['x', 'sym', 'ts'],
    ],
    [
      ['GRANT SELECT ON b(sym) TO u', 'GRANT INSERT ON b TO g'],
      ['x', 'sym', 'ts'],
    ],
  ])('after %j show columns %j (G60)', (grants, columns) => {
    const world = World.after(...setUp, ...grants)
    expect(world.show('u: SHOW COLUMNS FROM b').map(([name]) => name)).toEqual(columns)
  })

  test('of what is not there tell that only to who may know (G61)', () => {
    const world = World.after(...setUp, 'GRANT REINDEX ON b TO u')
    const failure = (sql: string): string => failureOf(() => world.show(sql))
    expect(failure('u: SHOW COLUMNS FROM b')).toBe('42501 Access denied for u [SELECT on b]')
    expect(failure('u: SHOW COLUMNS FROM no')).toBe('42501 Access denied for u [SELECT on no]')
    world.run('GRANT SELECT ON ALL TABLES TO u')
    expect(failure('u: SHOW COLUMNS FROM no')).toBe('42P01 table does not exist [table=no]')
  })
})
