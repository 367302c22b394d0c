import type {
  BoundExpression,
  BoundFromItem,
  BoundSelect,
  BoundSort,
  ColumnReference,
} from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import { and, binary, constant, when } from '../../types/expressions.ts'
import { scalar } from '../../types/scalar.ts'
import { datatypeMismatch, notSupported, syntaxError, unknownColumn } from '../binding-errors.ts'
import { foldName } from '../../names.ts'
import { coerce, typeWords } from '../coercion.ts'
import { expressionKey } from '../expression-key.ts'
import { withPlace } from '../expression/call-parts.ts'
import type { Scope } from '../scope.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { typeField } from '../typed-expression.ts'
import { sameType } from '../../types/scalar.ts'
import { bucketsOf, localOrigin } from '../../types/time-buckets.ts'
import type { BucketRule, Buckets } from '../../types/time-buckets.ts'
import { monthsOf } from '../../types/time-unit.ts'
import type { BoundFill, BoundSampleBy } from './sample-by.ts'
import { filledRows, interpolated } from './sample-fill.ts'
import type { FilledRow } from './sample-fill.ts'
import { sampleItemKind } from './sample-items.ts'
import type { SampleItemKind } from './sample-items.ts'
import { derivedOf, rewriteExpression, withSourceDerived } from './series-select.ts'
import type { Move, SeriesSelect } from './series-select.ts'

interface SampledQuery {
  readonly select: SeriesSelect
  /** The outputs; of the sort keys that are none of them the expressions are in `select`. */
  readonly outputs: readonly (TypedExpression & { readonly name: string })[]
  readonly sample: BoundSampleBy
  readonly scope: Scope
}

/** An output or a sort key, and where it comes from. */
interface Item {
  readonly kind: SampleItemKind
  readonly expression: BoundExpression
  readonly type: SqlType | undefined
}

/**
 * SAMPLE BY as what the engine knows: rows are grouped by bucket and keys, the buckets between are put
 * in if FILL wants them, and above that the outputs are computed. Without ORDER BY the buckets come in
 * order, as in QuestDB.
 */
export function sampledSelect(query: SampledQuery): SeriesSelect {
  const { select, outputs, sample, scope } = query
  const sortKeys = select.orderBy.flatMap(({ key }) =>
    key.kind === 'OutputReference' ? [] : [key],
  )
  const itemOf = (expression: BoundExpression, type: SqlType | undefined): Item => ({
    kind: sampleItemKind(expression, sample.timestamp, scope),
    expression,
    type,
  })
  const items = [
    ...outputs.map(({ expression, type }) =>
      itemOf(expression, type === 'unknown' ? undefined : type),
    ),
    ...sortKeys.map((key) => itemOf(key, key.type)),
  ]
  const sampled = sampledRows(items, query)
  const rows = rowsAbove(sampled, query)
  const base = seenFromAbove(sampled, rows)
  const above = items.map((item, index) => outputOf(item, index, { base, rows, query }))
  const sortedBy = above.slice(outputs.length)
  const orderBy = select.orderBy.map((sort): BoundSort => {
    if (sort.key.kind === 'OutputReference') return sort
    const [key = sort.key] = sortedBy.splice(0, 1)
    return { ...sort, key }
  })
  const inOrder: readonly BoundSort[] = [{ key: rows.bucket, descending: false }]
  return {
    body: {
      kind: 'Select',
      distinct: { kind: 'None' },
      targets: above.slice(0, outputs.length),
      from: rows.from,
      groupBy: [],
    },
    orderBy: orderBy.length === 0 ? inOrder : orderBy,
  }
}

