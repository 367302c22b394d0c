/** CREATE, ALTER and DROP of principals, and memberships (questdb-rbac.md, sections 1 and 7). */
import {
  adminCannotBeAltered,
  aliasDoesNotExist,
  aliasInUse,
  inUseByThisSession,
  invalidName,
  nameInUse,
  principalDoesNotExist,
  tokenDoesNotExist,
} from './access-errors.ts'
import { unreachable } from '../errors/unreachable.ts'
import { allEntries } from './access-entries.ts'
import type { Actor } from './actor.ts'
import type {
  AlterPrincipal,
  ChangeMembership,
  CreatePrincipal,
  DropPrincipal,
  NamedKey,
  PrincipalAction,
} from './change.ts'
import type { Draft } from './draft.ts'
import type { Principal, PrincipalKind, RestToken } from './effect.ts'
import {
  entriesOf,
  groupsOf,
  isAdminName,
  linksOf,
  membersOf,
  principalNamed,
  type AccessModel,
} from './model.ts'
import { foldName } from './names.ts'
import { putOwnerLink } from './owner.ts'
import { removeEntry } from './put-entry.ts'

/** @throws SqlError 42602 (N6), 42710 (N2, N7), and those of the owner clause (G53) */
export function applyCreatePrincipal(draft: Draft, change: CreatePrincipal, actor: Actor): void {
  const { name, principalKind: kind } = change
  if (!isValidName(draft.model, name.name)) throw invalidName(name)
  const existing = principalNamed(draft.model, name.key)
  // Of another kind, the name is in use in spite of IF NOT EXISTS (D1).
  if (change.ifNotExists && existing?.kind === kind) return
  if (existing !== undefined || isAdminName(draft.model, name.key)) throw nameInUse(name)
  const aliases = change.externalAlias === undefined ? [] : [change.externalAlias]
  for (const alias of aliases)
    if (groupWithAlias(draft.model, alias) !== undefined) throw aliasInUse()
  const principal: Principal = {
    id: change.id,
    kind,
    name: name.name,
    key: name.key,
    enabled: true,
    hasPassword: change.password?.kind === 'SetPassword',
    restTokens: [],
    externalAliases: aliases,
  }
  draft.emit({ kind: 'PutPrincipal', principal })
  if (change.password?.kind === 'SetPassword') {
    draft.emit({ kind: 'SetPasswordHash', id: change.id, hash: change.password.hash })
  }
  if (kind === 'ServiceAccount') {
    // Links that waited for the name vanish: it cannot have any (U1).
    for (const { account } of linksOf(draft.model, name.key)) {
      draft.emit({ kind: 'DeleteLink', grantee: name.key, account })
    }
    putOwnerLink(draft, { account: principal, actor, ownedBy: change.ownedBy })
  }
}

/** N6, D4. */
function isValidName(model: AccessModel, name: string): boolean {
  const length = Array.from(name).length
  return (
    length >= 1 &&
    length <= model.nameLengthMax &&
    name.trim() === name &&
    !hasForbiddenCharacter(name) &&
    foldName(name) !== '_sso'
  )
}

function hasForbiddenCharacter(name: string): boolean {
  return Array.from(name).some((character) => {
    return character < ' ' || character === '\u007f' || character === ':'
  })
}

function groupWithAlias(model: AccessModel, alias: string): Principal | undefined {
  return model.principals.find((principal) => principal.externalAliases.includes(alias))
}

/** @throws SqlError 0LP01 for the built-in admin (A3), 42704 for a name of no such principal (M1) */
export function applyAlterPrincipal(draft: Draft, change: AlterPrincipal): void {
  refuseAdmin(draft.model, change)
  const principal = requirePrincipal(draft.model, change.principalKind, change.name)
  const { action } = change
  if (action.kind === 'SetPassword' || action.kind === 'RemovePassword') {
    const hash = action.kind === 'SetPassword' ? { hash: action.hash } : {}
    draft.emit({ kind: 'SetPasswordHash', id: principal.id, ...hash })
    return
  }
  draft.emit({ kind: 'PutPrincipal', principal: altered(draft.model, principal, action) })
}

function altered(
  model: AccessModel,
  principal: Principal,
  action: Exclude<PrincipalAction, { readonly kind: 'SetPassword' | 'RemovePassword' }>,
): Principal {
  switch (action.kind) {
    case 'Enable':
      return { ...principal, enabled: true }
    case 'Disable':
      return { ...principal, enabled: false }
    case 'SetJwk':
      return { ...principal, jwk: { x: action.x, y: action.y } }
    case 'DropJwk': {
      const { jwk: _dropped, ...rest } = principal
      return rest
    }
    case 'AddRestToken':
      return { ...principal, restTokens: [...principal.restTokens, action.token] }
    case 'DropRestToken':
      return { ...principal, restTokens: tokensWithout(principal, action) }
    case 'AddExternalAlias':
      return withAlias(model, principal, action.alias)
    case 'DropExternalAlias':
      return withoutAlias(principal, action.alias)
    default:
      return unreachable(action)
  }
}

