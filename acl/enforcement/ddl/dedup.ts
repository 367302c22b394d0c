import type { Name, SetDeduplication } from '../../../parser/statement.ts'
import { foldName } from '../../names.ts'
import type { Column, Table } from '../../schema.ts'
import {
  duplicateColumn,
  invalidTableDefinition,
  notSupported,
  unknownColumn,
  wrongObject,
} from '../binding-errors.ts'
import { requireAltered } from './named-table.ts'
import type { SchemaDraft } from './schema-draft.ts'

/**
 * ALTER TABLE t DEDUP ENABLE UPSERT KEYS(...), ALTER TABLE t DEDUP DISABLE. Rows that are there already stay
 * as they are; the keys given replace those before; what is off may be put off again.
 */
export function bindSetDeduplication(statement: SetDeduplication, draft: SchemaDraft): void {
  const { keys } = statement
  const permissionText = keys === undefined ? 'DEDUP DISABLE' : 'DEDUP ENABLE'
  const named = requireAltered(draft, statement, permissionText)
  if (named === undefined) return
  const { name, table } = named
  draft.needRelation(permissionText, name)
  if (keys !== undefined && !table.wal) {
    throw wrongObject(
      'deduplication is possible only on WAL tables',
      statement.table.name.span.start,
    )
  }
  const dedupKeys = keys === undefined ? [] : defineDedupKeys(keys, table)
  draft.change({ kind: 'AlterStorage', relation: name, oid: table.oid, patch: { dedupKeys } })
}

/**
 * The columns of UPSERT KEYS: each is there, is named once, and the designated timestamp is one of them.
 * @throws SqlError 42703, 42701, 42P16, 0A000
 */
export function defineDedupKeys(
  names: readonly Name[],
  table: {
    readonly columns: readonly Column[]
    readonly designatedTimestamp?: number
    readonly constraints: Table['constraints']
  },
): readonly number[] {
  const attnums: number[] = []
  for (const { text, span } of names) {
    const column = table.columns.find(({ key }) => key === foldName(text))
    if (column === undefined) throw unknownColumn(text, span.start)
    if (attnums.includes(column.attnum)) throw duplicateColumn(text, span.start)
    // The engine cannot compare lists and records by the hash that a join over keys needs.
    if (column.type.kind !== 'Scalar') {
      throw notSupported('a deduplication key of a type without plain values', span.start)
    }
    attnums.push(column.attnum)
  }
  const { designatedTimestamp } = table
  if (designatedTimestamp === undefined || !attnums.includes(designatedTimestamp)) {
    throw invalidTableDefinition(
      'deduplicate key list must include dedicated timestamp column',
      names[0]?.span.start,
    )
  }
  refuseUniqueKeys(table.constraints, names[0])
  return attnums
}

/**
 * QuestDB has no such constraints. A row that took another's place in one and met a third in the other
 * would have two meanings, so there is none.
 */
function refuseUniqueKeys(constraints: Table['constraints'], at: Name | undefined): void {
  if (constraints.some(({ kind }) => kind !== 'Check')) {
    throw notSupported(
      'deduplication of a table with a primary key or unique columns',
      at?.span.start,
    )
  }
}
