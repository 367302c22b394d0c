/** The rows of SHOW PERMISSIONS and of the functions like it (questdb-rbac.md, 9.2, 9.5). */
import {
  allEntries,
  entryAt,
  noEntries,
  widerEntries,
  withEntry,
  type GranteeEntries,
} from './access-entries.ts'
import { compareNames } from './compare-names.ts'
import type { Entry, Principal } from './effect.ts'
import { effectiveSources, implicitPermissions } from './effective-list.ts'
import { implicitColumn } from './implicit.ts'
import { entriesOf, type AccessModel } from './model.ts'
import { displayRelation, type FoldedName } from './names.ts'
import { databaseAdmin, permissions, type PermissionName } from './permission-registry.ts'
import type { Relation, Schema } from './schema.ts'

/** One permission that is in force, in the words of the relation and column as they are now (W6). */
export interface PermissionRow {
  readonly permission: PermissionName
  readonly tableName: string | null
  readonly columnName: string | null
  readonly grantOption: boolean
  readonly origin: 'G' | 'I'
}

/** What is in force for a principal: own and group entries united, and implicit ones (W6). */
export function effectiveRows(model: AccessModel, principal: Principal): readonly PermissionRow[] {
  return rowsOf(model.schema, effectiveSources(model, principal))
}

/** The same with DATABASE ADMIN as what it stands for: active_permissions(). */
export function expandedRows(model: AccessModel, principal: Principal): readonly PermissionRow[] {
  const sources = effectiveSources(model, principal)
  const isAdmin = sources.some((source) => source.database.has(databaseAdmin))
  return rowsOf(model.schema, isAdmin ? [...sources, everythingFor(principal)] : sources)
}

/** Every permission at the database with the option to grant it, but DATABASE ADMIN (L8, D19). */
function everythingFor(principal: Principal): GranteeEntries {
  return permissions
    .filter(({ name }) => name !== databaseAdmin)
    .reduce(
      (entries, { name }) => withEntry(entries, entryOfEverything(principal, name)),
      noEntries,
    )
}

function entryOfEverything(principal: Principal, permission: PermissionName): Entry {
  const { key: grantee, name: granteeName } = principal
  return { grantee, granteeName, permission, scope: { kind: 'Database' }, grantOption: true }
}

/** Own entries in force: neither inherited nor implicit: active_grants(). */
export function ownRows(model: AccessModel, principal: Principal): readonly PermissionRow[] {
  return toRows(placedEntries(model.schema, entriesOf(model, principal.key)))
}

function rowsOf(schema: Schema, sources: readonly GranteeEntries[]): readonly PermissionRow[] {
  const union = unite(sources)
  const explicit = placedEntries(schema, union).filter(({ entry }) => !isRedundant(union, entry))
  return toRows([...explicit, ...implicitRows(schema, sources)])
}

/** The union of entries; the option is there if it is in any of them (G5). */
function unite(sources: readonly GranteeEntries[]): GranteeEntries {
  let union = noEntries
  for (const source of sources) {
    for (const entry of allEntries(source)) {
      const known = entryAt(union, entry.permission, entry.scope)
      if (known?.grantOption !== true) union = withEntry(union, entry)
    }
  }
  return union
}

/** G14, over the union. */
function isRedundant(union: GranteeEntries, entry: Entry): boolean {
  return widerEntries(union, entry.permission, entry.scope).some(
    (above) => above.grantOption || !entry.grantOption,
  )
}

interface PlacedColumn {
  readonly name: string
  /** From 0, in table order. */
  readonly place: number
}

/** A row and where it sorts. */
interface Placed {
  readonly permission: PermissionName
  readonly relation: Relation | undefined
  readonly column: PlacedColumn | undefined
  readonly grantOption: boolean
  readonly origin: 'G' | 'I'
}

interface PlacedEntry extends Placed {
  readonly entry: Entry
}

/** Entries of which the table and the column exist; the others are dormant (G7, G50). */
function placedEntries(schema: Schema, entries: GranteeEntries): readonly PlacedEntry[] {
  return [...allEntries(entries)].flatMap((entry): readonly PlacedEntry[] => {
    const { permission, scope, grantOption } = entry
    const row = { entry, permission, grantOption, origin: 'G' } as const
    if (scope.kind === 'Database') return [{ ...row, relation: undefined, column: undefined }]
    const relation = schema.relation(scope.relation.key)
    if (relation === undefined) return []
    if (scope.kind === 'Table') return [{ ...row, relation, column: undefined }]
    return columnsOf(relation)
      .filter(({ key }) => key === scope.column.key)
      .map((column) => ({ ...row, relation, column }))
  })
}

/** The columns that can be granted: those of views cannot (G50). */
function columnsOf(relation: Relation): readonly (PlacedColumn & { readonly key: FoldedName })[] {
  if (relation.kind === 'View') return []
  return relation.columns.map(({ key, name }, place) => ({ key, name, place }))
}

/** G38. Only relations with column entries can have any. */
function implicitRows(schema: Schema, sources: readonly GranteeEntries[]): readonly Placed[] {
  const keys = new Set(sources.flatMap((source) => [...source.relations.keys()]))
  return [...keys].flatMap((key) => {
    const relation = schema.relation(key)
    if (relation === undefined) return []
    return implicitPermissions.flatMap((permission) => {
      const designated = implicitColumn(sources, permission, relation)
      return columnsOf(relation)
        .filter(({ key }) => key === designated?.key)
        .map((column): Placed => ({
          permission,
          relation,
          column,
          grantOption: false,
          origin: 'I',
        }))
    })
  })
}

function toRows(placed: readonly Placed[]): readonly PermissionRow[] {
  return placed.toSorted(comparePlaced).map((row) => ({
    permission: row.permission,
    tableName: row.relation === undefined ? null : displayRelation(row.relation),
    columnName: row.column?.name ?? null,
    grantOption: row.grantOption,
    origin: row.origin,
  }))
}

/** W9: table, nulls first; place of the column, nulls first; permission; G before I. */
function comparePlaced(a: Placed, b: Placed): number {
  return (
    compareTables(a.relation, b.relation) ||
    (a.column?.place ?? -1) - (b.column?.place ?? -1) ||
    (a.permission < b.permission ? -1 : 1)
  )
}

function compareTables(a: Relation | undefined, b: Relation | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined)
  return compareNames(displayRelation(a), displayRelation(b))
}
