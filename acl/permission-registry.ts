/**
 * The registry of permissions (questdb-rbac.md, section 4). Its rows are data; what is derived from
 * them (granularity, what has a meaning for what) is here.
 */
import type { Brand } from '../errors/brand.ts'
import { invariant } from '../errors/invariant.ts'
import rows from './data/permissions.json' with { type: 'json' }

/** A permission that can be stored: of the registry, but neither ALL nor ASSUME SERVICE ACCOUNT. */
export type PermissionName = Brand<string, 'PermissionName'>

/** A permission's lowest level (L1). */
export type Granularity = 'Database' | 'Table' | 'Column'

/** A permission that can be stored. */
export interface Permission {
  readonly name: PermissionName
  /** Its place among {@link permissions}: bit sets over permissions use it. */
  readonly index: number
  readonly granularity: Granularity
  /** Kinds of relation or other object for which it has a meaning, as in the registry. */
  readonly appliesTo: readonly string[]
}

/** A row of `all_permissions()` (W19). */
export interface PermissionDescription {
  readonly name: string
  /** `Database`, `Database|Table` or `Database|Table|Column`. */
  readonly level: string
  readonly description: string
}

const wordOfLevel: Readonly<Record<string, string>> = {
  database: 'Database',
  table: 'Table',
  column: 'Column',
}

/** Everything that can be stored, in the order of the registry. */
export const permissions: readonly Permission[] = rows
  .filter((row) => row.name !== 'ALL' && row.levels.length > 0)
  .map((row, index) => ({
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one maker of the brand
    name: row.name as PermissionName,
    index,
    granularity: lowestOf(row.levels),
    appliesTo: row.appliesTo,
  }))

/** The registry with ALL and without ASSUME SERVICE ACCOUNT, by name (W19). */
export const permissionDescriptions: readonly PermissionDescription[] = rows
  .filter((row) => row.levels.length > 0)
  .map((row) => ({
    name: row.name,
    level: row.levels.map((level) => wordOfLevel[level]).join('|'),
    description: row.description,
  }))
  .toSorted((a, b) => (a.name < b.name ? -1 : 1))

const byName: ReadonlyMap<string, Permission> = new Map(permissions.map((row) => [row.name, row]))

/** Holds everything (L8). */
export const databaseAdmin: PermissionName = permission('DATABASE ADMIN')

/** Permissions that reach relations: of table or column granularity. */
export const relationPermissions: readonly Permission[] = permissions.filter(
  (row) => row.granularity !== 'Database',
)

/** Permissions that can be held on single columns. */
export const columnPermissions: readonly Permission[] = permissions.filter(
  (row) => row.granularity === 'Column',
)

/** The permission of that name, as a statement writes it: upper case, single blanks. */
export function permissionNamed(text: string): PermissionName | undefined {
  return byName.get(text)?.name
}

/** A permission that the program itself names: a slip in it is a bug. */
export function permission(text: string): PermissionName {
  const name = permissionNamed(text)
  invariant(name, `${text} is a permission`)
  return name
}

/** What the registry says of a permission. */
export function describePermission(name: PermissionName): Permission {
  const found = byName.get(name)
  invariant(found, `${name} is a permission`)
  return found
}

export function granularityOf(name: PermissionName): Granularity {
  return describePermission(name).granularity
}

/** Whether a permission has a meaning for relations of a kind (G12). */
export function appliesTo(name: PermissionName, kind: 'Table' | 'View'): boolean {
  return describePermission(name).appliesTo.includes(kind === 'Table' ? 'table' : 'view')
}

function lowestOf(levels: readonly string[]): Granularity {
  if (levels.includes('column')) return 'Column'
  return levels.includes('table') ? 'Table' : 'Database'
}
