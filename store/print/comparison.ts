/** Comparisons with PostgreSQL's meaning for rows, blank-padded text and NULL. */
import { invariant } from '../../errors/invariant.ts'
import type {
  Between,
  BoundExpression,
  DistinctTest,
  InList,
  NullTest,
  RowConstructor,
} from '../bound.ts'
import { operandOf } from './printer.ts'
import type { Operand, Printer } from './printer.ts'
import { unpadded } from './unpadded.ts'

export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>='

/** `left operator right`. */
export function printComparison(
  printer: Printer,
  operator: ComparisonOperator,
  sides: { readonly left: Operand; readonly right: Operand },
): string {
  const { left, right } = sides
  const leftRow = rowOf(left.expression)
  const rightRow = rowOf(right.expression)
  if (leftRow !== undefined && rightRow !== undefined) {
    return compareRows(printer, operator, fieldPairs(printer, leftRow, rightRow))
  }
  return `(${unpadded(left)} ${operator} ${unpadded(right)})`
}

/** `left = right`. */
export function printEquality(printer: Printer, left: Operand, right: Operand): string {
  return printComparison(printer, '=', { left, right })
}

interface Pair {
  readonly left: Operand
  readonly right: Operand
}

function rowOf(expression: BoundExpression | undefined): RowConstructor | undefined {
  return expression?.kind === 'RowConstructor' ? expression : undefined
}

function fieldPairs(
  printer: Printer,
  left: RowConstructor,
  right: RowConstructor,
): readonly Pair[] {
  invariant(
    left.fields.length === right.fields.length,
    'rows that are compared are of equal length',
  )
  return left.fields.flatMap((field, index) => {
    const other = right.fields[index]
    if (other === undefined) return []
    return [{ left: operandOf(printer, field), right: operandOf(printer, other) }]
  })
}

/**
 * Rows compare field by field with NULL unknown (PostgreSQL, "Row Constructor Comparison"); the
 * engine's structs would take NULL for a value.
 */
function compareRows(
  printer: Printer,
  operator: ComparisonOperator,
  pairs: readonly Pair[],
): string {
  const [first, ...rest] = pairs
  if (first === undefined)
    return operator === '<>' || operator === '<' || operator === '>' ? 'false' : 'true'
  if (operator === '=' || operator === '<>') {
    const compared = pairs.map((pair) => printComparison(printer, operator, pair))
    return `(${compared.join(operator === '=' ? ' AND ' : ' OR ')})`
  }
  if (rest.length === 0) return printComparison(printer, operator, first)
  const strict = operator === '<' || operator === '<=' ? '<' : '>'
  const decided = printComparison(printer, strict, first)
  const equal = printComparison(printer, '=', first)
  return `(${decided} OR (${equal} AND ${compareRows(printer, operator, rest)}))`
}

/** A row is null if all its fields are, and not null if none is. */
export function printNullTest(printer: Printer, { operand, negated }: NullTest): string {
  const test = negated ? 'IS NOT NULL' : 'IS NULL'
  const row = rowOf(operand)
  if (row === undefined) return `(${printer.expression(operand)} ${test})`
  if (row.fields.length === 0) return 'true'
  return `(${row.fields.map((field) => `${printer.expression(field)} ${test}`).join(' AND ')})`
}

export function printDistinctTest(printer: Printer, test: DistinctTest): string {
  const word = test.negated ? 'IS NOT DISTINCT FROM' : 'IS DISTINCT FROM'
  const left = rowOf(test.left)
  const right = rowOf(test.right)
  const pairs =
    left !== undefined && right !== undefined
      ? fieldPairs(printer, left, right)
      : [{ left: operandOf(printer, test.left), right: operandOf(printer, test.right) }]
  if (pairs.length === 0) return test.negated ? 'true' : 'false'
  const compared = pairs.map((pair) => `${unpadded(pair.left)} ${word} ${unpadded(pair.right)}`)
  return `(${compared.join(test.negated ? ' AND ' : ' OR ')})`
}

export function printBetween(printer: Printer, between: Between): string {
  const operand = operandOf(printer, between.operand)
  const low = operandOf(printer, between.low)
  const high = operandOf(printer, between.high)
  const ordered = within(printer, operand, { low, high })
  const inside = between.symmetric
    ? `(${ordered} OR ${within(printer, operand, { low: high, high: low })})`
    : ordered
  return between.negated ? `(NOT ${inside})` : inside
}

function within(
  printer: Printer,
  operand: Operand,
  { low, high }: { readonly low: Operand; readonly high: Operand },
): string {
  const isRow = rowOf(operand.expression) !== undefined
  if (!isRow) return `(${unpadded(operand)} BETWEEN ${unpadded(low)} AND ${unpadded(high)})`
  const above = printComparison(printer, '>=', { left: operand, right: low })
  return `(${above} AND ${printComparison(printer, '<=', { left: operand, right: high })})`
}

export function printInList(printer: Printer, { operand, items, negated }: InList): string {
  invariant(items.length > 0, 'IN has items')
  const left = operandOf(printer, operand)
  const right = items.map((item) => operandOf(printer, item))
  if (rowOf(operand) !== undefined) {
    const equal = right.map((item) => printEquality(printer, left, item)).join(' OR ')
    return negated ? `(NOT (${equal}))` : `(${equal})`
  }
  const list = right.map(unpadded).join(', ')
  return `(${unpadded(left)} ${negated ? 'NOT IN' : 'IN'} (${list}))`
}
