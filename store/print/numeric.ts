/**
 * Products and quotients of numeric. The engine's DECIMAL has 38 digits and no division; PostgreSQL's
 * numeric without limits is held with 18 digits after the point, so results are rounded to 18.
 */
import { SqlState } from '../../errors/sql-state.ts'
import type { BoundExpression } from '../bound.ts'
import { decimalDigitsMax, decimalShape } from './decimal-shape.ts'
import type { DecimalShape } from './decimal-shape.ts'
import type { Operand } from './printer.ts'
import { raise } from './raise.ts'
import { withValues } from './single-use.ts'

const wide = 'DECIMAL(38, 18)'

/**
 * Where the engine's own product fits it is taken, so that its scale is the sum of the scales as in
 * PostgreSQL. Else both are split into whole part and fraction: of the four products only that of the
 * fractions has more than 18 digits after the point, and it fits.
 */
export function multiplyNumeric(left: Operand, right: Operand): string {
  const digits = shapeOf(left.expression).precision + shapeOf(right.expression).precision
  const isWhole = shapeOf(left.expression).scale === 0 || shapeOf(right.expression).scale === 0
  if (digits <= decimalDigitsMax || isWhole) return `(${left.sql} * ${right.sql})`
  return withValues([asWide(left.sql), asWide(right.sql)], (a, b) => {
    const wholes = `trunc(${a}) * ${b}`
    const fractionByWhole = `CAST(${a} - trunc(${a}) AS DECIMAL(18, 18)) * trunc(${b})`
    const fractions = `CAST(${a} - trunc(${a}) AS DECIMAL(18, 18)) * CAST(${b} - trunc(${b}) AS DECIMAL(18, 18))`
    return `(CAST(${wholes} AS ${wide}) + CAST(${fractionByWhole} AS ${wide}) + CAST(${fractions} AS ${wide}))`
  })
}

/** What is known of the digits of an expression's values; at worst the engine's limits. */
function shapeOf(expression: BoundExpression | undefined): DecimalShape {
  const unknown = { precision: decimalDigitsMax, scale: 18 }
  if (expression?.kind === 'Constant' && typeof expression.value === 'string') {
    return decimalShape(expression.value) ?? unknown
  }
  if (expression?.kind === 'Cast') {
    const fromInteger = integerShape(expression.operand)
    if (fromInteger !== undefined) return fromInteger
  }
  if (expression?.kind !== 'ColumnReference' && expression?.kind !== 'Cast') return unknown
  const { type } = expression
  if (type?.kind !== 'Scalar' || type.precision === undefined) return unknown
  return { precision: type.precision, scale: type.scale ?? 0 }
}

/** A numeric cast from an integer has as many digits as the integer, and no fraction. */
function integerShape({ type }: BoundExpression): DecimalShape | undefined {
  if (type?.kind !== 'Scalar') return undefined
  const precision = integerDigits[type.name]
  return precision === undefined ? undefined : { precision, scale: 0 }
}

/** Most digits of the integers. */
export const integerDigits: Readonly<Partial<Record<string, number>>> = {
  int2: 5,
  int4: 10,
  int8: 19,
  oid: 10,
}

function asWide(sql: string): string {
  return `CAST(${sql} AS ${wide})`
}

/**
 * A quotient to 18 digits after the point, rounded half away from zero: long division over integers of
 * 128 bits, nine digits a step. A divisor of 10^11 or more leaves no room for a step: then both
 * operands are first rounded to 9 digits after the point, which leaves 20 significant digits.
 */
export function divideNumeric(left: string, right: string): string {
  return withValues([asWide(left), asWide(right)], (a, b) => {
    const error = raise(SqlState.DivisionByZero, 'division by zero')
    const isLarge = `abs(${b}) >= 100000000000`
    const scaled = (value: string): string =>
      `CASE WHEN ${isLarge} THEN ${unscaled(value, 9)} ELSE ${unscaled(value, 18)} END`
    const quotient = longDivision(scaled(a), scaled(b))
    return `CASE WHEN ${b} = 0 AND ${a} IS NOT NULL THEN ${error} WHEN ${b} <> 0 THEN ${quotient} END`
  })
}

/** `value * 10^digits` as an integer of 128 bits. */
function unscaled(value: string, digits: 9 | 18): string {
  const factor = `CAST(${10n ** BigInt(digits)} AS HUGEINT)`
  const whole = `CAST(trunc(${value}) AS HUGEINT) * ${factor}`
  const fraction = `CAST((${value} - trunc(${value})) * CAST(${10n ** BigInt(digits)} AS DECIMAL(19, 0)) AS HUGEINT)`
  return `(${whole} + ${fraction})`
}

const step = 'CAST(1000000000 AS HUGEINT)'

function longDivision(dividend: string, divisor: string): string {
  return withValues([dividend, divisor], (n, d) =>
    withValues([`(${n} // ${d})`, `((${n} % ${d}) * ${step})`, d], (whole, rest, by) =>
      withValues(
        [whole, `(${rest} // ${by})`, `((${rest} % ${by}) * ${step})`, by],
        (q, high, low, e) =>
          assemble({
            whole: q,
            high,
            low: `(${low} // ${e})`,
            rest: `(${low} % ${e})`,
            divisor: e,
          }),
      ),
    ),
  )
}

interface Digits {
  readonly whole: string
  readonly high: string
  readonly low: string
  readonly rest: string
  readonly divisor: string
}

/** All parts have the sign of the quotient; the last digit moves away from zero if half or more is left. */
function assemble({ whole, high, low, rest, divisor }: Digits): string {
  const away = `CASE WHEN abs(${rest}) >= abs(${divisor}) - abs(${rest}) THEN sign(${rest}) * sign(${divisor}) ELSE 0 END`
  const fraction = `CAST(${high} * ${step} + ${low} + ${away} AS DECIMAL(19, 0))`
  const ulp = "CAST('0.000000000000000001' AS DECIMAL(18, 18))"
  return `CAST(CAST(${whole} AS DECIMAL(20, 0)) AS ${wide}) + CAST(${fraction} * ${ulp} AS ${wide})`
}
