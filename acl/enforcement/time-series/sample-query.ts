import type { BoundExpression, BoundSelect } from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import type { BucketRule, Buckets } from '../../types/time-buckets.ts'
import type { Scope } from '../scope.ts'
import type { TypedExpression } from '../typed-expression.ts'
import type { BoundSampleBy } from './sample-by.ts'
import type { SampleItemKind } from './sample-items.ts'
import type { Move, SeriesSelect } from './series-select.ts'

/** A SELECT with SAMPLE BY, its parts bound. */
export interface SampledQuery {
  readonly select: SeriesSelect
  /** The outputs; of the sort keys that are none of them the expressions are in `select`. */
  readonly outputs: readonly (TypedExpression & { readonly name: string })[]
  readonly sample: BoundSampleBy
  readonly scope: Scope
}

/** An output or a sort key, and where it comes from. */
export interface Item {
  readonly kind: SampleItemKind
  readonly expression: BoundExpression
  readonly type: SqlType | undefined
}

/** The rows by bucket and keys: the bucket's value, the keys, the aggregates. */
export interface Base {
  readonly body: BoundSelect
  readonly buckets: Buckets
  readonly keyCount: number
  /** The position of an item in it; absent for what depends on the bucket only. */
  readonly positions: readonly (number | undefined)[]
  readonly timestamp: BoundExpression
  readonly move: Move
  readonly rule: BucketRule
  /** Where the origin of months that the first row decides on is kept. */
  readonly originPosition?: number
}
