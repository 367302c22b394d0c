import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParser } from '../../parser/parse.ts'
import {
  accountIsAssumed,
  accountNotAssumed,
  checkAssume,
  checkLoginInForce,
  checkStillInForce,
  noAccountAssumed,
} from '../../acl/assume.ts'
import { permission } from '../../acl/permission-registry.ts'
import { failureOf, idOf, World } from './world.ts'

beforeAll(loadParser)

const pgwire = permission('PGWIRE')
const setUp = [
  'CREATE USER bob',
  'CREATE GROUP g',
  'ADD USER bob TO g',
  'CREATE SERVICE ACCOUNT app',
  'CREATE SERVICE ACCOUNT other',
  'GRANT PGWIRE TO bob',
  'GRANT PGWIRE TO app',
]

const assume = (world: World, who: string, account: string): string =>
  failureOf(() => checkAssume(world.model, world.actor(who).login, account))

describe('ASSUME SERVICE ACCOUNT', () => {
  test.each([
    'GRANT ASSUME SERVICE ACCOUNT app TO bob',
    'GRANT ASSUME SERVICE ACCOUNT app TO g',
    'GRANT DATABASE ADMIN TO bob',
    'GRANT DATABASE ADMIN TO g',
  ])('may be done after %s (U2, U3)', (grant) => {
    const world = World.after(...setUp, grant)
    expect(checkAssume(world.model, world.actor('bob').login, 'APP')).toEqual({
      kind: 'Stored',
      id: idOf(world, 'app'),
      name: 'app',
    })
  })

  test('may be done by the built-in admin', () => {
    const world = World.after(...setUp)
    expect(assume(world, 'admin', 'app')).toBe('no failure')
  })

  test.each(['app', 'other', 'nosuch', 'g', 'bob'])(
    'is refused alike for what may not be assumed and what is not there: %s (U3)',
    (account) => {
      const world = World.after(...setUp, 'GRANT ASSUME SERVICE ACCOUNT app TO bob')
      world.run('ALTER SERVICE ACCOUNT app DISABLE')
      expect(assume(world, 'bob', account)).toBe(
        `42501 Access denied for bob [ASSUME SERVICE ACCOUNT ${account}]`,
      )
    },
  )

  test.each([
    ['nosuch', '42704 service account does not exist [name=nosuch]'],
    ['g', '42704 service account does not exist [name=g]'],
    ['app', 'Access denied for WHO [ASSUME SERVICE ACCOUNT app]'],
  ])('who may assume every account is told what is not there: %s (U3)', (account, failure) => {
    const world = World.after(...setUp, 'GRANT DATABASE ADMIN TO bob')
    world.run('ALTER SERVICE ACCOUNT app DISABLE')
    for (const who of ['admin', 'bob']) {
      expect(assume(world, who, account)).toContain(failure.replace('WHO', who))
    }
  })

  test('is not for a session of a service account, whatever its list holds (U6)', () => {
    const world = World.after(...setUp, 'GRANT DATABASE ADMIN TO app')
    expect(assume(world, 'app', 'other')).toBe(
      '42501 Access denied for app [ASSUME SERVICE ACCOUNT other]',
    )
    expect(assume(world, 'app', 'nosuch')).toMatch(/^42501/)
  })

  test('has a hint that helps (H4)', () => {
    const world = World.after(...setUp)
    expect(() => checkAssume(world.model, world.actor('bob').login, 'app')).toThrow(
      expect.objectContaining({ hint: 'GRANT ASSUME SERVICE ACCOUNT app TO bob;' }),
    )
  })

  test('out of turn has its own errors (U5, U6)', () => {
    expect(noAccountAssumed()).toMatchObject({
      sqlState: '55000',
      message: 'no service account is assumed',
    })
    expect(accountNotAssumed('b').message).toBe('service account b is not assumed')
    expect(accountIsAssumed('a').message).toBe('service account a is assumed, exit it first')
  })
})

