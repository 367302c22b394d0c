/** Implicit permissions on the designated timestamp, for whoever wants to show them (questdb-rbac.md, 6.7). */
import { isCovered, type GranteeEntries } from './access-entries.ts'
import { designatedPlace, implicitPermissions } from './effective-list.ts'
import type { PermissionName } from './permission-registry.ts'
import type { Column, Relation } from './schema.ts'

/** The designated timestamp, if it is held by reason of another column alone (G37, G38). */
export function implicitColumn(
  sources: readonly GranteeEntries[],
  permission: PermissionName,
  relation: Relation,
): Column | undefined {
  const designated = relation.columns[designatedPlace(relation) ?? relation.columns.length]
  if (designated === undefined || !implicitPermissions.includes(permission)) return undefined
  const isHeld = (column: Column): boolean =>
    sources.some((source) => isCovered(source, permission, { kind: 'Column', relation, column }))
  if (isHeld(designated)) return undefined
  const isCaused = relation.columns.some(isHeld)
  return isCaused ? designated : undefined
}
