/** A table as a manifest has it, and what of it goes with a table that is made from its definition. */
import type { Column, Table } from '../../acl/schema.ts'
import { definitionOf } from '../../acl/show-definition.ts'
import { backupDamaged } from './backup-errors.ts'
import type { ManifestTable } from './manifest.ts'

export function manifestTable(table: Table): ManifestTable {
  const { schema, name, oid, parameters, timeToLive } = table
  return {
    schema,
    name,
    oid,
    definition: definitionOf(table),
    columns: table.columns.map(manifestColumn),
    ...(parameters === undefined ? {} : { parameters }),
    ...(timeToLive === undefined ? {} : { timeToLive }),
  }
}

function manifestColumn({ name, attnum, symbol, index }: Column): ManifestTable['columns'][number] {
  return {
    name,
    attnum,
    ...(symbol === undefined ? {} : { symbol }),
    ...(index === undefined ? {} : { index }),
  }
}

/**
 * A table just made from a definition, with what the definition does not say. Whether its writing was suspended is
 * left behind: that is about what went on around the other table.
 * @throws SqlError for a manifest whose columns are not those of its definition
 */
export function withStorage(made: Table, from: ManifestTable): Table {
  const columns = made.columns.map((column, place): Column => {
    const { symbol, index } = columnAt(from, column, place)
    return {
      ...column,
      ...(symbol === undefined ? {} : { symbol }),
      ...(index === undefined ? {} : { index }),
    }
  })
  const { maxUncommittedRows, o3MaxLagMicros } = from.parameters ?? {}
  const parameters = {
    ...made.parameters,
    ...(maxUncommittedRows === undefined ? {} : { maxUncommittedRows }),
    ...(o3MaxLagMicros === undefined ? {} : { o3MaxLagMicros }),
  }
  return {
    ...made,
    columns,
    ...(from.parameters === undefined ? {} : { parameters }),
    ...(from.timeToLive === undefined ? {} : { timeToLive: from.timeToLive }),
  }
}

/** Both in table order; numbers of columns that were dropped are not used again. */
export function pairedColumns(
  from: ManifestTable,
  to: Table,
): readonly { readonly from: number; readonly to: number }[] {
  return to.columns.map((column, place) => ({
    from: columnAt(from, column, place).attnum,
    to: column.attnum,
  }))
}

function columnAt(
  from: ManifestTable,
  column: Column,
  place: number,
): ManifestTable['columns'][number] {
  const found = from.columns[place]
  if (found?.name !== column.name) throw backupDamaged(`${from.name} has other columns`)
  return found
}
