import { unreachable } from '../../../../errors/unreachable.ts'
import type { IntervalValue } from '../../../../store/sql-type.ts'
import { intervalFieldOutOfRange, intervalOutOfRange } from '../../errors.ts'
import type { IntervalUnit } from './interval-units.ts'
import { roundToEven } from './round-to-even.ts'

/** A number of a unit, its fraction apart. */
export interface IntervalPart {
  readonly unit: IntervalUnit
  readonly whole: bigint
  /** Between -1 and 1, of the sign of the number. */
  readonly fraction: number
}

const daySeconds = 86_400
const microsOf = { microsecond: 1n, millisecond: 1000n, second: 1_000_000n } as const
const yearsOf = { year: 1n, decade: 10n, century: 100n, millennium: 1000n } as const

/**
 * Adds up the parts of an interval. Fractions of months spill into days, fractions of days into
 * microseconds, fractions of years into months (PostgreSQL 15, AdjustFractYears and relatives).
 */
export class IntervalSum {
  #years = 0n
  #months = 0n
  #days = 0n
  #micros = 0n

  add({ unit, whole, fraction }: IntervalPart): void {
    switch (unit) {
      case 'microsecond':
      case 'millisecond':
      case 'second':
        this.#micros += whole * microsOf[unit]
        this.#addFraction(fraction, Number(microsOf[unit]))
        break
      case 'minute':
        this.#micros += whole * 60_000_000n
        this.#addFraction(fraction, 6e7)
        break
      case 'hour':
        this.#micros += whole * 3_600_000_000n
        this.#addFraction(fraction, 3.6e9)
        break
      case 'day':
        this.#days += whole
        this.#addFraction(fraction, daySeconds * 1e6)
        break
      case 'week':
        this.#days += whole * 7n
        this.#addFractionOfDays(fraction * 7)
        break
      case 'month':
        this.#months += whole
        this.#addFractionOfDays(fraction * 30)
        break
      case 'year':
      case 'decade':
      case 'century':
      case 'millennium':
        this.#years += whole * yearsOf[unit]
        this.#months += BigInt(roundToEven(fraction * Number(yearsOf[unit]) * 12))
        break
      default:
        unreachable(unit)
    }
  }

  addMicros(micros: bigint): void {
    this.#micros += micros
  }

  negate(): void {
    this.#years = -this.#years
    this.#months = -this.#months
    this.#days = -this.#days
    this.#micros = -this.#micros
  }

  /** The interval. @throws SqlError 22015, 22008 if a part or the sum of years and months is too large */
  value(text: string): IntervalValue {
    const areFieldsFitting =
      [this.#years, this.#months, this.#days].every((field) => inRange(field, 31n)) &&
      inRange(this.#micros, 63n)
    if (!areFieldsFitting) throw intervalFieldOutOfRange(text)
    const months = this.#years * 12n + this.#months
    if (!inRange(months, 31n)) throw intervalOutOfRange()
    return {
      kind: 'Interval',
      months: Number(months),
      days: Number(this.#days),
      micros: this.#micros,
    }
  }

  #addFractionOfDays(days: number): void {
    const whole = Math.trunc(days)
    this.#days += BigInt(whole)
    this.#addFraction(days - whole, daySeconds * 1e6)
  }

  #addFraction(fraction: number, scale: number): void {
    const micros = fraction * scale
    const whole = Math.trunc(micros)
    const rest = micros - whole
    this.#micros += BigInt(whole)
    if (rest > 0.5) this.#micros += 1n
    else if (rest < -0.5) this.#micros -= 1n
  }
}

function inRange(value: bigint, bits: bigint): boolean {
  return value >= -(2n ** bits) && value < 2n ** bits
}
