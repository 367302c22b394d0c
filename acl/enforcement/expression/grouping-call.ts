import type { GroupingFunc } from '@pgsql/types'
import { groupingError } from '../binding-errors.ts'
import { allowsAggregates } from '../clause.ts'
import type { Clause } from '../clause.ts'
import type { Scope } from '../scope.ts'
import { int4Type } from '../typed-expression.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { operandOf } from './operand.ts'

/** GROUPING(a, b); that its arguments are grouped is checked with the grouping (grouping-check.ts). */
export function bindGrouping(node: GroupingFunc, scope: Scope, clause: Clause): TypedExpression {
  const { context } = scope
  const args = (node.args ?? []).map((argument) => operandOf(argument, scope, clause))
  if (!allowsAggregates(clause)) {
    throw groupingError(
      `grouping operations are not allowed in ${clause}`,
      context.offsetOf(node.location),
    )
  }
  scope.hasAggregates = true
  const expression = {
    kind: 'GroupingCall',
    arguments: args.map((argument) => argument.expression),
    type: int4Type,
  } as const
  if (node.location !== undefined) context.locations.set(expression, node.location)
  return { expression, type: int4Type, location: node.location }
}
