/**
 * Products and quotients of numeric. The engine's DECIMAL has 38 digits and no division; PostgreSQL's
 * numeric without limits is held with 18 digits after the point, so results are rounded to 18.
 */
import { SqlState } from '../../errors/sql-state.ts'
import { decimalType, productShape, shapeOf, wideShape, widened } from './decimal-shape.ts'
import type { Operand } from './printer.ts'
import { raise } from './raise.ts'
import { withValues } from './single-use.ts'

const wide = decimalType(wideShape)

/** A sum or difference; its scale is the larger one, as in PostgreSQL. */
export function addNumeric(operator: '+' | '-', left: Operand, right: Operand): string {
  const [a, b] = [left, right].map(({ sql, expression }) => widened(sql, shapeOf(expression)))
  return `(${a} ${operator} ${b})`
}

/** Both sides of a remainder in one scale: over different ones the engine falls back to floats. */
export function alignScales(left: Operand, right: Operand): readonly [string, string] {
  const a = shapeOf(left.expression) ?? wideShape
  const b = shapeOf(right.expression) ?? wideShape
  const scale = Math.max(a.scale, b.scale)
  const type = decimalType({ ...wideShape, scale })
  return [`CAST(${left.sql} AS ${type})`, `CAST(${right.sql} AS ${type})`]
}

/**
 * Where the scales add up to 18 at most the engine's own product is taken, which has that scale as in
 * PostgreSQL. Else both are split into whole part and fraction: of the four products only that of the
 * fractions has more than 18 digits after the point, and it fits.
 */
export function multiplyNumeric(left: Operand, right: Operand): string {
  const a = shapeOf(left.expression) ?? wideShape
  const b = shapeOf(right.expression) ?? wideShape
  const isNative = productShape(a, b).scale === a.scale + b.scale
  if (isNative) return `(${widened(left.sql, a)} * ${widened(right.sql, b)})`
  return withValues([asWide(left.sql), asWide(right.sql)], splitProduct)
}

function splitProduct(a: string, b: string): string {
  const [fractionOfA, fractionOfB] = [a, b].map(
    (value) => `CAST(${value} - trunc(${value}) AS DECIMAL(18, 18))`,
  )
  const products = [
    `trunc(${a}) * ${b}`,
    `${fractionOfA} * trunc(${b})`,
    `${fractionOfA} * ${fractionOfB}`,
  ]
  return `(${products.map((product) => `CAST(${product} AS ${wide})`).join(' + ')})`
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
