/**
 * What is done with a permission case, through the wire (questdb-rbac.md, L1, L2, section 15, Z1, Z2, H4).
 * For somebody new, at each way by which the permission can be had:
 *
 * 1. with nothing: 42501 with the words of section 15 and the GRANT that would help, and nothing changed;
 * 2. with every other permission of the registry, everywhere: the same (but DATABASE ADMIN, which is all);
 * 3. with the permission somewhere else, on another table or column: the same;
 * 4. with exactly the permission: it happens;
 * 5. after the REVOKE of it: denied again.
 */
import type { Client } from 'pg'
import { expect } from '@jest/globals'
import { unreachable } from '../../../errors/unreachable.ts'
import { failure } from '../failure.ts'
import { admin as adminLogin, connect, type Grantd } from '../grantd.ts'
import type { CaseAnswer, CaseOutcome, CaseSteps, PermissionCase } from './permission-case.ts'
import { isOfRelations, kindsOf, levelsOf, otherPermissions, type Level } from './registry.ts'

/** Who gets the permission, as seen from who does the statement. */
export type Holder = 'User' | 'Group' | 'ServiceAccount'

/** How one case is run, and under which number: names are made of it. */
export interface RunOptions {
  readonly number: number
  readonly holder: Holder
  readonly protocol?: Protocol
}

type Protocol = 'simple' | 'extended'

/** By what a permission can be had: its levels, ALL of everything, and DATABASE ADMIN. */
type Way = Level | 'ALL' | 'DATABASE ADMIN'

/** What stands ready on a server for all cases: somewhere else. */
export const elsewhere = [
  'CREATE TABLE elsewhere (ts TIMESTAMP, v INT, s SYMBOL) TIMESTAMP(ts) PARTITION BY DAY WAL',
  'CREATE VIEW elsewhere_view AS (SELECT 1 AS v)',
]

interface Run {
  readonly admin: Client
  readonly actor: Client
  /** Who holds the permission, and whom an error names. */
  readonly grantee: string
  readonly named: string
  readonly one: PermissionCase
  readonly protocol: Protocol
}

export async function runPermissionCase(
  grantd: Grantd,
  admin: Client,
  one: PermissionCase,
  { number, holder, protocol = 'simple' }: RunOptions,
): Promise<void> {
  const place = `c${number}${holder.charAt(0)}${protocol.charAt(0)}`.toLowerCase()
  const who = `${place}_who`
  const grantee = { User: who, Group: `${who}g`, ServiceAccount: `${who}s` }[holder]
  const made = {
    User: [],
    Group: [`CREATE GROUP ${grantee}`, `ADD USER ${who} TO ${grantee}`],
    ServiceAccount: [
      `CREATE SERVICE ACCOUNT ${grantee}`,
      `GRANT ASSUME SERVICE ACCOUNT ${grantee} TO ${who}`,
    ],
  }[holder]
  await all(admin, [`CREATE USER ${who} WITH PASSWORD 'pw'`, `GRANT PGWIRE TO ${who}`, ...made])
  const actor = await connect(grantd, { user: who, password: 'pw' })
  try {
    if (holder === 'ServiceAccount') await actor.query(`ASSUME SERVICE ACCOUNT ${grantee}`)
    const named = holder === 'Group' ? who : grantee
    const run: Run = { admin, actor, grantee, named, one, protocol }
    for (const [at, way] of waysOf(one).entries()) {
      const steps = one.steps((what) => `${place}${at}_${what}`)
      const running = await steps.meanwhile?.(() => connect(grantd, adminLogin))
      try {
        await runWay(run, withId(steps, running?.id ?? ''), way)
      } finally {
        await running?.end()
      }
    }
  } finally {
    await actor.end()
  }
}

/** With the number of what runs meanwhile in place of `{id}`. */
function withId(steps: CaseSteps, id: string): CaseSteps {
  const { outcome } = steps
  const filled = (text: string): string => text.replaceAll('{id}', id)
  return {
    ...steps,
    statement: filled(steps.statement),
    outcome: outcome.kind === 'Changes' ? { ...outcome, probe: filled(outcome.probe) } : outcome,
  }
}

function waysOf(one: PermissionCase): readonly Way[] {
  return [...shownLevels(one), 'ALL', 'DATABASE ADMIN']
}

/** The levels at which a case shows its permission: where the statement needs it, and above. */
export function shownLevels(one: PermissionCase): readonly Level[] {
  const { target } = one.steps(String)
  return levelsOf(one.permission).filter((level) => {
    if (level === 'table') return target !== undefined
    return level !== 'column' || target?.columns !== undefined
  })
}

async function runWay(run: Run, steps: CaseSteps, way: Way): Promise<void> {
  const { admin, one } = run
  if (steps.setUp !== undefined) await all(admin, steps.setUp)
  const before = await probed(admin, steps.outcome)
  const bare = denialOf(run, steps, false)
  await holdOnly(run, steps, [])
  await isDenied(run, steps, bare)
  await holdOnly(run, steps, otherPermissions(one.permission))
  await isDenied(run, steps, bare)
  if (steps.target !== undefined) {
    await holdOnly(run, steps, [`${one.permission} ON ${placeElsewhere(one.permission)}`])
    await isDenied(run, steps, bare)
  }
  if (steps.target?.otherColumn !== undefined && levelsOf(one.permission).includes('column')) {
    const { table, otherColumn } = steps.target
    await holdOnly(run, steps, [`${one.permission} ON ${table}(${otherColumn})`])
    await isDenied(run, steps, denialOf(run, steps, true))
  }
  expect(await probed(admin, steps.outcome)).toEqual(before)
  await holdOnly(run, steps, [])
  const held = holdingOf(one.permission, steps, way)
  await admin.query(`GRANT ${held} TO ${run.grantee}`)
  await happens(run, steps, before)
  await admin.query(`REVOKE ${held} FROM ${run.grantee}`)
  // ALL took away what the statement needs besides, too.
  if (way === 'ALL') await all(admin, grantsOf(run, steps, []))
  await isDenied(run, steps, bare, 'whatever is left of what was there')
}

