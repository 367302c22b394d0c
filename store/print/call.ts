/** Calls of the engine's functions: scalar, aggregate and window. */
import type {
  AggregateCall,
  BoundExpression,
  BoundSort,
  BoundWindow,
  FrameBound,
  FunctionCall,
  GroupingCall,
  WindowCall,
} from '../bound.ts'
import { invariant } from '../../errors/invariant.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type { SqlType } from '../sql-type.ts'
import { shapeOf, sumOf } from './decimal-shape.ts'
import { functionName } from './names.ts'
import { divideNumeric } from './numeric.ts'
import type { Printer } from './printer.ts'
import { printSortKey, sortable } from './sort.ts'
import { engineType, familyOf, scalarName } from './type.ts'

/** A scalar function, its result in the engine's form of the declared type. */
export function printFunction(printer: Printer, call: FunctionCall): string {
  const values = call.arguments.map((argument) => printer.expression(argument))
  return withType(`${functionName(call.function)}(${values.join(', ')})`, call.type)
}

/**
 * The engine's functions may give a wider type than PostgreSQL's (length a BIGINT, sum a HUGEINT).
 * numeric is left alone: its scale is what PostgreSQL would show (sum of numeric(10,2)).
 */
function withType(sql: string, type: SqlType | undefined): string {
  const isOpen = type === undefined || type.kind === 'Record' || scalarName(type) === 'numeric'
  return isOpen ? sql : `CAST(${sql} AS ${engineType(type)})`
}

export function printAggregate(printer: Printer, call: AggregateCall): string {
  return completeCall(call, (name) => printAggregateAs(printer, call, name))
}

function printAggregateAs(printer: Printer, call: AggregateCall, name: string): string {
  const order = printOrder(printer, call.orderBy)
  const inside = call.withinGroup || order === '' ? '' : ` ${order}`
  const within = call.withinGroup ? ` WITHIN GROUP (${order})` : ''
  const filter = printFilter(printer, call.filter)
  return `${functionName(name)}(${printArguments(printer, call)}${inside})${within}${filter}`
}

export function printWindow(printer: Printer, call: WindowCall): string {
  const over = ` OVER (${printWindowDefinition(printer, call.window)})`
  const nulls = call.ignoreNulls ? ' IGNORE NULLS' : ''
  return completeCall(call, (name) => {
    const filter = printFilter(printer, call.filter)
    return `${functionName(name)}(${printArguments(printer, call)}${nulls})${filter}${over}`
  })
}

/**
 * Where PostgreSQL's result is numeric and the engine's is not: avg is the exact quotient of sum and
 * count, and the sum of int8 becomes a decimal without a fraction.
 */
function completeCall(call: AggregateCall | WindowCall, printAs: (name: string) => string): string {
  const [argument] = call.arguments
  if (scalarName(call.type) !== 'numeric' || argument === undefined) {
    return withType(printAs(call.function), call.type)
  }
  const isWhole = familyOf(argument.type) === 'Integer'
  if (call.function === 'sum' && isWhole) return `CAST(${printAs('sum')} AS DECIMAL(38, 0))`
  if (call.function === 'sum') return sumOf(printAs('sum'), shapeOf(argument))
  if (call.function !== 'avg') return printAs(call.function)
  const sum = isWhole ? `CAST(${printAs('sum')} AS DECIMAL(38, 0))` : printAs('sum')
  // Over no rows the sum is NULL, and NULL divided by zero is NULL.
  return divideNumeric(sum, `CAST(${printAs('count')} AS DECIMAL(19, 0))`)
}

function printArguments(
  printer: Printer,
  {
    arguments: values,
    star,
    distinct,
  }: {
    readonly arguments: readonly BoundExpression[]
    readonly star: boolean
    readonly distinct: boolean
  },
): string {
  if (star) return '*'
  const list = values.map((value) => printer.expression(value)).join(', ')
  return distinct ? `DISTINCT ${list}` : list
}

function printFilter(printer: Printer, filter: BoundExpression | undefined): string {
  return filter === undefined ? '' : ` FILTER (WHERE ${printer.expression(filter)})`
}

function printOrder(printer: Printer, orderBy: readonly BoundSort[]): string {
  if (orderBy.length === 0) return ''
  return `ORDER BY ${orderBy.map((sort) => printSortKey(printer, sort)).join(', ')}`
}

function printWindowDefinition(printer: Printer, window: BoundWindow): string {
  const partition = window.partitionBy.map((expression) => sortable(printer, expression))
  const parts = [
    partition.length === 0 ? '' : `PARTITION BY ${partition.join(', ')}`,
    printOrder(printer, window.orderBy),
    printFrame(printer, window.frame),
  ]
  return parts.filter((part) => part !== '').join(' ')
}

function printFrame(printer: Printer, frame: BoundWindow['frame']): string {
  if (frame === undefined) return ''
  const { unit, start, end, exclude } = frame
  const bounds = `${printBound(printer, start)} AND ${printBound(printer, end)}`
  return `${unit} BETWEEN ${bounds}${exclude === undefined ? '' : ` EXCLUDE ${exclude}`}`
}

function printBound(printer: Printer, { kind, offset }: FrameBound): string {
  switch (kind) {
    case 'UnboundedPreceding':
      return 'UNBOUNDED PRECEDING'
    case 'CurrentRow':
      return 'CURRENT ROW'
    case 'UnboundedFollowing':
      return 'UNBOUNDED FOLLOWING'
    case 'Preceding':
    case 'Following': {
      invariant(offset !== undefined, 'a bound by offset has one')
      return `${printer.expression(offset)} ${kind === 'Preceding' ? 'PRECEDING' : 'FOLLOWING'}`
    }
    default:
      return unreachable(kind)
  }
}

/** GROUPING is PostgreSQL's int4, the engine's BIGINT. */
export function printGroupingCall(printer: Printer, call: GroupingCall): string {
  const list = call.arguments.map((argument) => printer.expression(argument)).join(', ')
  return `CAST(GROUPING(${list}) AS INTEGER)`
}
