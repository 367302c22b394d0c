import { definitionOf } from './show-definition.ts'
import type { View } from './schema.ts'
import { quotedColumn, quotedColumns, quotedRelation } from './sql-text.ts'
import { typeText } from './types/type-name.ts'
import { readBy, type ReadColumn, type ReadRelation } from './view-reads.ts'

/**
 * A view that is invalid for now (questdb-rbac.md, V10) as statements that make it so again: a view is
 * bound by name, so it is made over stand-ins for what it reads, which are then dropped. Before any other
 * relation is made, so that the names are free; entries stay at them (G45).
 */
export function dumpInvalidView(view: View): readonly string[] {
  const read = readBy(view)
  return [
    ...read.map(standIn),
    definitionOf(view),
    ...read.map((one) => `DROP ${one.kind === 'Table' ? 'TABLE' : 'VIEW'} ${quotedRelation(one)}`),
  ]
}

function standIn(read: ReadRelation): string {
  const name = quotedRelation(read)
  if (read.kind === 'View') {
    const nulls = read.columns.map(({ type }) => `CAST(NULL AS ${typeText(type)})`)
    return `CREATE VIEW ${name} (${quotedColumns(read.columns)}) AS (SELECT ${nulls.join(', ')})`
  }
  // No table is without columns, not even one of which none is read: count(*).
  const columns = read.columns.length === 0 ? ['"any" INT'] : read.columns.map(columnText)
  return `CREATE TABLE ${name} (${columns.join(', ')})`
}

function columnText({ name, type }: ReadColumn): string {
  return `${quotedColumn(name)} ${typeText(type)}`
}