/** Takes everything away and gives what the statement needs besides, and `more`. */
async function holdOnly(run: Run, steps: CaseSteps, more: readonly string[]): Promise<void> {
  await all(run.admin, [`REVOKE ALL FROM ${run.grantee}`, ...grantsOf(run, steps, more)])
}

function grantsOf(
  { grantee }: Run,
  { besides = [] }: CaseSteps,
  more: readonly string[],
): readonly string[] {
  return ['PGWIRE', ...besides, ...more].map((holding) => `GRANT ${holding} TO ${grantee}`)
}

/** A permission as GRANT and REVOKE name it. */
function holdingOf(permission: string, { target }: CaseSteps, way: Way): string {
  const isEverywhere = isOfRelations(permission)
  switch (way) {
    case 'database':
      return isEverywhere ? `${permission} ON ALL TABLES` : permission
    case 'table':
      return `${permission} ON ${String(target?.table)}`
    case 'column':
      return `${permission} ON ${String(target?.table)}(${String(target?.columns?.join(', '))})`
    case 'ALL':
      return isEverywhere ? 'ALL ON ALL TABLES' : 'ALL'
    case 'DATABASE ADMIN':
      return way
    default:
      return unreachable(way)
  }
}

/** Another relation of the kind that the permission has a meaning for; a name where there is none such. */
function placeElsewhere(permission: string): string {
  const kinds = kindsOf(permission)
  if (kinds.includes('table')) return 'elsewhere'
  return kinds.includes('view') ? 'elsewhere_view' : 'nothing_elsewhere'
}

interface Denial {
  readonly message: string
  readonly hint: string
}

/** Z2: columns are named exactly if one of them is held; H4: the hint is the GRANT of the same. */
function denialOf({ one, named }: Run, { target }: CaseSteps, isColumnHeld: boolean): Denial {
  const phrase = (on: string, columns: readonly string[]): string => {
    if (target === undefined) return one.permission
    const list = isColumnHeld && columns.length > 0 ? `(${columns.join(', ')})` : ''
    return `${one.permission} ${on} ${target.table}${list}`
  }
  const columns = target?.columns ?? []
  const isStar = target?.throughStar === true
  return {
    message: `Access denied for ${named} [${phrase('on', isStar ? ['*'] : columns)}]`,
    hint: `GRANT ${phrase('ON', isStar ? [] : columns)} TO ${named};`,
  }
}

async function isDenied(
  run: Run,
  steps: CaseSteps,
  denial: Denial,
  context = 'nothing has changed',
): Promise<void> {
  if (steps.outcome.kind === 'Reveals') {
    const { rows } = await perform(run, steps)
    expect({ shown: steps.outcome.isShown(rows), rows, context }).toMatchObject({ shown: false })
    return
  }
  const { code, message, hint } = await failure(perform(run, steps))
  const said = { permission: run.one.permission, statement: steps.statement, context }
  expect({ ...said, code, message, hint }).toEqual({ ...said, code: '42501', ...denial })
}

async function happens(run: Run, steps: CaseSteps, before: unknown): Promise<void> {
  const { admin } = run
  const { outcome } = steps
  if (outcome.kind === 'NotSupported') {
    const refused = await failure(perform(run, steps))
    expect(refused).toMatchObject({ code: '0A000' })
    expect(refused.message).toMatch(outcome.message)
    return
  }
  const { rows, command } = await perform(run, steps)
  switch (outcome.kind) {
    case 'Changes':
      while (outcome.eventually === true && isSame(await probed(admin, outcome), before));
      expect(await probed(admin, outcome)).not.toEqual(before)
      return
    case 'Returns':
      expect(rows).toEqual(outcome.rows)
      return
    case 'ReturnsLike':
      expect({ isRight: outcome.isRight(rows), rows }).toEqual({ isRight: true, rows })
      return
    case 'Reveals':
      expect({ shown: outcome.isShown(rows), rows }).toEqual({ shown: true, rows })
      return
    case 'Completes':
      expect(command).toBe(outcome.command)
      return
    default:
      unreachable(outcome)
  }
}

async function probed(admin: Client, outcome: CaseOutcome): Promise<unknown> {
  if (outcome.kind !== 'Changes') return undefined
  const { about, probe } = outcome
  const { rows } = await answer(admin, probe)
  return about === undefined ? rows : rows.filter(([first]) => first?.includes(about))
}

function isSame(rows: unknown, before: unknown): boolean {
  return JSON.stringify(rows) === JSON.stringify(before)
}

function perform(
  { actor, protocol }: Run,
  { statement, perform: done }: CaseSteps,
): Promise<CaseAnswer> {
  return done === undefined ? answer(actor, statement, protocol) : done(actor, statement)
}

/** Values as the text that the server sent. */
const asText = { getTypeParser: () => (text: string) => text }

/** One statement's rows and tag. */
export async function answer(
  client: Client,
  text: string,
  protocol: Protocol = 'simple',
): Promise<CaseAnswer> {
  const { rows, command } = await client.query<(string | null)[]>({
    text,
    rowMode: 'array',
    types: asText,
    ...(protocol === 'extended' ? { queryMode: 'extended' } : {}),
  })
  return { rows, command }
}

/** Several statements, one transaction. */
async function all(client: Client, statements: readonly string[]): Promise<void> {
  await client.query(statements.join(';\n'))
}
