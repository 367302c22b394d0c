/**
 * Effects are what a change comes to, fact by fact: what the catalog stores, and what a model is
 * rebuilt from at start. `apply` (acl/apply.ts) computes them, `applyEffect` (acl/model.ts) folds one
 * into a model. They carry no secrets but the ones to be stored, as hashes.
 */
import type { Epoch, FoldedName, Oid, PrincipalId, RelationKey } from './names.ts'
import type { PermissionName } from './permission-registry.ts'
import type { Scope } from './requirement.ts'
import type { Relation } from './schema.ts'

export type PrincipalKind = 'User' | 'Group' | 'ServiceAccount'

/** A stored principal. What it authenticates with is said, the secrets themselves are not here. */
export interface Principal {
  readonly id: PrincipalId
  readonly kind: PrincipalKind
  /** As created. */
  readonly name: string
  readonly key: FoldedName
  readonly enabled: boolean
  readonly hasPassword: boolean
  /** Public key of the JWK, base64url. */
  readonly jwk?: { readonly x: string; readonly y: string }
  readonly restTokens: readonly RestToken[]
  /** Groups only (N7). */
  readonly externalAliases: readonly string[]
}

/** A REST token as remembered: never the token itself. */
export interface RestToken {
  /** SHA-256 of the token, hex. */
  readonly hash: string
  /** Microseconds since 1970. */
  readonly expiresAtMicros: bigint
  readonly ttlSeconds: number
  readonly refresh: boolean
}

/** An entry's key and option (rule G1). The grantee is a name; it need not exist. */
export interface Entry {
  readonly grantee: FoldedName
  /** As written by who granted, for dumps while the grantee does not exist. */
  readonly granteeName: string
  readonly permission: PermissionName
  readonly scope: Scope
  readonly grantOption: boolean
}

export type Effect =
  | { readonly kind: 'PutPrincipal'; readonly principal: Principal }
  /** Removes the row only; entries, memberships and links go by effects of their own. */
  | { readonly kind: 'DeletePrincipal'; readonly id: PrincipalId }
  /** argon2id hash in PHC string form; absent: no password. */
  | { readonly kind: 'SetPasswordHash'; readonly id: PrincipalId; readonly hash?: string }
  | { readonly kind: 'PutMembership'; readonly user: PrincipalId; readonly group: PrincipalId }
  | { readonly kind: 'DeleteMembership'; readonly user: PrincipalId; readonly group: PrincipalId }
  | { readonly kind: 'PutEntry'; readonly entry: Entry }
  | {
      readonly kind: 'DeleteEntry'
      readonly grantee: FoldedName
      readonly permission: PermissionName
      readonly scope: Scope
    }
  /** A link to a service account (G2); the grantee is a name and may be waited for. */
  | {
      readonly kind: 'PutLink'
      readonly grantee: FoldedName
      readonly granteeName: string
      readonly account: PrincipalId
      readonly grantOption: boolean
    }
  | { readonly kind: 'DeleteLink'; readonly grantee: FoldedName; readonly account: PrincipalId }
  /** Creates the relation or replaces it (a column more, another name: then after DeleteRelation). */
  | { readonly kind: 'PutRelation'; readonly relation: Relation }
  | { readonly kind: 'DeleteRelation'; readonly key: RelationKey; readonly oid: Oid }

/** Everything one acknowledged transaction did, as the catalog stores it. */
export interface Commit {
  readonly epoch: Epoch
  readonly effects: readonly Effect[]
  readonly audit: readonly AuditRecord[]
}

/** One row of the append-only record: who did what when, under which list. */
export interface AuditRecord {
  readonly atMicros: bigint
  readonly loginPrincipal: string
  readonly effectivePrincipal: string
  /** Command tag, e.g. `GRANT`. */
  readonly action: string
  /** The statement's text with secrets replaced by `'***'` (S16). */
  readonly statement: string
}
