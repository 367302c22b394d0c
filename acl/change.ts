/**
 * Changes are what a statement asks of the model, names resolved to keys and nothing of the syntax
 * left but offsets for errors. `authorizeChange` says whether somebody may, `apply` what it comes to.
 * A transaction keeps its changes and replays them on the newest model at COMMIT (rule X3).
 */
import type { BoundQuery } from '../store/bound.ts'
import type { PrincipalKind, RestToken } from './effect.ts'
import type { FoldedName, Oid, PrincipalId, RelationName } from './names.ts'
import type { DetachedPatch } from './partitions/detached-partition.ts'
import type { PermissionName } from './permission-registry.ts'
import type {
  Column,
  ColumnIndex,
  SymbolStorage,
  Table,
  TableParameters,
  TimeToLive,
} from './schema.ts'

/** A principal's or column's name in a statement: key, words, and where it stands (for errors). */
export interface NamedKey {
  readonly key: FoldedName
  readonly name: string
  readonly offset?: number
}

/** What CREATE ... WITH PASSWORD / NO PASSWORD says. The hash is made before the change is applied. */
export type PasswordChange =
  { readonly kind: 'SetPassword'; readonly hash: string } | { readonly kind: 'RemovePassword' }

export interface CreatePrincipal {
  readonly kind: 'CreatePrincipal'
  readonly principalKind: PrincipalKind
  /** Taken from the catalog's counter before; wasted if the principal exists already. */
  readonly id: PrincipalId
  readonly name: NamedKey
  readonly ifNotExists: boolean
  readonly password?: PasswordChange
  readonly externalAlias?: string
  readonly ownedBy?: NamedKey
}

export type PrincipalAction =
  | { readonly kind: 'Enable' }
  | { readonly kind: 'Disable' }
  | PasswordChange
  | { readonly kind: 'SetJwk'; readonly x: string; readonly y: string }
  | { readonly kind: 'DropJwk' }
  | { readonly kind: 'AddRestToken'; readonly token: RestToken }
  /** By the hash of the token given; absent: all. `nowMicros`: an expired token is an unknown one. */
  | { readonly kind: 'DropRestToken'; readonly hash?: string; readonly nowMicros: bigint }
  | { readonly kind: 'AddExternalAlias'; readonly alias: string }
  | { readonly kind: 'DropExternalAlias'; readonly alias: string }

export interface AlterPrincipal {
  readonly kind: 'AlterPrincipal'
  readonly principalKind: PrincipalKind
  readonly name: NamedKey
  readonly action: PrincipalAction
}

export interface DropPrincipal {
  readonly kind: 'DropPrincipal'
  readonly principalKind: PrincipalKind
  readonly name: NamedKey
  readonly ifExists: boolean
}

export interface ChangeMembership {
  readonly kind: 'ChangeMembership'
  readonly action: 'Add' | 'Remove'
  readonly user: NamedKey
  readonly groups: readonly NamedKey[]
}

/** A permission word of a statement: one permission, or ALL with how it expands decided at apply (L6). */
export type PermissionChoice =
  | { readonly kind: 'One'; readonly permission: PermissionName; readonly offset?: number }
  | { readonly kind: 'All'; readonly offset?: number }

export type ColumnChoice =
  | { readonly kind: 'List'; readonly columns: readonly NamedKey[] }
  | { readonly kind: 'Star'; readonly exclude: readonly NamedKey[]; readonly offset?: number }

export interface GrantTarget {
  readonly relation: RelationName
  readonly columns?: ColumnChoice
  readonly offset?: number
}

export type GrantScope =
  | { readonly kind: 'Database' }
  | { readonly kind: 'AllTables' }
  | { readonly kind: 'Targets'; readonly targets: readonly GrantTarget[] }

export interface GrantChange {
  readonly kind: 'Grant'
  readonly permissions: readonly PermissionChoice[]
  readonly scope: GrantScope
  readonly grantee: NamedKey
  readonly grantOption: boolean
  readonly verification: boolean
}

export interface RevokeChange {
  readonly kind: 'Revoke'
  readonly permissions: readonly PermissionChoice[]
  readonly scope: GrantScope
  readonly grantee: NamedKey
}

