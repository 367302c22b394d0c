import type { WindowCall } from '../../../store/bound.ts'
import type { ResolvedAggregate, ResolvedWindow } from '../../types/functions.ts'
import { visitExpressions } from '../bound-tree.ts'
import { areNotSupported, notSupported, windowingError } from '../binding-errors.ts'
import { allowsWindows } from '../clause.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { bindWindow } from '../query/window.ts'
import { bindFilter } from './aggregate-call.ts'
import { coerceArguments, withPlace } from './call-parts.ts'
import type { Call } from './call-parts.ts'

/** A window function, or an aggregate with OVER (parse_agg.c, transformWindowFuncCall). */
export function bindWindowCall(
  resolved: ResolvedAggregate | ResolvedWindow,
  call: Call,
): TypedExpression {
  const { node, scope, clause, parts } = call
  const { context } = scope
  const offset = context.offsetOf(node.location)
  refuseForms(resolved, call)
  if (!allowsWindows(clause)) {
    throw windowingError(`window functions are not allowed in ${clause}`, offset)
  }
  const args = coerceArguments(context, parts.arguments, resolved.arguments)
  for (const argument of args) {
    visitExpressions(argument, (expression, depth) => {
      if (depth === 0 && expression.kind === 'WindowCall') {
        throw windowingError('window function calls cannot be nested', offset)
      }
      return true
    })
  }
  const filter = bindFilter(call)
  const window = bindWindow(node.over ?? {}, scope)
  scope.hasWindows = true
  const expression = withPlace(offset, () =>
    resolved.build(args, (engineCall): WindowCall => ({
      kind: 'WindowCall',
      function: engineCall.function,
      arguments: engineCall.arguments,
      star: engineCall.star ?? false,
      distinct: false,
      ...(filter === undefined ? {} : { filter }),
      ignoreNulls: false,
      window,
      type: engineCall.type,
    })),
  )
  return { expression, type: resolved.result, location: node.location }
}

/** What PostgreSQL has not implemented for window functions either. */
function refuseForms(
  resolved: ResolvedAggregate | ResolvedWindow,
  { node, name, scope }: Call,
): void {
  const offset = scope.context.offsetOf(node.location)
  if (resolved.kind === 'Aggregate' && (resolved.byTimestamp || name === 'count_distinct')) {
    throw notSupported(`${name} with OVER`, offset)
  }
  if (node.agg_distinct === true) {
    throw areNotSupported('window functions with DISTINCT', offset)
  }
  if (node.agg_order !== undefined || node.agg_within_group === true) {
    throw areNotSupported('window functions with ORDER BY in the call', offset)
  }
  if (node.agg_filter !== undefined && resolved.kind === 'Window') {
    throw areNotSupported('window functions with FILTER that are no aggregates', offset)
  }
}
