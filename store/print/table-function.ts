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
  const checked = step === undefined ? '' : `, ${checkedStep(step)}`
  const list = typedSeries(start, `generate_series(${start.sql}, ${stop.sql}${checked})`)
  return limitedSeries([start, stop, step], list)
}

/** The engine makes the whole list at once, past its memory limit and deaf to interrupts (hardening 5.2). */
const seriesLengthMax = 10_000_000

/** @throws SqlError 54000 for constants; what is known when it runs is looked at then */
function limitedSeries(
  [start, stop, step]: readonly [Operand, Operand, Operand | undefined],
  list: string,
): string {
  const from = place(start)
  const to = place(stop)
  const by = step === undefined ? 1n : distance(step)
  if (from === undefined || to === undefined || by === undefined) {
    const error = raise(SqlState.ProgramLimitExceeded, tooLong)
    return `CASE WHEN ${isTooLong([start, stop, step])} THEN ${error} ELSE ${list} END`
  }
  const [length, width] = by > 0n ? [to - from, by] : [from - to, -by]
  if (width !== 0n && length > width * BigInt(seriesLengthMax)) throw seriesTooLong()
  return list
}

const tooLong = `generate_series must not give more than ${seriesLengthMax} rows`

function isTooLong([start, stop, step]: readonly [Operand, Operand, Operand | undefined]): string {
  const isTime = familyOf(start.type) === 'Timestamp'
  const number = ({ sql }: Operand): string =>
    isTime ? `epoch(${sql})` : `CAST(${sql} AS HUGEINT)`
  const by = step === undefined ? '1' : number(step)
  const length = `(${number(stop)} - ${number(start)})`
  return `${length} * sign(${by}) > abs(${by}) * ${seriesLengthMax}`
}

/** Where a constant stands: an integer, or microseconds. */
function place({ expression }: Operand): bigint | undefined {
  const value = expression?.kind === 'Constant' ? expression.value : undefined
  if (typeof value === 'bigint') return value
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : undefined
}

const microsOfDay = 86_400_000_000n

/** How far a constant step goes; a month is a short one. */
function distance(step: Operand): bigint | undefined {
  const value = step.expression?.kind === 'Constant' ? step.expression.value : undefined
  const isInterval = typeof value === 'object' && value !== null && 'kind' in value
  if (!isInterval) return place(step)
  const days = BigInt(value.months) * 28n + BigInt(value.days)
  return days * microsOfDay + value.micros
}

function seriesTooLong(): SqlError {
  return new SqlError(SqlState.ProgramLimitExceeded, tooLong)
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
