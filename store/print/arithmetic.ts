/** Arithmetic with PostgreSQL's meaning. Overflow of integers and decimals the engine raises itself. */
import { SqlState } from '../../errors/sql-state.ts'
import type { BoundExpression } from '../bound.ts'
import { daysBetween, moveDate, moveTimestamp } from './datetime-arithmetic.ts'
import { addNumeric, alignScales, divideNumeric, multiplyNumeric } from './numeric.ts'
import type { Operand } from './printer.ts'
import { raise } from './raise.ts'
import { withValues } from './single-use.ts'
import { raiseOverflow } from './float-arithmetic.ts'
import { engineType, familyOf, scalarName } from './type.ts'

interface Operands {
  readonly left: Operand
  readonly right: Operand
}

export function add(operands: Operands): string {
  const { left, right } = operands
  switch (familyPair(operands)) {
    case 'Numeric Numeric':
      return addNumeric('+', left, right)
    case 'Date Integer':
      return moveDate('+', left, right)
    case 'Integer Date':
      return moveDate('+', right, left)
    case 'Timestamp Interval':
      return moveTimestamp('+', left, right)
    case 'Interval Timestamp':
      return moveTimestamp('+', right, left)
    default:
      return `(${left.sql} + ${right.sql})`
  }
}

export function subtract(operands: Operands): string {
  const { left, right } = operands
  switch (familyPair(operands)) {
    case 'Numeric Numeric':
      return addNumeric('-', left, right)
    case 'Date Integer':
      return moveDate('-', left, right)
    case 'Date Date':
      return daysBetween(left, right)
    case 'Time Time':
      return `to_microseconds(epoch_us(${left.sql}) - epoch_us(${right.sql}))`
    case 'Timestamp Interval':
      return moveTimestamp('-', left, right)
    default:
      return `(${left.sql} - ${right.sql})`
  }
}

function familyPair({ left, right }: Operands): string {
  return `${familyOf(left.type)} ${familyOf(right.type)}`
}

export function multiply({ left, right }: Operands): string {
  const isNumeric = familyOf(left.type) === 'Numeric' && familyOf(right.type) === 'Numeric'
  if (isNumeric) return multiplyNumeric(left, right)
  // The engine has only the interval on the left.
  if (familyOf(right.type) === 'Interval') return `(${right.sql} * ${left.sql})`
  return `(${left.sql} * ${right.sql})`
}

/** The engine gives NULL for a division by zero; PostgreSQL raises, but not where the dividend is NULL. */
export function divide(operands: Operands): string {
  const { left, right } = operands
  const family = familyOf(left.type)
  if (family === 'Numeric') return divideNumeric(left.sql, right.sql)
  if (family === 'Integer') {
    return checkedDivisor(operands, (dividend, divisor) => `(${dividend} // ${divisor})`)
  }
  if (family !== 'Float') return checkedDivisor(operands, quotient)
  return checkedDivisor(operands, (dividend, divisor) => {
    const isOverflow = `isinf(${quotient(dividend, divisor)}) AND isfinite(${dividend}) AND ${divisor} <> 0`
    // A zero gets here under NaN or NULL only, which stay what they are.
    return `CASE WHEN ${isOverflow} THEN ${raiseOverflow} WHEN ${divisor} = 0 THEN ${dividend} ELSE ${quotient(dividend, divisor)} END`
  })
}

/** As a function: `/` would be turned into the engine's `//`, which intervals lack. */
function quotient(dividend: string, divisor: string): string {
  return `"/"(${dividend}, ${divisor})`
}

/** The remainder has the sign of the dividend. The engine would overflow for the least integer by -1. */
export function modulo(operands: Operands): string {
  const { left, right } = operands
  if (familyOf(left.type) === 'Numeric') {
    const [dividend, divisor] = alignScales(left, right)
    const aligned = { left: { ...left, sql: dividend }, right: { ...right, sql: divisor } }
    return checkedDivisor(aligned, (n, d) => `(${n} % ${d})`)
  }
  if (familyOf(left.type) !== 'Integer' || left.type === undefined) {
    return checkedDivisor(operands, (dividend, divisor) => `(${dividend} % ${divisor})`)
  }
  const zero = `CAST(0 AS ${engineType(left.type)})`
  if (isPositiveConstant(right.expression)) return `(${left.sql} % ${right.sql})`
  return checkedDivisor(
    operands,
    (dividend, divisor) =>
      `CASE WHEN ${divisor} = -1 AND ${dividend} IS NOT NULL THEN ${zero} ELSE ${dividend} % ${divisor} END`,
  )
}

/** `division` over operands of which the divisor is not zero. */
function checkedDivisor(
  { left, right }: Operands,
  division: (dividend: string, divisor: string) => string,
): string {
  if (isNonZeroConstant(right.expression)) return division(left.sql, right.sql)
  const error = raise(SqlState.DivisionByZero, 'division by zero')
  const isFloat = familyOf(left.type) === 'Float'
  return withValues([left.sql, right.sql], (dividend, divisor) => {
    const isNumber = isFloat ? `NOT isnan(${dividend})` : `${dividend} IS NOT NULL`
    const isError = `${divisor} = 0 AND ${isNumber}`
    return `CASE WHEN ${isError} THEN ${error} ELSE ${division(dividend, divisor)} END`
  })
}

function numberOf(expression: BoundExpression | undefined): number | undefined {
  if (expression?.kind !== 'Constant') return undefined
  const { value } = expression
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined
}

function isNonZeroConstant(expression: BoundExpression | undefined): boolean {
  const value = numberOf(expression)
  return value !== undefined && value !== 0
}

function isPositiveConstant(expression: BoundExpression | undefined): boolean {
  return (numberOf(expression) ?? 0) > 0
}

/** Powers of numeric are computed as those of float8, to its 15 digits. */
export function power({ left, right }: Operands): string {
  if (scalarName(left.type) !== 'numeric') return powerOfFloats(left.sql, right.sql)
  const result = powerOfFloats(`CAST(${left.sql} AS DOUBLE)`, `CAST(${right.sql} AS DOUBLE)`)
  return `CAST(format('{:.15g}', ${result}) AS DECIMAL(38, 18))`
}

function powerOfFloats(left: string, right: string): string {
  const state = SqlState.InvalidArgumentForPowerFunction
  const zero = raise(state, 'zero raised to a negative power is undefined')
  const complex = raise(
    state,
    'a negative number raised to a non-integer power yields a complex result',
  )
  return withValues([left, right], (base, exponent) =>
    [
      `CASE WHEN ${base} = 0 AND ${exponent} < 0 THEN ${zero}`,
      `WHEN ${base} < 0 AND ${exponent} <> trunc(${exponent}) THEN ${complex}`,
      `WHEN isinf(pow(${base}, ${exponent})) AND isfinite(${base}) AND isfinite(${exponent})`,
      `THEN ${raiseOverflow} ELSE pow(${base}, ${exponent}) END`,
    ].join(' '),
  )
}
