import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import type {
  AlteredTable,
  ResumeWal,
  SetTableParameters,
  SetTableType,
  StorageParameters,
  SuspendWal,
} from '../../../parser/statement.ts'
import type { StoragePatch } from '../../change.ts'
import type { Table, TableParameters } from '../../schema.ts'
import { notSupported, wrongObject } from '../binding-errors.ts'
import { invalidValue } from './column-storage.ts'
import { requireAltered } from './named-table.ts'
import type { NamedTable } from './named-table.ts'
import type { SchemaDraft } from './schema-draft.ts'

/** ALTER TABLE t SET PARAM: kept, shown and dumped; the store has no such settings. */
export function bindSetTableParameters(statement: SetTableParameters, draft: SchemaDraft): void {
  const named = requireWhole(draft, statement, 'SET TABLE PARAM')
  if (named === undefined) return
  alter(draft, named, { parameters: defineParameters(statement.parameters) })
}

/** Parameters by QuestDB's names, none of which may be negative. */
export function defineParameters(given: StorageParameters): TableParameters {
  const { maxUncommittedRows, o3MaxLag } = given
  if (maxUncommittedRows !== undefined && maxUncommittedRows.value < 0) {
    throw invalidValue('maxUncommittedRows must be non negative', maxUncommittedRows.span.start)
  }
  return {
    ...(maxUncommittedRows === undefined ? {} : { maxUncommittedRows: maxUncommittedRows.value }),
    ...(o3MaxLag === undefined ? {} : { o3MaxLagMicros: o3MaxLag.value }),
  }
}

/**
 * ALTER TABLE t SET TYPE WAL | BYPASS WAL. QuestDB converts the table at its next start; here it is at once
 * what it is said to be, since nothing of the store depends on it.
 */
export function bindSetTableType(statement: SetTableType, draft: SchemaDraft): void {
  const named = requireWhole(draft, statement, 'SET TABLE TYPE')
  if (named === undefined) return
  const { table } = named
  const offset = statement.table.name.span.start
  if (statement.wal && !isPartitioned(table)) {
    throw wrongObject('Cannot convert non-partitioned table', offset)
  }
  if (!statement.wal && table.dedupKeys.length > 0) {
    throw wrongObject('deduplication is only supported for WAL tables', offset)
  }
  // A table without a log has none that could be suspended.
  alter(draft, named, { wal: statement.wal, ...(statement.wal ? {} : { suspended: null }) })
}

/** ALTER TABLE t SUSPEND WAL (see enforcement/suspended.ts). */
export function bindSuspendWal(statement: SuspendWal, draft: SchemaDraft): void {
  const named = requireWal(draft, statement)
  if (named === undefined) return
  if (statement.with !== undefined) {
    throw notSupported('SUSPEND WAL WITH an error code', statement.with.span.start)
  }
  alter(draft, named, { suspended: true })
}

/** ALTER TABLE t RESUME WAL; of a table that is not suspended, nothing to do. */
export function bindResumeWal(statement: ResumeWal, draft: SchemaDraft): void {
  const named = requireWal(draft, statement)
  if (named === undefined) return
  if (statement.from !== undefined) {
    // No write waits that a number could tell from others.
    throw notSupported('RESUME WAL FROM TXN', statement.from.span.start)
  }
  alter(draft, named, { suspended: null })
}

function requireWal(draft: SchemaDraft, statement: AlteredTable): NamedTable | undefined {
  const named = requireWhole(draft, statement, 'RESUME WAL')
  if (named === undefined || named.table.wal) return named
  throw new SqlError(SqlState.WrongObjectType, `${named.table.name} is not a WAL table.`, {
    offset: statement.table.name.span.start,
  })
}

/** The table, and a permission on the whole of it. */
function requireWhole(
  draft: SchemaDraft,
  statement: AlteredTable,
  permissionText: string,
): NamedTable | undefined {
  const named = requireAltered(draft, statement, permissionText)
  if (named !== undefined) draft.needRelation(permissionText, named.name)
  return named
}

function alter(draft: SchemaDraft, { name, table }: NamedTable, patch: StoragePatch): void {
  draft.change({ kind: 'AlterStorage', relation: name, oid: table.oid, patch })
}

function isPartitioned({ partitionBy }: Table): boolean {
  return partitionBy !== undefined && partitionBy !== 'NONE'
}
