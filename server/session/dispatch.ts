/**
 * What each kind of statement does: the one switch over all of them. A new kind does not compile until
 * it has said how it is described and how it is run.
 */
import type { Actor } from '../../acl/actor.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type { ParsedStatement, Statement } from '../../parser/statement.ts'
import { oidOf } from '../../store/type-oid.ts'
import type { ColumnDescription, StatementDescription } from '../pgwire/session-handler.ts'
import { commandTags } from './command-tag.ts'
import type { Execution, ExecutionContext, ParameterValues } from './execution.ts'
import type { NamedObjects } from './named-objects.ts'
import type { Planner, PlannedStatement } from './planner.ts'
import type { DataPlan } from './plan.ts'
import { accessResultColumns, runAccessStatement } from './run-access.ts'
import { runAssume, runExit } from './run-assume.ts'
import { permittedPlan, startData } from './run-data.ts'
import { explainColumns, startExplain } from './run-explain.ts'
import { runSchemaStatement } from './run-schema.ts'
import {
  runBegin,
  runReset,
  runSet,
  runShowSetting,
  runTransactionEnd,
  showSettingColumns,
} from './run-session.ts'
import { showColumns, startShow } from './run-show.ts'
import { changedResultType, noSuchParameter, notInTransactionBlock } from './session-errors.ts'
import { inFailedTransaction } from './session-transaction.ts'
import type { SessionTransaction } from './session-transaction.ts'
import type { SettingValues } from './settings.ts'

/** What statements about the session itself may touch. */
export interface SessionControl {
  readonly transaction: SessionTransaction
  readonly planner: Planner
  readonly objects: NamedObjects
  readonly initialSettings: SettingValues
  /** Refuses a session whose principals may not act any more (E2, P3, M3, U7). */
  readonly requireInForce: (context: ExecutionContext, statement: Statement | undefined) => void
  readonly become: (actor: Actor) => void
}

export interface StartOptions {
  readonly values: ParameterValues
  /** The only statement of a simple Query: its own transaction, where no other is open. */
  readonly isAlone: boolean
  /** What Describe said of the statement; it must still be so. */
  readonly described?: StatementDescription
}

function statementOf(planned: PlannedStatement): ParsedStatement {
  const parsed = planned.source.statements[planned.index]
  if (parsed === undefined) throw new Error('a planned statement is one of its text')
  return parsed
}

function requireUsable(
  statement: Statement,
  context: ExecutionContext,
  control: SessionControl,
): void {
  const endsTransaction = statement.kind === 'Rollback' || statement.kind === 'Commit'
  if (control.transaction.isFailed && !endsTransaction) throw inFailedTransaction()
  // Whoever may not act any more may still end what it began.
  if (!endsTransaction) control.requireInForce(context, statement)
}

/** What a statement gives back and takes, decided like its execution (rule X2). */
export async function describeStatement(
  planned: PlannedStatement,
  context: ExecutionContext,
  control: SessionControl,
): Promise<StatementDescription> {
  const { statement } = statementOf(planned)
  requireUsable(statement, context, control)
  switch (statement.kind) {
    case 'Query':
    case 'Insert':
    case 'Update':
    case 'Delete': {
      const plan = permittedPlan(context, await control.planner.plan(planned, statement, context))
      return { parameters: plan.parameters, columns: plan.columns }
    }
    case 'Explain': {
      const inner = await control.planner.plan(planned, statement.statement, context)
      return { parameters: permittedPlan(context, inner).parameters, columns: explainColumns }
    }
    default:
      return { parameters: [], columns: fixedColumns(statement, context) }
  }
}

