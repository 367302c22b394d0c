import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { BinaryOperator, QuantifiedSubquery } from '../bound.ts'
import type { ComparisonOperator } from './comparison.ts'
import { operandOf } from './printer.ts'
import type { Printer } from './printer.ts'
import { unpadded } from './unpadded.ts'

/** `operand op ANY (query)`; the engine knows it for comparisons. */
export function printQuantifiedSubquery(
  printer: Printer,
  { operands, operator, quantifier, query }: QuantifiedSubquery,
): string {
  if (!isComparison(operator)) throw unsupportedQuantifier(operator)
  const printed = operands.map((operand) => unpadded(operandOf(printer, operand)))
  const left = printed.length === 1 ? printed.join('') : `(${printed.join(', ')})`
  return `(${left} ${operator} ${quantifier} (${printer.query(query)}))`
}

/** Whether an operator is one of the six comparisons. */
export function isComparison(operator: BinaryOperator): operator is ComparisonOperator {
  return /^(=|<>|<=?|>=?)$/.test(operator)
}

function unsupportedQuantifier(operator: BinaryOperator): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    `operator ${operator} with ANY or ALL of a subquery is not supported`,
  )
}
