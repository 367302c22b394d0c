/**
 * The entries of one grantee name (questdb-rbac.md, G1), ordered by what they are on: the questions
 * that are asked most are about one relation. Persistent: a change shares all that it does not touch.
 * Empty levels are left out, so that what is there says something.
 */
import { Map as PersistentMap } from 'immutable'
import type { Entry } from './effect.ts'
import type { FoldedName, RelationKey } from './names.ts'
import type { PermissionName } from './permission-registry.ts'
import type { Scope } from './requirement.ts'

export type PermissionEntries = PersistentMap<PermissionName, Entry>

/** The entries at one relation's name and at names of columns in it. */
export interface RelationEntries {
  readonly table: PermissionEntries
  readonly columns: PersistentMap<FoldedName, PermissionEntries>
}

/** All entries of one grantee. */
export interface GranteeEntries {
  readonly database: PermissionEntries
  readonly relations: PersistentMap<RelationKey, RelationEntries>
}

export const noEntries: GranteeEntries = { database: PersistentMap(), relations: PersistentMap() }

const noRelationEntries: RelationEntries = { table: PersistentMap(), columns: PersistentMap() }

/** Makes the entry, or replaces the one at the same permission and scope. */
export function withEntry(entries: GranteeEntries, entry: Entry): GranteeEntries {
  return update(entries, entry.scope, (at) => at.set(entry.permission, entry))
}

/** Without the entry at that permission and scope, if there is one. */
export function withoutEntry(
  entries: GranteeEntries,
  permission: PermissionName,
  scope: Scope,
): GranteeEntries {
  return update(entries, scope, (at) => at.delete(permission))
}

function update(
  entries: GranteeEntries,
  scope: Scope,
  change: (at: PermissionEntries) => PermissionEntries,
): GranteeEntries {
  if (scope.kind === 'Database') return { ...entries, database: change(entries.database) }
  const key = scope.relation.key
  const old = entries.relations.get(key, noRelationEntries)
  const relation =
    scope.kind === 'Table'
      ? { ...old, table: change(old.table) }
      : { ...old, columns: updateColumn(old.columns, scope.column.key, change) }
  const isEmpty = relation.table.isEmpty() && relation.columns.isEmpty()
  const relations = isEmpty ? entries.relations.delete(key) : entries.relations.set(key, relation)
  return { ...entries, relations }
}

function updateColumn(
  columns: RelationEntries['columns'],
  key: FoldedName,
  change: (at: PermissionEntries) => PermissionEntries,
): RelationEntries['columns'] {
  const column = change(columns.get(key, PersistentMap<PermissionName, Entry>()))
  return column.isEmpty() ? columns.delete(key) : columns.set(key, column)
}

/** Whether nothing is granted here. */
export function isEmptyEntries(entries: GranteeEntries): boolean {
  return entries.database.isEmpty() && entries.relations.isEmpty()
}

/** The entry at exactly that permission and scope. */
export function entryAt(
  entries: GranteeEntries,
  permission: PermissionName,
  scope: Scope,
): Entry | undefined {
  if (scope.kind === 'Database') return entries.database.get(permission)
  const relation = entries.relations.get(scope.relation.key)
  if (scope.kind === 'Table') return relation?.table.get(permission)
  return relation?.columns.get(scope.column.key)?.get(permission)
}

/** The entries of the permission whose scope covers this one and is wider. */
export function widerEntries(
  entries: GranteeEntries,
  permission: PermissionName,
  scope: Scope,
): readonly Entry[] {
  if (scope.kind === 'Database') return []
  const wider = [entries.database.get(permission)]
  if (scope.kind === 'Column') {
    wider.push(entries.relations.get(scope.relation.key)?.table.get(permission))
  }
  return wider.filter((entry) => entry !== undefined)
}

/** Whether an entry of the permission covers a scope (G6). */
export function isCovered(
  entries: GranteeEntries,
  permission: PermissionName,
  scope: Scope,
): boolean {
  return (
    entryAt(entries, permission, scope) !== undefined ||
    widerEntries(entries, permission, scope).length > 0
  )
}

/** The entries of the permission at scopes that this one covers, itself left out. */
export function narrowerEntries(
  entries: GranteeEntries,
  permission: PermissionName,
  scope: Scope,
): readonly Entry[] {
  if (scope.kind === 'Database') {
    return [...entries.relations.values()].flatMap((relation) => entriesOn(relation, permission))
  }
  const relation = entries.relations.get(scope.relation.key)
  if (scope.kind === 'Column' || relation === undefined) return []
  return columnEntries(relation, permission)
}

/** The entries of the permission at a relation and its columns. */
export function entriesOn(relation: RelationEntries, permission: PermissionName): readonly Entry[] {
  const table = relation.table.get(permission)
  const columns = columnEntries(relation, permission)
  return table === undefined ? columns : [table, ...columns]
}

function columnEntries(relation: RelationEntries, permission: PermissionName): readonly Entry[] {
  return [...relation.columns.values()].flatMap((column) => column.get(permission) ?? [])
}

/** Every entry at a relation's name, columns included. */
export function* allEntriesOn(relation: RelationEntries): Generator<Entry> {
  yield* relation.table.values()
  for (const column of relation.columns.values()) yield* column.values()
}

/** Every entry. */
export function* allEntries(entries: GranteeEntries): Generator<Entry> {
  yield* entries.database.values()
  for (const relation of entries.relations.values()) yield* allEntriesOn(relation)
}
