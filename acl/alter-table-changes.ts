/** Changes of what a table or a column is beside its name and place; they touch no entries. */
import { relationChanged } from './access-errors.ts'
import type { AlterColumnChange, AlterStorageChange, ColumnPatch, StoragePatch } from './change.ts'
import type { Draft } from './draft.ts'
import { patchedDetached } from './partitions/detached-partition.ts'
import type { Column, Table } from './schema.ts'
import { boundColumn, boundTable } from './schema-changes.ts'

/** @throws SqlError 42P01, or that the table was changed, when the column bound is not there any more */
export function applyAlterColumn(draft: Draft, change: AlterColumnChange): void {
  const table = boundTable(draft, change)
  const column = boundColumn(table, change.attnum)
  const columns = table.columns.map((other) =>
    other === column ? patchedColumn(column, change.patch) : other,
  )
  const attnum = change.patch.type?.attnum
  if (attnum !== undefined && attnum < table.nextAttnum) throw relationChanged(table)
  const nextAttnum = attnum === undefined ? table.nextAttnum : attnum + 1
  draft.emit({ kind: 'PutRelation', relation: { ...table, columns, nextAttnum } })
}

/** @throws SqlError that the table was changed, where a partition is not as it was any more */
export function applyAlterStorage(draft: Draft, change: AlterStorageChange): void {
  const table = boundTable(draft, change)
  const { detached } = change.patch
  if (detached !== undefined && patchedDetached(table.detached ?? [], detached) === undefined) {
    throw relationChanged(table)
  }
  draft.emit({ kind: 'PutRelation', relation: patchedTable(table, change.patch) })
}

export function patchedColumn(column: Column, patch: ColumnPatch): Column {
  const { symbol: oldSymbol, index: oldIndex, ...rest } = column
  const symbol = patched(oldSymbol, patch.symbol)
  const index = patched(oldIndex, patch.index)
  return {
    ...rest,
    ...patch.type,
    ...(symbol === undefined ? {} : { symbol }),
    ...(index === undefined ? {} : { index }),
  }
}

export function patchedTable(table: Table, patch: StoragePatch): Table {
  const { timeToLive: oldTime, suspended: wasSuspended, detached: old, parameters, ...rest } = table
  const set = { ...parameters, ...patch.parameters }
  const timeToLive = patched(oldTime, patch.timeToLive)
  const suspended = patched(wasSuspended, patch.suspended)
  const detached = patch.detached === undefined ? old : patchedDetached(old ?? [], patch.detached)
  return {
    ...rest,
    ...(patch.wal === undefined ? {} : { wal: patch.wal }),
    ...(patch.dedupKeys === undefined ? {} : { dedupKeys: patch.dedupKeys }),
    ...(Object.keys(set).length === 0 ? {} : { parameters: set }),
    ...(timeToLive === undefined ? {} : { timeToLive }),
    ...(suspended === undefined ? {} : { suspended }),
    ...(detached === undefined || detached.length === 0 ? {} : { detached }),
  }
}

/** A value after a patch that says nothing of it, that it goes, or what it is from now on. */
function patched<Value>(
  old: Value | undefined,
  patch: Value | null | undefined,
): Value | undefined {
  return patch === undefined ? old : (patch ?? undefined)
}
