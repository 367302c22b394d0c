/** Statements about the session itself: transactions, settings, and what it has named. */
import type { Notice } from '../../errors/notice.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type {
  Begin,
  ClosePortal,
  Commit,
  Deallocate,
  ResetSetting,
  Rollback,
  SetSetting,
  SetTransaction,
  ShowSetting,
} from '../../parser/statement.ts'
import type { SqlType } from '../../store/sql-type.ts'
import type { ColumnDescription } from '../pgwire/session-handler.ts'
import { commandTags } from './command-tag.ts'
import type { Execution, ExecutionContext } from './execution.ts'
import type { SessionControl } from './dispatch.ts'
import type { NamedObjects } from './named-objects.ts'
import { ServerRows } from './server-rows.ts'
import { notInTransactionBlock } from './session-errors.ts'
import type { SessionTransaction } from './session-transaction.ts'
import type { StatementOf } from './statement-class.ts'
import type { SettingValues } from './settings.ts'
import {
  acceptIsolation,
  allSettings,
  settingLabel,
  settingValue,
  withoutSetting,
  withSetting,
} from './settings.ts'

const text: SqlType = { kind: 'Scalar', name: 'text' }

function warning(sqlState: SqlState, message: string): Notice {
  return { severity: 'WARNING', sqlState, message }
}

type SessionStatement = StatementOf<'Session'>

/** The columns that a statement about the session gives back, known before it runs. */
export function sessionResultColumns(
  statement: SessionStatement,
): readonly ColumnDescription[] | undefined {
  return statement.kind === 'ShowSetting' ? showSettingColumns(statement) : undefined
}

export async function runSessionStatement(
  context: ExecutionContext,
  control: SessionControl,
  statement: SessionStatement,
): Promise<Execution> {
  const { transaction, initialSettings, objects } = control
  switch (statement.kind) {
    case 'Begin':
      return runBegin(context, transaction, statement)
    case 'Commit':
    case 'Rollback':
      return runTransactionEnd(context, transaction, statement)
    case 'Savepoint':
      transaction.savepoint(statement.name, {
        lastPortal: objects.lastPortal,
        max: context.services.namedObjectsMax,
      })
      return { tag: () => commandTags.Savepoint }
    case 'ReleaseSavepoint':
      transaction.release(statement.name)
      return { tag: () => commandTags.ReleaseSavepoint }
    case 'RollbackToSavepoint':
      await transaction.rollbackTo(statement.name, (after) => objects.closePortalsAfter(after))
      return { tag: () => commandTags.RollbackToSavepoint }
    case 'SetTransaction':
      return runSetTransaction(context, transaction, statement)
    case 'SetSetting':
      return runSet(context, transaction, statement, initialSettings)
    case 'ResetSetting':
      return runReset(transaction, statement, initialSettings)
    case 'ShowSetting':
      return runShowSetting(context, statement)
    case 'Deallocate':
      return runDeallocate(objects, statement)
    case 'DiscardAll':
      if (transaction.isBlock) throw notInTransactionBlock(commandTags.DiscardAll)
      objects.deallocateAll()
      transaction.set(() => initialSettings)
      return { tag: () => commandTags.DiscardAll }
    case 'DiscardPart':
      // Nothing of these kinds belongs to a session: no temporary table, no sequence, no plan of its own.
      return { tag: () => `${commandTags.DiscardPart} ${statement.part}` }
    case 'ClosePortal':
      return runClose(objects, statement)
    case 'Unlisten':
      // Nothing is listened to: LISTEN is refused.
      return { tag: () => commandTags.Unlisten }
    default:
      return unreachable(statement)
  }
}

/** @throws SqlError 26000 for a name that no statement has */
function runDeallocate(objects: NamedObjects, { name }: Deallocate): Execution {
  if (name === undefined) objects.deallocateAll()
  else objects.deallocate(name.text)
  return { tag: () => (name === undefined ? 'DEALLOCATE ALL' : commandTags.Deallocate) }
}

/** CLOSE name, CLOSE ALL: cursors are the portals of the protocol. @throws SqlError 34000 */
async function runClose(objects: NamedObjects, { name }: ClosePortal): Promise<Execution> {
  if (name === undefined) await objects.closePortals()
  else await objects.closeCursor(name.text)
  return { tag: () => (name === undefined ? 'CLOSE CURSOR ALL' : commandTags.ClosePortal) }
}

