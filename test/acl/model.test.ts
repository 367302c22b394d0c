import { beforeAll, describe, expect, test } from '@jest/globals'
import { addBit, bitsFor, hasBit, includesBits } from '../../acl/bits.ts'
import { effectiveList } from '../../acl/effective-list.ts'
import type { Effect } from '../../acl/effect.ts'
import { apply } from '../../acl/apply.ts'
import {
  applyEffect,
  applyEffects,
  emptyModel,
  principalById,
  withEpoch,
  type AccessModel,
} from '../../acl/model.ts'
import { firstEpoch, foldName, nextEpoch } from '../../acl/names.ts'
import { loadParser } from '../../parser/parse.ts'
import { principalId } from './brands.ts'
import { idOf, World } from './world.ts'

beforeAll(loadParser)

const options = { adminName: 'admin', adminEnabled: true, nameLengthMax: 255 }

const setUp = [
  'CREATE USER u',
  'CREATE GROUP g',
  'ADD USER u TO g',
  'CREATE SERVICE ACCOUNT s',
  'CREATE TABLE t (a INT, ts TIMESTAMP) TIMESTAMP(ts)',
  'GRANT SELECT ON t(a) TO g',
  'GRANT HTTP TO u WITH GRANT OPTION',
  'GRANT SELECT ON later TO nobody',
  'GRANT ASSUME SERVICE ACCOUNT s TO g',
]

/** The facts of a model as the catalog would give them back. */
function factsOf(model: AccessModel): readonly Effect[] {
  const principals = [...model.principals.values()]
  return [
    ...principals.map((principal): Effect => ({ kind: 'PutPrincipal', principal })),
    ...[...model.groupsOf].flatMap(([user, groups]) =>
      [...groups].map((group): Effect => ({ kind: 'PutMembership', user, group })),
    ),
    ...[...model.links].flatMap(([grantee, links]) =>
      [...links.values()].map((link): Effect => ({ kind: 'PutLink', grantee, ...link })),
    ),
    ...model.schema.relations().map((relation): Effect => ({ kind: 'PutRelation', relation })),
  ]
}

describe('the model', () => {
  test('is rebuilt from its facts', () => {
    const world = World.after(...setUp)
    const entries: Effect[] = []
    for (const grants of ['GRANT SELECT ON t(a) TO g', 'GRANT HTTP TO u WITH GRANT OPTION']) {
      const empty = new World()
      empty.run(grants)
      const [of] = [...empty.model.entries.values()]
      const entry = of?.database.first() ?? of?.relations.first()?.columns.first()?.first()
      if (entry !== undefined) entries.push({ kind: 'PutEntry', entry })
    }
    const rebuilt = new World()
    rebuilt.model = applyEffects(emptyModel(options), [...factsOf(world.model), ...entries])
    expect(rebuilt.permissions('u')).toEqual(world.permissions('u'))
    expect(rebuilt.permissions('u')).toHaveLength(3)
    expect(rebuilt.show('SHOW SERVICE ACCOUNTS u')).toEqual([['s', false]])
  })

  test('that the effects of a change make is the one that the change makes', () => {
    const world = World.after(...setUp)
    const drop = { kind: 'DropPrincipal', principalKind: 'User', ifExists: false } as const
    const name = { key: foldName('u'), name: 'u' }
    const { effects, model } = apply(
      world.model,
      { ...drop, name },
      { actor: world.actor('admin') },
    )
    const replayed = applyEffects(world.model, effects)
    expect(replayed.principals.equals(model.principals)).toBe(true)
    expect(replayed.entries.size).toBe(model.entries.size)
    expect(principalById(replayed, idOf(world, 'u'))).toBeUndefined()
  })

  test('is not touched by what comes after it', () => {
    const world = World.after(...setUp)
    const before = world.model
    const rows = world.permissions('u')
    world.run('REVOKE ALL FROM u')
    world.run('DROP TABLE t')
    world.run('DROP GROUP g')
    world.model = before
    expect(world.permissions('u')).toEqual(rows)
  })

  test('has the epoch that it is given', () => {
    const model = emptyModel(options)
    expect(model.epoch).toBe(firstEpoch)
    expect(withEpoch(model, nextEpoch(model.epoch)).epoch).toBe(1)
  })

  test('does not take a secret of somebody who is not there: a bug', () => {
    const effect: Effect = { kind: 'SetPasswordHash', id: principalId(7), hash: 'h' }
    expect(() => applyEffect(emptyModel(options), effect)).toThrow('invariant violated')
  })
})

const listOf = (world: World, who: string): unknown =>
  effectiveList(world.model, world.actor(who).effective)

describe('effective lists', () => {
  test('are made once per principal and model', () => {
    const world = World.after(...setUp)
    expect(listOf(world, 'u')).toBe(listOf(world, 'u'))
  })

  test.each([
    'GRANT PGWIRE TO s',
    'CREATE USER other',
    'GRANT ASSUME SERVICE ACCOUNT s TO u',
    'GRANT HTTP TO u WITH GRANT OPTION',
  ])('are kept over what does not touch them: %s', (statement) => {
    const world = World.after(...setUp)
    const list = listOf(world, 'u')
    world.run(statement)
    expect(listOf(world, 'u')).toBe(list)
  })

  test.each([
    'GRANT PGWIRE TO u',
    'GRANT PGWIRE TO g',
    'REMOVE USER u FROM g',
    'CREATE TABLE t2 (a INT)',
  ])('are made anew after what does: %s', (statement) => {
    const world = World.after(...setUp)
    const list = listOf(world, 'u')
    world.run(statement)
    expect(listOf(world, 'u')).not.toBe(list)
  })

  test('of one model do not show in another', () => {
    const world = World.after(...setUp)
    const before = world.model
    world.run('GRANT PGWIRE TO u')
    expect(world.may('u', 'PGWIRE')).toBe(true)
    world.model = before
    expect(world.may('u', 'PGWIRE')).toBe(false)
  })

  test('do not remember names that anybody can make up', () => {
    const world = World.after(...setUp)
    const list = effectiveList(world.model, world.actor('u').effective)
    for (let number = 0; number < 10; number += 1) world.may('u', 'SELECT', `made_up${number}`)
    world.may('u', 'SELECT', 't')
    expect(list.byRelation.size).toBe(1)
  })
})

function setOf(numbers: readonly number[]): ReturnType<typeof bitsFor> {
  const bits = bitsFor(Math.max(0, ...numbers) + 1)
  for (const number of numbers) addBit(bits, number)
  return bits
}

describe('bits', () => {
  test('are in the set that they were put into', () => {
    const bits = bitsFor(70)
    for (const number of [0, 31, 32, 69]) addBit(bits, number)
    const held = Array.from({ length: 80 }, (_, number) => number).filter((n) => hasBit(bits, n))
    expect(held).toEqual([0, 31, 32, 69])
  })

  test('beyond the room of a set are not in it', () => {
    const bits = bitsFor(1)
    addBit(bits, 99)
    expect(hasBit(bits, 99)).toBe(false)
  })

  test.each([
    [[0, 31], [31], true],
    [[0], [31], false],
    [[], [40], false],
    [[40], [], true],
  ])('%j includes %j: %p', (held, needed, expected) => {
    expect(includesBits(setOf(held), setOf(needed))).toBe(expected)
  })
})
