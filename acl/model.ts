/**
 * The access model: an immutable snapshot of principals, memberships, links, entries and the schema
 * (architecture.md, "The access model"). A statement runs against one; `applyEffect` makes the next.
 */
import { Map as PersistentMap, Set as PersistentSet } from 'immutable'
import { invariant } from '../errors/invariant.ts'
import { unreachable } from '../errors/unreachable.ts'
import {
  isEmptyEntries,
  noEntries,
  withEntry,
  withoutEntry,
  type GranteeEntries,
} from './access-entries.ts'
import type { PrincipalReference } from './actor.ts'
import type { Effect, Principal } from './effect.ts'
import { firstEpoch, foldName, type Epoch, type FoldedName, type PrincipalId } from './names.ts'
import { emptySchema, type SchemaSnapshot } from './schema-snapshot.ts'

/** The right to assume a service account (G2). The grantee need not exist. */
export interface Link {
  readonly granteeName: string
  readonly account: PrincipalId
  readonly grantOption: boolean
}

/** The built-in admin: from the configuration, never stored (section 1.1). */
export interface BuiltInAdmin {
  readonly name: string
  readonly key: FoldedName
  readonly enabled: boolean
}

export interface AccessModel {
  readonly epoch: Epoch
  readonly admin: BuiltInAdmin
  /** In characters (N6). */
  readonly nameLengthMax: number
  readonly principals: PersistentMap<PrincipalId, Principal>
  readonly ids: PersistentMap<FoldedName, PrincipalId>
  readonly groupsOf: PersistentMap<PrincipalId, PersistentSet<PrincipalId>>
  readonly membersOf: PersistentMap<PrincipalId, PersistentSet<PrincipalId>>
  /** By the grantee's name, which need not exist (G44). */
  readonly entries: PersistentMap<FoldedName, GranteeEntries>
  /** By the grantee's name and the account. */
  readonly links: PersistentMap<FoldedName, PersistentMap<PrincipalId, Link>>
  readonly schema: SchemaSnapshot
}

export interface ModelOptions {
  readonly adminName: string
  readonly adminEnabled: boolean
  readonly nameLengthMax: number
}

/** The model of a new server (A1). */
export function emptyModel(options: ModelOptions): AccessModel {
  return {
    epoch: firstEpoch,
    admin: {
      name: options.adminName,
      key: foldName(options.adminName),
      enabled: options.adminEnabled,
    },
    nameLengthMax: options.nameLengthMax,
    principals: PersistentMap(),
    ids: PersistentMap(),
    groupsOf: PersistentMap(),
    membersOf: PersistentMap(),
    entries: PersistentMap(),
    links: PersistentMap(),
    schema: emptySchema,
  }
}

/** The same model under another number. */
export function withEpoch(model: AccessModel, epoch: Epoch): AccessModel {
  return { ...model, epoch }
}

/** The stored principal of that name. */
export function principalNamed(model: AccessModel, key: FoldedName): Principal | undefined {
  const id = model.ids.get(key)
  return id === undefined ? undefined : model.principals.get(id)
}

export function principalById(model: AccessModel, id: PrincipalId): Principal | undefined {
  return model.principals.get(id)
}

/** The stored principal that is referred to, if it still exists; the built-in admin is not stored. */
export function storedPrincipal(
  model: AccessModel,
  reference: PrincipalReference,
): Principal | undefined {
  return reference.kind === 'Stored' ? model.principals.get(reference.id) : undefined
}

/** Whether a name is the built-in admin's; enabled or not, the name is its own (A1). */
export function isAdminName(model: AccessModel, key: FoldedName): boolean {
  return key === model.admin.key
}

/** The groups that a principal is a member of. */
export function groupsOf(model: AccessModel, id: PrincipalId): readonly Principal[] {
  return [...model.groupsOf.get(id, noIds)].map((group) => existingPrincipal(model, group))
}

/** The users that are members of a group. */
export function membersOf(model: AccessModel, id: PrincipalId): readonly Principal[] {
  return [...model.membersOf.get(id, noIds)].map((user) => existingPrincipal(model, user))
}

