import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParser } from '../../parser/parse.ts'
import { apply } from '../../acl/apply.ts'
import { principalNamed } from '../../acl/model.ts'
import { foldName } from '../../acl/names.ts'
import { idOf, World } from './world.ts'

beforeAll(loadParser)

const users = (world: World): readonly unknown[] => world.show('SHOW USERS').flat()

describe('names of principals', () => {
  test.each(['USER', 'GROUP', 'SERVICE ACCOUNT'])(
    'are unique over all kinds, without case: CREATE %s (N2, N4)',
    (kind) => {
      const world = World.after('CREATE USER x', 'CREATE GROUP y', 'CREATE SERVICE ACCOUNT z')
      for (const name of ['x', 'y', 'z', 'admin', 'Y', 'ADMIN']) {
        expect(world.failure(`CREATE ${kind} "${name}"`)).toBe(
          `42710 name is already in use [name=${name}]`,
        )
      }
    },
  )

  test.each([
    ['USER', 'x', 'no failure'],
    ['GROUP', 'y', 'no failure'],
    ['SERVICE ACCOUNT', 'z', 'no failure'],
    ['USER', 'y', '42710 name is already in use [name=y]'],
    ['GROUP', 'z', '42710 name is already in use [name=z]'],
    ['SERVICE ACCOUNT', 'admin', '42710 name is already in use [name=admin]'],
  ])('IF NOT EXISTS hides the same kind only: %s %s: %s (N3, D1)', (kind, name, failure) => {
    const world = World.after('CREATE USER x', 'CREATE GROUP y', 'CREATE SERVICE ACCOUNT z')
    const before = world.model
    const statement = `CREATE ${kind} IF NOT EXISTS ${name}`
    if (failure === 'no failure') world.run(statement)
    else expect(world.failure(statement)).toBe(failure)
    expect(world.model).toBe(before)
  })

  test.each([
    '',
    'a:b',
    ' a',
    'a ',
    'a\u0001b',
    'a\u007f',
    '_sso',
    '_SSO',
    'x'.repeat(256),
    '\u00a0a',
  ])('%p is refused (N6, D4)', (name) => {
    const world = new World()
    expect(world.failure(`CREATE USER '${name}'`)).toBe(`42602 invalid name [name=${name}]`)
  })

  test.each(['a', 'x'.repeat(255), '😀'.repeat(255), 'john.doe', "o''hara", 'a b', 'user'])(
    '%p is taken (N5, N6)',
    (name) => {
      expect(() => new World().run(`CREATE USER '${name}'`)).not.toThrow()
    },
  )
})

