import type { BoolExpr } from '@pgsql/types'
import { coerceToBoolean } from '../coercion.ts'
import type { Clause } from '../clause.ts'
import type { Scope } from '../scope.ts'
import { boolType, failedExpression } from '../typed-expression.ts'
import type { TypedExpression } from '../typed-expression.ts'

const words = { AND_EXPR: 'AND', OR_EXPR: 'OR', NOT_EXPR: 'NOT' } as const

/** AND, OR, NOT. */
export function bindBoolExpression(node: BoolExpr, scope: Scope, clause: Clause): TypedExpression {
  const word = words[node.boolop ?? 'AND_EXPR']
  const operands = (node.args ?? []).map((argument) =>
    coerceToBoolean(scope, scope.context.binders.expression(argument, scope, clause), word),
  )
  const expression =
    word === 'NOT'
      ? ({ kind: 'Not', operand: operands[0] ?? failedExpression, type: boolType } as const)
      : ({ kind: 'Logical', operator: word, operands, type: boolType } as const)
  return { expression, type: boolType, location: node.location }
}
