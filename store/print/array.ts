/** Arrays: the engine's lists, with PostgreSQL's subscripts and comparisons. */
import type {
  ArrayConstructor,
  BoundExpression,
  QuantifiedArray,
  Slice,
  Subscript,
} from '../bound.ts'
import { printBinaryOperands } from './operator.ts'
import { operandOf } from './printer.ts'
import type { Operand, Printer } from './printer.ts'
import { mapList, withValues } from './single-use.ts'
import { engineType } from './type.ts'

/** `ARRAY[...]`; one without elements has its type from a cast. */
export function printArrayConstructor(
  printer: Printer,
  { elements, type }: ArrayConstructor,
): string {
  const list = `[${elements.map((element) => printer.expression(element)).join(', ')}]`
  return elements.length === 0 && type !== undefined ? `CAST(${list} AS ${engineType(type)})` : list
}

/** The engine counts negative positions from the end; in PostgreSQL nothing is there. */
export function printSubscript(printer: Printer, { operand, index }: Subscript): string {
  const array = printer.expression(operand)
  const position = printer.expression(index)
  if (isPositiveConstant(index)) return `list_extract(${array}, ${position})`
  return withValues([position], (p) => `CASE WHEN ${p} > 0 THEN list_extract(${array}, ${p}) END`)
}

function isPositiveConstant(expression: BoundExpression): boolean {
  if (expression.kind !== 'Constant') return false
  const { value } = expression
  return (typeof value === 'number' || typeof value === 'bigint') && Number(value) > 0
}

/** Bounds below 1 are as good as 1; an upper bound below the lower gives an empty array. */
export function printSlice(printer: Printer, { operand, lower, upper }: Slice): string {
  const array = printer.expression(operand)
  const one = 'CAST(1 AS INTEGER)'
  const low = lower === undefined ? one : printer.expression(lower)
  const high = upper === undefined ? `len(${array})` : printer.expression(upper)
  return withValues([array, low, high], (list, from, to) => {
    const slice = `list_slice(${list}, greatest(${from}, 1), ${to})`
    return `CASE WHEN ${to} < 1 THEN list_slice(${list}, 2, 1) WHEN ${from} IS NOT NULL AND ${to} IS NOT NULL THEN ${slice} END`
  })
}

/**
 * `operand op ANY (array)`. A match decides; without one NULL stays NULL (PostgreSQL, "Row and Array
 * Comparisons"). Few written elements become a chain, a parameter a subquery that the engine hashes.
 */
export function printQuantifiedArray(printer: Printer, quantified: QuantifiedArray): string {
  const { operand, operator, quantifier, array } = quantified
  const left = operandOf(printer, operand)
  if (array.kind === 'ArrayConstructor' && array.elements.length > 0) {
    const word = quantifier === 'ANY' ? ' OR ' : ' AND '
    const each = array.elements.map((element) =>
      printBinaryOperands(printer, operator, { left, right: operandOf(printer, element) }),
    )
    return `(${each.join(word)})`
  }
  const list = printer.expression(array)
  const elementType = array.type?.kind === 'Array' ? array.type.element : undefined
  return withValues([left.sql, list], (value, elements) => {
    const compared = mapList(elements, [value], (element) => {
      const right: Operand = { sql: element, type: elementType }
      return printBinaryOperands(printer, operator, {
        left: { sql: value, type: left.type },
        right,
      })
    })
    return anyOf(compared, quantifier)
  })
}

function anyOf(compared: string, quantifier: 'ANY' | 'ALL'): string {
  const decisive = quantifier === 'ANY' ? 'true' : 'false'
  const otherwise = quantifier === 'ANY' ? 'false' : 'true'
  return withValues([compared], (list) =>
    [
      `CASE WHEN ${list} IS NULL THEN CAST(NULL AS BOOLEAN)`,
      `WHEN list_contains(${list}, ${decisive}) THEN ${decisive}`,
      `WHEN list_count(${list}) < len(${list}) THEN CAST(NULL AS BOOLEAN)`,
      `ELSE ${otherwise} END`,
    ].join(' '),
  )
}
