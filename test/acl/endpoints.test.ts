import { beforeAll, describe, expect, test } from '@jest/globals'
import { checkLoginInForce } from '../../acl/assume.ts'
import { permission } from '../../acl/permission-registry.ts'
import { loadParser } from '../../parser/parse.ts'
import { failureOf, World } from './world.ts'

beforeAll(loadParser)

/** What the endpoint says to somebody: the one function that every endpoint asks (section 5). */
function answerOf(world: World, endpoint: string): string {
  return failureOf(() =>
    checkLoginInForce(world.model, world.actor('u').login, permission(endpoint)),
  )
}

describe('an endpoint lets in who holds its permission', () => {
  const endpoints = ['PGWIRE', 'HTTP', 'ILP']

  test.each(endpoints)('%s: nothing else will do (P1, P2, S15)', (endpoint) => {
    const world = World.after('CREATE USER u', 'CREATE GROUP g', 'ADD USER u TO g')
    const denied = `42501 Access denied for u [${endpoint}]`
    expect(answerOf(world, endpoint)).toBe(denied)
    world.run('GRANT ALL ON ALL TABLES TO u')
    world.run(`GRANT ${endpoints.filter((other) => other !== endpoint).join(', ')} TO u`)
    expect(answerOf(world, endpoint)).toBe(denied)
    for (const [grant, revoke] of [
      [`GRANT ${endpoint} TO u`, `REVOKE ${endpoint} FROM u`],
      [`GRANT ${endpoint} TO g`, `REVOKE ${endpoint} FROM g`],
      ['GRANT DATABASE ADMIN TO u', 'REVOKE DATABASE ADMIN FROM u'],
    ] as const) {
      world.run(grant)
      expect(answerOf(world, endpoint)).toBe('no failure')
      world.run(revoke)
      expect(answerOf(world, endpoint)).toBe(denied)
    }
  })

  test.each(endpoints)('%s: the built-in admin needs none (A2)', (endpoint) => {
    const world = new World()
    const { login } = world.actor('admin')
    expect(failureOf(() => checkLoginInForce(world.model, login, permission(endpoint)))).toBe(
      'no failure',
    )
  })
})

// Their endpoints are not there; the decision about them is the one about every permission.
describe.each(['SETTINGS', 'SWITCH ROLE'])('%s', (name) => {
  test('is decided like every permission of the database', () => {
    const world = World.after('CREATE USER u', 'GRANT ALL ON ALL TABLES TO u')
    expect(world.may('u', name)).toBe(false)
    world.run(`GRANT ${name} TO u`)
    expect(world.may('u', name)).toBe(true)
    world.run(`REVOKE ${name} FROM u`)
    expect(world.may('u', name)).toBe(false)
  })
})
