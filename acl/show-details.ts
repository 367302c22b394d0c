/** Who may look at a principal, and whom a SHOW is about (questdb-rbac.md, 9.3, S17, U9). */
import { principalDoesNotExist, type PrincipalWord } from './access-errors.ts'
import type { Actor } from './actor.ts'
import { requirePermissions } from './authorize.ts'
import type { Principal } from './effect.ts'
import { effectiveLinks } from './grant-option.ts'
import {
  groupsOf,
  isAdminName,
  principalNamed,
  storedPrincipal,
  type AccessModel,
} from './model.ts'
import { foldName } from './names.ts'
import { permission } from './permission-registry.ts'

/** Whom a SHOW is about: a stored principal, or the built-in admin, about whom there is little to show. */
export type Shown =
  { readonly kind: 'Stored'; readonly principal: Principal } | { readonly kind: 'BuiltInAdmin' }

/** By what association, beside being oneself, a principal may be looked at without USER DETAILS. */
export type Association = 'Group' | 'ServiceAccount'

const userDetails = permission('USER DETAILS')

/** The effective principal: what SHOW without a name is about (W4). */
export function shownSelf(model: AccessModel, actor: Actor, word: PrincipalWord): Shown {
  if (actor.effective.kind === 'BuiltInAdmin') return { kind: 'BuiltInAdmin' }
  const principal = storedPrincipal(model, actor.effective)
  if (principal === undefined) throw principalDoesNotExist(word, actor.effective)
  return { kind: 'Stored', principal }
}

/**
 * The principal of that name, for whoever may look at it.
 * @throws SqlError 42501 without USER DETAILS, whether or not the name exists (W12); 42704 if it does not
 */
export function shownNamed(
  model: AccessModel,
  actor: Actor,
  name: string,
  looked: { readonly word: PrincipalWord; readonly throughAny: readonly Association[] },
): Shown {
  const key = foldName(name)
  const principal = principalNamed(model, key)
  const isOpen = principal !== undefined && isAssociated(model, actor, principal, looked.throughAny)
  if (!isOpen) requirePermissions(model, actor, [userDetails])
  if (isAdminName(model, key) && model.admin.enabled) return { kind: 'BuiltInAdmin' }
  if (principal === undefined) throw principalDoesNotExist(looked.word, { name })
  return { kind: 'Stored', principal }
}

/** Oneself, a group that one is a member of, a service account that one has a link to. */
function isAssociated(
  model: AccessModel,
  { effective }: Actor,
  principal: Principal,
  throughAny: readonly Association[],
): boolean {
  const self = storedPrincipal(model, effective)
  if (self === undefined) return false
  if (self.id === principal.id) return true
  const isGroup = groupsOf(model, self.id).some(({ id }) => id === principal.id)
  const isAccount = effectiveLinks(model, effective).has(principal.id)
  return (
    (isGroup && throughAny.includes('Group')) ||
    (isAccount && throughAny.includes('ServiceAccount'))
  )
}