/** The rows by bucket and keys: the bucket's value, the keys, the aggregates. */
interface Base {
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

/** The first row's own time is no column above the groups; there it is that which they kept. */
function seenFromAbove(base: Base, rows: Rows): Base {
  const { rule, originPosition } = base
  if (originPosition === undefined) return base
  return { ...base, buckets: bucketsOf({ ...rule, origin: rows.column(originPosition) }) }
}

function sampledRows(items: readonly Item[], { select, sample, scope }: SampledQuery): Base {
  const { clause, timestamp: column, from, zone } = sample
  const { alignment, period } = clause
  const type = column.type ?? scalar('timestamp')
  const rule = {
    period,
    type,
    ...(zone === undefined ? {} : { zone }),
    ...(alignment.kind === 'Calendar' && alignment.offsetMinutes !== undefined
      ? { offsetMinutes: alignment.offsetMinutes }
      : {}),
  }
  const plain = bucketsOf(rule)
  const where = conditions(select.body.where, sample, plain)
  const filtered: SeriesSelect = { ...select, body: { ...select.body, where } }
  const source =
    alignment.kind === 'FirstObservation'
      ? withSourceDerived(filtered, firstOf(plain.utcOf(column)), scope, [column])
      : undefined
  const move: Move = source?.move ?? ((expression) => expression)
  const timestamp = move(column)
  const origin = source?.computed ?? (from === undefined ? undefined : localOrigin(from, rule))
  const buckets = bucketsOf({ ...rule, ...(origin === undefined ? {} : { origin }) })
  const value = buckets.valueOf(timestamp)
  const keys = new Map<string, number>()
  const keyExpressions: BoundExpression[] = []
  for (const { kind, expression } of items) {
    const key = expressionKey(expression)
    if (kind !== 'Key' || keys.has(key)) continue
    keyExpressions.push(move(expression))
    keys.set(key, keyExpressions.length + 1)
  }
  const aggregates: BoundExpression[] = []
  const positions = items.map(({ kind, expression }) => {
    if (kind === 'Bucket') return undefined
    if (kind === 'Key') return keys.get(expressionKey(expression))
    aggregates.push(withBucketOutside(move(expression), timestamp, buckets))
    return keyExpressions.length + 1 + aggregates.length
  })
  const isKept = source !== undefined && monthsOf(period) !== undefined
  const kept = isKept ? [minimum(source.computed)] : []
  const targets = [value, ...keyExpressions, ...aggregates, ...kept]
  return {
    body: {
      kind: 'Select',
      distinct: { kind: 'None' },
      targets,
      from: source?.select.body.from ?? filtered.body.from,
      ...(source === undefined ? { where } : {}),
      groupBy: [value, ...keyExpressions].map((expression) => ({ kind: 'Expression', expression })),
    },
    buckets,
    keyCount: keyExpressions.length,
    positions,
    timestamp,
    move,
    rule,
    ...(isKept ? { originPosition: targets.length } : {}),
  }
}

/** Outside aggregates the timestamp is that of the bucket: one value for all rows of a group. */
function withBucketOutside(
  root: BoundExpression,
  timestamp: BoundExpression,
  buckets: Buckets,
): BoundExpression {
  const key = expressionKey(timestamp)
  const start = minimum(buckets.startOf(buckets.valueOf(timestamp)), timestamp.type)
  return rewriteExpression(root, (part) => {
    if (part.kind === 'AggregateCall') return part
    return part.kind === 'ColumnReference' && expressionKey(part) === key ? start : undefined
  })
}

/** The smallest of what is the same in all rows of a group: that which it is. */
function minimum(
  expression: BoundExpression,
  type: SqlType | undefined = expression.type,
): BoundExpression {
  return {
    kind: 'AggregateCall',
    function: 'min',
    arguments: [expression],
    star: false,
    distinct: false,
    orderBy: [],
    withinGroup: false,
    ...typeField(type),
  }
}

function firstOf(moment: BoundExpression): BoundExpression {
  return {
    kind: 'WindowCall',
    function: 'min',
    arguments: [moment],
    star: false,
    distinct: false,
    ignoreNulls: false,
    window: { partitionBy: [], orderBy: [] },
    type: scalar('timestamp'),
  }
}

/** Rows without a timestamp are in no bucket; FROM and TO say which rows flow out. */
function conditions(
  where: BoundExpression | undefined,
  { timestamp, from, to }: BoundSampleBy,
  buckets: Buckets,
): BoundExpression {
  const moment = buckets.utcOf(timestamp)
  const isThere: BoundExpression = {
    kind: 'NullTest',
    operand: timestamp,
    negated: true,
    type: scalar('bool'),
  }
  return and(
    ...(where === undefined ? [] : [where]),
    isThere,
    ...(from === undefined ? [] : [binary(moment, '>=', buckets.instantOf(from))]),
    ...(to === undefined ? [] : [binary(moment, '<', buckets.instantOf(to))]),
  )
}

/** The rows that the outputs are computed from. */
type Rows = Pick<FilledRow, 'from' | 'bucket' | 'column'> & { readonly filled?: FilledRow }

function rowsAbove(base: Base, { sample, scope }: SampledQuery): Rows {
  const { context } = scope
  if (sample.fills.length === 0) {
    const range = context.newHiddenRange()
    const column = (position: number): ColumnReference => ({
      kind: 'ColumnReference',
      range,
      column: position,
      ...typeField(position === 1 ? base.buckets.valueType : base.body.targets[position - 1]?.type),
    })
    const from: readonly BoundFromItem[] = [derivedOf(base.body, range)]
    return { from, bucket: column(1), column }
  }
  const { buckets, keyCount, body } = base
  const { from, to } = sample
  const first = from === undefined ? undefined : buckets.valueOfLocal(from)
  const last = to === undefined ? undefined : buckets.valueOfLocal(justBefore(to))
  const filled = filledRows(
    {
      body,
      keyCount,
      buckets,
      ...(first === undefined ? {} : { first }),
      ...(last === undefined ? {} : { last }),
    },
    context,
  )
  return { ...filled, filled }
}

/** TO is the first moment that is not in it. */
function justBefore(to: BoundExpression): BoundExpression {
  const micro = constant({ kind: 'Interval', months: 0, days: 0, micros: 1n }, scalar('interval'))
  return binary(to, '-', micro, scalar('timestamp'))
}

interface Above {
  readonly base: Base
  readonly rows: Rows
  readonly query: SampledQuery
}

function outputOf(item: Item, index: number, { base, rows, query }: Above): BoundExpression {
  const position = base.positions[index]
  if (position === undefined) {
    const key = expressionKey(base.timestamp)
    const start = base.buckets.startOf(rows.bucket)
    return rewriteExpression(base.move(item.expression), (part) =>
      part.kind === 'ColumnReference' && expressionKey(part) === key ? start : undefined,
    )
  }
  const { filled } = rows
  if (filled === undefined || item.kind === 'Key') return rows.column(position)
  return filledValue(item, { index, position, filled, base, query })
}

interface FilledItem {
  readonly index: number
  readonly position: number
  readonly filled: FilledRow
  readonly base: Base
  readonly query: SampledQuery
}

/** An aggregate where there are rows, and what FILL says where there are none. */
function filledValue(item: Item, place: FilledItem): BoundExpression {
  const { index, position, filled, base, query } = place
  const { context } = query.scope
  const fill = fillOf(index, base, query)
  const column = filled.column(position)
  const type = item.type ?? column.type
  if (type === undefined) throw notSupported('FILL of this output', fill?.span.start)
  const nothing = constant(null, type)
  const there = [filled.isThere, column] as const
  switch (fill?.kind) {
    case undefined:
    case 'Null':
    case 'None':
      return when([there], nothing, type)
    case 'Prev': {
      if (fill.column === undefined) return when([[filled.isBehind, column]], nothing, type)
      const other = filled.column(positionNamed(fill.column, type, { base, query }))
      return when([there, [filled.isBehind, other]], nothing, type)
    }
    case 'Linear': {
      if (base.keyCount > 0) throw notSupported('FILL(LINEAR) with keys', fill.span.start)
      const isWhole = numberKind(type)
      if (isWhole === undefined) {
        throw datatypeMismatch(
          `FILL(LINEAR) of type ${typeWords(type)} is not possible`,
          fill.span.start,
        )
      }
      const { buckets } = base
      const between = interpolated(filled, { position, type, isWhole, buckets })
      const hasNext = binary(filled.bucket, '<', filled.next(1))
      return when([there, [hasNext, between]], nothing, type)
    }
    case 'Value': {
      const { value, offset } = fill.value
      const read = (): BoundExpression =>
        coerce(context, value, { to: type, context: 'assignment' })
      return when([there], withPlace(offset, read), type)
    }
    default:
      return fill satisfies never
  }
}

/** Whether a type of numbers has no fractions; undefined for what is no number. */
function numberKind(type: SqlType): boolean | undefined {
  if (type.kind !== 'Scalar') return undefined
  if (type.name === 'int2' || type.name === 'int4' || type.name === 'int8') return true
  const isFraction = type.name === 'float4' || type.name === 'float8' || type.name === 'numeric'
  return isFraction ? false : undefined
}

/** One fill is that of every aggregate; several are in the order of the select list. */
function fillOf(index: number, base: Base, query: SampledQuery): BoundFill | undefined {
  const { fills, clause } = query.sample
  const aggregates = aggregateIndices(base, query)
  const [only, ...others] = fills
  if (others.length === 0) {
    const isOfOne = only?.kind === 'Prev' && only.column !== undefined
    if (isOfOne && aggregates.length > 1) {
      throw syntaxError('PREV of a column cannot be the fill of all aggregates', only.span.start)
    }
    return index < query.outputs.length ? only : undefined
  }
  if (fills.length !== aggregates.length) {
    throw syntaxError(
      `FILL has ${fills.length} values for ${aggregates.length} aggregates`,
      clause.fills[0]?.span.start,
    )
  }
  const place = aggregates.indexOf(index)
  return place < 0 ? undefined : fills[place]
}

function aggregateIndices({ positions, keyCount }: Base, { outputs }: SampledQuery): number[] {
  return positions.flatMap((position, index) =>
    index < outputs.length && position !== undefined && position > keyCount + 1 ? [index] : [],
  )
}

function positionNamed(
  { text, span }: NonNullable<Extract<BoundFill, { readonly kind: 'Prev' }>['column']>,
  type: SqlType,
  { base, query }: Pick<Above, 'base' | 'query'>,
): number {
  const key = foldName(text)
  const index = aggregateIndices(base, query).find(
    (one) => foldName(query.outputs[one]?.name ?? '') === key,
  )
  const position = index === undefined ? undefined : base.positions[index]
  if (position === undefined) throw unknownColumn(text, span.start)
  const found = base.body.targets[position - 1]?.type
  if (found === undefined || !sameType(found, type)) {
    throw datatypeMismatch(`PREV(${text}) is of another type than its column`, span.start)
  }
  return position
}
