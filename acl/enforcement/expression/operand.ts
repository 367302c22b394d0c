import type { Node as SyntaxNode } from '@pgsql/types'
import { syntaxError } from '../binding-errors.ts'
import type { Clause } from '../clause.ts'
import type { Scope } from '../scope.ts'
import { failedExpression } from '../typed-expression.ts'
import type { TypedExpression } from '../typed-expression.ts'

/** An operand that the grammar promises. */
export function operandOf(
  node: SyntaxNode | undefined,
  scope: Scope,
  clause: Clause,
): TypedExpression {
  if (node === undefined) throw syntaxError('operand is missing', undefined)
  return scope.context.binders.expression(node, scope, clause)
}

/** What becomes of an operation over an operand that could not be bound; the error is known already. */
export function failedOperation(location: number | undefined): TypedExpression {
  return { expression: failedExpression, type: undefined, location }
}

/** Whether any of the operands could not be bound. */
export function anyFailed(operands: readonly TypedExpression[]): boolean {
  return operands.some(({ type }) => type === undefined)
}
