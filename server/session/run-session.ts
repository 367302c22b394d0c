/** Statements about the session itself: transactions, settings, and what it has named. */
import type { Notice } from '../../errors/notice.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type {
  Begin,
  Commit,
  ResetSetting,
  Rollback,
  SetSetting,
  ShowSetting,
} from '../../parser/statement.ts'
import type { SqlType } from '../../store/sql-type.ts'
import type { ColumnDescription } from '../pgwire/session-handler.ts'
import { commandTags } from './command-tag.ts'
import type { Execution, ExecutionContext } from './execution.ts'
import { ServerRows } from './server-rows.ts'
import type { SessionTransaction } from './session-transaction.ts'
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

/** BEGIN and START TRANSACTION. @throws SqlError 0A000 for an isolation level that is not had */
export function runBegin(
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
export async function runTransactionEnd(
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
  const end = await transaction.commit()
  if (end === 'NoBlock') noBlock()
  return { tag: () => (end === 'RolledBack' ? commandTags.Rollback : commandTags.Commit) }
}

/** SET. */
export function runSet(
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
export function runReset(
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
export function showSettingColumns(statement: ShowSetting): readonly ColumnDescription[] {
  const names =
    statement.name === 'all' ? ['name', 'setting', 'description'] : [settingLabel(statement.name)]
  return names.map((name) => ({ name, type: text }))
}

/** SHOW name, SHOW ALL. @throws SqlError 42704 for an unknown setting */
export function runShowSetting(context: ExecutionContext, statement: ShowSetting): Execution {
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