/** Columns of statements whose rows the server makes. */
function fixedColumns(
  statement: Exclude<Statement, { kind: 'Query' | 'Insert' | 'Update' | 'Delete' | 'Explain' }>,
  context: ExecutionContext,
): readonly ColumnDescription[] | undefined {
  switch (statement.kind) {
    case 'ShowUsers':
    case 'ShowUser':
    case 'ShowGroups':
    case 'ShowServiceAccounts':
    case 'ShowServiceAccount':
    case 'ShowPermissions':
    case 'ShowTables':
    case 'ShowColumns':
      return showColumns(context, statement)
    case 'ShowSetting':
      return showSettingColumns(statement)
    case 'AlterUser':
    case 'AlterServiceAccount':
      return accessResultColumns(statement)
    default:
      return undefined
  }
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
  switch (statement.kind) {
    case 'Query':
    case 'Insert':
    case 'Update':
    case 'Delete': {
      if (statement.kind !== 'Query' && !options.isAlone) context.transactionForChange()
      return startData(context, statement.kind, options.values, async () => {
        const plan = await control.planner.plan(planned, statement, context)
        if (plan.kind === 'Data') requireAsDescribed(plan, options)
        return plan
      })
    }
    case 'Explain':
      return startExplain(
        context,
        await control.planner.plan(planned, statement.statement, context),
      )
    case 'CreateUser':
    case 'CreateServiceAccount':
    case 'CreateGroup':
    case 'AlterUser':
    case 'AlterServiceAccount':
    case 'AlterGroup':
    case 'DropUser':
    case 'DropServiceAccount':
    case 'DropGroup':
    case 'AddUser':
    case 'RemoveUser':
    case 'Grant':
    case 'Revoke':
    case 'GrantAssume':
    case 'RevokeAssume':
      return runAccessStatement(context, { ...parsed, statement })
    case 'ShowUsers':
    case 'ShowUser':
    case 'ShowGroups':
    case 'ShowServiceAccounts':
    case 'ShowServiceAccount':
    case 'ShowPermissions':
    case 'ShowTables':
    case 'ShowColumns':
      return startShow(context, statement)
    case 'CreateTable':
    case 'CreateTableAs':
    case 'CreateTableLike':
    case 'DropTable':
    case 'RenameTable':
    case 'Truncate':
    case 'AddColumn':
    case 'DropColumn':
    case 'RenameColumn':
    case 'CreateView':
    case 'AlterView':
    case 'DropView':
      return runSchemaStatement(context, { ...parsed, statement })
    case 'AssumeServiceAccount':
    case 'ExitServiceAccount':
      requireNoBlock(statement, control)
      control.become(
        statement.kind === 'AssumeServiceAccount'
          ? runAssume(context, statement)
          : runExit(context, statement),
      )
      return { tag: () => commandTags[statement.kind] }
    case 'Begin':
      return runBegin(context, control.transaction, statement)
    case 'Commit':
    case 'Rollback':
      return runTransactionEnd(context, control.transaction, statement)
    case 'SetSetting':
      return runSet(context, control.transaction, statement, control.initialSettings)
    case 'ResetSetting':
      return runReset(control.transaction, statement, control.initialSettings)
    case 'ShowSetting':
      return runShowSetting(context, statement)
    case 'Deallocate':
      if (statement.name === undefined) control.objects.deallocateAll()
      else control.objects.deallocate(statement.name.text)
      return {
        tag: () => (statement.name === undefined ? 'DEALLOCATE ALL' : commandTags.Deallocate),
      }
    case 'DiscardAll':
      if (control.transaction.isBlock) throw notInTransactionBlock(commandTags.DiscardAll)
      control.objects.deallocateAll()
      runReset(control.transaction, { kind: 'ResetSetting' }, control.initialSettings)
      return { tag: () => commandTags.DiscardAll }
    default:
      return unreachable(statement)
  }
}

/** @throws SqlError 25001 (U11, D35): a rollback would leave it open whose session it is */
function requireNoBlock(
  statement: Extract<Statement, { kind: 'AssumeServiceAccount' | 'ExitServiceAccount' }>,
  control: SessionControl,
): void {
  if (control.transaction.open !== undefined || control.transaction.isBlock) {
    throw notInTransactionBlock(commandTags[statement.kind])
  }
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
