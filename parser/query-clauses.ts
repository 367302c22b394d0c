import type { ExpressionSyntax, Literal, Name, Span } from './statement.ts'

/** QuestDB's units of time, told apart by case: `m` is a minute and `M` a month. */
export type TimeUnit = 'U' | 'T' | 's' | 'm' | 'h' | 'd' | 'w' | 'M' | 'y'

/** `15m`: the width of a bucket, or how far back a join looks. */
export interface TimeSpan {
  readonly count: number
  readonly unit: TimeUnit
  readonly span: Span
}

/** `[[schema.]table.]column`, in order of the text; at least one part. */
export interface ColumnName {
  readonly parts: readonly Name[]
  readonly span: Span
}

/** What stands in a bucket without rows. */
export type SampleFill =
  | { readonly kind: 'None'; readonly span: Span }
  | { readonly kind: 'Null'; readonly span: Span }
  | { readonly kind: 'Linear'; readonly span: Span }
  /** The value before; with a column the one of that output column. */
  | { readonly kind: 'Prev'; readonly column?: Name; readonly span: Span }
  | { readonly kind: 'Value'; readonly value: ExpressionSyntax; readonly span: Span }

/** Where buckets begin. */
export type SampleAlignment =
  | { readonly kind: 'FirstObservation'; readonly span: Span }
  | {
      readonly kind: 'Calendar'
      readonly timeZone?: Literal
      /** WITH OFFSET. */
      readonly offsetMinutes?: number
    }

/** `SAMPLE BY 1h FROM lo TO hi FILL(...) ALIGN TO ...` */
export interface SampleBy {
  readonly kind: 'SampleBy'
  readonly period: TimeSpan
  readonly from?: ExpressionSyntax
  readonly to?: ExpressionSyntax
  /** One for all aggregates or one for each; empty: FILL is not there. */
  readonly fills: readonly SampleFill[]
  readonly alignment: SampleAlignment
  readonly span: Span
}

/** `LATEST ON ts PARTITION BY a, b`; in the older `LATEST BY a, b` the designated timestamp goes unsaid. */
export interface LatestOn {
  readonly kind: 'LatestOn'
  readonly timestamp?: ColumnName
  readonly keys: readonly ColumnName[]
  readonly span: Span
}

/** What ON of a join by time may hold. */
export type TimeSeriesKey =
  /** `ON (a, b)`: columns of that name on both sides, which stay two columns. */
  | { readonly kind: 'Shared'; readonly column: Name }
  | { readonly kind: 'Equal'; readonly left: ColumnName; readonly right: ColumnName }

/** `a ASOF JOIN b`, `a LT JOIN b`. */
export interface TimeSeriesJoin {
  readonly kind: 'TimeSeriesJoin'
  readonly join: 'ASOF' | 'LT'
  readonly keys: readonly TimeSeriesKey[]
  readonly tolerance?: TimeSpan
  readonly span: Span
}

/** `(SELECT ...) TIMESTAMP(ts)`, `t TIMESTAMP(ts)`. */
export interface TimestampClause {
  readonly kind: 'TimestampClause'
  readonly column: Name
  readonly span: Span
}

/** The clauses of one SELECT. */
export interface SelectClauses {
  readonly latestOn?: LatestOn
  readonly sampleBy?: SampleBy
}

/**
 * QuestDB's clauses of a query, beside the tree that PostgreSQL's grammar read without them: each by
 * the node that it belongs to (SelectStmt, JoinExpr, RangeVar or RangeSubselect).
 */
export interface QueryClauses {
  readonly selects: ReadonlyMap<object, SelectClauses>
  readonly joins: ReadonlyMap<object, TimeSeriesJoin>
  readonly timestamps: ReadonlyMap<object, TimestampClause>
}
