import type { FuncCall } from '@pgsql/types'
import { resolveFunction, signatureText } from '../../types/functions.ts'
import type { ResolvedFunction } from '../../types/functions.ts'
import {
  areNotSupported,
  refuseServerFunction,
  unknownFunction,
  wrongObject,
} from '../binding-errors.ts'
import type { BindContext } from '../bind-context.ts'
import type { Clause } from '../clause.ts'
import { argumentType } from '../coercion.ts'
import type { Scope } from '../scope.ts'
import { stringsOf } from '../syntax.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { bindAggregateCall } from './aggregate-call.ts'
import { bindCallSorts, coerceArguments, withPlace } from './call-parts.ts'
import type { CallParts } from './call-parts.ts'
import { anyFailed, failedOperation, operandOf } from './operand.ts'
import { bindWindowCall } from './window-call.ts'

/** Functions that give rows: they stand in FROM only. */
const setReturning: ReadonlySet<string> = new Set([
  'unnest',
  'generate_series',
  'generate_subscripts',
])

/** A call of a function (parse_func.c, ParseFuncOrColumn): scalar, aggregate or window. */
export function bindFunctionCall(node: FuncCall, scope: Scope, clause: Clause): TypedExpression {
  const { context } = scope
  const { location } = node
  const offset = context.offsetOf(location)
  refuseServerFunction(node, offset)
  const parts = bindParts(node, scope, clause)
  const name = functionName(node, parts.arguments, context)
  if (node.func_variadic === true) throw areNotSupported('VARIADIC arguments', offset)
  if (anyFailed([...parts.arguments, ...parts.sorts.map(({ value }) => value)])) {
    return failedOperation(location)
  }
  if (setReturning.has(name)) {
    throw areNotSupported('set-returning functions outside FROM', offset)
  }
  const resolved = requireFunction(node, name, parts, context)
  const given = { node, name, parts, scope, clause }
  switch (resolved.kind) {
    case 'Scalar':
      refuseAggregateSyntax(node, name, context)
      return buildScalar(resolved, given)
    case 'Aggregate':
      return node.over === undefined
        ? bindAggregateCall(resolved, given)
        : bindWindowCall(resolved, given)
    case 'Window':
      if (node.over === undefined) {
        throw wrongObject(`window function ${name} requires an OVER clause`, offset)
      }
      return bindWindowCall(resolved, given)
    default:
      return resolved satisfies never
  }
}

function bindParts(node: FuncCall, scope: Scope, clause: Clause): CallParts {
  return {
    arguments: (node.args ?? []).map((argument) => operandOf(argument, scope, clause)),
    sorts: bindCallSorts(node.agg_order, scope, clause),
  }
}

/** pg_catalog is dropped; `b.lower()` is refused, the engine would read column b (hardening 2.2). */
function functionName(
  node: FuncCall,
  args: readonly TypedExpression[],
  context: BindContext,
): string {
  const names = stringsOf(node.funcname)
  const name = names.at(-1) ?? ''
  if (names.length === 1 || (names.length === 2 && names[0] === 'pg_catalog')) return name
  throw unknownFunction(
    signatureText(names.join('.'), args.map(argumentType)),
    context.offsetOf(node.location),
  )
}

function requireFunction(
  node: FuncCall,
  name: string,
  parts: CallParts,
  context: BindContext,
): ResolvedFunction {
  const offset = context.offsetOf(node.location)
  const types = parts.arguments.map(argumentType)
  const sortTypes = parts.sorts.map(({ value }) => argumentType(value))
  const resolved = withPlace(offset, () =>
    resolveFunction({
      name,
      arguments: types,
      ...(node.agg_star === true ? { star: true } : {}),
      ...(node.agg_within_group === true ? { withinGroup: sortTypes } : {}),
    }),
  )
  if (resolved === undefined) {
    const text = node.agg_star === true ? `${name}()` : signatureText(name, types)
    throw unknownFunction(text, offset)
  }
  return resolved
}

function refuseAggregateSyntax(node: FuncCall, name: string, context: BindContext): void {
  const offset = context.offsetOf(node.location)
  const refuse = (what: string): never => {
    throw wrongObject(`${what}, but ${name} is not an aggregate function`, offset)
  }
  if (node.agg_star === true) refuse(`${name}(*) specified`)
  if (node.agg_distinct === true) refuse('DISTINCT specified')
  if (node.agg_within_group === true) refuse('WITHIN GROUP specified')
  if (node.agg_order !== undefined) refuse('ORDER BY specified')
  if (node.agg_filter !== undefined) refuse('FILTER specified')
  if (node.over !== undefined) {
    throw wrongObject(
      `OVER specified, but ${name} is not a window function nor an aggregate function`,
      offset,
    )
  }
}

function buildScalar(
  resolved: Extract<ResolvedFunction, { readonly kind: 'Scalar' }>,
  given: { readonly node: FuncCall; readonly parts: CallParts; readonly scope: Scope },
): TypedExpression {
  const { context } = given.scope
  const args = coerceArguments(context, given.parts.arguments, resolved.arguments)
  const expression = withPlace(context.offsetOf(given.node.location), () => resolved.build(args))
  return { expression, type: resolved.result, location: given.node.location }
}
