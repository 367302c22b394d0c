import { beforeAll, describe, expect, test } from '@jest/globals'
import { authorizeChange } from '../../acl/authorize.ts'
import { changeOf } from '../../acl/change-of.ts'
import { foldName } from '../../acl/names.ts'
import { permission } from '../../acl/permission-registry.ts'
import { loadParser } from '../../parser/parse.ts'
import { accessStatement } from './statements.ts'
import { failureOf, tableNamed, World } from './world.ts'

beforeAll(loadParser)

describe('the permission of a statement', () => {
  const statements: readonly (readonly [string, readonly string[]])[] = [
    ['CREATE USER y', ['CREATE USER']],
    ["CREATE USER y WITH PASSWORD 'p'", ['CREATE USER', 'ADD PASSWORD']],
    ['CREATE USER y WITH NO PASSWORD', ['CREATE USER', 'REMOVE PASSWORD']],
    ['CREATE USER IF NOT EXISTS x', ['CREATE USER']],
    ['CREATE SERVICE ACCOUNT y', ['CREATE SERVICE ACCOUNT']],
    ["CREATE SERVICE ACCOUNT y WITH PASSWORD 'p'", ['CREATE SERVICE ACCOUNT', 'ADD PASSWORD']],
    ['CREATE GROUP y', ['CREATE GROUP']],
    ["CREATE GROUP y WITH EXTERNAL ALIAS 'cn=y'", ['CREATE GROUP', 'ADD EXTERNAL ALIAS']],
    ["ALTER GROUP g WITH EXTERNAL ALIAS 'b'", ['ADD EXTERNAL ALIAS']],
    ["ALTER GROUP g DROP EXTERNAL ALIAS 'a'", ['REMOVE EXTERNAL ALIAS']],
    ['ALTER USER x ENABLE', ['ENABLE USER']],
    ['ALTER USER x DISABLE', ['DISABLE USER']],
    ['ALTER SERVICE ACCOUNT s DISABLE', ['DISABLE USER']],
    ["ALTER USER x WITH PASSWORD 'p'", ['ADD PASSWORD']],
    ['ALTER USER x WITH NO PASSWORD', ['REMOVE PASSWORD']],
    ['ALTER USER x CREATE TOKEN TYPE JWK', ['CREATE JWK']],
    ['ALTER USER x DROP TOKEN TYPE JWK', ['DROP JWK']],
    ["ALTER USER x CREATE TOKEN TYPE REST WITH TTL '1d'", ['CREATE REST TOKEN']],
    ['ALTER SERVICE ACCOUNT s DROP TOKEN TYPE REST', ['DROP REST TOKEN']],
    ['ADD USER x TO g', ['ADD USER']],
    ['REMOVE USER x FROM g', ['REMOVE USER']],
    ['DROP USER x', ['DROP USER']],
    ['DROP USER IF EXISTS nobody', ['DROP USER']],
    ['DROP GROUP g', ['DROP GROUP']],
    ['DROP SERVICE ACCOUNT s', ['DROP SERVICE ACCOUNT']],
  ]
  const setUp = [
    'CREATE USER bob',
    'CREATE USER x',
    "CREATE GROUP g WITH EXTERNAL ALIAS 'a'",
    'CREATE SERVICE ACCOUNT s',
  ]

  test.each(statements)('%s needs %s', (statement, needed) => {
    for (const missing of needed) {
      const others = needed.filter((name) => name !== missing)
      const grants = others.map((name) => `GRANT ${name} TO bob`)
      const world = World.after(...setUp, ...grants)
      expect(world.failure(`bob: ${statement}`)).toBe(`42501 Access denied for bob [${missing}]`)
      world.run(`GRANT ${missing} TO bob`)
      expect(() => world.run(`bob: ${statement}`)).not.toThrow()
    }
  })

  test.each([
    'DROP USER nobody',
    'ADD USER nobody TO nothing',
    "ALTER USER nobody WITH PASSWORD 'x'",
    'ALTER USER admin DISABLE',
    'GRANT SELECT ON nosuch TO nobody',
    'GRANT SELECT ON nosuch(*) TO nobody',
    'REVOKE ALL ON nosuch(*) FROM nobody',
    'GRANT ASSUME SERVICE ACCOUNT nosuch TO nobody',
    'REVOKE ASSUME SERVICE ACCOUNT nosuch FROM nobody',
  ])('is asked for before anything is said of names: %s (M2)', (statement) => {
    const world = World.after(...setUp)
    expect(world.failure(`bob: ${statement}`)).toMatch(/^42501 Access denied for bob \[/)
  })

  test.each([
    'GRANT SELECT ON t TO admin',
    'GRANT ALL TO admin WITH GRANT OPTION',
    'REVOKE PGWIRE FROM "ADMIN"',
    'GRANT ASSUME SERVICE ACCOUNT s TO admin',
    'REVOKE ASSUME SERVICE ACCOUNT s FROM admin',
    'ADD USER admin TO g',
    'REMOVE USER x FROM g, admin',
  ])('is not asked for where the list of the built-in admin is meant: %s (A3)', (statement) => {
    const world = World.after(...setUp)
    for (const who of ['admin', 'bob']) {
      expect(world.failure(`${who}: ${statement}`)).toMatch(
        /^0LP01 permissions of the built-in admin cannot be changed \[name=admin\]$/i,
      )
    }
  })
})

describe('self-service', () => {
  const own = [
    "ALTER USER bob WITH PASSWORD 'new'",
    'ALTER USER bob WITH NO PASSWORD',
    'ALTER USER bob CREATE TOKEN TYPE JWK',
    'ALTER USER bob DROP TOKEN TYPE JWK',
    "ALTER USER bob CREATE TOKEN TYPE REST WITH TTL '1d'",
    'ALTER USER bob DROP TOKEN TYPE REST',
  ]
  const setUp = ['CREATE USER bob', 'CREATE SERVICE ACCOUNT app', 'GRANT PGWIRE TO bob']

  test.each(own)('%s needs nothing (S17)', (statement) => {
    expect(() => World.after(...setUp).run(`bob: ${statement}`)).not.toThrow()
  })

  test('is for service accounts too', () => {
    const world = World.after(...setUp)
    expect(() => world.run("app: ALTER SERVICE ACCOUNT app WITH PASSWORD 'x'")).not.toThrow()
  })

  test.each([
    ['ALTER USER bob DISABLE', 'DISABLE USER'],
    ['ALTER USER bob ENABLE', 'ENABLE USER'],
    ['DROP USER bob', 'DROP USER'],
    ["ALTER SERVICE ACCOUNT bob WITH PASSWORD 'x'", 'ADD PASSWORD'],
    ["ALTER USER app WITH PASSWORD 'x'", 'ADD PASSWORD'],
    ['REVOKE PGWIRE FROM bob', 'PGWIRE WITH GRANT OPTION'],
  ])('does not reach to %s (S17, G34)', (statement, missing) => {
    const world = World.after(...setUp)
    expect(world.failure(`bob: ${statement}`)).toBe(`42501 Access denied for bob [${missing}]`)
  })

  test('ends while a service account is assumed, for its secrets and for one’s own (S18)', () => {
    const world = World.after(...setUp, 'GRANT ASSUME SERVICE ACCOUNT app TO bob')
    world.assume('bob', 'app')
    for (const statement of [
      "ALTER SERVICE ACCOUNT app WITH PASSWORD 'x'",
      "ALTER USER bob WITH PASSWORD 'x'",
    ]) {
      expect(world.failure(`bob: ${statement}`)).toBe('42501 Access denied for app [ADD PASSWORD]')
    }
  })
})

describe('who may GRANT', () => {
  const setUp = [
    'CREATE TABLE t (a INT, b INT, ts TIMESTAMP) TIMESTAMP(ts)',
    'CREATE VIEW v AS (SELECT 1)',
    'CREATE TABLE s.u (a INT)',
    'CREATE USER bob',
    'CREATE USER x',
    'CREATE GROUP g',
    'ADD USER bob TO g',
  ]

  test.each([
    ['GRANT SELECT ON t TO bob WITH GRANT OPTION', 'GRANT SELECT ON t TO x'],
    ['GRANT SELECT ON t TO g WITH GRANT OPTION', 'GRANT SELECT ON t(a) TO x WITH GRANT OPTION'],
    ['GRANT SELECT ON ALL TABLES TO bob WITH GRANT OPTION', 'GRANT SELECT ON later TO x'],
    ['GRANT SELECT ON t(a, b) TO bob WITH GRANT OPTION', 'GRANT SELECT ON t(b, a) TO x'],
    ['GRANT PGWIRE TO bob WITH GRANT OPTION', 'GRANT PGWIRE TO x'],
    ['GRANT ALL ON v TO bob WITH GRANT OPTION', 'GRANT ALL ON v TO x'],
    ['GRANT DATABASE ADMIN TO bob', 'GRANT ALL TO x WITH GRANT OPTION'],
    ['GRANT DATABASE ADMIN TO g WITH GRANT OPTION', 'GRANT DATABASE ADMIN TO x'],
  ])('after %s: %s (G29, G31)', (grant, statement) => {
    expect(() => World.after(...setUp, grant).run(`bob: ${statement}`)).not.toThrow()
  })

  test.each([
    ['GRANT SELECT ON t TO bob', 'GRANT SELECT ON t TO x', 'SELECT on t'],
    ['GRANT SELECT ON t TO bob', 'GRANT SELECT ON T(a) TO x', 'SELECT on t'],
    [
      'GRANT SELECT ON t TO bob WITH GRANT OPTION',
      'GRANT SELECT ON ALL TABLES TO x',
      'SELECT on ALL TABLES',
    ],
    ['GRANT SELECT ON t TO bob WITH GRANT OPTION', 'GRANT SELECT, INSERT ON t TO x', 'INSERT on t'],
    // Columns do not make a table (G30).
    ['GRANT SELECT ON t(*) TO bob WITH GRANT OPTION', 'GRANT SELECT ON t TO x', 'SELECT on t'],
    // An implicit permission carries no option (G30).
    [
      'GRANT SELECT ON t(a) TO bob WITH GRANT OPTION',
      'GRANT SELECT ON t(ts) TO x',
      'SELECT on t(ts)',
    ],
    [
      'GRANT SELECT ON t(b) TO bob WITH GRANT OPTION',
      'GRANT SELECT ON t(ts, no, b, a) TO x',
      // By name: their places would tell which of them are there (G61).
      'SELECT on t(a, no, ts)',
    ],
    [
      'GRANT SELECT ON t(b) TO bob WITH GRANT OPTION',
      'GRANT SELECT ON t(TS, A) TO x',
      'SELECT on t(A, TS)',
    ],
    [
      'GRANT SELECT ON t(b) TO bob WITH GRANT OPTION',
      'GRANT SELECT ON t(*) TO x',
      'SELECT on t(*)',
    ],
    [
      'GRANT SELECT ON later(b) TO bob WITH GRANT OPTION',
      'GRANT SELECT ON later(a, b) TO x',
      'SELECT on later(a)',
    ],
    ['GRANT PGWIRE TO bob', 'GRANT PGWIRE TO x', 'PGWIRE'],
    ['GRANT DATABASE ADMIN TO bob', 'GRANT DATABASE ADMIN TO x', 'DATABASE ADMIN'],
    ['GRANT PGWIRE TO bob', 'GRANT ALL ON v TO x', 'SELECT on v'],
    ['GRANT PGWIRE TO bob', 'GRANT ALL ON t TO x', 'SELECT on t'],
    ['GRANT PGWIRE TO bob', 'GRANT ALL ON nosuch TO x', 'SELECT on nosuch'],
    ['GRANT PGWIRE TO bob', 'GRANT SELECT ON s.u TO x', 'SELECT on s.u'],
    [
      'GRANT SELECT ON nosuch(a) TO bob WITH GRANT OPTION',
      'GRANT SELECT ON nosuch(*) TO x',
      'SELECT on nosuch',
    ],
  ])('after %s, not %s (G29, G30, D19)', (grant, statement, missing) => {
    const world = World.after(...setUp, grant)
    expect(world.failure(`bob: ${statement}`)).toBe(
      `42501 Access denied for bob [${missing} WITH GRANT OPTION]`,
    )
  })

  test('the name of a relation that one does not see is said as one wrote it (R9)', () => {
    const world = World.after(...setUp)
    expect(world.failure('bob: GRANT SELECT ON "T" TO x')).toContain('[SELECT on T WITH')
    world.run('GRANT INSERT ON t TO bob')
    expect(world.failure('bob: GRANT SELECT ON "T" TO x')).toContain('[SELECT on t WITH')
  })
})

describe('who may REVOKE', () => {
  const setUp = [
    'CREATE TABLE t (a INT, b INT)',
    'CREATE USER owner',
    'CREATE USER x',
    'GRANT SELECT ON t TO owner WITH GRANT OPTION',
  ]

  test.each([
    ['GRANT SELECT ON t TO x', 'REVOKE SELECT ON t FROM x'],
    ['GRANT SELECT ON t TO x', 'REVOKE SELECT ON t(a) FROM x'],
    ['GRANT SELECT ON t(a) TO x', 'REVOKE ALL ON t FROM x'],
    ['GRANT HTTP TO x', 'REVOKE ALL ON t FROM x'],
    ['GRANT HTTP TO x', 'REVOKE ALL ON t(a) FROM x'],
  ])('after %s the owner may %s (G32, G33)', (grant, statement) => {
    expect(() => World.after(...setUp, grant).run(`owner: ${statement}`)).not.toThrow()
  })

  test.each([
    // D23: an owner cannot break up a database-wide grant.
    ['GRANT SELECT ON ALL TABLES TO x', 'REVOKE SELECT ON t FROM x', 'SELECT on ALL TABLES'],
    ['GRANT SELECT ON ALL TABLES TO x', 'REVOKE SELECT ON t(a) FROM x', 'SELECT on ALL TABLES'],
    ['GRANT SELECT ON ALL TABLES TO x', 'REVOKE ALL ON t FROM x', 'SELECT on ALL TABLES'],
    ['GRANT INSERT ON t TO x', 'REVOKE ALL ON t FROM x', 'INSERT on t'],
    ['GRANT HTTP TO x', 'REVOKE ALL FROM x', 'SELECT on ALL TABLES'],
    ['GRANT SELECT ON t TO x', 'REVOKE SELECT ON ALL TABLES FROM x', 'SELECT on ALL TABLES'],
  ])('after %s the owner may not %s (G32, G33, D23)', (grant, statement, missing) => {
    const world = World.after(...setUp, grant)
    expect(world.failure(`owner: ${statement}`)).toBe(
      `42501 Access denied for owner [${missing} WITH GRANT OPTION]`,
    )
  })

  test('a holder of a column cannot push the table entry down (G32)', () => {
    const world = World.after(
      ...setUp,
      'CREATE USER y',
      'GRANT SELECT ON t(a) TO y WITH GRANT OPTION',
      'GRANT SELECT ON t TO x',
    )
    expect(world.failure('y: REVOKE SELECT ON t(a) FROM x')).toBe(
      '42501 Access denied for y [SELECT on t WITH GRANT OPTION]',
    )
  })

  test('only with the option of DATABASE ADMIN is it taken away, by ALL too (D19)', () => {
    const world = World.after(
      ...setUp,
      'GRANT DATABASE ADMIN TO owner',
      'GRANT DATABASE ADMIN TO x',
    )
    for (const statement of ['REVOKE ALL FROM x', 'REVOKE DATABASE ADMIN FROM x']) {
      expect(world.failure(`owner: ${statement}`)).toBe(
        '42501 Access denied for owner [DATABASE ADMIN WITH GRANT OPTION]',
      )
    }
  })
})

describe('GRANT and REVOKE ASSUME SERVICE ACCOUNT', () => {
  const setUp = [
    'CREATE SERVICE ACCOUNT app',
    'CREATE USER bob',
    'CREATE USER x',
    'CREATE GROUP g',
    'ADD USER bob TO g',
  ]

  test.each([
    'GRANT ASSUME SERVICE ACCOUNT app TO bob WITH GRANT OPTION',
    'GRANT ASSUME SERVICE ACCOUNT app TO g WITH GRANT OPTION',
    'GRANT DATABASE ADMIN TO bob',
  ])('may be done after %s (G35)', (grant) => {
    const world = World.after(...setUp, grant)
    world.run('bob: GRANT ASSUME SERVICE ACCOUNT app TO x')
    expect(world.show('SHOW SERVICE ACCOUNTS x')).toEqual([['app', false]])
    world.run('bob: REVOKE ASSUME SERVICE ACCOUNT app FROM x')
    expect(world.show('SHOW SERVICE ACCOUNTS x')).toEqual([])
  })

  test.each(['app', 'nosuch', 'x'])('need the option of the link: %s (G35, M2)', (account) => {
    const world = World.after(...setUp, 'GRANT ASSUME SERVICE ACCOUNT app TO bob')
    expect(world.failure(`bob: GRANT ASSUME SERVICE ACCOUNT ${account} TO x`)).toBe(
      `42501 Access denied for bob [ASSUME SERVICE ACCOUNT ${account} WITH GRANT OPTION]`,
    )
  })
})

test('who was dropped may nothing', () => {
  const world = World.after('CREATE SERVICE ACCOUNT app', 'CREATE USER bob', 'CREATE USER x')
  world.run('GRANT ASSUME SERVICE ACCOUNT app TO bob WITH GRANT OPTION')
  const actor = world.actor('bob')
  world.run('DROP USER bob')
  for (const sql of [
    'GRANT ASSUME SERVICE ACCOUNT app TO x',
    'GRANT PGWIRE TO x',
    "ALTER USER bob WITH PASSWORD 'x'",
  ]) {
    const change = changeOf(accessStatement(sql), { passwordHash: 'h' })
    expect(failureOf(() => authorizeChange(world.model, actor, change))).toMatch(/^42501/)
  }
})

test('a change that was not read from a text has errors without a place', () => {
  const world = World.after('CREATE TABLE t (a INT)', 'CREATE USER u')
  const grant = {
    kind: 'Grant',
    permissions: [{ kind: 'One', permission: permission('INSERT') }],
    scope: {
      kind: 'Targets',
      targets: [
        {
          relation: tableNamed('t'),
          columns: { kind: 'List', columns: [{ key: foldName('a'), name: 'a' }] },
        },
      ],
    },
    grantee: { key: foldName('u'), name: 'u' },
    grantOption: false,
    verification: false,
  } as const
  const insert = (): void => world.applyAs('admin', grant)
  expect(insert).toThrow(expect.objectContaining({ sqlState: '0LP01', offset: undefined }))
  const permissions = [{ kind: 'One', permission: permission('SELECT') }] as const
  expect(() => world.applyAs('admin', { ...grant, permissions })).not.toThrow()
})