/** Own entries of a grantee's name. */
export function entriesOf(model: AccessModel, grantee: FoldedName): GranteeEntries {
  return model.entries.get(grantee, noEntries)
}

/** Own links of a grantee's name. */
export function linksOf(model: AccessModel, grantee: FoldedName): readonly Link[] {
  return [...(model.links.get(grantee)?.values() ?? [])]
}

const noIds: PersistentSet<PrincipalId> = PersistentSet()

/** A principal that must exist: what refers to it by number goes when it goes. */
export function existingPrincipal(model: AccessModel, id: PrincipalId): Principal {
  const principal = model.principals.get(id)
  invariant(principal, 'memberships, links and secrets are of principals that exist')
  return principal
}

/** The model after one effect. */
export function applyEffect(model: AccessModel, effect: Effect): AccessModel {
  switch (effect.kind) {
    case 'PutPrincipal':
      return putPrincipal(model, effect.principal)
    case 'DeletePrincipal':
      return deletePrincipal(model, effect.id)
    case 'SetPasswordHash':
      return putPrincipal(model, {
        ...existingPrincipal(model, effect.id),
        hasPassword: effect.hash !== undefined,
      })
    case 'PutMembership':
      return {
        ...model,
        groupsOf: model.groupsOf.update(effect.user, noIds, (ids) => ids.add(effect.group)),
        membersOf: model.membersOf.update(effect.group, noIds, (ids) => ids.add(effect.user)),
      }
    case 'DeleteMembership':
      return {
        ...model,
        groupsOf: model.groupsOf.update(effect.user, noIds, (ids) => ids.delete(effect.group)),
        membersOf: model.membersOf.update(effect.group, noIds, (ids) => ids.delete(effect.user)),
      }
    case 'PutEntry':
      return withEntriesOf(model, effect.entry.grantee, (old) => withEntry(old, effect.entry))
    case 'DeleteEntry':
      return withEntriesOf(model, effect.grantee, (old) =>
        withoutEntry(old, effect.permission, effect.scope),
      )
    case 'PutLink':
    case 'DeleteLink':
      return changeLink(model, effect)
    case 'PutRelation':
      return { ...model, schema: model.schema.with(effect.relation) }
    case 'DeleteRelation':
      return { ...model, schema: model.schema.without(effect.key) }
    default:
      return unreachable(effect)
  }
}

/** The model after effects in order: what `catalog.load()` gives makes the stored model. */
export function applyEffects(model: AccessModel, effects: Iterable<Effect>): AccessModel {
  let result = model
  for (const effect of effects) result = applyEffect(result, effect)
  return result
}

function putPrincipal(model: AccessModel, principal: Principal): AccessModel {
  return {
    ...model,
    principals: model.principals.set(principal.id, principal),
    ids: model.ids.set(principal.key, principal.id),
  }
}

function deletePrincipal(model: AccessModel, id: PrincipalId): AccessModel {
  return {
    ...model,
    principals: model.principals.delete(id),
    ids: model.ids.delete(existingPrincipal(model, id).key),
    groupsOf: model.groupsOf.delete(id),
    membersOf: model.membersOf.delete(id),
  }
}

function withEntriesOf(
  model: AccessModel,
  grantee: FoldedName,
  change: (old: GranteeEntries) => GranteeEntries,
): AccessModel {
  const entries = change(entriesOf(model, grantee))
  return {
    ...model,
    entries: isEmptyEntries(entries)
      ? model.entries.delete(grantee)
      : model.entries.set(grantee, entries),
  }
}

function changeLink(
  model: AccessModel,
  effect: Extract<Effect, { readonly kind: 'PutLink' | 'DeleteLink' }>,
): AccessModel {
  const old = model.links.get(effect.grantee, PersistentMap<PrincipalId, Link>())
  const links =
    effect.kind === 'PutLink'
      ? old.set(effect.account, {
          granteeName: effect.granteeName,
          account: effect.account,
          grantOption: effect.grantOption,
        })
      : old.delete(effect.account)
  return {
    ...model,
    links: links.isEmpty()
      ? model.links.delete(effect.grantee)
      : model.links.set(effect.grantee, links),
  }
}
