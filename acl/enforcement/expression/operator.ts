import type { BoundExpression } from '../../../store/bound.ts'
import { applyOperator, resolveOperator } from '../../types/operators.ts'
import type { ResolvedOperator } from '../../types/operators.ts'
import { unknownOperator } from '../binding-errors.ts'
import type { BindContext } from '../bind-context.ts'
import { argumentType, coerce, typeWords } from '../coercion.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { failedExpression } from '../typed-expression.ts'

export interface Operands {
  readonly operator: string
  readonly left: TypedExpression | undefined
  readonly right: TypedExpression
  readonly location: number | undefined
}

/** `left operator right`, the operands coerced as PostgreSQL would. */
export function binaryOperation(context: BindContext, operands: Operands): TypedExpression {
  const { left, right, location } = operands
  if (right.type === undefined || (left !== undefined && left.type === undefined)) {
    return { expression: failedExpression, type: undefined, location }
  }
  const resolved = requireOperator(context, operands)
  return {
    expression: applyResolved(context, resolved, operands),
    type: resolved.result,
    location: leftmost(left?.location, location),
  }
}

/** An expression begins where its left operand does (exprLocation). */
function leftmost(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return Math.min(one, other)
}

/** The operator's operands as it takes them, put together. */
export function applyResolved(
  context: BindContext,
  resolved: ResolvedOperator,
  { left, right }: Pick<Operands, 'left' | 'right'>,
): BoundExpression {
  // Which types go together is decided: `1 || 'a'` casts its number although nothing else would.
  const rightValue = coerce(context, right, { to: resolved.right, context: 'explicit' })
  const leftValue =
    left === undefined || resolved.kind === 'Prefix'
      ? undefined
      : coerce(context, left, { to: resolved.left, context: 'explicit' })
  return applyOperator(resolved, leftValue, rightValue)
}

/** The operator that is meant, or 42883. */
export function requireOperator(context: BindContext, operands: Operands): ResolvedOperator {
  const { operator, left, right, location } = operands
  const resolved = resolveOperator({
    operator,
    left: left === undefined ? undefined : argumentType(left),
    right: argumentType(right),
  })
  if (resolved === undefined) {
    const before = left === undefined ? '' : `${typeWords(left.type)} `
    throw unknownOperator(
      `${before}${operator} ${typeWords(right.type)}`,
      context.offsetOf(location),
    )
  }
  return resolved
}
