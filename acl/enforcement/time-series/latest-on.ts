import type { LatestOn } from '../../../parser/query-clauses.ts'
import type { BoundExpression } from '../../../store/bound.ts'
import { expressionKey } from '../expression-key.ts'
import { invalidColumnReference } from '../binding-errors.ts'
import type { Scope } from '../scope.ts'
import { int8Type } from '../typed-expression.ts'
import { binary, constant } from '../../types/expressions.ts'
import { readClauseColumn } from './clause-column.ts'
import { isTimestampType, notATimestamp, readTimestamp } from './designated-timestamp.ts'
import { withSourceDerived } from './series-select.ts'
import type { SeriesSelect } from './series-select.ts'

/** LATEST ON with its columns found. */
export interface BoundLatestOn {
  readonly timestamp: BoundExpression
  readonly keys: readonly BoundExpression[]
}

/** LATEST ON ts PARTITION BY keys: all of them are read (questdb-rbac.md, section 11). */
export function bindLatestOn(clause: LatestOn, scope: Scope): BoundLatestOn | undefined {
  const { context } = scope
  const timestamp = context.attempt(() => latestTimestamp(clause, scope), undefined)
  const keys = clause.keys.flatMap((key) =>
    context.attempt(() => [readClauseColumn(key, scope).expression], []),
  )
  return timestamp === undefined ? undefined : { timestamp, keys }
}

/** Of a table it is the designated timestamp; a subquery can be sorted by any. */
function latestTimestamp({ timestamp, span }: LatestOn, scope: Scope): BoundExpression {
  if (timestamp === undefined) return readTimestamp(scope, 'LATEST BY', span.start)
  const name = timestamp.parts.at(-1)?.text ?? ''
  const { expression, type } = readClauseColumn(timestamp, scope)
  if (type !== undefined && !isTimestampType(type)) throw notATimestamp(name, timestamp.span.start)
  if (!isOfTable(expression, scope)) return expression
  const designated = readTimestamp(scope, 'LATEST ON', timestamp.span.start)
  if (expressionKey(expression) === expressionKey(designated)) return expression
  throw invalidColumnReference(
    'latest by over a table requires designated TIMESTAMP',
    timestamp.span.start,
  )
}

function isOfTable(expression: BoundExpression, { context }: Scope): boolean {
  return (
    expression.kind === 'ColumnReference' &&
    context.ranges.get(expression.range)?.table !== undefined
  )
}

/**
 * Leaves of the rows that WHERE lets through the latest for each combination of keys; NULL is a key as
 * any. Of several with one timestamp QuestDB takes the last of the table; tables here have no order, so
 * that it is one of them.
 */
export function applyLatestOn(
  select: SeriesSelect,
  { timestamp, keys }: BoundLatestOn,
  scope: Scope,
): SeriesSelect {
  const place: BoundExpression = {
    kind: 'WindowCall',
    function: 'row_number',
    arguments: [],
    star: false,
    distinct: false,
    ignoreNulls: false,
    window: {
      partitionBy: keys,
      orderBy: [{ key: timestamp, descending: true, nulls: 'LAST' }],
    },
    type: int8Type,
  }
  const { select: above, computed } = withSourceDerived(select, place, scope)
  const isLatest = binary(computed, '=', constant(1n, int8Type))
  return { ...above, body: { ...above.body, where: isLatest } }
}
