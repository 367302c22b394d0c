/** What whoever creates an object gets on it (questdb-rbac.md, 6.9). */
import { accountsCannotAssume, ownedByRequired, principalDoesNotExist } from './access-errors.ts'
import type { Actor } from './actor.ts'
import { putLink } from './assume-links.ts'
import type { NamedKey } from './change.ts'
import type { Draft } from './draft.ts'
import type { Principal } from './effect.ts'
import { isAdminName, principalNamed, storedPrincipal } from './model.ts'
import type { RelationName } from './names.ts'
import { appliesTo, columnPermissions, relationPermissions } from './permission-registry.ts'
import { putEntry } from './put-entry.ts'
import type { Scope } from './requirement.ts'
import type { Column, Relation } from './schema.ts'

/** Who made it, and who shall have it instead. */
export interface Maker {
  readonly actor: Actor
  readonly ownedBy: NamedKey | undefined
}

/**
 * Whom the owner entries go to: OWNED BY, else the effective principal. Nobody for the built-in admin
 * (A5, D6).
 * @throws SqlError 42704 if OWNED BY names nobody
 */
function ownerOf(draft: Draft, { actor, ownedBy }: Maker): Principal | undefined {
  if (ownedBy === undefined) return storedPrincipal(draft.model, actor.effective)
  if (isAdminName(draft.model, ownedBy.key)) return undefined
  const owner = principalNamed(draft.model, ownedBy.key)
  if (owner === undefined) throw principalDoesNotExist('Entity', ownedBy)
  return owner
}

/** Every permission that applies to the kind, on the whole relation. */
export function putRelationOwner(draft: Draft, relation: Relation, maker: Maker): void {
  const owner = ownerOf(draft, maker)
  if (owner === undefined) return
  for (const { name } of relationPermissions) {
    if (appliesTo(name, relation.kind)) putOwnerEntry(draft, owner, name, tableScope(relation))
  }
}

/** Every permission of column granularity, on each new column. */
export function putColumnsOwner(
  draft: Draft,
  relation: Relation,
  columns: readonly Column[],
  maker: Maker,
): void {
  const owner = ownerOf(draft, maker)
  if (owner === undefined) return
  for (const { key, name } of columns) {
    const scope: Scope = { kind: 'Column', relation: nameOf(relation), column: { key, name } }
    for (const one of columnPermissions) putOwnerEntry(draft, owner, one.name, scope)
  }
}

/** The link to a new service account, which no service account can have (D28). */
export function putOwnerLink(draft: Draft, made: Maker & { readonly account: Principal }): void {
  const owner = ownerOf(draft, made)
  if (owner === undefined) return
  if (owner.kind === 'ServiceAccount') {
    throw made.ownedBy === undefined ? ownedByRequired() : accountsCannotAssume(made.ownedBy)
  }
  putLink(draft, { grantee: owner, account: made.account, grantOption: true })
}

function putOwnerEntry(
  draft: Draft,
  owner: Principal,
  permission: (typeof relationPermissions)[number]['name'],
  scope: Scope,
): void {
  const grantee = owner.key
  putEntry(draft, { grantee, granteeName: owner.name, permission, scope, grantOption: true })
}

function tableScope(relation: Relation): Scope {
  return { kind: 'Table', relation: nameOf(relation) }
}

function nameOf({ key, schema, name }: Relation): RelationName {
  return { key, schema, name }
}
