import type { Actor } from '../../acl/actor.ts'
import type { AccessModel } from '../../acl/model.ts'
import { decide } from '../../acl/decide.ts'
import { accessDenied } from '../../acl/denial.ts'
import type { Requirement } from '../../acl/requirement.ts'
import { requireServerRelation, serverRelationRows } from '../../acl/server-relations.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { DataStatement } from '../../parser/statement.ts'
import type { StorePortal } from '../../store/store.ts'
import type { Touched } from './bound-walk.ts'
import { commandTags, rowCountTag } from './command-tag.ts'
import type { Execution, ExecutionContext, ParameterValues } from './execution.ts'
import { isLoneRelation } from './lone-relation.ts'
import type { DataPlan, Plan } from './plan.ts'
import { programValues, rowsRequest } from './program-values.ts'
import { ServerRows } from './server-rows.ts'
import { settingValue } from './settings.ts'

/**
 * Decides over a statement's requirements with the list in force now (rules X1, X2).
 * @throws SqlError 42501, naming the first missing permission
 */
export function requirePermissions(
  context: ExecutionContext,
  requirements: readonly Requirement[],
): void {
  requirePermissionsOf(context.model(), context.actor, requirements)
}

/** The same where there is no session. @throws SqlError 42501 */
export function requirePermissionsOf(
  model: AccessModel,
  actor: Actor,
  requirements: readonly Requirement[],
): void {
  const decision = decide(model, actor, requirements)
  if (decision.kind === 'Denied') throw accessDenied(actor.effective.name, decision.missing)
}

/**
 * The plan, once its requirements are met. Permission comes before existence: only who holds what the
 * statement needs is told that it cannot be bound (rules R9, G61).
 * @throws SqlError 42501, or why the statement cannot be bound
 */
export function permittedPlan(context: ExecutionContext, plan: Plan): DataPlan {
  requirePermissions(context, plan.binding.requirements)
  if (plan.kind === 'Unbindable') throw plan.binding.error
  return plan
}

/**
 * Decides over the rows that the server itself answers, where they are not read now: by EXPLAIN, and for
 * further rows of a portal (rules W12, X2).
 * @throws SqlError 42501
 */
export function requireServerRelations(context: ExecutionContext, touched: Touched): void {
  for (const { relation, arguments: args } of touched.serverRelations) {
    requireServerRelation(relation, rowsRequest(context, args))
  }
}

/** Starts a statement that reads or writes rows; `planNow` gives its plan for the schema of the moment. */
export async function startData(
  context: ExecutionContext,
  statement: DataStatement,
  values: ParameterValues,
  planNow: () => Promise<Plan>,
): Promise<Execution> {
  const { kind } = statement
  const { committer } = context.services
  if (!committer.isSettled) await committer.settled()
  const transaction = context.openTransaction()
  if (transaction !== undefined && !isLoneRelation(statement)) {
    // The snapshot is to show what those have committed whom the lock waited for.
    if (kind === 'Insert' && !transaction.isEngineOpen) await lockTarget(context, kind, planNow)
    await transaction.openEngine()
  }
  let permitted: DataPlan
  for (;;) {
    let plan = await planNow()
    // Others may have changed the schema while a type was asked of the engine.
    while (plan.schemaEpoch !== context.model().schema.epoch) plan = await planNow()
    // Nothing is waited for from the decision to the start of the statement (rule R4).
    permitted = decidedPlan(context, kind, plan)
    if (permitted.lock === undefined || context.locks.tryAcquire(permitted.lock)) break
    await context.lock(permitted.lock)
    if (!committer.isSettled) await committer.settled()
  }
  transaction?.requireVisible(permitted.touched.oids)
  if (permitted.lock?.mode === 'Exclusive') transaction?.requireNewest(permitted.lock.oid)
  const changed = changedTable(permitted.binding.statement)
  if (changed !== undefined) transaction?.noteChangedRows(changed)
  const source = expiring(context, permitted, sourceOf(context, permitted, values))
  return {
    source,
    ...(permitted.columns === undefined ? {} : { columns: permitted.columns }),
    tag: (rowCount) => rowCountTag(kind, rowCount),
    recheck: (now) => {
      requirePermissions(now, permitted.binding.requirements)
      requireServerRelations(now, permitted.touched)
    },
  }
}

/** Where the rows come from: the engine, or the server alone. @throws SqlError 42501 of server relations */
function sourceOf(
  context: ExecutionContext,
  { program, touched, lone, columns = [] }: DataPlan,
  values: ParameterValues,
): StorePortal {
  if (lone === undefined) {
    return context.store.open({
      program,
      values: programValues({ program, touched }, values, context),
      formats: context.formats,
    })
  }
  const { relation, arguments: args } = lone.relation
  const rows = serverRelationRows(relation, rowsRequest(context, args))
  return new ServerRows({
    types: columns.map((column) => column.type),
    rows: rows.map((row) => lone.columns.map((column) => row[column - 1] ?? null)),
    formats: context.formats,
    timeZone: settingValue(context.settings, 'TimeZone'),
  })
}

/** The table that rows are changed in or taken from, not only put into. */
function changedTable(statement: DataPlan['binding']['statement']): number | undefined {
  if (statement.kind === 'Update' || statement.kind === 'Delete') return statement.target.oid
  if (statement.kind !== 'Insert') return undefined
  const replaces = statement.upsert !== undefined || statement.onConflict?.action.kind === 'Update'
  return replaces ? statement.target.oid : undefined
}

/** @throws SqlError 42501, why the statement cannot be bound, 25006 */
function decidedPlan(context: ExecutionContext, kind: DataStatement['kind'], plan: Plan): DataPlan {
  const permitted = permittedPlan(context, plan)
  if (!permitted.isReadOnly) requireWritable(context, kind)
  return permitted
}

/** Once what a statement writes is committed, its table is looked at for what is past its time (TTL). */
function expiring(context: ExecutionContext, plan: DataPlan, source: StorePortal): StorePortal {
  const { statement } = plan.binding
  if (!plan.expires || statement.kind === 'Query') return source
  const { oid } = statement.target
  const { expiry } = context.services
  const transaction = context.openTransaction()
  if (transaction !== undefined) {
    transaction.onCommit(() => expiry.written(oid))
    return source
  }
  return {
    fetch: async (rowsMax, sink) => {
      const outcome = await source.fetch(rowsMax, sink)
      if (outcome.kind === 'Complete') expiry.written(oid)
      return outcome
    },
    close: () => source.close(),
  }
}

/** Locks the table of an INSERT for whoever may insert; who may not holds up nobody. */
async function lockTarget(
  context: ExecutionContext,
  kind: DataStatement['kind'],
  planNow: () => Promise<Plan>,
): Promise<void> {
  for (;;) {
    const { lock } = decidedPlan(context, kind, await planNow())
    // After a wait the table may be another one.
    if (lock === undefined || !(await context.lock(lock))) return
  }
}

function requireWritable(context: ExecutionContext, kind: DataStatement['kind']): void {
  const transaction = context.openTransaction()
  if (transaction !== undefined) {
    transaction.requireWritable(commandTags[kind])
    return
  }
  if (settingValue(context.settings, 'default_transaction_read_only') === 'on') {
    throw new SqlError(
      SqlState.ReadOnlySqlTransaction,
      `cannot execute ${commandTags[kind]} in a read-only transaction`,
    )
  }
}
