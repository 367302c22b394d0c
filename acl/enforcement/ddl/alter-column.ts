import { unreachable } from '../../../errors/unreachable.ts'
import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import type { AlterColumn, ColumnAction, Name } from '../../../parser/statement.ts'
import type { ColumnPatch } from '../../change.ts'
import { defaultSymbol, isSymbol } from '../../schema.ts'
import type { Column } from '../../schema.ts'
import { columnTypePatch } from './column-type.ts'
import { columnIndex, indexIsDeclaredOnly, requireSymbol, symbolStorage } from './column-storage.ts'
import { requireAltered, requireColumn } from './named-table.ts'
import type { NamedTable } from './named-table.ts'
import type { SchemaDraft } from './schema-draft.ts'

/** questdb-rbac.md, section 11. */
const permissionOf = {
  SetType: 'ALTER COLUMN TYPE',
  AddIndex: 'ADD INDEX',
  DropIndex: 'DROP INDEX',
  SetCached: 'ALTER COLUMN CACHE',
  SetSymbolCapacity: 'ALTER SYMBOL CAPACITY',
} as const satisfies Record<ColumnAction['kind'], string>

/** ALTER TABLE t ALTER COLUMN c ... */
export function bindAlterColumn(statement: AlterColumn, draft: SchemaDraft): void {
  const { action, column: written } = statement
  const permissionText = permissionOf[action.kind]
  const named = requireAltered(draft, statement, permissionText)
  if (named === undefined) return
  const column = requireColumn(draft, named, { permissionText, written })
  if (column === undefined) return
  const patch = patchOf(draft, action, { named, column, written })
  draft.change({
    kind: 'AlterColumn',
    relation: named.name,
    oid: named.table.oid,
    attnum: column.attnum,
    patch,
  })
}

interface Place {
  readonly named: NamedTable
  readonly column: Column
  readonly written: Name
}

function patchOf(draft: SchemaDraft, action: ColumnAction, place: Place): ColumnPatch {
  const { column, written } = place
  const offset = written.span.start
  switch (action.kind) {
    case 'SetType':
      return columnTypePatch(draft, action, place)
    case 'AddIndex':
      requireSymbol(column, 'indexes are', offset)
      if (column.index !== undefined) {
        throw indexError(
          SqlState.DuplicateObject,
          `column '${column.name}' already indexed`,
          offset,
        )
      }
      draft.notice(indexIsDeclaredOnly(column.name))
      return { index: columnIndex(action.capacity) }
    case 'DropIndex':
      requireSymbol(column, 'indexes are', offset)
      if (column.index === undefined) {
        throw indexError(SqlState.UndefinedObject, `column '${column.name}' is not indexed`, offset)
      }
      return { index: null }
    case 'SetCached':
      requireSymbol(column, 'cache is', offset)
      return { symbol: symbolStorage(column.symbol ?? defaultSymbol, { cached: action.cached }) }
    case 'SetSymbolCapacity':
      if (!isSymbol(column)) {
        throw indexError(
          SqlState.WrongObjectType,
          `column '${column.name}' is not of symbol type`,
          offset,
        )
      }
      return {
        symbol: symbolStorage(column.symbol ?? defaultSymbol, { capacity: action.capacity }),
      }
    default:
      return unreachable(action)
  }
}

/** In QuestDB's words. */
function indexError(state: SqlState, message: string, offset: number): SqlError {
  return new SqlError(state, message, { offset })
}
