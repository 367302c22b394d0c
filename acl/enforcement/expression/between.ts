import type { A_Expr } from '@pgsql/types'
import type { BoundExpression } from '../../../store/bound.ts'
import type { BindContext } from '../bind-context.ts'
import { notSupported } from '../binding-errors.ts'
import type { Clause } from '../clause.ts'
import { coerce } from '../coercion.ts'
import type { Scope } from '../scope.ts'
import { itemsOf } from '../syntax.ts'
import { sameType } from '../../types/scalar.ts'
import { boolType } from '../typed-expression.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { anyFailed, failedOperation, operandOf } from './operand.ts'
import { binaryOperation, requireOperator } from './operator.ts'
import { isRow } from './row-comparison.ts'

interface Range {
  readonly operand: TypedExpression
  readonly low: TypedExpression
  readonly high: TypedExpression
  readonly location: number | undefined
}

/**
 * BETWEEN is `a >= low AND a <= high`, each comparison resolved for itself (transformAExprBetween);
 * where both take the operand as it is they are one node.
 */
export function bindBetween(node: A_Expr, scope: Scope, clause: Clause): TypedExpression {
  const { context } = scope
  const symmetric = node.kind === 'AEXPR_BETWEEN_SYM' || node.kind === 'AEXPR_NOT_BETWEEN_SYM'
  const negated = node.kind === 'AEXPR_NOT_BETWEEN' || node.kind === 'AEXPR_NOT_BETWEEN_SYM'
  if (isRow(node.lexpr)) throw notSupported('BETWEEN of rows', context.offsetOf(node.location))
  const [lowNode, highNode] = itemsOf(node.rexpr)
  const operand = operandOf(node.lexpr, scope, clause)
  const low = operandOf(lowNode, scope, clause)
  const high = operandOf(highNode, scope, clause)
  if (anyFailed([operand, low, high])) return failedOperation(node.location)
  const range = { operand, low, high, location: node.location }
  const expression =
    oneNode(context, range, { symmetric, negated }) ??
    twoComparisons(context, range, { symmetric, negated })
  return { expression, type: boolType, location: node.location }
}

interface Form {
  readonly symmetric: boolean
  readonly negated: boolean
}

function oneNode(context: BindContext, range: Range, form: Form): BoundExpression | undefined {
  const { operand, low, high, location } = range
  const above = requireOperator(context, { operator: '>=', left: operand, right: low, location })
  const below = requireOperator(context, { operator: '<=', left: operand, right: high, location })
  if (above.kind !== 'Binary' || below.kind !== 'Binary') return undefined
  if (!sameType(above.left, below.left)) return undefined
  const to = (value: TypedExpression, type: typeof above.left): BoundExpression =>
    coerce(context, value, { to: type, context: 'implicit' })
  return {
    kind: 'Between',
    operand: to(operand, above.left),
    low: to(low, above.right),
    high: to(high, below.right),
    ...form,
    type: boolType,
  }
}

function twoComparisons(context: BindContext, range: Range, form: Form): BoundExpression {
  const { operand, low, high, location } = range
  const between = (from: TypedExpression, to: TypedExpression): BoundExpression => ({
    kind: 'Logical',
    operator: 'AND',
    operands: [
      binaryOperation(context, { operator: '>=', left: operand, right: from, location }).expression,
      binaryOperation(context, { operator: '<=', left: operand, right: to, location }).expression,
    ],
    type: boolType,
  })
  const test: BoundExpression = form.symmetric
    ? {
        kind: 'Logical',
        operator: 'OR',
        operands: [between(low, high), between(high, low)],
        type: boolType,
      }
    : between(low, high)
  return form.negated ? { kind: 'Not', operand: test, type: boolType } : test
}
