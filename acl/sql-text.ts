/** How the statements of a dump write what is in them (questdb-rbac.md, W15). */
import { defaultSchema, foldName } from './names.ts'

/** A principal, a group's alias, a part of a relation's name: in single quotes. */
export function inQuotes(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A relation; its schema is said unless it is the default. */
export function quotedRelation(relation: {
  readonly schema: string
  readonly name: string
}): string {
  const name = inQuotes(relation.name)
  return foldName(relation.schema) === defaultSchema ? name : `${inQuotes(relation.schema)}.${name}`
}

/** A column or a constraint: in double quotes, as names are where expressions stand beside them. */
export function quotedColumn(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function quotedColumns(columns: readonly { readonly name: string }[]): string {
  return columns.map(({ name }) => quotedColumn(name)).join(', ')
}
