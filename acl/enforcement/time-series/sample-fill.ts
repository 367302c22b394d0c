import { SqlState } from '../../../errors/sql-state.ts'
import type {
  BoundExpression,
  BoundFromItem,
  BoundSelect,
  BoundWindow,
  ColumnReference,
} from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import { binary, call, cast, constant, isNull, raise, when } from '../../types/expressions.ts'
import { scalar } from '../../types/scalar.ts'
import type { BindContext } from '../bind-context.ts'
import { typeField } from '../typed-expression.ts'
import type { Buckets } from '../../types/time-buckets.ts'
import { derivedOf } from './series-select.ts'

/** Buckets from the first to the last of one query: more are a mistake, and cost memory (R8; our number). */
export const FILL_BUCKETS_MAX = 1_000_000n

/** The buckets with rows, one row for each combination of keys, before the others are put between. */
export interface SampledRows {
  readonly body: BoundSelect
  /** Positions from 1 of what is in `body`: the bucket's value comes first, then keys, then aggregates. */
  readonly keyCount: number
  readonly buckets: Buckets
  /** FROM and TO as values of buckets, where they are given. */
  readonly first?: BoundExpression
  readonly last?: BoundExpression
}

/** A row of the filled result, seen from above. */
export interface FilledRow {
  readonly from: readonly BoundFromItem[]
  /** The value of the row's bucket. */
  readonly bucket: BoundExpression
  /** A column of the nearest row that is there, at or before the bucket (or the first, before there is one). */
  readonly column: (position: number) => ColumnReference
  /** The column of the row after it that is there. */
  readonly next: (position: number) => ColumnReference
  /** There is a row for the bucket itself. */
  readonly isThere: BoundExpression
  /** There is a row at the bucket or before it. */
  readonly isBehind: BoundExpression
}

/**
 * Each row stands for the buckets from its own up to the next row's, and the first and last one of a
 * combination of keys for those up to the first and last of all: so every combination has a row in every
 * bucket. Nothing is joined, and NULL is a key as any.
 */
export function filledRows(rows: SampledRows, context: BindContext): FilledRow {
  const { buckets, keyCount } = rows
  const { valueType, step } = buckets
  const width = rows.body.targets.length
  const sampled = context.newHiddenRange()
  const typeAt = (position: number): SqlType | undefined => rows.body.targets[position - 1]?.type
  const inner = (position: number): ColumnReference =>
    reference(sampled, position, position === 1 ? valueType : typeAt(position))
  const value = inner(1)
  const keys = Array.from({ length: keyCount }, (_, index) => inner(index + 2))
  const neighbours: BoundWindow = {
    partitionBy: keys,
    orderBy: [{ key: value, descending: false }],
  }
  const all: BoundWindow = { partitionBy: [], orderBy: [] }
  const own = Array.from({ length: width }, (_, index) => inner(index + 1))
  const first = rows.first ?? windowCall('min', value, all)
  const last = rows.last ?? windowCall('max', value, all)
  const range = context.newHiddenRange()
  // Each column, the same of the next row, the value of the row before, the first and last of all.
  const spread: BoundSelect = {
    kind: 'Select',
    distinct: { kind: 'None' },
    targets: [
      ...own,
      ...own.map((column) => windowCall('lead', column, neighbours)),
      windowCall('lag', value, neighbours),
      first,
      limited(first, last, buckets),
    ],
    from: [source(rows, sampled, context)],
    groupBy: [],
  }
  const column = (position: number): ColumnReference =>
    reference(range, position, inner(position).type)
  const next = (position: number): ColumnReference =>
    reference(range, width + position, inner(position).type)
  const after = (index: number): ColumnReference => reference(range, 2 * width + index, valueType)
  const series = context.newHiddenRange()
  const from = when([[isNull(after(1)), after(2)]], column(1), valueType)
  const until = when(
    [[isNull(next(1)), after(3)]],
    binary(next(1), '-', step, valueType),
    valueType,
  )
  const bucket = reference(series, 1, valueType)
  return {
    from: [
      derivedOf(spread, range),
      {
        kind: 'TableFunction',
        range: series,
        function: 'generate_series',
        arguments: [from, until, step],
        columnCount: 1,
        withOrdinality: false,
        lateral: true,
      },
    ],
    bucket,
    column,
    next,
    isThere: binary(bucket, '=', column(1)),
    isBehind: binary(bucket, '>=', column(1)),
  }
}

function reference(range: number, column: number, type: SqlType | undefined): ColumnReference {
  return { kind: 'ColumnReference', range, column, ...typeField(type) }
}

function windowCall(name: string, argument: BoundExpression, window: BoundWindow): BoundExpression {
  return {
    kind: 'WindowCall',
    function: name,
    arguments: [argument],
    star: false,
    distinct: false,
    ignoreNulls: false,
    window,
    ...typeField(argument.type),
  }
}

/** Between FROM and TO there are buckets even where no row is at all, if no keys say of what. */
function source(rows: SampledRows, range: number, context: BindContext): BoundFromItem {
  const derived = derivedOf(rows.body, range)
  if (rows.keyCount > 0 || rows.first === undefined || rows.last === undefined) return derived
  const one: BoundSelect = {
    kind: 'Select',
    distinct: { kind: 'None' },
    targets: [constant(1, scalar('int4'))],
    from: [],
    groupBy: [],
  }
  return {
    kind: 'Join',
    join: 'LEFT',
    left: derivedOf(one, context.newHiddenRange()),
    right: derived,
    on: constant(true, scalar('bool')),
  }
}

/** The last bucket, or an error if it is too far from the first. */
function limited(
  first: BoundExpression,
  last: BoundExpression,
  { valueType, step }: Buckets,
): BoundExpression {
  const { value } = step
  const isInterval = typeof value === 'object' && value !== null && 'kind' in value
  const width = isInterval ? value.micros : typeof value === 'bigint' ? value : 1n
  const int8 = scalar('int8')
  const number = (one: BoundExpression): BoundExpression =>
    isInterval ? call('epoch_us', [one], int8) : one
  const distance = binary(number(last), '-', number(first), int8)
  const distanceMax = width * FILL_BUCKETS_MAX
  if (distanceMax > 9_000_000_000_000_000_000n) return last
  const isTooFar = binary(distance, '>', constant(distanceMax, int8))
  const message = `FILL must not make more than ${FILL_BUCKETS_MAX} buckets`
  const error = raise(SqlState.ProgramLimitExceeded, message)
  return when([[isTooFar, error]], last, valueType)
}

/** What is between two rows by their distance in time, as the type of the column. */
export function interpolated(
  row: FilledRow,
  given: {
    readonly position: number
    readonly type: SqlType
    readonly isWhole: boolean
    readonly buckets: Buckets
  },
): BoundExpression {
  const { position, type, isWhole, buckets } = given
  const float8 = scalar('float8')
  const int8 = scalar('int8')
  const micros = (value: BoundExpression): BoundExpression =>
    call('epoch_us', [buckets.utcOf(buckets.startOf(value))], int8)
  const distance = (to: BoundExpression): BoundExpression =>
    cast(binary(micros(to), '-', micros(row.column(1)), int8), float8)
  const from = cast(row.column(position), float8)
  const to = cast(row.next(position), float8)
  const share = binary(distance(row.bucket), '/', distance(row.next(1)), float8)
  const rise = binary(binary(to, '-', from, float8), '*', share, float8)
  const value = binary(from, '+', rise, float8)
  return cast(isWhole ? call('trunc', [value], float8) : value, type)
}
