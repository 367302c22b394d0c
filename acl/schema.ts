import type { BoundExpression, BoundQuery } from '../store/bound.ts'
import type { SqlType } from '../store/sql-type.ts'
import type { DetachedPartition } from './partitions/detached-partition.ts'
import type { FoldedName, Oid, RelationKey } from './names.ts'

export interface Column {
  /** From 1, never reused within its table; `c<attnum>` in the store. */
  readonly attnum: number
  /** As created. */
  readonly name: string
  readonly key: FoldedName
  readonly type: SqlType
  /** The type's words as declared, for SHOW COLUMNS: `SYMBOL`, `numeric(10,2)`. */
  readonly declaredType: string
  readonly notNull: boolean
  readonly hasDefault: boolean
  /** The expression of its default as its author wrote it; the bound one is the store's. */
  readonly default?: string
  /** SYMBOL columns only; absent: {@link defaultSymbol}. */
  readonly symbol?: SymbolStorage
  /** Absent: the column has no index. */
  readonly index?: ColumnIndex
}

/** How QuestDB keeps the values of a SYMBOL column; shown and dumped, no result depends on it. */
export interface SymbolStorage {
  /** Distinct values that are expected, a power of two. */
  readonly capacity: number
  readonly cached: boolean
}

export const defaultSymbol: SymbolStorage = { capacity: 256, cached: true }

/** Of the types that are stored as texts, SYMBOL is the one that has such a storage. */
export function isSymbol({ declaredType }: Pick<Column, 'declaredType'>): boolean {
  return declaredType.toUpperCase() === 'SYMBOL'
}

export interface ColumnIndex {
  /** Row numbers a block, as QuestDB counts them. */
  readonly capacity: number
}

export type TableConstraint =
  | {
      readonly kind: 'PrimaryKey' | 'Unique'
      readonly name: string
      readonly attnums: readonly number[]
    }
  | {
      readonly kind: 'Check'
      readonly name: string
      /** As its author wrote it. */
      readonly text: string
      /** Where the text names columns; absent: nowhere that is known. */
      readonly names?: readonly NamedInText[]
      /** Attribute numbers that the expression reads. */
      readonly attnums: readonly number[]
    }

/** A column as a text names it: `[table.]column` between two offsets of the text. */
export interface NamedInText {
  readonly start: number
  readonly end: number
  readonly attnum: number
  readonly words: readonly string[]
}

interface RelationBase {
  readonly oid: Oid
  readonly key: RelationKey
  readonly schema: string
  /** As created. */
  readonly name: string
  /** In table order. */
  readonly columns: readonly Column[]
}

export interface Table extends RelationBase {
  readonly kind: 'Table'
  /** Attribute number of the designated timestamp. */
  readonly designatedTimestamp?: number
  readonly partitionBy?: 'NONE' | 'HOUR' | 'DAY' | 'WEEK' | 'MONTH' | 'YEAR'
  readonly wal: boolean
  /** Attribute numbers of DEDUP UPSERT KEYS, the designated timestamp among them; empty: off. */
  readonly dedupKeys: readonly number[]
  /** ALTER TABLE SET PARAM; absent: the defaults. */
  readonly parameters?: TableParameters
  /** SET TTL; absent: rows are kept for ever. */
  readonly timeToLive?: TimeToLive
  /** DETACH PARTITION: what lies beside the table, in order; absent: nothing. */
  readonly detached?: readonly DetachedPartition[]
  /** SUSPEND WAL: nothing is written until RESUME WAL. */
  readonly suspended?: true
  readonly constraints: readonly TableConstraint[]
  /** The attribute number that the next column gets. */
  readonly nextAttnum: number
}

/** Storage parameters by QuestDB's names. */
export interface TableParameters {
  readonly maxUncommittedRows?: number
  readonly o3MaxLagMicros?: number
}

/** How long the partitions of a table are kept. */
export interface TimeToLive {
  readonly amount: number
  readonly unit: 'HOUR' | 'DAY' | 'WEEK' | 'MONTH' | 'YEAR'
}

export interface View extends RelationBase {
  readonly kind: 'View'
  /** The defining query as its author wrote it, but with the stars of its output written out (V5). */
  readonly text: string
  /** Its columns were given names of their own: `CREATE VIEW v (a, b) AS ...`. */
  readonly columnsNamed?: true
  /** The definition as it was bound when created, stars written out; its relations are bound again by name (V5, V10). */
  readonly definition: BoundQuery
}

export type Relation = Table | View

/** All relations at one moment. `epoch` grows with each change of the schema; plans remember it. */
export interface Schema {
  readonly epoch: number
  /** The relation of that name, if any. */
  relation(key: RelationKey): Relation | undefined
  /** All relations, ordered by key. */
  relations(): readonly Relation[]
}

/** A column's definition on its way into a table; the default is for the store. */
export interface NewColumn {
  readonly column: Column
  readonly default?: BoundExpression
}
