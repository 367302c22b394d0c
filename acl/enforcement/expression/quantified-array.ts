import type { A_Expr, Node as SyntaxNode } from '@pgsql/types'
import type { BoundExpression } from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import { resolveOperator } from '../../types/operators.ts'
import { arrayOf } from '../../types/scalar.ts'
import { notSupported, unknownOperator, wrongObject } from '../binding-errors.ts'
import type { Clause } from '../clause.ts'
import { argumentType, coerce, typeWords } from '../coercion.ts'
import type { Scope } from '../scope.ts'
import { boolType, textType } from '../typed-expression.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { anyFailed, failedOperation, operandOf } from './operand.ts'
import { binaryOperation } from './operator.ts'

/** `operand operator ANY (array)`, `... ALL (array)` (parse_oper.c, make_scalar_array_op). */
export function bindQuantifiedArray(
  node: A_Expr,
  operator: string,
  scope: Scope,
  clause: Clause,
): TypedExpression {
  const { context } = scope
  const { location } = node
  const quantifier = node.kind === 'AEXPR_OP_ALL' ? 'ALL' : 'ANY'
  const operand = operandOf(node.lexpr, scope, clause)
  const array = operandOf(node.rexpr, scope, clause)
  if (anyFailed([operand, array])) return failedOperation(location)
  const elementType = elementTypeOf(array, operand)
  if (elementType === undefined) {
    throw wrongObject('op ANY/ALL (array) requires array on right side', context.offsetOf(location))
  }
  const resolved = resolveOperator({
    operator,
    left: argumentType(operand),
    right: elementType,
  })
  if (resolved === undefined || resolved.kind === 'Prefix') {
    throw unknownOperator(
      `${typeWords(operand.type)} ${operator} ${typeWords(elementType)}`,
      context.offsetOf(location),
    )
  }
  if (resolved.kind === 'Expression' || resolved.right.kind !== 'Scalar') {
    const expression = eachElement(node.rexpr, { operator, operand, quantifier, scope, clause })
    return { expression, type: boolType, location }
  }
  return {
    expression: {
      kind: 'QuantifiedArray',
      operand: coerce(context, operand, { to: resolved.left, context: 'implicit' }),
      operator: resolved.operator,
      quantifier,
      array: coerce(context, array, { to: arrayOf(resolved.right), context: 'implicit' }),
      type: boolType,
    },
    type: boolType,
    location,
  }
}

/** An array of unknown type, `'{1,2}'` or `$1`, is one of the operand's type. */
function elementTypeOf(array: TypedExpression, operand: TypedExpression): SqlType | undefined {
  if (array.type === 'unknown') {
    if (operand.type === 'unknown') return textType
    return operand.type?.kind === 'Scalar' ? operand.type : undefined
  }
  return array.type?.kind === 'Array' ? array.type.element : undefined
}

/** What is no operator of the store (LIKE ANY) is written out where the elements are. */
function eachElement(
  node: SyntaxNode | undefined,
  given: {
    readonly operator: string
    readonly operand: TypedExpression
    readonly quantifier: 'ANY' | 'ALL'
    readonly scope: Scope
    readonly clause: Clause
  },
): BoundExpression {
  const { operator, operand, quantifier, scope, clause } = given
  const { context } = scope
  if (node === undefined || !('A_ArrayExpr' in node)) {
    throw notSupported(`${operator} ${quantifier} over this array`, undefined)
  }
  const elements = node.A_ArrayExpr.elements ?? []
  if (elements.length === 0) {
    return { kind: 'Constant', value: quantifier === 'ALL', type: boolType }
  }
  return {
    kind: 'Logical',
    operator: quantifier === 'ANY' ? 'OR' : 'AND',
    operands: elements.map(
      (element) =>
        binaryOperation(context, {
          operator,
          left: operand,
          right: operandOf(element, scope, clause),
          location: undefined,
        }).expression,
    ),
    type: boolType,
  }
}
