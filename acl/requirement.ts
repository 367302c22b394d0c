import type { FoldedName, RelationName } from './names.ts'
import type { PermissionName } from './permission-registry.ts'

/** A column that a statement needs a permission on. */
export interface RequiredColumn {
  readonly key: FoldedName
  readonly name: string
  /** Its place in the table: error texts name missing columns in table order (Q2). */
  readonly attnum: number
  /** Reached through `*` or a whole row only: an error then says `*`, not the name (Z2). */
  readonly throughStar: boolean
}

/**
 * What a statement needs, independent of who asks. In the order in which a missing one is reported
 * (Q2: the statement's own permission first, then tables as the text names them).
 */
export type Requirement =
  /** A database-level permission. */
  | { readonly kind: 'Database'; readonly permission: PermissionName }
  /** A permission on a whole table (or view). */
  | {
      readonly kind: 'Relation'
      readonly permission: PermissionName
      readonly relation: RelationName
    }
  /**
   * A permission on every table that there is (DROP ALL TABLES). An error names one that the principal can
   * see anyway, else none: the statement names no table, and must not be a way to learn of one (R9, G60).
   */
  | {
      readonly kind: 'EveryTable'
      readonly permission: PermissionName
      readonly relations: readonly RelationName[]
    }
  /** A permission on each of some columns. */
  | {
      readonly kind: 'Columns'
      readonly permission: PermissionName
      readonly relation: RelationName
      readonly columns: readonly RequiredColumn[]
    }
  /** A permission on at least one existing column (`SELECT count(*)`, section 11). */
  | {
      readonly kind: 'AnyColumn'
      readonly permission: PermissionName
      readonly relation: RelationName
    }
  /**
   * The statement names a relation that does not exist. Satisfied by any entry of the permission at
   * that name (dormant ones and database scope included), or by CREATE TABLE (D32, G61).
   */
  | {
      readonly kind: 'UnknownRelation'
      readonly permission: PermissionName
      readonly relation: RelationName
      /** No statement makes such a relation: CREATE TABLE on its own says nothing of it. */
      readonly cannotBeMade?: true
    }
  /** The statement names a column that the relation lacks: table or database scope is needed to learn so. */
  | {
      readonly kind: 'UnknownColumn'
      readonly permission: PermissionName
      readonly relation: RelationName
      readonly column: string
    }

/** The first requirement that is not met, cut down to what is missing. */
export interface MissingPermission {
  readonly requirement: Requirement | GrantRequirement
  /** For `Columns`: the columns that are missing, in table order; empty: none of the table is held. */
  readonly columns: readonly RequiredColumn[]
}

/** What GRANT and REVOKE need: the grant option of a permission at a scope (6.6). */
export type GrantRequirement =
  | { readonly kind: 'GrantOption'; readonly permission: PermissionName; readonly scope: Scope }
  | { readonly kind: 'AssumeGrantOption'; readonly account: string }
  | { readonly kind: 'Assume'; readonly account: string }

/** Where an entry holds. */
export type Scope =
  | { readonly kind: 'Database' }
  | { readonly kind: 'Table'; readonly relation: RelationName }
  | {
      readonly kind: 'Column'
      readonly relation: RelationName
      readonly column: { readonly key: FoldedName; readonly name: string }
    }

/** A decision over a list of requirements. */
export type Decision =
  { readonly kind: 'Allowed' } | { readonly kind: 'Denied'; readonly missing: MissingPermission }
