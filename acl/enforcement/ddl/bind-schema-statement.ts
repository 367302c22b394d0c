import { unreachable } from '../../../errors/unreachable.ts'
import type { SchemaStatement } from '../../../parser/statement.ts'
import { BindContext } from '../bind-context.ts'
import type { Binders } from '../bind-context.ts'
import type { Binding, BindOptions } from '../binding.ts'
import { bindAlterColumn } from './alter-column.ts'
import {
  bindResumeWal,
  bindSetTableParameters,
  bindSetTableType,
  bindSuspendWal,
} from './alter-storage.ts'
import {
  bindAddColumn,
  bindDropColumn,
  bindDropTable,
  bindRenameColumn,
  bindRenameTable,
  bindTruncate,
} from './alter-table.ts'
import { bindCreateTable, bindCreateTableAs, bindCreateTableLike } from './create-table.ts'
import { bindPartitionAction, bindSquashPartitions } from './partition.ts'
import { bindSetDeduplication } from './dedup.ts'
import { bindSetTimeToLive } from './time-to-live.ts'
import { SchemaDraft } from './schema-draft.ts'
import { bindDropAllTables, bindReindex, bindVacuum } from './table-upkeep.ts'
import { bindUnsupported } from './unsupported-statement.ts'
import { bindAlterView, bindCompileView, bindCreateView, bindDropView } from './view.ts'

/** A statement that changes what relations there are (questdb-rbac.md, section 11). */
export function bindSchemaStatement(
  statement: SchemaStatement,
  options: BindOptions,
  binders: Binders,
): Binding {
  const syntax = 'query' in statement ? statement.query : { offsetOf: (): undefined => undefined }
  const context = new BindContext({ options, syntax, binders })
  const draft = new SchemaDraft(context)
  context.attempt(() => bindInto(draft, statement), undefined)
  return draft.finish()
}

function bindInto(draft: SchemaDraft, statement: SchemaStatement): void {
  switch (statement.kind) {
    case 'CreateTable':
      return bindCreateTable(statement, draft)
    case 'CreateTableAs':
      return bindCreateTableAs(statement, draft)
    case 'CreateTableLike':
      return bindCreateTableLike(statement, draft)
    case 'DropTable':
      return bindDropTable(statement, draft)
    case 'RenameTable':
      return bindRenameTable(statement, draft)
    case 'Truncate':
      return bindTruncate(statement, draft)
    case 'AddColumn':
      return bindAddColumn(statement, draft)
    case 'DropColumn':
      return bindDropColumn(statement, draft)
    case 'RenameColumn':
      return bindRenameColumn(statement, draft)
    case 'AlterColumn':
      return bindAlterColumn(statement, draft)
    case 'SetDeduplication':
      return bindSetDeduplication(statement, draft)
    case 'SetTableParameters':
      return bindSetTableParameters(statement, draft)
    case 'SetTableType':
      return bindSetTableType(statement, draft)
    case 'SuspendWal':
      return bindSuspendWal(statement, draft)
    case 'ResumeWal':
      return bindResumeWal(statement, draft)
    case 'Reindex':
      return bindReindex(statement, draft)
    case 'Vacuum':
      return bindVacuum(statement, draft)
    case 'DropAllTables':
      return bindDropAllTables(statement, draft)
    case 'UnsupportedStatement':
      return bindUnsupported(statement, draft)
    case 'DropPartition':
    case 'DetachPartition':
    case 'AttachPartition':
      return bindPartitionAction(statement, draft)
    case 'SetTimeToLive':
      return bindSetTimeToLive(statement, draft)
    case 'SquashPartitions':
      return bindSquashPartitions(statement, draft)
    case 'CreateView':
      return bindCreateView(statement, draft)
    case 'AlterView':
      return bindAlterView(statement, draft)
    case 'DropView':
      return bindDropView(statement, draft)
    case 'CompileView':
      return bindCompileView(statement, draft)
    default:
      return unreachable(statement)
  }
}
