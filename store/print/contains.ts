import { unreachable } from '../../errors/unreachable.ts'
import type { BoundExpression, BoundSort } from '../bound.ts'

/** Whether an expression or one of its parts is such; subqueries are not looked into. */
export function contains(
  expression: BoundExpression,
  isSought: (part: BoundExpression) => boolean,
): boolean {
  return isSought(expression) || partsOf(expression).some((part) => contains(part, isSought))
}

/** An aggregate without OVER. */
export function isAggregateCall({ kind }: BoundExpression): boolean {
  return kind === 'AggregateCall'
}

/** A window function or an aggregate with OVER. */
export function isWindowCall({ kind }: BoundExpression): boolean {
  return kind === 'WindowCall'
}

/** The expressions that an expression is made of, subqueries left out. */
function partsOf(expression: BoundExpression): readonly BoundExpression[] {
  switch (expression.kind) {
    case 'Constant':
    case 'Parameter':
    case 'SessionValue':
    case 'ColumnReference':
    case 'ScalarSubquery':
    case 'ExistsSubquery':
    case 'ArraySubquery':
    case 'DefaultValue':
      return []
    case 'BinaryOperation':
    case 'DistinctTest':
      return [expression.left, expression.right]
    case 'PrefixOperation':
    case 'Not':
    case 'NullTest':
    case 'BooleanTest':
    case 'Cast':
      return [expression.operand]
    case 'Logical':
    case 'QuantifiedSubquery':
      return expression.operands
    case 'Between':
      return [expression.operand, expression.low, expression.high]
    case 'InList':
      return [expression.operand, ...expression.items]
    case 'LikeMatch':
      return [expression.operand, expression.pattern, ...optional(expression.escape)]
    case 'QuantifiedArray':
      return [expression.operand, expression.array]
    case 'CaseExpression':
      return [
        ...optional(expression.operand),
        ...expression.branches.flatMap((branch) => [branch.when, branch.then]),
        ...optional(expression.otherwise),
      ]
    case 'FunctionCall':
    case 'ConditionalCall':
    case 'GroupingCall':
      return expression.arguments
    case 'AggregateCall':
      return [
        ...expression.arguments,
        ...sortKeys(expression.orderBy),
        ...optional(expression.filter),
      ]
    case 'WindowCall':
      return [
        ...expression.arguments,
        ...optional(expression.filter),
        ...expression.window.partitionBy,
        ...sortKeys(expression.window.orderBy),
      ]
    case 'Variable':
      return [expression.value]
    case 'ArrayConstructor':
      return expression.elements
    case 'RowConstructor':
      return expression.fields
    case 'Subscript':
      return [expression.operand, expression.index]
    case 'Slice':
      return [expression.operand, ...optional(expression.lower), ...optional(expression.upper)]
    default:
      return unreachable(expression)
  }
}

function sortKeys(sorts: readonly BoundSort[]): readonly BoundExpression[] {
  return sorts.flatMap(({ key }) => (key.kind === 'OutputReference' ? [] : [key]))
}

function optional(expression: BoundExpression | undefined): readonly BoundExpression[] {
  return expression === undefined ? [] : [expression]
}
