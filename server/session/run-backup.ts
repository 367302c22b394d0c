/** BACKUP DATABASE, BACKUP TABLE, CHECKPOINT and SNAPSHOT (questdb-rbac.md, section 11). */
import { bindBackupTable } from '../../acl/enforcement/backup.ts'
import { permission } from '../../acl/permission-registry.ts'
import type { Requirement } from '../../acl/requirement.ts'
import type { Table } from '../../acl/schema.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type { BackupStatement, BackupTable } from '../../parser/statement.ts'
import { printStatement } from '../../parser/print.ts'
import type { SqlType } from '../../store/sql-type.ts'
import type { MadeBackup } from '../backup/backups.ts'
import type { ColumnDescription } from '../pgwire/session-handler.ts'
import { commandTags } from './command-tag.ts'
import type { Execution, ExecutionContext } from './execution.ts'
import { requirePermissions } from './run-data.ts'
import { ServerRows } from './server-rows.ts'
import { notInTransactionBlock } from './session-errors.ts'
import type { SessionTransaction } from './session-transaction.ts'
import { searchPathOf, settingValue } from './settings.ts'

const timestamp: SqlType = { kind: 'Scalar', name: 'timestamp' }

/** What QuestDB's BACKUP DATABASE gives back. */
const backupColumns: readonly ColumnDescription[] = [{ name: 'backup_timestamp', type: timestamp }]

/** The columns of such a statement, for Describe; decided like the statement itself (rule X2). */
export function backupResultColumns(
  context: ExecutionContext,
  statement: BackupStatement,
): readonly ColumnDescription[] | undefined {
  authorizeBackup(context, statement)
  return statement.kind === 'BackupDatabase' || statement.kind === 'BackupTable'
    ? backupColumns
    : undefined
}

/**
 * Makes the copy; it is whole and durable when this resolves. Files have no ROLLBACK, so none of these can be part of
 * a transaction.
 * @throws SqlError 25001 inside a transaction; 42501; 42P01 and 42809 for a name; 55006, 55000; 57014, 53100, 58030
 */
export async function runBackup(
  context: ExecutionContext,
  transaction: SessionTransaction,
  statement: BackupStatement,
): Promise<Execution> {
  // Permission first, as everywhere.
  authorizeBackup(context, statement)
  if (transaction.isBlock || transaction.open !== undefined) {
    throw notInTransactionBlock(nameOf(statement))
  }
  const { backups } = context.services
  const authorize = (): void => {
    authorizeBackup(context, statement)
  }
  switch (statement.kind) {
    case 'BackupDatabase':
      return madeBackup(
        context,
        statement,
        await backups.database(authorize, context.cancellation()),
      )
    case 'BackupTable': {
      const choose = (): readonly Table[] => tablesOf(context, statement)
      return madeBackup(context, statement, await backups.tables(choose, context.cancellation()))
    }
    case 'CreateCheckpoint':
      await backups.createCheckpoint(authorize, context.cancellation())
      return { tag: () => nameOf(statement) }
    case 'ReleaseCheckpoint':
      await backups.releaseCheckpoint()
      return { tag: () => nameOf(statement) }
    default:
      return unreachable(statement)
  }
}

function madeBackup(
  context: ExecutionContext,
  statement: BackupStatement,
  { atMicros }: MadeBackup,
): Execution {
  const source = new ServerRows({
    types: [timestamp],
    rows: [[atMicros]],
    formats: context.formats,
    timeZone: settingValue(context.settings, 'TimeZone'),
  })
  return { source, columns: backupColumns, tag: () => commandTags[statement.kind] }
}

/** @throws SqlError 42501, or why a name is not that of a table */
function authorizeBackup(context: ExecutionContext, statement: BackupStatement): void {
  if (statement.kind === 'BackupTable') tablesOf(context, statement)
  else requirePermissions(context, [databaseRequirements[statement.kind]])
}

function tablesOf(context: ExecutionContext, { tables }: BackupTable): readonly Table[] {
  const bound = bindBackupTable(tables, {
    schema: context.model().schema,
    searchPath: searchPathOf(context.settings),
  })
  requirePermissions(context, bound.requirements)
  if (bound.error !== undefined) throw bound.error
  return bound.tables
}

const databaseRequirements = {
  BackupDatabase: { kind: 'Database', permission: permission('BACKUP DATABASE') },
  CreateCheckpoint: { kind: 'Database', permission: permission('SNAPSHOT') },
  ReleaseCheckpoint: { kind: 'Database', permission: permission('SNAPSHOT') },
} as const satisfies Record<Exclude<BackupStatement['kind'], 'BackupTable'>, Requirement>

/** As it was written: SNAPSHOT has words of its own. */
function nameOf(statement: BackupStatement): string {
  return statement.kind === 'BackupTable' ? commandTags.BackupTable : printStatement(statement)
}