describe('links', () => {
  test('cannot be given to service accounts (U1)', () => {
    const world = World.after(...setUp)
    expect(world.failure('GRANT ASSUME SERVICE ACCOUNT app TO other')).toBe(
      '0LP01 service accounts cannot assume service accounts',
    )
  })

  test('that waited vanish if the name becomes a service account’s (U1)', () => {
    const world = World.after(
      ...setUp,
      'GRANT ASSUME SERVICE ACCOUNT app TO later',
      'GRANT ASSUME SERVICE ACCOUNT app TO user2',
    )
    expect(world.notices[0]?.message).toBe(
      'entity user2 does not exist yet, the grant waits for it',
    )
    world.run('CREATE SERVICE ACCOUNT later')
    world.run('DROP SERVICE ACCOUNT later')
    world.run('CREATE USER later')
    world.run('CREATE USER user2')
    expect(world.show('SHOW SERVICE ACCOUNTS later')).toEqual([])
    expect(world.show('SHOW SERVICE ACCOUNTS user2')).toEqual([['app', false]])
  })

  test('of user and groups are united, granting again overwrites the option (U1, U2)', () => {
    const world = World.after(
      ...setUp,
      'GRANT ASSUME SERVICE ACCOUNT app TO bob',
      'GRANT ASSUME SERVICE ACCOUNT app TO g WITH GRANT OPTION',
      'GRANT ASSUME SERVICE ACCOUNT other TO g',
    )
    expect(world.show('SHOW SERVICE ACCOUNTS bob')).toEqual([
      ['app', true],
      ['other', false],
    ])
    world.run('GRANT ASSUME SERVICE ACCOUNT app TO g')
    expect(world.show('SHOW SERVICE ACCOUNTS bob')).toEqual([
      ['app', false],
      ['other', false],
    ])
  })

  test('are taken back; taking none is success, also from who is only waited for (U1)', () => {
    const world = World.after(
      ...setUp,
      'GRANT ASSUME SERVICE ACCOUNT app TO nobody',
      'REVOKE ASSUME SERVICE ACCOUNT other FROM nobody',
      'REVOKE ASSUME SERVICE ACCOUNT app FROM nobody',
      'REVOKE ASSUME SERVICE ACCOUNT app FROM bob',
    )
    expect(world.model.links.size).toBe(0)
  })
})

function check(world: World, who: string): string {
  const actor = world.actor(who)
  return failureOf(() => checkStillInForce(world.model, actor, pgwire))
}

describe('a session goes on', () => {
  test('as long as its principal is there, enabled, and let in (E2, P3)', () => {
    const world = World.after(...setUp)
    for (const who of ['admin', 'bob', 'app']) expect(check(world, who)).toBe('no failure')
    world.run('ALTER USER bob DISABLE')
    world.run('ALTER SERVICE ACCOUNT app DISABLE')
    expect(check(world, 'bob')).toBe('42501 Access denied for bob [user is disabled]')
    expect(check(world, 'app')).toBe('42501 Access denied for app [service account is disabled]')
    world.run('ALTER USER bob ENABLE')
    expect(check(world, 'bob')).toBe('no failure')
    world.run('REVOKE PGWIRE FROM bob')
    expect(check(world, 'bob')).toBe('42501 Access denied for bob [PGWIRE]')
    world.run('GRANT DATABASE ADMIN TO bob')
    expect(check(world, 'bob')).toBe('no failure')
  })

  test('not after its principal was dropped, namesake or not: FATAL (M3)', () => {
    const world = World.after(...setUp)
    const actor = world.actor('bob')
    world.run('DROP USER bob')
    world.run('CREATE USER bob')
    world.run('GRANT PGWIRE TO bob')
    expect(() => checkStillInForce(world.model, actor, pgwire)).toThrow(
      expect.objectContaining({
        severity: 'FATAL',
        sqlState: '57P01',
        message: 'principal was dropped',
      }),
    )
  })

  test.each([
    ['REVOKE ASSUME SERVICE ACCOUNT app FROM bob'],
    ['ALTER SERVICE ACCOUNT app DISABLE'],
    ['DROP SERVICE ACCOUNT app'],
    ['DROP SERVICE ACCOUNT app', 'CREATE SERVICE ACCOUNT app'],
  ])('while assuming only as long as the account may be assumed: %s (U7)', (...statements) => {
    const world = World.after(...setUp, 'GRANT ASSUME SERVICE ACCOUNT app TO bob')
    world.assume('bob', 'app')
    const actor = world.actor('bob')
    const assumed = (): string => failureOf(() => checkStillInForce(world.model, actor, pgwire))
    expect(assumed()).toBe('no failure')
    for (const statement of statements) world.run(statement)
    expect(assumed()).toBe('42501 Access denied for bob [ASSUME SERVICE ACCOUNT app]')
    // EXIT asks for the login principal only.
    expect(() => checkLoginInForce(world.model, actor.login, pgwire)).not.toThrow()
  })

  test('the account needs no endpoint permission, the login principal does (U7, U8)', () => {
    const world = World.after(...setUp, 'GRANT ASSUME SERVICE ACCOUNT other TO bob')
    world.assume('bob', 'other')
    expect(check(world, 'bob')).toBe('no failure')
    world.run('REVOKE PGWIRE FROM bob')
    expect(check(world, 'bob')).toBe('42501 Access denied for bob [PGWIRE]')
  })

  test('under the account’s list alone (U4)', () => {
    const world = World.after(
      ...setUp,
      'GRANT DATABASE ADMIN TO bob',
      'GRANT HTTP TO app',
      'GRANT CREATE USER TO bob',
    )
    world.assume('bob', 'app')
    expect(world.may('bob', 'HTTP')).toBe(true)
    expect(world.failure('bob: CREATE USER x')).toBe('42501 Access denied for app [CREATE USER]')
  })
})
