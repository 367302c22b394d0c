import type { AggregateCall, BoundExpression, BoundSort } from '../../../store/bound.ts'
import type { ResolvedAggregate } from '../../types/functions.ts'
import { visitExpressions } from '../bound-tree.ts'
import { areNotSupported, groupingError, invalidColumnReference } from '../binding-errors.ts'
import { allowsAggregates } from '../clause.ts'
import { coerceToBoolean } from '../coercion.ts'
import { expressionKey } from '../expression-key.ts'
import type { Scope } from '../scope.ts'
import { readTimestamp } from '../time-series/designated-timestamp.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { coerceArguments, withPlace } from './call-parts.ts'
import type { Call } from './call-parts.ts'
import { operandOf } from './operand.ts'

/** An aggregate without OVER (parse_agg.c, transformAggregateCall). */
export function bindAggregateCall(resolved: ResolvedAggregate, call: Call): TypedExpression {
  const { node, scope, clause } = call
  const { context } = scope
  const offset = context.offsetOf(node.location)
  const { args, orderBy } = coercedParts(resolved, call)
  const filter = bindFilter(call)
  const parts = [...args, ...(filter === undefined ? [] : [filter])]
  checkLevel(parts, scope, offset)
  if (!allowsAggregates(clause)) {
    throw groupingError(
      clause === 'aggregate arguments'
        ? 'aggregate function calls cannot be nested'
        : `aggregate functions are not allowed in ${clause}`,
      offset,
    )
  }
  refuseNested(parts, offset)
  checkDistinct(call, { args, orderBy })
  const order =
    orderBy.length > 0 || node.agg_distinct !== true ? orderBy : sortedDistinct(call, args)
  scope.hasAggregates = true
  const inTime = resolved.byTimestamp ? [...args, timestampFor(call)] : args
  const expression = withPlace(offset, () =>
    resolved.build(inTime, (engineCall): AggregateCall => ({
      kind: 'AggregateCall',
      function: engineCall.function,
      arguments: engineCall.arguments,
      star: engineCall.star ?? false,
      distinct: engineCall.distinct ?? node.agg_distinct ?? false,
      orderBy: order,
      withinGroup: resolved.isOrderedSet,
      ...(filter === undefined ? {} : { filter }),
      type: engineCall.type,
    })),
  )
  return { expression, type: resolved.result, location: node.location }
}

/** first(x) is first in time, and in no other order. */
function timestampFor({ node, name, scope }: Call): BoundExpression {
  const offset = scope.context.offsetOf(node.location)
  if (node.agg_distinct === true || node.agg_order !== undefined) {
    throw areNotSupported(`DISTINCT and ORDER BY in ${name}`, offset)
  }
  return readTimestamp(scope, name, offset)
}

/** Arguments and sort keys as the function takes them; those of WITHIN GROUP are arguments as well. */
function coercedParts(
  resolved: ResolvedAggregate,
  { parts, scope }: Call,
): { readonly args: readonly BoundExpression[]; readonly orderBy: readonly BoundSort[] } {
  const { context } = scope
  const sortValues = parts.sorts.map(({ value }) => value)
  const all = resolved.isOrderedSet ? [...parts.arguments, ...sortValues] : parts.arguments
  const args = coerceArguments(context, all, resolved.arguments)
  const orderBy = parts.sorts.flatMap(({ value, direction }, index) => {
    const key = resolved.isOrderedSet ? args[parts.arguments.length + index] : value.expression
    return key === undefined ? [] : [{ key, ...direction }]
  })
  return { args, orderBy }
}

/** Aggregates whose result tells in which order they were given their values. */
const orderedResults: ReadonlySet<string> = new Set(['string_agg', 'array_agg'])

/** PostgreSQL finds the distinct values by sorting them, which shows: `array_agg(DISTINCT x)` is in order. */
function sortedDistinct({ name }: Call, [value]: readonly BoundExpression[]): readonly BoundSort[] {
  if (!orderedResults.has(name) || value === undefined) return []
  return [{ key: value, descending: false }]
}

/** FILTER (WHERE ...). */
export function bindFilter({ node, scope }: Call): BoundExpression | undefined {
  if (node.agg_filter === undefined) return undefined
  return coerceToBoolean(scope, operandOf(node.agg_filter, scope, 'FILTER'), 'FILTER')
}

/**
 * An aggregate belongs to the query whose columns it reads; one that reads an outer query's alone
 * would be that query's own (check_agglevels_and_constraints), and is refused.
 */
function checkLevel(
  parts: readonly BoundExpression[],
  scope: Scope,
  offset: number | undefined,
): void {
  let own = false
  let outer = false
  for (const part of parts) {
    visitExpressions(part, (expression) => {
      if (expression.kind === 'ColumnReference') {
        if (scope.ownRanges.has(expression.range)) own = true
        else if (isOuter(expression.range, scope)) outer = true
      }
      return true
    })
  }
  if (outer && !own) throw areNotSupported('aggregates over columns of an outer query', offset)
}

function isOuter(range: number, scope: Scope): boolean {
  for (let level = scope.parent; level !== undefined; level = level.parent) {
    if (level.ownRanges.has(range)) return true
  }
  return false
}

function refuseNested(parts: readonly BoundExpression[], offset: number | undefined): void {
  for (const part of parts) {
    visitExpressions(part, (expression, depth) => {
      if (depth > 0) return true
      if (expression.kind === 'AggregateCall') {
        throw groupingError('aggregate function calls cannot be nested', offset)
      }
      if (expression.kind === 'WindowCall') {
        throw groupingError('aggregate function calls cannot contain window function calls', offset)
      }
      return true
    })
  }
}

/** `agg(DISTINCT a ORDER BY b)`: b must be a. */
function checkDistinct(
  { node, name, scope }: Call,
  { args, orderBy }: ReturnType<typeof coercedParts>,
): void {
  if (node.agg_distinct !== true || node.agg_within_group === true) return
  // The engine is given their JSON texts, which neither sort nor compare as the values do.
  if (name === 'json_agg') {
    throw areNotSupported('distinct values in json_agg', scope.context.offsetOf(node.location))
  }
  const keys = new Set(args.map((argument) => expressionKey(argument)))
  const isArgument = ({ key }: BoundSort): boolean =>
    key.kind !== 'OutputReference' && keys.has(expressionKey(key))
  if (!orderBy.every(isArgument)) {
    throw invalidColumnReference(
      'in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list',
      scope.context.offsetOf(node.location),
    )
  }
}
