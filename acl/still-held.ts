/** What a REVOKE could not take away (questdb-rbac.md, G23, G24, G59). */
import { isCovered } from './access-entries.ts'
import type { Draft } from './draft.ts'
import type { Principal } from './effect.ts'
import { effectiveSources } from './effective-list.ts'
import { scopesOf, type AskedTarget } from './grant-targets.ts'
import { implicitColumn } from './implicit.ts'
import { entriesOf, groupsOf, principalNamed, type AccessModel } from './model.ts'
import { displayRelation, type FoldedName } from './names.ts'
import { granularityOf, type PermissionName } from './permission-registry.ts'
import type { Scope } from './requirement.ts'

/** Says where a permission still holds through a group or implicitly. */
export function notifyStillHeld(
  draft: Draft,
  grantee: FoldedName,
  permission: PermissionName,
  target: AskedTarget,
): void {
  const principal = principalNamed(draft.model, grantee)
  if (principal === undefined) return
  for (const scope of scopesOf(target)) {
    const what = `${principal.name} still holds ${describe(permission, scope)}`
    for (const group of groupsOf(draft.model, principal.id)) {
      const entries = entriesOf(draft.model, group.key)
      if (isCovered(entries, permission, scope)) draft.notify(`${what} through group ${group.name}`)
    }
    if (isImplicit(draft.model, principal, permission, scope)) draft.notify(`${what} implicitly`)
  }
}

function describe(permission: PermissionName, scope: Scope): string {
  if (scope.kind === 'Database') {
    return granularityOf(permission) === 'Database' ? permission : `${permission} on ALL TABLES`
  }
  const table = displayRelation(scope.relation)
  return `${permission} on ${scope.kind === 'Table' ? table : `${table}(${scope.column.name})`}`
}

function isImplicit(
  model: AccessModel,
  principal: Principal,
  permission: PermissionName,
  scope: Scope,
): boolean {
  if (scope.kind !== 'Column') return false
  const relation = model.schema.relation(scope.relation.key)
  if (relation === undefined) return false
  const column = implicitColumn(effectiveSources(model, principal), permission, relation)
  return column?.key === scope.column.key
}
