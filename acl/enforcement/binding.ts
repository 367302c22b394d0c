/**
 * What binding a statement comes to. It depends on the text and the schema only, never on who asks:
 * the requirements are decided afterwards (architecture.md, life of a statement, steps 3 and 4).
 */
import type { SqlError } from '../../errors/sql-error.ts'
import type { Notice } from '../../errors/notice.ts'
import type { DataStatement, SchemaStatement } from '../../parser/statement.ts'
import type {
  BoundDelete,
  BoundInsert,
  BoundQuery,
  BoundTarget,
  BoundUpdate,
  OutputColumn,
  PhysicalChange,
} from '../../store/bound.ts'
import type { SqlType } from '../../store/sql-type.ts'
import type { SchemaChange } from '../change.ts'
import type { Requirement } from '../requirement.ts'
import type { RelationName } from '../names.ts'
import type { PartitionRange, PartitionUnit } from '../partitions/partition-unit.ts'
import type { Schema, Table } from '../schema.ts'

export type BindableStatement = DataStatement | SchemaStatement

export interface BindOptions {
  readonly schema: Schema
  /** Types that Parse declared, by number from 1 (index 0 is `$1`); absent: to be inferred. */
  readonly parameterTypes: readonly (SqlType | undefined)[]
  /** Schemas in which unqualified names are looked up. */
  readonly searchPath: readonly string[]
  /** Takes the next relation number (never reused); called by CREATE TABLE and CREATE VIEW only. */
  readonly allocateOid: () => number
}

/** A query or a write that the store can run once the requirements are met. */
export interface BoundData {
  readonly kind: 'Data'
  readonly statement: BoundQuery | BoundInsert | BoundUpdate | BoundDelete
  readonly requirements: readonly Requirement[]
  /** Types of `$1`, `$2`, ... */
  readonly parameters: readonly SqlType[]
  /** Empty for a write without RETURNING. */
  readonly columns: readonly OutputColumn[]
}

/** One physical step of a DDL statement, or the filling of a table from a query (CREATE TABLE AS). */
export type SchemaStep =
  | { readonly kind: 'Physical'; readonly change: PhysicalChange }
  | { readonly kind: 'Fill'; readonly insert: BoundInsert }
  | PartitionStep

/** What happens to partitions, which the rows themselves say when the statement runs. */
export interface PartitionStep {
  readonly kind: 'Partitions'
  readonly action: 'Drop' | 'ForceDrop' | 'Detach' | 'Attach'
  readonly relation: RelationName
  readonly table: Table
  readonly unit: PartitionUnit
  readonly target: BoundTarget
  /**
   * The partitions that there are, in order: beginning (timestamp), rows (int8), least and greatest value of the
   * designated timestamp, whether the condition holds (bool).
   */
  readonly listing: BoundQuery
  readonly selection:
    | {
        readonly kind: 'Named'
        readonly names: readonly { readonly range: PartitionRange; readonly offset: number }[]
      }
    | { readonly kind: 'Matching'; readonly offset: number }
}

/** A statement that changes the schema: what it needs, what it changes in the model and in the store. */
export interface BoundSchemaChange {
  readonly kind: 'SchemaChange'
  readonly requirements: readonly Requirement[]
  readonly changes: readonly SchemaChange[]
  readonly steps: readonly SchemaStep[]
  readonly notices: readonly Notice[]
  readonly parameters: readonly SqlType[]
}

/**
 * The statement cannot be bound. If the requirements found so far are not met, the principal learns
 * that and nothing else; only who meets them is told the error (rules R9, G61).
 */
export interface Unbindable {
  readonly kind: 'Unbindable'
  readonly requirements: readonly Requirement[]
  readonly error: SqlError
}

export type Binding = BoundData | BoundSchemaChange | Unbindable
