import type { BoundExpression, ColumnReference } from '../../../store/bound.ts'
import { areNotSupported, notSupported } from '../binding-errors.ts'
import { visitExpressions } from '../bound-tree.ts'
import { expressionKey } from '../expression-key.ts'
import type { Scope } from '../scope.ts'

/**
 * What an output or a sort key of a SELECT with SAMPLE BY is: a function of the bucket or of nothing,
 * a grouping key, or an aggregate.
 */
export type SampleItemKind = 'Bucket' | 'Key' | 'Aggregate'

/** @throws SqlError 0A000 for what has no meaning in buckets */
export function sampleItemKind(
  expression: BoundExpression,
  timestamp: ColumnReference,
  scope: Scope,
): SampleItemKind {
  const offset = scope.context.offsetOf(scope.context.locations.get(expression))
  const timestampKey = expressionKey(timestamp)
  let hasAggregate = false
  let hasTimestamp = false
  let hasColumn = false
  visitExpressions(expression, (part, depth) => {
    if (part.kind === 'WindowCall' && depth === 0) {
      throw areNotSupported('window functions with SAMPLE BY', offset)
    }
    if (part.kind === 'AggregateCall' && depth === 0) {
      hasAggregate = true
      return false
    }
    if (part.kind === 'ColumnReference' && scope.ownRanges.has(part.range)) {
      if (expressionKey(part) === timestampKey) hasTimestamp = true
      else hasColumn = true
    }
    return true
  })
  if (hasAggregate) return 'Aggregate'
  if (hasTimestamp && hasColumn) {
    throw notSupported(
      'an expression of the designated timestamp and other columns with SAMPLE BY',
      offset,
    )
  }
  return hasColumn ? 'Key' : 'Bucket'
}
