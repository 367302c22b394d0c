import { beforeAll, describe, expect, test } from '@jest/globals'
import {
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  oneof,
  pre,
  property,
  record,
  uniqueArray,
  type Arbitrary,
} from 'fast-check'
import { loadParser } from '../../parser/parse.ts'
import { asText, failureOf, World } from '../acl/world.ts'
import { sqlOf, type Command, type Target } from './command.ts'
import { ReferenceModel, Refused } from './reference-model.ts'

beforeAll(loadParser)

/** A longer run: MODEL_RUNS=5000. fast-check prints the seed of a failure. */
const runs = Number(process.env['MODEL_RUNS'] ?? 120)

const users = ['u', 'w']
const grantees = ['u', 'w', 'g', 'h', 's', 'later']
const tables = ['t', 'x', 'v', 'w']
const columns = ['a', 'b', 'c', 'ts']
const permissions = ['SELECT', 'UPDATE', 'INSERT', 'DROP COLUMN', 'ALTER VIEW', 'PGWIRE']

const oneOf = (...values: readonly string[]): Arbitrary<string> => constantFrom(...values)
const who = oneOf('admin', 'admin', ...users)
const table = oneOf(...tables)
const column = oneOf(...columns)

const target: Arbitrary<Target> = oneof(
  constant<Target>({ kind: 'Database' }),
  constant<Target>({ kind: 'AllTables' }),
  record({ kind: constant('Table' as const), table }),
  record({
    kind: constant('Columns' as const),
    table,
    columns: array(column, { minLength: 1, maxLength: 3 }),
  }),
  record({
    kind: constant('Star' as const),
    table,
    exclude: array(column, { maxLength: 3 }),
  }),
)

const words = oneof(
  { weight: 6, arbitrary: array(oneOf(...permissions), { minLength: 1, maxLength: 2 }) },
  { weight: 1, arbitrary: constant(['ALL']) },
  { weight: 1, arbitrary: constant(['DATABASE ADMIN']) },
)

const kindsOfName = {
  u: 'USER',
  w: 'USER',
  g: 'GROUP',
  h: 'GROUP',
  s: 'SERVICE ACCOUNT',
  later: 'USER',
} as const

const principal = constantFrom('u', 'w', 'g', 'h', 's', 'later').map((name) => ({
  name,
  word: kindsOfName[name],
}))

