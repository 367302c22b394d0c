/**
 * What each statement does, by its class. A new kind does not compile until it has a class
 * (statement-class.ts), and a new class not until both functions here have said what becomes of it.
 */
import type { Actor } from '../../acl/actor.ts'
import type { AccessModel } from '../../acl/model.ts'
import { invariant } from '../../errors/invariant.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type { ParsedStatement, Statement } from '../../parser/statement.ts'
import { oidOf } from '../../store/type-oid.ts'
import type { StatementDescription } from '../pgwire/session-handler.ts'
import { commandTags } from './command-tag.ts'
import type { Execution, ExecutionContext, ParameterValues } from './execution.ts'
import { isLoneRelation } from './lone-relation.ts'
import type { NamedObjects } from './named-objects.ts'
import type { Planner, PlannedStatement } from './planner.ts'
import type { DataPlan } from './plan.ts'
import { accessResultColumns, runAccessStatement } from './run-access.ts'
import { runAssumption } from './run-assumption.ts'
import { backupResultColumns, runBackup } from './run-backup.ts'
import { copyResultColumns, runCopy } from './run-copy.ts'
import { permittedPlan, startData } from './run-data.ts'
import { explainColumns, startExplain } from './run-explain.ts'
import { runMaintenance } from './run-maintenance.ts'
import { runSchemaStatement } from './run-schema.ts'
import { describeServerStatement, runServerStatement } from './run-server.ts'
import { runSessionStatement, sessionResultColumns } from './run-session.ts'
import { showColumns, startShow } from './run-show.ts'
import { changedResultType, noSuchParameter } from './session-errors.ts'
import { inFailedTransaction } from './session-transaction.ts'
import type { SessionTransaction } from './session-transaction.ts'
import type { SettingValues } from './settings.ts'
import type { StatementOf } from './statement-class.ts'
import { isOfClass } from './statement-class.ts'

/** What statements about the session itself may touch. */
export interface SessionControl {
  readonly transaction: SessionTransaction
  readonly planner: Planner
  readonly objects: NamedObjects
  readonly initialSettings: SettingValues
  /** Refuses a session whose principals may not act any more (E2, P3, M3, U7) on that model. */
  readonly requireInForce: (model: AccessModel, statement: Statement | undefined) => void
  readonly become: (actor: Actor) => void
}

export interface StartOptions {
  readonly values: ParameterValues
  /** The only statement of a simple Query: its own transaction, where no other is open. */
  readonly isAlone: boolean
  /** What Describe said of the statement; it must still be so. */
  readonly described?: StatementDescription
}

/** What a statement gives back and takes, decided like its execution (rule X2). */
export async function describeStatement(
  planned: PlannedStatement,
  context: ExecutionContext,
  control: SessionControl,
): Promise<StatementDescription> {
  const { statement } = statementOf(planned)
  requireUsable(statement, context, control)
  if (isOfClass(statement, 'Data')) {
    const plan = permittedPlan(context, await control.planner.plan(planned, statement, context))
    return { parameters: plan.parameters, columns: plan.columns }
  }
  if (isOfClass(statement, 'Explain')) {
    const inner = await control.planner.plan(planned, statement.statement, context)
    return { parameters: permittedPlan(context, inner).parameters, columns: explainColumns }
  }
  if (isOfClass(statement, 'Server')) {
    return describeServerStatement(context, statement, planned.declared)
  }
  const columns = serverMadeColumns(statement, context)
  return { parameters: [], columns }
}

/** Columns of statements whose rows, if any, the server makes. */
function serverMadeColumns(
  statement: Exclude<Statement, StatementOf<'Data' | 'Explain' | 'Server'>>,
  context: ExecutionContext,
): StatementDescription['columns'] {
  if (isOfClass(statement, 'Show')) return showColumns(context, statement)
  if (isOfClass(statement, 'Backup')) return backupResultColumns(context, statement)
  if (isOfClass(statement, 'Copy')) return copyResultColumns(context, statement)
  if (isOfClass(statement, 'Session')) return sessionResultColumns(statement)
  if (isOfClass(statement, 'Access')) return accessResultColumns(statement)
  if (isOfClass(statement, 'Schema') || isOfClass(statement, 'Assumption')) return undefined
  if (isOfClass(statement, 'Maintenance')) return undefined
  return unreachable(statement)
}

