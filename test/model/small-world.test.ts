import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParser } from '../../parser/parse.ts'
import type { Command, Target } from './command.ts'
import { walk, type Question, type SmallWorld } from './small-world.ts'

beforeAll(loadParser)

const principals = ['u', 'g'] as const
const start: readonly Command[] = [
  { kind: 'CreatePrincipal', word: 'USER', name: 'u' },
  { kind: 'CreatePrincipal', word: 'GROUP', name: 'g' },
  { kind: 'CreateTable', as: 'admin', table: 't', columns: ['ts', 'a'], hasTimestamp: true },
]

const allTables: Target = { kind: 'AllTables' }
const onTable = (table: string): Target => ({ kind: 'Table', table })
const onColumn = (table: string, column: string): Target => ({
  kind: 'Columns',
  table,
  columns: [column],
})

interface AccessWords {
  readonly permission: string
  readonly targets: readonly Target[]
  readonly grantees?: readonly string[]
  readonly options?: readonly boolean[]
  readonly as?: string
}

/** Every GRANT and REVOKE of a permission at some targets. */
function access({
  permission,
  targets,
  grantees = principals,
  options = [false, true],
  as = 'admin',
}: AccessWords): readonly Command[] {
  const permissions = [permission]
  return grantees.flatMap((grantee) =>
    targets.flatMap((target): readonly Command[] => [
      ...options.map((option): Command => ({
        kind: 'Grant',
        as,
        permissions,
        target,
        grantee,
        option,
      })),
      { kind: 'Revoke', as, permissions, target, grantee },
    ]),
  )
}

const membership: readonly Command[] = [
  { kind: 'Join', user: 'u', group: 'g' },
  { kind: 'Leave', user: 'u', group: 'g' },
]

/** Tables and columns that come, go, and change their names: among t and x, among a and b. */
const schema: readonly Command[] = [
  { kind: 'CreateTable', as: 'admin', table: 't', columns: ['ts', 'a'], hasTimestamp: true },
  { kind: 'Drop', word: 'TABLE', table: 't', cascade: false },
  { kind: 'Drop', word: 'TABLE', table: 't', cascade: true },
  { kind: 'RenameTable', table: 't', to: 'x' },
  { kind: 'RenameTable', table: 'x', to: 't' },
  { kind: 'AddColumn', as: 'admin', table: 't', column: 'b' },
  { kind: 'DropColumn', table: 't', column: 'a', cascade: false },
  { kind: 'DropColumn', table: 't', column: 'a', cascade: true },
  { kind: 'RenameColumn', table: 't', column: 'a', to: 'b' },
  { kind: 'RenameColumn', table: 't', column: 'b', to: 'a' },
]

const questionsOn = (permission: string, ...tables: readonly string[]): readonly Question[] =>
  tables.flatMap((table) => [
    { permission, table },
    ...(permission === 'INSERT' ? [] : ['ts', 'a', 'b']).map((column) => ({
      permission,
      table,
      column,
    })),
  ])

const everywhere: readonly Target[] = [
  allTables,
  onTable('t'),
  onColumn('t', 'a'),
  onColumn('t', 'ts'),
]

interface Bounded {
  readonly small: SmallWorld
  /** Absent: until nothing new is reached. */
  readonly depthMax?: number
  /** What the walk comes to: it must not shrink unseen. */
  readonly states: number
}

const worlds: Readonly<Record<string, Bounded>> = {
  // 20 normal forms of one permission over the database, a table and two columns, each with and without
  // option (G14, G15); for a user and a group, that the user is in or is not: 20 * 20 * 2.
  'SELECT of a user and a group on a table and its columns; who may grant it': {
    small: {
      start,
      alphabet: [
        ...access({ permission: 'SELECT', targets: everywhere }),
        ...access({
          permission: 'SELECT',
          targets: [onTable('t'), onColumn('t', 'a')],
          as: 'u',
        }),
        ...membership,
      ],
      principals,
      questions: questionsOn('SELECT', 't'),
    },
    states: 800,
  },
  'tables and columns that come and go under SELECT': {
    small: {
      start,
      alphabet: [
        ...access({
          permission: 'SELECT',
          targets: [allTables, onTable('t'), onColumn('t', 'a'), onColumn('t', 'b')],
          grantees: ['u'],
        }),
        ...schema,
      ],
      principals: ['u'],
      questions: questionsOn('SELECT', 't', 'x'),
    },
    states: 3175,
  },
  'tables that come and go under INSERT': {
    small: {
      start,
      alphabet: [
        ...access({ permission: 'INSERT', targets: [allTables, onTable('t'), onTable('x')] }),
        ...membership,
        ...schema.filter(({ kind }) => kind.endsWith('Table') || kind === 'Drop'),
      ],
      principals,
      questions: questionsOn('INSERT', 't', 'x'),
    },
    states: 1568,
  },
  'all of it together': {
    small: {
      start,
      alphabet: [
        ...access({ permission: 'SELECT', targets: everywhere }),
        ...access({ permission: 'INSERT', targets: [allTables, onTable('t')] }),
        ...access({
          permission: 'SELECT',
          targets: [onTable('t'), onColumn('t', 'a')],
          as: 'u',
        }),
        ...membership,
        ...schema,
      ],
      principals,
      questions: [...questionsOn('SELECT', 't', 'x'), ...questionsOn('INSERT', 't', 'x')],
    },
    depthMax: 4,
    states: 15231,
  },
}

describe('every sequence of a small alphabet gives the same in both models', () => {
  test.each(Object.entries(worlds))('%s', (title, { small, depthMax, states }) => {
    const started = process.cpuUsage()
    const walked = walk(small, { depthMax: depthMax ?? Infinity })
    const length = depthMax === undefined ? 'any length' : `up to ${depthMax} statements`
    const seconds = (process.cpuUsage(started).user / 1e6).toFixed(1)
    process.stdout.write(
      `${title}: all sequences of ${length} over ${small.alphabet.length} statements; ` +
        `${walked.states} states, ${walked.transitions} statements from them, ${seconds} s\n`,
    )
    expect(walked.isComplete).toBe(depthMax === undefined)
    expect(walked.states).toBe(states)
  })
})
