/** Dates and timestamps moved and compared as PostgreSQL does. */
import { SqlState } from '../../errors/sql-state.ts'
import type { BoundExpression } from '../bound.ts'
import type { Operand } from './printer.ts'
import { raise } from './raise.ts'
import { withValues } from './single-use.ts'
import { scalarName } from './type.ts'

/** The engine wraps around beyond its range; no date is this many days from another. */
const daysMax = 2_000_000_000

/** A date and a number of days. */
export function moveDate(operator: '+' | '-', date: Operand, days: Operand): string {
  const error = raise(SqlState.DatetimeFieldOverflow, 'date out of range')
  const moved = (by: string): string => `(${date.sql} ${operator} ${by})`
  if (isSmallConstant(days.expression)) return moved(days.sql)
  return withValues([date.sql, days.sql], (from, by) => {
    const isFar = `${by} NOT BETWEEN -${daysMax} AND ${daysMax} AND isfinite(${from})`
    return `CASE WHEN ${isFar} THEN ${error} ELSE ${from} ${operator} ${by} END`
  })
}

function isSmallConstant(expression: BoundExpression | undefined): boolean {
  if (expression?.kind !== 'Constant') return false
  return typeof expression.value === 'number' && Math.abs(expression.value) <= daysMax
}

/** The difference of dates is an integer. */
export function daysBetween(left: Operand, right: Operand): string {
  const error = raise(SqlState.DatetimeFieldOverflow, 'cannot subtract infinite dates')
  return withValues([left.sql, right.sql], (to, from) =>
    [
      `CASE WHEN isfinite(${to}) AND isfinite(${from}) THEN CAST(${to} - ${from} AS INTEGER)`,
      `WHEN ${to} IS NOT NULL AND ${from} IS NOT NULL THEN ${error} END`,
    ].join(' '),
  )
}

/**
 * A timestamp and an interval: months first, then days, then time. For timestamptz the engine forgets
 * the days of an interval of months, days and time of different signs, so the time is a step of its own.
 */
export function moveTimestamp(operator: '+' | '-', timestamp: Operand, interval: Operand): string {
  const isOneStep = scalarName(timestamp.type) === 'timestamp' || isUniform(interval.expression)
  if (isOneStep) return `(${timestamp.sql} ${operator} ${interval.sql})`
  return withValues([timestamp.sql, interval.sql], (from, by) => {
    const days = `date_trunc('day', ${by})`
    return `((${from} ${operator} ${days}) ${operator} (${by} - ${days}))`
  })
}

/** Whether a constant interval has no parts of different signs. */
function isUniform(expression: BoundExpression | undefined): boolean {
  if (expression?.kind !== 'Constant') return false
  const { value } = expression
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false
  const signs = [value.months, value.days, Number(value.micros)].map(Math.sign)
  return !(signs.includes(1) && signs.includes(-1))
}
