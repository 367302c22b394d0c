import type {
  BoundExpression,
  BoundFromItem,
  BoundSort,
  ColumnReference,
} from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import { binary, constant } from '../../types/expressions.ts'
import { scalar } from '../../types/scalar.ts'
import { bucketsOf } from '../../types/time-buckets.ts'
import { expressionKey } from '../expression-key.ts'
import { typeField } from '../typed-expression.ts'
import { filledRows } from './sample-fill.ts'
import type { FilledRow } from './sample-fill.ts'
import { filledValue } from './sample-fill-value.ts'
import { sampleItemKind } from './sample-items.ts'
import type { Base, Item, SampledQuery } from './sample-query.ts'
import { sampledRows } from './sample-rows.ts'
import { derivedOf, rewriteExpression } from './series-select.ts'
import type { SeriesSelect } from './series-select.ts'

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

/** The first row's own time is no column above the groups; there it is that which they kept. */
function seenFromAbove(base: Base, rows: Rows): Base {
  const { rule, originPosition } = base
  if (originPosition === undefined) return base
  return { ...base, buckets: bucketsOf({ ...rule, origin: rows.column(originPosition) }) }
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
