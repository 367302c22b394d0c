/** Who sees and who stops a running statement (questdb-rbac.md, SQL ENGINE ADMIN, Q1, U10). */
import type { Actor, PrincipalReference } from './actor.ts'
import { requirePermissions } from './authorize.ts'
import { decide } from './decide.ts'
import {
  bigintColumn,
  booleanColumn,
  instantColumn,
  textColumn,
  type ListingRow,
} from './listing.ts'
import type { AccessModel } from './model.ts'
import { permission } from './permission-registry.ts'
import type { RunningStatement, ServerRelation } from './server-relation.ts'

const sqlEngineAdmin = permission('SQL ENGINE ADMIN')

/**
 * `query_activity()`: QuestDB's columns. A worker there is a thread; here it is the session, by the number
 * that BackendKeyData gave it. No statement of ours applies a WAL, so that `is_wal` is false.
 */
export const queryActivity: ServerRelation = {
  columns: [
    bigintColumn('query_id'),
    bigintColumn('worker_id'),
    textColumn('worker_pool'),
    textColumn('username'),
    instantColumn('query_start'),
    instantColumn('state_change'),
    textColumn('state'),
    booleanColumn('is_wal'),
    textColumn('query'),
  ],
  arity: [0, 0],
  rows: ({ model, actor, facts }) =>
    visibleStatements(model, actor, facts.runningStatements()).map(statementRow),
  guard: () => undefined,
}

/** One's own statements (Q1), or all of them. */
function visibleStatements(
  model: AccessModel,
  actor: Actor,
  running: readonly RunningStatement[],
): readonly RunningStatement[] {
  const requirement = { kind: 'Database', permission: sqlEngineAdmin } as const
  if (decide(model, actor, [requirement]).kind === 'Allowed') return running
  return running.filter((statement) => isOwn(actor, statement))
}

function statementRow(statement: RunningStatement): ListingRow {
  return [
    BigInt(statement.id),
    BigInt(statement.processId),
    statement.endpoint,
    statement.actor.effective.name,
    statement.startedMicros,
    statement.stateChangedMicros,
    statement.state,
    false,
    statement.text,
  ]
}

/**
 * Whether the actor may stop what runs under a number that it said. Who does not hold SQL ENGINE ADMIN gets
 * the same answer for a statement of another and for a number under which nothing runs, so that the
 * numbers of others cannot be probed (rule R9); `statement` absent: nothing runs.
 * @throws SqlError 42501
 */
export function requireCancellable(
  model: AccessModel,
  actor: Actor,
  statement: RunningStatement | undefined,
): void {
  if (statement !== undefined && isOwn(actor, statement)) return
  requirePermissions(model, actor, [sqlEngineAdmin])
}

/** Started by the same effective principal (Q1); a namesake created later is another one (M3). */
function isOwn(actor: Actor, statement: RunningStatement): boolean {
  return isSamePrincipal(actor.effective, statement.actor.effective)
}

/** The same one, not a namesake created later (M3). */
export function isSamePrincipal(one: PrincipalReference, other: PrincipalReference): boolean {
  if (one.kind === 'BuiltInAdmin' || other.kind === 'BuiltInAdmin') return one.kind === other.kind
  return one.id === other.id
}