describe('CREATE and ALTER', () => {
  test('keep the name as created, and the secret in its own effect', () => {
    const world = new World()
    const before = world.model
    world.run("CREATE USER Amy WITH PASSWORD 'x'")
    expect(users(world)).toEqual(['admin', 'Amy'])
    const { effects } = apply(
      before,
      {
        kind: 'CreatePrincipal',
        principalKind: 'User',
        id: idOf(world, 'amy'),
        name: { key: foldName('bob'), name: 'bob' },
        ifNotExists: false,
        password: { kind: 'SetPassword', hash: 'secret' },
      },
      { actor: world.actor('admin') },
    )
    expect(effects.map(({ kind }) => kind)).toEqual(['PutPrincipal', 'SetPasswordHash'])
    expect(JSON.stringify(effects[0])).not.toContain('secret')
  })

  test('ENABLE and DISABLE are idempotent and leave all else (E1)', () => {
    const world = World.after("CREATE USER u WITH PASSWORD 'x'", 'GRANT HTTP TO u')
    const enabled = (): unknown => principalNamed(world.model, foldName('u'))?.enabled
    for (const [action, is] of [
      ['DISABLE', false],
      ['DISABLE', false],
      ['ENABLE', true],
      ['ENABLE', true],
    ] as const) {
      world.run(`ALTER USER u ${action}`)
      expect(enabled()).toBe(is)
      expect(world.permissions('u')).toEqual(['HTTP'])
    }
  })

  test('secrets come and go, and removing none is success (S4, S5, S7, S9, S10, S13)', () => {
    const world = World.after('CREATE SERVICE ACCOUNT s WITH NO PASSWORD')
    const methods = (): unknown =>
      world.show('SHOW SERVICE ACCOUNT s').map(([, enabled]) => enabled)
    expect(methods()).toEqual([false, false, false])
    world.run("ALTER SERVICE ACCOUNT s WITH PASSWORD 'x'")
    world.run('ALTER SERVICE ACCOUNT s CREATE TOKEN TYPE JWK')
    world.run("ALTER SERVICE ACCOUNT s CREATE TOKEN TYPE REST WITH TTL '1d'")
    expect(methods()).toEqual([true, true, true])
    for (let time = 0; time < 2; time += 1) {
      world.run('ALTER SERVICE ACCOUNT s WITH NO PASSWORD')
      world.run('ALTER SERVICE ACCOUNT s DROP TOKEN TYPE JWK')
      world.run('ALTER SERVICE ACCOUNT s DROP TOKEN TYPE REST')
      expect(methods()).toEqual([false, false, false])
    }
  })

  test('an expired token is shown and dropped like none at all (S13, W2)', () => {
    const world = World.after('CREATE USER u', "ALTER USER u CREATE TOKEN TYPE REST WITH TTL '1d'")
    world.nowMicros = 2_000_000n
    expect(world.show('SHOW USER u')[2]).toEqual(['REST Token', false])
    const drop = "ALTER USER u DROP TOKEN TYPE REST 'qt1'"
    expect(world.failure(drop)).toBe('42704 token does not exist')
    world.nowMicros = 1_999_999n
    world.run(drop)
    expect(world.failure(drop)).toBe('42704 token does not exist')
  })

  test('an alias belongs to one group (N7)', () => {
    const world = World.after("CREATE GROUP g WITH EXTERNAL ALIAS 'x'", 'CREATE GROUP h')
    const inUse = '42710 alias is already in use'
    expect(world.failure("CREATE GROUP i WITH EXTERNAL ALIAS 'x'")).toBe(inUse)
    expect(world.failure("ALTER GROUP h WITH EXTERNAL ALIAS 'x'")).toBe(inUse)
    world.run("ALTER GROUP g WITH EXTERNAL ALIAS 'x'")
    world.run("ALTER GROUP h WITH EXTERNAL ALIAS 'X'")
    world.run("ALTER GROUP g DROP EXTERNAL ALIAS 'x'")
    expect(world.failure("ALTER GROUP g DROP EXTERNAL ALIAS 'x'")).toBe(
      '42704 alias does not exist',
    )
    world.run("ALTER GROUP h WITH EXTERNAL ALIAS 'x'")
    expect(principalNamed(world.model, foldName('h'))?.externalAliases).toEqual(['X', 'x'])
  })
})

describe('a statement for one kind', () => {
  test.each([
    ['ALTER USER s ENABLE', 'user does not exist [name=s]'],
    ['ALTER SERVICE ACCOUNT u ENABLE', 'service account does not exist [name=u]'],
    ["ALTER GROUP u WITH EXTERNAL ALIAS 'x'", 'group does not exist [name=u]'],
    ['DROP USER g', 'user does not exist [name=g]'],
    ['DROP GROUP nobody', 'group does not exist [name=nobody]'],
    ['DROP SERVICE ACCOUNT admin', 'service account does not exist [name=admin]'],
    ['ADD USER s TO g', 'user does not exist [name=s]'],
    ['ADD USER g TO g', 'user does not exist [name=g]'],
    ['ADD USER u TO g, s', 'group does not exist [name=s]'],
    ['GRANT ASSUME SERVICE ACCOUNT u TO u', 'service account does not exist [name=u]'],
    ['REVOKE ASSUME SERVICE ACCOUNT g FROM u', 'service account does not exist [name=g]'],
    ['REVOKE ASSUME SERVICE ACCOUNT s FROM nobody', 'entity does not exist [name=nobody]'],
  ])('does not find another: %s (M1, M6)', (statement, message) => {
    const world = World.after('CREATE USER u', 'CREATE GROUP g', 'CREATE SERVICE ACCOUNT s')
    expect(world.failure(statement)).toBe(`42704 ${message}`)
  })

  test('with IF EXISTS succeeds without it', () => {
    const world = World.after('CREATE SERVICE ACCOUNT s')
    const before = world.model
    world.run('DROP USER IF EXISTS nobody')
    world.run('DROP USER IF EXISTS s')
    expect(world.model).toBe(before)
  })

  test.each([
    "ALTER USER admin WITH PASSWORD 'x'",
    'ALTER USER "Admin" DISABLE',
    'DROP USER admin',
    'DROP USER IF EXISTS admin',
  ])('does not alter the built-in admin: %s (A3)', (statement) => {
    expect(new World().failure(statement)).toMatch(
      /^0LP01 the built-in admin cannot be altered \[name=[aA]dmin\]$/,
    )
  })
})