/** Without the token of that hash, which must be live (S13); without hash, without any. */
function tokensWithout(
  principal: Principal,
  action: Extract<PrincipalAction, { readonly kind: 'DropRestToken' }>,
): readonly RestToken[] {
  if (action.hash === undefined) return []
  const isDropped = (token: RestToken): boolean =>
    token.hash === action.hash && token.expiresAtMicros > action.nowMicros
  if (!principal.restTokens.some(isDropped)) throw tokenDoesNotExist()
  return principal.restTokens.filter((token) => !isDropped(token))
}

/** An alias belongs to at most one group (N7). */
function withAlias(model: AccessModel, group: Principal, alias: string): Principal {
  const holder = groupWithAlias(model, alias)
  if (holder !== undefined && holder.id !== group.id) throw aliasInUse()
  if (holder !== undefined) return group
  return { ...group, externalAliases: [...group.externalAliases, alias] }
}

function withoutAlias(group: Principal, alias: string): Principal {
  if (!group.externalAliases.includes(alias)) throw aliasDoesNotExist()
  return { ...group, externalAliases: group.externalAliases.filter((one) => one !== alias) }
}

/** Removes a principal and all that is its own or about it (G49). A session cannot drop itself (M3). */
export function applyDropPrincipal(draft: Draft, change: DropPrincipal, actor: Actor): void {
  refuseAdmin(draft.model, change)
  // A principal of another kind is not found either (M1).
  const isThere = principalNamed(draft.model, change.name.key)?.kind === change.principalKind
  if (change.ifExists && !isThere) return
  const principal = requirePrincipal(draft.model, change.principalKind, change.name)
  for (const inUse of [actor.login, actor.effective]) {
    if (inUse.kind === 'Stored' && inUse.id === principal.id) throw inUseByThisSession(principal)
  }
  for (const entry of allEntries(entriesOf(draft.model, principal.key))) removeEntry(draft, entry)
  dropMemberships(draft, principal)
  dropLinks(draft, principal)
  draft.emit({ kind: 'DeletePrincipal', id: principal.id })
}

function dropMemberships(draft: Draft, principal: Principal): void {
  for (const group of groupsOf(draft.model, principal.id)) {
    draft.emit({ kind: 'DeleteMembership', user: principal.id, group: group.id })
  }
  for (const user of membersOf(draft.model, principal.id)) {
    draft.emit({ kind: 'DeleteMembership', user: user.id, group: principal.id })
  }
}

/** Links both ways: what it may assume, and who may assume it. */
function dropLinks(draft: Draft, principal: Principal): void {
  for (const [grantee, links] of draft.model.links) {
    for (const account of links.keys()) {
      if (grantee === principal.key || account === principal.id) {
        draft.emit({ kind: 'DeleteLink', grantee, account })
      }
    }
  }
}

/** ADD USER and REMOVE USER; doing what is done already is success. Members are users only (M6). */
export function applyChangeMembership(draft: Draft, change: ChangeMembership): void {
  const user = requirePrincipal(draft.model, 'User', change.user)
  for (const name of change.groups) {
    const group = requirePrincipal(draft.model, 'Group', name)
    const isMember = draft.model.groupsOf.get(user.id)?.has(group.id) === true
    if (change.action === 'Add' && !isMember) {
      draft.emit({ kind: 'PutMembership', user: user.id, group: group.id })
    }
    if (change.action === 'Remove' && isMember) {
      draft.emit({ kind: 'DeleteMembership', user: user.id, group: group.id })
    }
  }
}

/** ALTER USER and DROP USER do not take the built-in admin (A3); for other kinds it is not there (M1). */
function refuseAdmin(model: AccessModel, change: AlterPrincipal | DropPrincipal): void {
  if (change.principalKind === 'User' && isAdminName(model, change.name.key)) {
    throw adminCannotBeAltered(change.name)
  }
}

/** The principal of that kind and name (M1). */
export function requirePrincipal(
  model: AccessModel,
  kind: PrincipalKind,
  said: NamedKey,
): Principal {
  const principal = principalNamed(model, said.key)
  if (principal?.kind !== kind) throw principalDoesNotExist(kind, said)
  return principal
}
