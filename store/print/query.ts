/** Queries: SELECT, set operations, VALUES, with their CTEs, order and limit. */
import { unreachable } from '../../errors/unreachable.ts'
import type {
  BoundCte,
  BoundExpression,
  BoundGrouping,
  BoundQuery,
  BoundSelect,
  BoundValues,
} from '../bound.ts'
import { shapeOf, widened } from './decimal-shape.ts'
import { printFromItem } from './from.ts'
import { cteName, outputName, outputNames } from './names.ts'
import { operandOf } from './printer.ts'
import type { Printer } from './printer.ts'
import { printSortKey, sortable } from './sort.ts'

/** A query without parentheses around it. */
export function printQuery(printer: Printer, query: BoundQuery): string {
  return [
    printWith(printer, query),
    printBody(printer, query.body),
    clause('ORDER BY', query.orderBy.map((sort) => printSortKey(printer, sort)).join(', ')),
    clause('LIMIT', optional(printer, query.limit)),
    clause('OFFSET', optional(printer, query.offset)),
  ]
    .filter((part) => part !== '')
    .join(' ')
}

/** `WITH ...`, or nothing. */
export function printWith(
  printer: Printer,
  statement: { readonly with: readonly BoundCte[]; readonly recursive: boolean },
): string {
  if (statement.with.length === 0) return ''
  const ctes = statement.with.map((cte) => printCte(printer, cte))
  return `WITH ${statement.recursive ? 'RECURSIVE ' : ''}${ctes.join(', ')}`
}

function printCte(printer: Printer, { id, query, columnCount, materialized }: BoundCte): string {
  const hint =
    materialized === undefined ? '' : materialized ? 'MATERIALIZED ' : 'NOT MATERIALIZED '
  return `${cteName(id)}(${outputNames(columnCount)}) AS ${hint}(${printer.query(query)})`
}

function printBody(printer: Printer, body: BoundQuery['body']): string {
  switch (body.kind) {
    case 'Select':
      return printSelect(printer, body)
    case 'SetOperation': {
      const operator = body.all ? `${body.operator} ALL` : body.operator
      return `(${printer.query(body.left)}) ${operator} (${printer.query(body.right)})`
    }
    case 'Values':
      return printValues(printer, body)
    default:
      return unreachable(body)
  }
}

/** `VALUES (...), (...)`. */
export function printValues(printer: Printer, { rows }: BoundValues): string {
  const printed = rows.map(
    (row) => `(${row.map((value) => printOutput(printer, value)).join(', ')})`,
  )
  return `VALUES ${printed.join(', ')}`
}

function printSelect(printer: Printer, select: BoundSelect): string {
  // What is in FROM is printed first only in the text; nothing here depends on the order.
  const parts = [
    `SELECT ${printDistinct(printer, select)}${printTargets(printer, select.targets)}`,
    clause('FROM', select.from.map((item) => printFromItem(printer, item)).join(', ')),
    clause('WHERE', optional(printer, select.where)),
    clause('GROUP BY', select.groupBy.map((item) => printGrouping(printer, item)).join(', ')),
    clause('HAVING', optional(printer, select.having)),
  ]
  return parts.filter((part) => part !== '').join(' ')
}

function printDistinct(printer: Printer, { distinct }: BoundSelect): string {
  switch (distinct.kind) {
    case 'None':
      return ''
    case 'All':
      return 'DISTINCT '
    case 'On': {
      const keys = distinct.expressions.map((expression) => sortable(printer, expression))
      return `DISTINCT ON (${keys.join(', ')}) `
    }
    default:
      return unreachable(distinct)
  }
}

/** A target list; the engine wants one column where PostgreSQL allows none. */
export function printTargets(printer: Printer, targets: readonly BoundExpression[]): string {
  if (targets.length === 0) return `NULL AS ${outputName(1)}`
  return targets
    .map((target, index) => `${printOutput(printer, target)} AS ${outputName(index + 1)}`)
    .join(', ')
}

/** A column of a result; one of numeric without limits has all digits, so that nothing above need ask. */
function printOutput(printer: Printer, target: BoundExpression): string {
  const { sql, type } = operandOf(printer, target)
  const isOpen = type?.kind === 'Scalar' && type.name === 'numeric' && type.precision === undefined
  return isOpen ? widened(sql, shapeOf(target)) : sql
}

function printGrouping(printer: Printer, item: BoundGrouping): string {
  switch (item.kind) {
    case 'Expression':
      return printer.expression(item.expression)
    case 'Set':
      return `(${item.expressions.map((expression) => printer.expression(expression)).join(', ')})`
    case 'Rollup':
      return `ROLLUP (${printGroupings(printer, item.items)})`
    case 'Cube':
      return `CUBE (${printGroupings(printer, item.items)})`
    case 'GroupingSets':
      return `GROUPING SETS (${printGroupings(printer, item.items)})`
    default:
      return unreachable(item)
  }
}

function printGroupings(printer: Printer, items: readonly BoundGrouping[]): string {
  return items.map((item) => printGrouping(printer, item)).join(', ')
}

function optional(printer: Printer, expression: BoundExpression | undefined): string {
  return expression === undefined ? '' : printer.expression(expression)
}

/** A keyword and what follows it, or nothing. */
export function clause(keyword: string, text: string): string {
  return text === '' ? '' : `${keyword} ${text}`
}