/** BEGIN and START TRANSACTION. @throws SqlError 0A000 for an isolation level that is not had */
function runBegin(
  context: ExecutionContext,
  transaction: SessionTransaction,
  statement: Begin,
): Execution {
  if (statement.isolation !== undefined) acceptIsolation(statement.isolation)
  const isAlreadyOpen = transaction.begin({ readOnly: statement.readOnly ? true : undefined })
  if (isAlreadyOpen) {
    context.notice(
      warning(SqlState.ActiveSqlTransaction, 'there is already a transaction in progress'),
    )
  }
  return { tag: () => statement.tag }
}

/** COMMIT and ROLLBACK; a block that failed is rolled back by either (PostgreSQL 15, xact.c). */
async function runTransactionEnd(
  context: ExecutionContext,
  transaction: SessionTransaction,
  statement: Commit | Rollback,
): Promise<Execution> {
  const noBlock = (): void =>
    context.notice(warning(SqlState.NoActiveSqlTransaction, 'there is no transaction in progress'))
  if (statement.kind === 'Rollback') {
    if (!(await transaction.rollback())) noBlock()
    return { tag: () => commandTags.Rollback }
  }
  const end = await transaction.commit(context.waitFor)
  if (end === 'NoBlock') noBlock()
  return { tag: () => (end === 'RolledBack' ? commandTags.Rollback : commandTags.Commit) }
}

/**
 * SET TRANSACTION and SET SESSION CHARACTERISTICS AS TRANSACTION.
 * @throws SqlError 0A000 for an isolation level that is not had, 25001 when rows were already read
 */
function runSetTransaction(
  context: ExecutionContext,
  transaction: SessionTransaction,
  statement: SetTransaction,
): Execution {
  const { isolation, readOnly, scope } = statement
  const level = isolation === undefined ? undefined : acceptIsolation(isolation)
  if (scope === 'Session') {
    transaction.set((values) => {
      const withLevel =
        level === undefined ? values : withSetting(values, 'default_transaction_isolation', level)
      return readOnly === undefined
        ? withLevel
        : withSetting(withLevel, 'default_transaction_read_only', readOnly ? 'on' : 'off')
    })
  } else if (!transaction.isBlock) {
    context.notice(
      warning(
        SqlState.NoActiveSqlTransaction,
        'SET TRANSACTION can only be used in transaction blocks',
      ),
    )
  } else if (readOnly !== undefined) {
    transaction.setReadOnly(readOnly)
  }
  return { tag: () => commandTags.SetTransaction }
}

/** SET. */
function runSet(
  context: ExecutionContext,
  transaction: SessionTransaction,
  statement: SetSetting,
  initial: SettingValues,
): Execution {
  const { name, value } = statement
  const change = (values: SettingValues): SettingValues =>
    value === undefined ? withoutSetting(values, name, initial) : withSetting(values, name, value)
  if (!statement.local) transaction.set(change)
  else if (!transaction.setLocal(change)) {
    context.notice(
      warning(SqlState.NoActiveSqlTransaction, 'SET LOCAL can only be used in transaction blocks'),
    )
  }
  return { tag: () => commandTags.SetSetting }
}

/** RESET name, RESET ALL. */
function runReset(
  transaction: SessionTransaction,
  statement: ResetSetting,
  initial: SettingValues,
): Execution {
  const { name } = statement
  transaction.set((values) =>
    name === undefined ? initial : withoutSetting(values, name, initial),
  )
  return { tag: () => commandTags.ResetSetting }
}

/** The columns of SHOW name and SHOW ALL, known before it runs. */
function showSettingColumns(statement: ShowSetting): readonly ColumnDescription[] {
  const names =
    statement.name === 'all' ? ['name', 'setting', 'description'] : [settingLabel(statement.name)]
  return names.map((name) => ({ name, type: text }))
}

/** SHOW name, SHOW ALL. @throws SqlError 42704 for an unknown setting */
function runShowSetting(context: ExecutionContext, statement: ShowSetting): Execution {
  const { settings } = context
  const columns = showSettingColumns(statement)
  const rows =
    statement.name === 'all'
      ? allSettings(settings).map((row) => [row.name, row.value, row.description])
      : [[settingValue(settings, statement.name)]]
  const source = new ServerRows({
    types: columns.map((column) => column.type),
    rows,
    formats: context.formats,
    timeZone: settingValue(settings, 'TimeZone'),
  })
  return { source, columns, tag: () => commandTags.ShowSetting }
}
