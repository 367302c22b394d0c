import { beforeAll, describe, expect, test } from '@jest/globals'
import { apply } from '../../acl/apply.ts'
import { authorizeChange } from '../../acl/authorize.ts'
import { changeOf, secretOf } from '../../acl/change-of.ts'
import { decide } from '../../acl/decide.ts'
import { accessDenied } from '../../acl/denial.ts'
import { applyEffect } from '../../acl/model.ts'
import { foldName } from '../../acl/names.ts'
import { show } from '../../acl/show.ts'
import { loadParser } from '../../parser/parse.ts'
import { tableNamed, World } from './world.ts'

beforeAll(loadParser)

/** What no type allows: a kind that was added somewhere and not decided on. */
function unknownKind(fields: object = {}): never {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the types forbid what is tested
  return { ...fields, kind: 'NobodyDecidedOnThis' } as never
}

describe('a kind that nobody decided on is a bug, not a success', () => {
  const world = new World()
  const admin = (): ReturnType<World['actor']> => world.actor('admin')
  const name = { text: 'u', span: { start: 0, end: 1 } }
  const alter = { kind: 'AlterUser', name } as const

  test.each<readonly [string, () => unknown]>([
    ['apply', () => apply(world.model, unknownKind(), { actor: admin() })],
    ['authorizeChange', () => authorizeChange(world.model, admin(), unknownKind())],
    ['applyEffect', () => applyEffect(world.model, unknownKind())],
    ['changeOf', () => changeOf(unknownKind(), {})],
    ['changeOf an action', () => changeOf({ ...alter, action: unknownKind() }, {})],
    ['secretOf', () => secretOf(unknownKind())],
    ['secretOf an action', () => secretOf({ ...alter, action: unknownKind() })],
    ['show', () => show(world.model, admin(), unknownKind(), 0n)],
    ['accessDenied', () => accessDenied('u', { requirement: unknownKind(), columns: [] })],
  ])('in %s', (_where, run) => {
    expect(run).toThrow('unreachable')
  })

  test('in decide', () => {
    const world = World.after('CREATE USER u')
    const requirement = unknownKind({ permission: 'SELECT', relation: tableNamed('t') })
    expect(() => decide(world.model, world.actor('u'), [requirement])).toThrow('unreachable')
  })

  test('in an action on a principal', () => {
    const world = World.after('CREATE USER u')
    const change = {
      kind: 'AlterPrincipal',
      principalKind: 'User',
      name: { key: foldName('u'), name: 'u' },
      action: unknownKind(),
    } as const
    expect(() => apply(world.model, change, { actor: world.actor('admin') })).toThrow('unreachable')
  })
})
