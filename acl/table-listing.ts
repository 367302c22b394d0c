/** tables() and wal_tables(): QuestDB's columns, in its order, as far as they have a meaning here (G60). */
import type { Actor } from './actor.ts'
import { effectiveList } from './effective-list.ts'
import {
  bigintColumn,
  booleanColumn,
  integerColumn,
  textColumn,
  type ListingColumn,
  type ListingRow,
} from './listing.ts'
import type { AccessModel } from './model.ts'
import { displayRelation } from './names.ts'
import type { Relation, Table } from './schema.ts'
import type { ServerRelation } from './server-relation.ts'
import { visibleColumns, visibleRelations } from './visible.ts'

/** QuestDB's defaults (cairo.max.uncommitted.rows, cairo.o3.max.lag). */
const defaultParameters = { maxUncommittedRows: 500_000, o3MaxLagMicros: 600_000_000 } as const

/** Without `directoryName`: where the store keeps what is nobody's to know. */
const tableColumns: readonly ListingColumn[] = [
  integerColumn('id'),
  textColumn('table_name'),
  textColumn('designatedTimestamp'),
  textColumn('partitionBy'),
  integerColumn('maxUncommittedRows'),
  bigintColumn('o3MaxLag'),
  booleanColumn('walEnabled'),
  booleanColumn('dedup'),
  integerColumn('ttlValue'),
  textColumn('ttlUnit'),
  booleanColumn('matView'),
]

export const tables: ServerRelation = {
  columns: tableColumns,
  arity: [0, 0],
  rows: ({ model, actor }) => {
    const list = effectiveList(model, actor.effective)
    return visibleRelations(list, model.schema).map((relation) => {
      const columns = visibleColumns(list, relation)
      const table = relation.kind === 'Table' ? relation : undefined
      const designated = columns.find(({ attnum }) => attnum === table?.designatedTimestamp)
      return [
        relation.oid,
        displayRelation(relation),
        designated?.name ?? null,
        table?.partitionBy ?? 'NONE',
        ...parameterValues(table),
        table?.wal === true,
        (table?.dedupKeys.length ?? 0) > 0,
        table?.timeToLive?.amount ?? 0,
        table?.timeToLive?.unit ?? 'HOUR',
        false,
      ]
    })
  },
}

/** maxUncommittedRows and o3MaxLag in microseconds; a view has none. */
function parameterValues(table: Table | undefined): ListingRow {
  if (table === undefined) return [null, null]
  const { maxUncommittedRows, o3MaxLagMicros } = { ...defaultParameters, ...table.parameters }
  return [maxUncommittedRows, BigInt(o3MaxLagMicros)]
}

/** QuestDB's has numbers of the log besides: a write is applied when it commits, and none waits. */
export const walTables: ServerRelation = {
  columns: [textColumn('name'), booleanColumn('suspended')],
  arity: [0, 0],
  rows: ({ model, actor }) =>
    visibleTables(model, actor)
      .filter(({ wal }) => wal)
      .map((table) => [displayRelation(table), table.suspended === true]),
}

function visibleTables(model: AccessModel, actor: Actor): readonly Table[] {
  const list = effectiveList(model, actor.effective)
  return visibleRelations(list, model.schema).filter(isTable)
}

function isTable(relation: Relation): relation is Table {
  return relation.kind === 'Table'
}
