/** SHOW COLUMNS and table_columns(): QuestDB's columns (questdb-rbac.md, section 11, G60). */
import { relationDoesNotExist } from './access-errors.ts'
import type { Actor } from './actor.ts'
import { decide } from './decide.ts'
import { accessDenied } from './denial.ts'
import { effectiveList } from './effective-list.ts'
import {
  booleanColumn,
  integerColumn,
  textColumn,
  type Listing,
  type ListingColumn,
  type ListingRow,
} from './listing.ts'
import type { AccessModel } from './model.ts'
import type { RelationName } from './names.ts'
import { permission } from './permission-registry.ts'
import { defaultSymbol, isSymbol, type Column, type Relation } from './schema.ts'
import { visibleColumns } from './visible.ts'

export const columnListingColumns: readonly ListingColumn[] = [
  textColumn('column'),
  textColumn('type'),
  booleanColumn('indexed'),
  integerColumn('indexBlockCapacity'),
  booleanColumn('symbolCached'),
  integerColumn('symbolCapacity'),
  booleanColumn('designated'),
  booleanColumn('upsertKey'),
]

/**
 * The columns of a relation that the actor sees, for whoever may SELECT one of them.
 * @throws SqlError 42501; 42P01 for whoever may know (G61)
 */
export function showColumns(model: AccessModel, actor: Actor, said: RelationName): Listing {
  const relation = model.schema.relation(said.key)
  const kind = relation === undefined ? 'UnknownRelation' : 'AnyColumn'
  const requirement = { kind, permission: permission('SELECT'), relation: said } as const
  const decision = decide(model, actor, [requirement])
  if (decision.kind === 'Denied') throw accessDenied(actor.effective.name, decision.missing)
  if (relation === undefined) throw relationDoesNotExist('Table', said)
  const columns = visibleColumns(effectiveList(model, actor.effective), relation)
  return {
    columns: columnListingColumns,
    rows: columns.map((column) => columnRow(relation, column)),
  }
}

function columnRow(relation: Relation, column: Column): ListingRow {
  const symbol = isSymbol(column) ? (column.symbol ?? defaultSymbol) : undefined
  const isTable = relation.kind === 'Table'
  return [
    column.name,
    column.declaredType,
    column.index !== undefined,
    column.index?.capacity ?? 0,
    symbol?.cached === true,
    symbol?.capacity ?? 0,
    isTable && relation.designatedTimestamp === column.attnum,
    isTable && relation.dedupKeys.includes(column.attnum),
  ]
}
