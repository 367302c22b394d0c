import type { FuncCall, Node as SyntaxNode } from '@pgsql/types'
import { SqlError } from '../../../errors/sql-error.ts'
import type { BoundExpression, BoundSort } from '../../../store/bound.ts'
import type { ResolvedFunction } from '../../types/functions.ts'
import type { BindContext } from '../bind-context.ts'
import { notSupported } from '../binding-errors.ts'
import type { Clause } from '../clause.ts'
import { coerce } from '../coercion.ts'
import { located } from '../literal.ts'
import type { Scope } from '../scope.ts'
import { sortDirection } from '../sort-direction.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { operandOf } from './operand.ts'

/** A sort key inside a call or a window, and how it sorts. */
export interface CallSort {
  readonly value: TypedExpression
  readonly direction: Omit<BoundSort, 'key'>
}

/** The bound parts of a call before the function is known. */
export interface CallParts {
  readonly arguments: readonly TypedExpression[]
  readonly sorts: readonly CallSort[]
}

/** A call on its way through scalar, aggregate or window. */
export interface Call {
  readonly node: FuncCall
  readonly name: string
  readonly parts: CallParts
  readonly scope: Scope
  readonly clause: Clause
}

/** ORDER BY inside a call: expressions only, a number is a constant (transformAggregateCall). */
export function bindCallSorts(
  nodes: readonly SyntaxNode[] | undefined,
  scope: Scope,
  clause: Clause,
): readonly CallSort[] {
  return (nodes ?? []).map((node) => {
    if (!('SortBy' in node)) throw notSupported('this ORDER BY', undefined)
    return {
      value: operandOf(node.SortBy.node, scope, clause),
      direction: sortDirection(node.SortBy, scope.context),
    }
  })
}

/** Runs a step of the type tables; what it throws gets the place of the call. */
export function withPlace<T>(offset: number | undefined, step: () => T): T {
  try {
    return step()
  } catch (error) {
    if (!(error instanceof SqlError)) throw error
    throw located(error, offset)
  }
}

/** The arguments as the function takes them. */
export function coerceArguments(
  context: BindContext,
  args: readonly TypedExpression[],
  types: ResolvedFunction['arguments'],
): readonly BoundExpression[] {
  return args.map((argument, index) => {
    const to = types[index]
    if (to === undefined) throw notSupported('this argument', context.offsetOf(argument.location))
    return coerce(context, argument, { to, context: 'explicit' })
  })
}
