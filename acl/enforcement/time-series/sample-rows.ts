import type { BoundExpression } from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import { and, binary, call } from '../../types/expressions.ts'
import { scalar } from '../../types/scalar.ts'
import { bucketsOf, localOrigin } from '../../types/time-buckets.ts'
import type { Buckets } from '../../types/time-buckets.ts'
import { monthsOf } from '../../types/time-unit.ts'
import { expressionKey } from '../expression-key.ts'
import { typeField } from '../typed-expression.ts'
import type { BoundSampleBy } from './sample-by.ts'
import type { Base, Item, SampledQuery } from './sample-query.ts'
import { rewriteExpression, withSourceDerived } from './series-select.ts'
import type { Move, SeriesSelect } from './series-select.ts'

/** The rows of FROM grouped by bucket and keys, and where in it the items are. */
export function sampledRows(items: readonly Item[], { select, sample, scope }: SampledQuery): Base {
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

/** Rows without a timestamp, or with an infinite one, are in no bucket; FROM and TO say which rows flow out. */
function conditions(
  where: BoundExpression | undefined,
  { timestamp, from, to }: BoundSampleBy,
  buckets: Buckets,
): BoundExpression {
  const moment = buckets.utcOf(timestamp)
  const isThere = call('isfinite', [timestamp], scalar('bool'))
  return and(
    ...(where === undefined ? [] : [where]),
    isThere,
    ...(from === undefined ? [] : [binary(moment, '>=', buckets.instantOf(from))]),
    ...(to === undefined ? [] : [binary(moment, '<', buckets.instantOf(to))]),
  )
}
