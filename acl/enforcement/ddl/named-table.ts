import type { AlteredTable, Name, QualifiedName } from '../../../parser/statement.ts'
import { foldName } from '../../names.ts'
import type { RelationName } from '../../names.ts'
import { permission } from '../../permission-registry.ts'
import type { Column, Table } from '../../schema.ts'
import { unknownColumn, wrongObject } from '../binding-errors.ts'
import { requiredColumn } from '../required-column.ts'
import type { SchemaDraft } from './schema-draft.ts'

/** The table of ALTER TABLE [IF EXISTS]; IF EXISTS does not relax the permission (M4, G61). */
export function requireAltered(
  draft: SchemaDraft,
  { table, ifTableExists }: AlteredTable,
  permissionText: string,
): NamedTable | undefined {
  return requireTable(draft, table, permissionText, { ifExists: ifTableExists === true })
}

/** A table by the name that the statement has for it. */
export interface NamedTable {
  readonly name: RelationName
  readonly table: Table
}

/**
 * The table that a statement is about. The permission is noted first, by name: a view, or nothing, of
 * that name is an error for those alone who hold it (V9, G61).
 */
export function requireTable(
  draft: SchemaDraft,
  written: QualifiedName,
  permissionText: string,
  given: { readonly ifExists: boolean } = { ifExists: false },
): NamedTable | undefined {
  const { name, relation } = draft.find(written)
  const offset = written.name.span.start
  if (relation === undefined) {
    if (given.ifExists) draft.skip(permissionText, name)
    else draft.missing(permissionText, name, { kind: 'table', offset })
    return undefined
  }
  if (relation.kind === 'View') {
    draft.needRelation(permissionText, name)
    draft.fail(wrongObject(`${name.name} is a view`, offset))
    return undefined
  }
  return { name, table: relation }
}

/** A column of a table that the statement is about; the permission on it is noted first (G61). */
export function requireColumn(
  draft: SchemaDraft,
  named: NamedTable,
  given: { readonly permissionText: string; readonly written: Name },
): Column | undefined {
  const { permissionText, written } = given
  const column = named.table.columns.find(({ key }) => key === foldName(written.text))
  if (column === undefined) {
    needUnknownColumn(draft, named.name, given)
    draft.fail(unknownColumn(written.text, written.span.start))
    return undefined
  }
  needColumns(draft, named, { permissionText, columns: [{ column, written }] })
  return column
}

/** That a column is not there is told to who holds the permission on the whole table (G61). */
export function needUnknownColumn(
  draft: SchemaDraft,
  relation: RelationName,
  given: { readonly permissionText: string; readonly written: Name },
): void {
  const { permissionText, written } = given
  draft.context.requirements.addOwn({
    kind: 'UnknownColumn',
    permission: permission(permissionText),
    relation,
    column: written.text,
  })
}

/** A permission on each of some columns, said as the statement wrote them. */
export function needColumns(
  draft: SchemaDraft,
  { name }: NamedTable,
  given: {
    readonly permissionText: string
    readonly columns: readonly {
      readonly column: Column
      readonly written: Name
    }[]
  },
): void {
  draft.context.requirements.addOwn({
    kind: 'Columns',
    permission: permission(given.permissionText),
    relation: name,
    columns: given.columns
      .map(({ column, written }) => requiredColumn({ ...column, name: written.text }, false))
      .toSorted((a, b) => a.attnum - b.attnum),
  })
}
