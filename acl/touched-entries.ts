import { entryAt, narrowerEntries, type GranteeEntries } from './access-entries.ts'
import type { Entry } from './effect.ts'
import { scopesOf, type AskedTarget } from './grant-targets.ts'
import type { PermissionName } from './permission-registry.ts'

/** What of a grantee's entries a REVOKE would remove, and what it would push down (questdb-rbac.md, G32, G33). */
export interface TouchedEntries {
  readonly removed: readonly Entry[]
  readonly pushedDown: readonly Entry[]
}

export function touchedEntries(
  entries: GranteeEntries,
  permission: PermissionName,
  target: AskedTarget,
): TouchedEntries {
  const database = { kind: 'Database' } as const
  const atDatabase = ifHeld(entryAt(entries, permission, database))
  if (target.kind === 'Database') {
    const below = narrowerEntries(entries, permission, database)
    return { removed: [...atDatabase, ...below], pushedDown: [] }
  }
  const table = { kind: 'Table', relation: target.relation } as const
  const atTable = ifHeld(entryAt(entries, permission, table))
  if (target.kind === 'Table') {
    const removed = [...atTable, ...narrowerEntries(entries, permission, table)]
    return { removed, pushedDown: atDatabase }
  }
  const removed = scopesOf(target).flatMap((scope) => ifHeld(entryAt(entries, permission, scope)))
  return { removed, pushedDown: [...atDatabase, ...atTable] }
}

function ifHeld(entry: Entry | undefined): readonly Entry[] {
  return entry === undefined ? [] : [entry]
}
