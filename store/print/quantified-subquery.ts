import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { BinaryOperator, QuantifiedSubquery } from '../bound.ts'
import type { ComparisonOperator } from './comparison.ts'
import { outputName, outputNames } from './names.ts'
import { operandOf } from './printer.ts'
import type { Printer } from './printer.ts'
import { unpadded } from './unpadded.ts'

/** `operand op ANY (query)`; the engine knows it for comparisons. */
export function printQuantifiedSubquery(
  printer: Printer,
  { operands, operator, quantifier, query }: QuantifiedSubquery,
): string {
  if (!isComparison(operator)) throw unsupportedQuantifier(operator)
  const values = operands.map((operand) => unpadded(operandOf(printer, operand)))
  const rows = printer.query(query)
  if (values.length > 1 && operator === '=' && quantifier === 'ANY') return rowIsIn(values, rows)
  if (values.length > 1 && operator === '<>' && quantifier === 'ALL') {
    return `(NOT ${rowIsIn(values, rows)})`
  }
  const left = values.length === 1 ? values.join('') : `(${values.join(', ')})`
  return `(${left} ${operator} ${quantifier} (${rows}))`
}

/** Whether an operator is one of the six comparisons. */
export function isComparison(operator: BinaryOperator): operator is ComparisonOperator {
  return /^(=|<>|<=?|>=?)$/.test(operator)
}

/**
 * A row of several fields among the rows of a query. Where a NULL is about the engine says NULL of
 * every row that it does not find; in PostgreSQL a row of which some field differs is not it. So NULL
 * is looked into: rows of the query that hold one, and the row itself. Both are as a rule none.
 */
function rowIsIn(values: readonly string[], rows: string): string {
  const columns = values.map((_, index) => `"s".${outputName(index + 1)}`)
  const equal = columns.map((column, index) => `${values[index] ?? ''} = ${column}`).join(' AND ')
  const isUnknownWhere = (nullable: readonly string[]): string => {
    const hasNull = nullable.map((value) => `${value} IS NULL`).join(' OR ')
    const source = `(${rows}) AS "s"(${outputNames(values.length)})`
    return `EXISTS (SELECT 1 FROM ${source} WHERE (${hasNull}) AND (${equal}) IS NULL)`
  }
  const unknown = `${isUnknownWhere(columns)} OR ${isUnknownWhere(values)}`
  const found = `(${values.join(', ')}) = ANY (${rows})`
  return `CASE ${found} WHEN true THEN true WHEN false THEN false ELSE CASE WHEN ${unknown} THEN NULL ELSE false END END`
}

function unsupportedQuantifier(operator: BinaryOperator): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    `operator ${operator} with ANY or ALL of a subquery is not supported`,
  )
}
