/** COPY t FROM, which runs on in the background, and COPY 'id' CANCEL (questdb-rbac.md, sections 4 and 11). */
import { requireCopyCancellable } from '../../acl/copy-log.ts'
import { bindCopyTarget } from '../../acl/enforcement/copy.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type {
  CancelCopy,
  CopyFrom,
  CopyStatement,
  ParsedStatement,
} from '../../parser/statement.ts'
import type { SqlType } from '../../store/sql-type.ts'
import { openImportFile } from '../copy/import-file.ts'
import { timestampReader } from '../copy/timestamp-format.ts'
import type { ColumnDescription } from '../pgwire/session-handler.ts'
import { auditRecord } from './audit-record.ts'
import { commandTags } from './command-tag.ts'
import type { Execution, ExecutionContext } from './execution.ts'
import { requirePermissions } from './run-data.ts'
import { ServerRows } from './server-rows.ts'
import { notInTransactionBlock } from './session-errors.ts'
import type { SessionTransaction } from './session-transaction.ts'
import { searchPathOf, settingValue } from './settings.ts'

const text: SqlType = { kind: 'Scalar', name: 'varchar' }

/** QuestDB's columns. */
const copyColumns: readonly ColumnDescription[] = [{ name: 'id', type: text }]
const cancelColumns: readonly ColumnDescription[] = [
  { name: 'id', type: text },
  { name: 'status', type: text },
]

/** The columns of such a statement, for Describe; decided like the statement itself (rule X2). */
export function copyResultColumns(
  context: ExecutionContext,
  statement: CopyStatement,
): readonly ColumnDescription[] {
  if (statement.kind === 'CancelCopy') return cancelColumns
  authorize(context, statement)
  return copyColumns
}

export async function runCopy(
  context: ExecutionContext,
  transaction: SessionTransaction,
  parsed: ParsedStatement & { readonly statement: CopyStatement },
): Promise<Execution> {
  const { statement } = parsed
  switch (statement.kind) {
    case 'CopyFrom':
      return startImport(context, transaction, { ...parsed, statement })
    case 'CancelCopy':
      return cancelImport(context, statement)
    default:
      return unreachable(statement)
  }
}

/**
 * Starts an import and does not wait for it. It has a transaction of its own, which a ROLLBACK of the
 * client's could not take back.
 * @throws SqlError 42501; 42809; 25001 in a transaction; 22023 and 58P01 for the file; 0A000 for its format; 53400
 */
async function startImport(
  context: ExecutionContext,
  transaction: SessionTransaction,
  parsed: ParsedStatement & { readonly statement: CopyFrom },
): Promise<Execution> {
  const { statement } = parsed
  const { services, actor } = context
  const { display } = authorize(context, statement)
  if (transaction.isBlock || transaction.open !== undefined) throw notInTransactionBlock('COPY')
  if (settingValue(context.settings, 'default_transaction_read_only') === 'on') throw readOnly()
  // Told to the client at once; the import makes its own.
  if (statement.options.format !== undefined) timestampReader(statement.options.format)
  const file = await openImportFile(services.imports.root, statement.file)
  try {
    const id = services.imports.start({
      statement,
      table: display,
      actor,
      audit: auditRecord(context, parsed),
      searchPath: searchPathOf(context.settings),
      file,
      services,
    })
    return answer(context, copyColumns, [id], 'COPY')
  } catch (error) {
    await file.close()
    throw error
  }
}

/** @throws SqlError 42501 (another's, or none, without CANCEL ANY COPY), 42704 for none that runs */
function cancelImport(context: ExecutionContext, { id }: CancelCopy): Execution {
  const found = context.services.imports.find(id.value)
  requireCopyCancellable(context.model(), context.actor, found)
  if (found?.status !== 'started') throw noSuchImport(id)
  found.cancel()
  return answer(context, cancelColumns, [id.value, 'cancelled'], commandTags.CancelCopy)
}

/** @throws SqlError 42501, 42809 */
function authorize(context: ExecutionContext, statement: CopyFrom): { readonly display: string } {
  const { requirements, error, name } = bindCopyTarget(statement, {
    schema: context.model().schema,
    searchPath: searchPathOf(context.settings),
  })
  requirePermissions(context, requirements)
  if (error !== undefined) throw error
  return { display: name.name }
}

function answer(
  context: ExecutionContext,
  columns: readonly ColumnDescription[],
  row: readonly string[],
  tag: string,
): Execution {
  const source = new ServerRows({
    types: columns.map(({ type }) => type),
    rows: [row],
    formats: context.formats,
    timeZone: settingValue(context.settings, 'TimeZone'),
  })
  return { source, columns, tag: () => tag }
}

function noSuchImport({ value, span }: CancelCopy['id']): SqlError {
  const shown = /^[0-9a-f]{1,32}$/.test(value) ? ` [id=${value}]` : ''
  return new SqlError(SqlState.UndefinedObject, `no such import runs${shown}`, {
    offset: span.start,
  })
}

function readOnly(): SqlError {
  return new SqlError(
    SqlState.ReadOnlySqlTransaction,
    'cannot execute COPY in a read-only transaction',
  )
}