describe('memberships', () => {
  test('are joined and left, doing it twice is success (section 7, M5)', () => {
    const world = World.after(
      'CREATE USER u',
      'CREATE GROUP g',
      'CREATE GROUP h',
      'GRANT HTTP TO g',
      'ADD USER u TO g, h',
      'ADD USER u TO g, g',
    )
    expect(world.show('SHOW GROUPS u')).toEqual([['g'], ['h']])
    expect(world.may('u', 'HTTP')).toBe(true)
    world.run('REMOVE USER u FROM g')
    world.run('REMOVE USER u FROM g')
    expect(world.show('SHOW GROUPS u')).toEqual([['h']])
    expect(world.may('u', 'HTTP')).toBe(false)
  })
})

describe('DROP', () => {
  const setUp = [
    'CREATE USER u',
    'CREATE USER w',
    'CREATE GROUP g',
    'CREATE SERVICE ACCOUNT s',
    'CREATE SERVICE ACCOUNT other',
    'ADD USER u TO g',
    'ADD USER w TO g',
    'CREATE TABLE t (a INT)',
    'GRANT HTTP TO u',
    'GRANT SELECT ON t, t(a), later TO u',
    'GRANT HTTP TO g',
    'GRANT HTTP TO s',
    'GRANT ASSUME SERVICE ACCOUNT s TO u',
    'GRANT ASSUME SERVICE ACCOUNT s TO g',
    'GRANT ASSUME SERVICE ACCOUNT s TO nobody',
    'GRANT ASSUME SERVICE ACCOUNT other TO u',
  ]

  test('of a user takes its entries, memberships and links; a namesake starts empty (G49)', () => {
    const world = World.after(...setUp, 'DROP USER u', 'CREATE USER u')
    expect(world.permissions('u')).toEqual([])
    expect(world.show('SHOW GROUPS u')).toEqual([])
    expect(world.show('SHOW SERVICE ACCOUNTS u')).toEqual([])
    expect(world.show('SHOW SERVICE ACCOUNTS g')).toEqual([['s', false]])
  })

  test('of a group takes what its members inherited at once (G49)', () => {
    const world = World.after(...setUp)
    expect(world.may('w', 'HTTP')).toBe(true)
    world.run('DROP GROUP g')
    expect(world.may('w', 'HTTP')).toBe(false)
    expect(world.show('SHOW GROUPS w')).toEqual([])
    expect(world.show('SHOW SERVICE ACCOUNTS w')).toEqual([])
  })

  test('of a service account takes all links to it, waiting ones too (G49)', () => {
    const world = World.after(...setUp, 'DROP SERVICE ACCOUNT s', 'CREATE SERVICE ACCOUNT s')
    expect(world.show('SHOW SERVICE ACCOUNTS u')).toEqual([['other', false]])
    expect(world.model.links.has(foldName('nobody'))).toBe(false)
    expect(world.permissions('s')).toEqual([])
  })

  test('entries granted after it wait for the name (G49)', () => {
    const world = World.after(...setUp, 'DROP USER u', 'GRANT PGWIRE TO u', 'CREATE USER u')
    expect(world.permissions('u')).toEqual(['PGWIRE'])
  })

  test('does not drop who is in use by the session (M3, D33)', () => {
    const world = World.after(...setUp, 'GRANT DROP USER, DROP SERVICE ACCOUNT TO u')
    expect(world.failure('u: DROP USER u')).toBe('55006 u is in use by this session')
    world.run('GRANT DROP USER, DROP SERVICE ACCOUNT TO s')
    world.assume('u', 's')
    expect(world.failure('u: DROP USER u')).toBe('55006 u is in use by this session')
    expect(world.failure('u: DROP SERVICE ACCOUNT s')).toBe('55006 s is in use by this session')
    expect(() => world.run('u: DROP USER w')).not.toThrow()
  })
})
