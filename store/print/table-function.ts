/** Set-returning functions in FROM. */
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type { BoundExpression, BoundTableFunction } from '../bound.ts'
import { outputName, outputNames, rangeName } from './names.ts'
import { operandOf } from './printer.ts'
import type { Operand, Printer } from './printer.ts'
import { raise } from './raise.ts'
import { engineType, familyOf, scalarName } from './type.ts'

/** A table function as a lateral subquery that unnests lists, so that order and padding are PostgreSQL's. */
export function printTableFunction(printer: Printer, item: BoundTableFunction): string {
  const lists = listsOf(printer, item)
  const ordinality = item.withOrdinality ? [ordinalityOf(lists)] : []
  const columns = [...lists, ...ordinality].map(
    (list, index) => `unnest(${list}) AS ${outputName(index + 1)}`,
  )
  const names = outputNames(columns.length)
  return `LATERAL (SELECT ${columns.join(', ')}) AS ${rangeName(item.range)}(${names})`
}

function listsOf(printer: Printer, item: BoundTableFunction): readonly string[] {
  const operands = item.arguments.map((argument) => operandOf(printer, argument))
  switch (item.function) {
    case 'unnest':
      return operands.map(({ sql }) => sql)
    case 'generate_series':
      return [series(operands)]
    case 'generate_subscripts':
      return [subscripts(operands)]
    default:
      return unreachable(item.function)
  }
}

/** 1, 2, ... up to the length of the longest list. */
function ordinalityOf(lists: readonly string[]): string {
  const lengths = lists.map((list) => `coalesce(len(${list}), 0)`)
  return `generate_series(1, greatest(${lengths.join(', ')}))`
}

function series([start, stop, step]: readonly Operand[]): string {
  if (start === undefined || stop === undefined) throw unsupportedSeries()
  const family = familyOf(start.type)
  const isOffered = family === 'Integer' || family === 'Timestamp' || family === undefined
  if (!isOffered) throw unsupportedSeries()
  if (step === undefined) return typedSeries(start, `generate_series(${start.sql}, ${stop.sql})`)
  const checked = checkedStep(step)
  return typedSeries(start, `generate_series(${start.sql}, ${stop.sql}, ${checked})`)
}

/** The engine's series of integers is of BIGINT. */
function typedSeries({ type }: Operand, sql: string): string {
  const isNarrow = scalarName(type) === 'int4' || scalarName(type) === 'int2'
  return isNarrow && type !== undefined ? `CAST(${sql} AS ${engineType(type)}[])` : sql
}

function checkedStep({ sql, type, expression }: Operand): string {
  if (isNonZeroConstant(expression)) return sql
  const zero = familyOf(type) === 'Interval' ? 'to_days(0)' : '0'
  const error = raise(SqlState.InvalidParameterValue, 'step size cannot equal zero')
  return `CASE WHEN ${sql} = ${zero} THEN ${error} ELSE ${sql} END`
}

function isNonZeroConstant(expression: BoundExpression | undefined): boolean {
  if (expression?.kind !== 'Constant') return false
  const { value } = expression
  return (typeof value === 'number' || typeof value === 'bigint') && Number(value) !== 0
}

function subscripts([array, dimension, reverse]: readonly Operand[]): string {
  if (array === undefined || dimension === undefined || reverse !== undefined) {
    throw unsupportedSeries()
  }
  const length = `CASE WHEN ${dimension.sql} = 1 THEN len(${array.sql}) END`
  return `CAST(generate_series(1, ${length}) AS INTEGER[])`
}

function unsupportedSeries(): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    'series are supported over integers and timestamps only',
  )
}