/** Starts a statement; its rows, if any, are fetched from what comes back. */
export async function startStatement(
  planned: PlannedStatement,
  context: ExecutionContext,
  control: SessionControl,
  options: StartOptions,
): Promise<Execution> {
  const parsed = statementOf(planned)
  const { statement } = parsed
  requireUsable(statement, context, control)
  if (isOfClass(statement, 'Data')) {
    // What is written together with other statements is committed, or not, together with them.
    if (statement.kind !== 'Query' && !options.isAlone) context.transactionForChange()
    return startData(context, statement, options.values, async () => {
      const plan = await control.planner.plan(planned, statement, context)
      if (plan.kind === 'Data') requireAsDescribed(plan, options)
      return plan
    })
  }
  if (isOfClass(statement, 'Explain')) {
    return startExplain(context, await control.planner.plan(planned, statement.statement, context))
  }
  if (isOfClass(statement, 'Access')) return runAccessStatement(context, { ...parsed, statement })
  if (isOfClass(statement, 'Schema')) return runSchemaStatement(context, { ...parsed, statement })
  if (isOfClass(statement, 'Maintenance')) {
    return runMaintenance(context, control.transaction, statement)
  }
  if (isOfClass(statement, 'Show')) return startShow(context, statement)
  if (isOfClass(statement, 'Backup')) return runBackup(context, control.transaction, statement)
  if (isOfClass(statement, 'Copy')) {
    return runCopy(context, control.transaction, { ...parsed, statement })
  }
  if (isOfClass(statement, 'Session')) return runSessionStatement(context, control, statement)
  if (isOfClass(statement, 'Server')) return runServerStatement(context, statement, options.values)
  if (isOfClass(statement, 'Assumption')) {
    control.become(runAssumption(context, control.transaction, statement))
    return { tag: () => commandTags[statement.kind] }
  }
  return unreachable(statement)
}

/** Whether a statement takes a place in the engine while it runs. */
export function runsInEngine(planned: PlannedStatement): boolean {
  const { statement } = statementOf(planned)
  if (isOfClass(statement, 'Data')) return !isLoneRelation(statement)
  return isOfClass(statement, 'Schema')
}

/** The statement of a text that was planned. */
export function statementOf(planned: PlannedStatement): ParsedStatement {
  const parsed = planned.source.statements[planned.index]
  invariant(parsed, 'a planned statement is one of its text')
  return parsed
}

/** @throws SqlError 25P02 in a failed block; what E2, P3, M3 and U7 say of who may not act any more */
function requireUsable(
  statement: Statement,
  context: ExecutionContext,
  control: SessionControl,
): void {
  // Whoever may not act any more may still take back what it began.
  if (statement.kind === 'Rollback' || statement.kind === 'RollbackToSavepoint') return
  if (statement.kind === 'Commit') {
    // Whether the transaction's own changes can still be made is COMMIT's own question, and ends it.
    control.requireInForce(context.services.committer.model, statement)
    return
  }
  if (control.transaction.isFailed) throw inFailedTransaction()
  control.requireInForce(context.model(), statement)
}

/** A prepared statement keeps the types that it was described with, or says that it cannot. */
function requireAsDescribed(plan: DataPlan, options: StartOptions): void {
  const { described, values } = options
  if (plan.parameters.length > values.length) throw noSuchParameter(values.length + 1)
  if (described === undefined) return
  const then = [...described.parameters, ...(described.columns ?? []).map((column) => column.type)]
  const now = [...plan.parameters, ...(plan.columns ?? []).map((column) => column.type)]
  const isSame =
    then.length === now.length &&
    then.every((type, index) => {
      const other = now[index]
      return other !== undefined && oidOf(type) === oidOf(other)
    })
  if (!isSame) throw changedResultType()
}