const command: Arbitrary<Command> = oneof(
  {
    weight: 8,
    arbitrary: record({
      kind: constant('Grant' as const),
      as: who,
      permissions: words,
      target,
      grantee: oneOf(...grantees),
      option: boolean(),
    }),
  },
  {
    weight: 8,
    arbitrary: record({
      kind: constant('Revoke' as const),
      as: who,
      permissions: words,
      target,
      grantee: oneOf(...grantees),
    }),
  },
  {
    weight: 1,
    arbitrary: principal.map((one) => ({ kind: 'CreatePrincipal' as const, ...one })),
  },
  { weight: 1, arbitrary: principal.map((one) => ({ kind: 'DropPrincipal' as const, ...one })) },
  {
    weight: 2,
    arbitrary: record({
      kind: constantFrom('Join' as const, 'Leave' as const),
      user: oneOf(...users),
      group: oneOf('g', 'h', 's'),
    }),
  },
  {
    weight: 2,
    arbitrary: record({
      kind: constant('CreateTable' as const),
      as: who,
      table,
      columns: uniqueArray(column, { minLength: 1, maxLength: 3 }),
      hasTimestamp: boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: record({ kind: constant('CreateView' as const), as: who, table }),
  },
  {
    weight: 1,
    arbitrary: record({
      kind: constant('Drop' as const),
      word: constantFrom('TABLE' as const, 'VIEW' as const),
      table,
      cascade: boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: record({ kind: constant('RenameTable' as const), table, to: table }),
  },
  {
    weight: 1,
    arbitrary: record({ kind: constant('AddColumn' as const), as: who, table, column }),
  },
  {
    weight: 1,
    arbitrary: record({
      kind: constant('DropColumn' as const),
      table,
      column,
      cascade: boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: record({ kind: constant('RenameColumn' as const), table, column, to: column }),
  },
)

const start: readonly Command[] = [
  { kind: 'CreatePrincipal', word: 'USER', name: 'u' },
  { kind: 'CreatePrincipal', word: 'USER', name: 'w' },
  { kind: 'CreatePrincipal', word: 'GROUP', name: 'g' },
  { kind: 'CreatePrincipal', word: 'SERVICE ACCOUNT', name: 's' },
  { kind: 'CreatePrincipal', word: 'GROUP', name: 'h' },
  { kind: 'Join', user: 'u', group: 'g' },
  { kind: 'Join', user: 'w', group: 'g' },
  { kind: 'Join', user: 'u', group: 'h' },
  { kind: 'CreateTable', as: 'admin', table: 't', columns: ['ts', 'a', 'b'], hasTimestamp: true },
  { kind: 'CreateTable', as: 'admin', table: 'x', columns: ['a'], hasTimestamp: false },
  { kind: 'CreateView', as: 'admin', table: 'v' },
]

/** Runs a command on both; what each says is an SQLSTATE. */
function step(world: World, reference: ReferenceModel, one: Command): readonly [string, string] {
  // Nobody acts who is not there: a session would have ended.
  const acts =
    !('as' in one) || one.as === 'admin' || reference.principals.some((p) => p.name === one.as)
  if (!acts) return ['skipped', 'skipped']
  const real = failureOf(() => world.run(sqlOf(one))).slice(0, 5)
  let expected = 'no failure'.slice(0, 5)
  try {
    reference.do(one)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    expected = error.message
  }
  return [real, expected]
}

function expectSameAnswers(world: World, reference: ReferenceModel): void {
  const [real, wanted] = answers(world, reference)
  expect(real).toEqual(wanted)
}

function answers(world: World, reference: ReferenceModel): readonly [unknown, unknown] {
  const real: unknown[] = []
  const expected: unknown[] = []
  for (const { name } of reference.principals) {
    real.push(
      world
        .show(`SHOW PERMISSIONS ${name}`)
        .map((row) => row.map((cell) => (cell === null ? '-' : asText(cell))).join(' '))
        .toSorted(),
    )
    expected.push(reference.rows(name))
    for (const permission of permissions) {
      for (const scope of scopesToAsk(reference, permission)) {
        const [on, asked] = scope
        real.push([name, permission, on, world.may(name, permission, on)])
        expected.push([name, permission, on, reference.holds(name, permission, asked)])
      }
    }
    if (reference.principals.some((one) => one.name === name && one.word === 'USER')) {
      real.push(world.show(`${name}: SHOW TABLES`).flat())
      const seen = reference.relations.filter((relation) => reference.sees(name, relation))
      expected.push(seen.map((relation) => relation.name).toSorted())
    }
  }
  return [real, expected]
}

function scopesToAsk(
  reference: ReferenceModel,
  permission: string,
): readonly (readonly [
  string | undefined,
  { readonly table?: string; readonly column?: string },
])[] {
  if (permission === 'PGWIRE') return [[undefined, {}]]
  return tables.flatMap((name) => [
    [name, { table: name }] as const,
    ...(reference.relation(name)?.kind === 'table'
      ? columns.map((one) => [`${name}(${one})`, { table: name, column: one }] as const)
      : []),
  ])
}

describe('the access model and the reference model', () => {
  test('give the same answers after any changes', () => {
    let steps = 0
    let done = 0
    assert(
      property(array(command, { maxLength: 60, size: 'max' }), (commands) => {
        const world = new World()
        const reference = new ReferenceModel()
        for (const [place, one] of [...start, ...commands].entries()) {
          const [said, expected] = step(world, reference, one)
          expect([sqlOf(one), said]).toEqual([sqlOf(one), expected])
          steps += 1
          if (said === 'no fa') done += 1
          // Asking everything of everybody takes longer than a step.
          if (place % 30 === 29) expectSameAnswers(world, reference)
        }
        expectSameAnswers(world, reference)
      }),
      { numRuns: runs },
    )
    process.stdout.write(
      `random changes: ${steps} statements in ${runs} sequences, ${done} of them not refused\n`,
    )
    expect(steps).toBeGreaterThan(runs * 20)
    expect(done).toBeGreaterThan(steps / 3)
  })

  test('a grant never takes away, a revoke never gives', () => {
    assert(
      property(array(command, { maxLength: 15 }), command, (commands, last) => {
        pre(last.kind === 'Grant' || last.kind === 'Revoke')
        const world = new World()
        const reference = new ReferenceModel()
        for (const one of [...start, ...commands]) step(world, reference, one)
        const before = heldBy(world, reference)
        step(world, reference, last)
        const after = heldBy(world, reference)
        const [smaller, larger] = last.kind === 'Grant' ? [before, after] : [after, before]
        expect(smaller.filter((one) => !larger.includes(one))).toEqual([])
      }),
      { numRuns: runs / 2 },
    )
  })

  test('what follows from no grant is denied', () => {
    assert(
      property(array(command, { maxLength: 15 }), (commands) => {
        const world = new World()
        const reference = new ReferenceModel()
        const grantless = commands.filter((one) => one.kind !== 'Grant')
        for (const one of [...start, ...grantless]) {
          step(world, reference, 'as' in one ? { ...one, as: 'admin' } : one)
        }
        expect(heldBy(world, reference)).toEqual([])
      }),
      { numRuns: runs / 5 },
    )
  })
})

function heldBy(world: World, reference: ReferenceModel): readonly string[] {
  return reference.principals.flatMap(({ name }) =>
    permissions.flatMap((permission) =>
      scopesToAsk(reference, permission)
        .filter(([on]) => world.may(name, permission, on))
        .map(([on]) => `${name} ${permission} ${String(on)}`),
    ),
  )
}
