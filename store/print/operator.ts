/** Operators: a fixed table from PostgreSQL's to what the engine does with the same meaning. */
import { SqlState } from '../../errors/sql-state.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type { BinaryOperation, BinaryOperator, PrefixOperation } from '../bound.ts'
import { add, divide, modulo, multiply, power, subtract } from './arithmetic.ts'
import { shiftLeft, shiftRight } from './bits.ts'
import { printComparison } from './comparison.ts'
import { isFloatOperation, printFloatOperation } from './float-arithmetic.ts'
import { jsonMember, jsonMemberText } from './json-member.ts'
import { concatenate, contains, overlaps } from './list-operator.ts'
import { operandOf } from './printer.ts'
import type { Operand, Printer } from './printer.ts'
import { raise } from './raise.ts'
import { withValues } from './single-use.ts'
import { textOf } from './text-of.ts'

export interface Operands {
  readonly left: Operand
  readonly right: Operand
}

export function printBinary(printer: Printer, operation: BinaryOperation): string {
  const { operator, left, right } = operation
  if (isFloatOperation(operation)) return printFloatOperation(printer, operation)
  const operands = { left: operandOf(printer, left), right: operandOf(printer, right) }
  return printBinaryOperands(printer, operator, operands)
}

/** An operator over operands that are printed already. */
export function printBinaryOperands(
  printer: Printer,
  operator: BinaryOperator,
  operands: Operands,
): string {
  const { left, right } = operands
  switch (operator) {
    case '+':
      return add(operands)
    case '-':
      return subtract(operands)
    case '*':
      return multiply(operands)
    case '/':
      return divide(operands)
    case '%':
      return modulo(operands)
    case '^':
      return power(operands)
    case '=':
    case '<>':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return printComparison(printer, operator, operands)
    case '||':
      return concatenate(operands)
    case '&':
    case '|':
      return `(${left.sql} ${operator} ${right.sql})`
    case '#':
      return `xor(${left.sql}, ${right.sql})`
    case '<<':
      return shiftLeft(operands)
    case '>>':
      return shiftRight(operands)
    case '->':
      return jsonMember(operands)
    case '->>':
      return jsonMemberText(operands)
    case '~':
    case '~*':
    case '!~':
    case '!~*':
      return matchRegularExpression(operator, operands)
    case '@>':
      return contains(left, right)
    case '<@':
      return contains(right, left)
    case '&&':
      return overlaps(left, right)
    default:
      return unreachable(operator)
  }
}

/** A match of any part; the point matches a line break, `^` and `$` the ends of the text only. */
function matchRegularExpression(
  operator: '~' | '~*' | '!~' | '!~*',
  { left, right }: Operands,
): string {
  const options = operator.endsWith('*') ? 'si' : 's'
  const match = `regexp_matches(${left.sql}, ${textOf(right)}, '${options}')`
  return operator.startsWith('!') ? `(NOT ${match})` : match
}

export function printPrefix(printer: Printer, { operator, operand }: PrefixOperation): string {
  const sql = printer.expression(operand)
  switch (operator) {
    case '-':
    case '+':
    case '~':
      return `(${operator} ${sql})`
    case '@':
      return `abs(${sql})`
    case '|/':
      return squareRoot(sql)
    default:
      return unreachable(operator)
  }
}

function squareRoot(operand: string): string {
  const error = raise(
    SqlState.InvalidArgumentForPowerFunction,
    'cannot take square root of a negative number',
  )
  return withValues(
    [operand],
    (value) => `CASE WHEN ${value} < 0 THEN ${error} ELSE sqrt(${value}) END`,
  )
}
