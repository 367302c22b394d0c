/** Who may grant and revoke (questdb-rbac.md, 6.6): grant options, from effective entries and links. */
import { entryAt, widerEntries } from './access-entries.ts'
import type { PrincipalReference } from './actor.ts'
import { effectiveList } from './effective-list.ts'
import { groupsOf, linksOf, storedPrincipal, type AccessModel, type Link } from './model.ts'
import type { PrincipalId } from './names.ts'
import { databaseAdmin, type PermissionName } from './permission-registry.ts'
import type { Scope } from './requirement.ts'

/**
 * Whether a principal may pass a permission on at a scope: an effective entry with the option covers
 * it, or DATABASE ADMIN (not for itself, D19), or it is the built-in admin (G29).
 */
export function holdsGrantOption(
  model: AccessModel,
  reference: PrincipalReference,
  permission: PermissionName,
  scope: Scope,
): boolean {
  if (reference.kind === 'BuiltInAdmin') return true
  const list = effectiveList(model, reference)
  if (list.holdsEverything && permission !== databaseAdmin) return true
  return list.sources.some((source) =>
    [entryAt(source, permission, scope), ...widerEntries(source, permission, scope)].some(
      (entry) => entry?.grantOption === true,
    ),
  )
}

/** A principal's links, own and through its groups; the option is the union's (U2). */
export function effectiveLinks(
  model: AccessModel,
  reference: PrincipalReference,
): ReadonlyMap<PrincipalId, Link> {
  const links = new Map<PrincipalId, Link>()
  const principal = storedPrincipal(model, reference)
  if (principal === undefined) return links
  for (const { key } of [principal, ...groupsOf(model, principal.id)]) {
    for (const link of linksOf(model, key)) {
      const grantOption = link.grantOption || links.get(link.account)?.grantOption === true
      links.set(link.account, { ...link, grantOption })
    }
  }
  return links
}

/** Whether a principal may pass on the right to assume an account (G35). */
export function holdsAssumeOption(
  model: AccessModel,
  reference: PrincipalReference,
  account: PrincipalId | undefined,
): boolean {
  if (effectiveList(model, reference).holdsEverything) return true
  if (account === undefined) return false
  return effectiveLinks(model, reference).get(account)?.grantOption === true
}
