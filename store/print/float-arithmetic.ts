/** `+`, `-` and `*` of floating-point numbers with PostgreSQL's check for overflow. */
import { SqlState } from '../../errors/sql-state.ts'
import type { BinaryOperation, BoundExpression } from '../bound.ts'
import type { Printer } from './printer.ts'
import { raise } from './raise.ts'
import { withValues } from './single-use.ts'
import { familyOf } from './type.ts'

/** PostgreSQL's error where finite operands give an infinite result. */
export const raiseOverflow = raise(SqlState.NumericValueOutOfRange, 'value out of range: overflow')

/** Whether a sum, difference or product is of floating-point numbers. */
export function isFloatOperation({ operator, left, right }: BinaryOperation): boolean {
  const isArithmetic = operator === '+' || operator === '-' || operator === '*'
  return isArithmetic && familyOf(left.type) === 'Float' && familyOf(right.type) === 'Float'
}

/**
 * A whole tree of such operations is checked once: from finite leaves an infinity or NaN comes only by
 * overflow, and neither turns finite again by adding and multiplying.
 */
export function printFloatOperation(printer: Printer, operation: BinaryOperation): string {
  const leaves = leavesOf(operation)
  return withValues(
    leaves.map((leaf) => printer.expression(leaf)),
    (...values) => {
      const result = printTree(operation, values[Symbol.iterator]())
      const isFinite = [...new Set(values)].map((value) => `isfinite(${value})`).join(' AND ')
      return `CASE WHEN isfinite(${result}) OR NOT (${isFinite}) THEN ${result} WHEN ${isFinite} THEN ${raiseOverflow} END`
    },
  )
}

function isInner(expression: BoundExpression): expression is BinaryOperation {
  return expression.kind === 'BinaryOperation' && isFloatOperation(expression)
}

function leavesOf(expression: BoundExpression): readonly BoundExpression[] {
  if (!isInner(expression)) return [expression]
  return [...leavesOf(expression.left), ...leavesOf(expression.right)]
}

/** The operations over the values of the leaves, taken in order. */
function printTree(expression: BoundExpression, values: Iterator<string>): string {
  if (!isInner(expression)) return values.next().value ?? ''
  const left = printTree(expression.left, values)
  return `(${left} ${expression.operator} ${printTree(expression.right, values)})`
}