export interface GrantAssumeChange {
  readonly kind: 'GrantAssume'
  readonly account: NamedKey
  readonly grantee: NamedKey
  readonly grantOption: boolean
  readonly verification: boolean
}

export interface RevokeAssumeChange {
  readonly kind: 'RevokeAssume'
  readonly account: NamedKey
  readonly grantee: NamedKey
}

/** The effective principal at the time of the statement gets the owner entries, or `ownedBy` does (6.9). */
export interface CreateTableChange {
  readonly kind: 'CreateTable'
  readonly table: Table
  readonly ifNotExists: boolean
  readonly ownedBy?: NamedKey
  readonly offset?: number
}

export interface DropRelationChange {
  readonly kind: 'DropRelation'
  readonly relationKind: 'Table' | 'View'
  readonly relation: RelationName
  /** The one that was bound: at replay another relation of that name is a conflict. */
  readonly oid: Oid
  readonly cascadePermissions: boolean
}

export interface RenameTableChange {
  readonly kind: 'RenameTable'
  readonly relation: RelationName
  readonly oid: Oid
  readonly to: RelationName
}

export interface AddColumnsChange {
  readonly kind: 'AddColumns'
  readonly relation: RelationName
  readonly oid: Oid
  readonly columns: readonly Column[]
  readonly ownedBy?: NamedKey
}

export interface DropColumnsChange {
  readonly kind: 'DropColumns'
  readonly relation: RelationName
  readonly oid: Oid
  readonly attnums: readonly number[]
  readonly cascadePermissions: boolean
}

export interface RenameColumnChange {
  readonly kind: 'RenameColumn'
  readonly relation: RelationName
  readonly oid: Oid
  readonly attnum: number
  readonly to: NamedKey
}

/** What ALTER TABLE ... ALTER COLUMN says about a column; what is absent stays, `null` takes away. */
export interface ColumnPatch {
  readonly type?: Pick<Column, 'type' | 'declaredType'> & {
    /**
     * The column's number from now on, where its rows are other ones: a statement that was planned before finds
     * no column of the old number, so that it cannot take the new values for the old ones.
     */
    readonly attnum?: number
  }
  readonly symbol?: SymbolStorage | null
  readonly index?: ColumnIndex | null
}

export interface AlterColumnChange {
  readonly kind: 'AlterColumn'
  readonly relation: RelationName
  readonly oid: Oid
  readonly attnum: number
  readonly patch: ColumnPatch
}

/** What ALTER TABLE says about a table's storage; what is absent stays, `null` takes away. */
export interface StoragePatch {
  readonly wal?: boolean
  readonly dedupKeys?: readonly number[]
  /** Only the parameters that are named are set. */
  readonly parameters?: TableParameters
  readonly timeToLive?: TimeToLive | null
  readonly suspended?: true | null
  readonly detached?: DetachedPatch
}

export interface AlterStorageChange {
  readonly kind: 'AlterStorage'
  readonly relation: RelationName
  readonly oid: Oid
  readonly patch: StoragePatch
}

export interface CreateViewChange {
  readonly kind: 'CreateView'
  readonly oid: Oid
  readonly relation: RelationName
  readonly columns: readonly Column[]
  readonly text: string
  /** See {@link View}. */
  readonly columnsNamed?: true
  readonly definition: BoundQuery
  /** `Replace`: the view exists and its definition is replaced (ALTER VIEW, OR REPLACE). */
  readonly mode: 'Create' | 'Replace'
  readonly ownedBy?: NamedKey
}

/** Changes of principals and their access. */
export type AccessChange =
  | CreatePrincipal
  | AlterPrincipal
  | DropPrincipal
  | ChangeMembership
  | GrantChange
  | RevokeChange
  | GrantAssumeChange
  | RevokeAssumeChange

/** Changes of what relations there are; authorized by the requirements that the binder lists. */
export type SchemaChange =
  | CreateTableChange
  | DropRelationChange
  | RenameTableChange
  | AddColumnsChange
  | DropColumnsChange
  | RenameColumnChange
  | AlterColumnChange
  | AlterStorageChange
  | CreateViewChange

export type Change = AccessChange | SchemaChange
