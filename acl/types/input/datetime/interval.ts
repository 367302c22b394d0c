/** Intervals from their text (PostgreSQL 15: DecodeInterval, DecodeISO8601Interval; style postgres). */
import { unreachable } from '../../../../errors/unreachable.ts'
import type { IntervalValue } from '../../../../store/sql-type.ts'
import { intervalFieldOutOfRange, invalidDatetime } from '../../errors.ts'
import { splitFields } from './fields.ts'
import type { Field } from './fields.ts'
import { intervalUnit } from './interval-units.ts'
import type { IntervalUnit } from './interval-units.ts'
import { parseIsoInterval } from './iso-interval.ts'
import { IntervalSum } from './interval-sum.ts'
import { roundToEven } from './round-to-even.ts'
import { dateWord } from './words.ts'

/** Reads an interval: `1 year 2 mons`, `1 02:03:04`, `P1Y2M`, `1-2`, `3 days ago`. */
export function parseInterval(text: string): IntervalValue {
  const sum = readFields(text) ?? parseIsoInterval(text)
  if (sum === undefined) throw invalidDatetime('interval', text)
  return sum.value(text)
}

/** The sum of the fields, or undefined where the format is another. */
function readFields(text: string): IntervalSum | undefined {
  const fields = splitFields(text, (word) => dateWord(word) !== undefined)
  if (fields === undefined) return undefined
  const reader = new FieldReader(text)
  // From right to left: a unit stands after its number.
  for (const field of fields.toReversed()) if (!reader.read(field)) return undefined
  return reader.result()
}

class FieldReader {
  readonly #text: string
  readonly #sum = new IntervalSum()
  readonly #seen = new Set<string>()
  #unit: IntervalUnit | undefined
  #isAgo = false

  constructor(text: string) {
    this.#text = text
  }

  result(): IntervalSum | undefined {
    if (this.#seen.size === 0) return undefined
    if (this.#isAgo) this.#sum.negate()
    return this.#sum
  }

  /** Takes one field; false where it does not fit the format. */
  read(field: Field): boolean {
    switch (field.kind) {
      case 'Time':
        return this.#readTime(field.text, 1n)
      case 'Zone':
        return field.text.includes(':')
          ? this.#readTime(field.text.slice(1), field.text.startsWith('-') ? -1n : 1n)
          : this.#readNumber(field.text)
      case 'Date':
      case 'Number':
        return this.#readNumber(field.text)
      case 'String':
      case 'Special':
        return this.#readWord(field.text)
      default:
        return unreachable(field.kind)
    }
  }

  #see(...parts: readonly string[]): boolean {
    if (parts.some((part) => this.#seen.has(part))) return false
    for (const part of parts) this.#seen.add(part)
    return true
  }

  /** `hh:mm`, `hh:mm:ss.fff`, `mm:ss.fff`. What stands before it is days. */
  #readTime(text: string, sign: bigint): boolean {
    const [, first, second, third, fraction] = /^(\d+):(\d*)(?::(\d*))?(\.\d*)?$/.exec(text) ?? []
    if (first === undefined || second === undefined) return false
    const isMinutes = third === undefined && fraction !== undefined
    const [hours, minutes, seconds] = isMinutes
      ? ['0', first, second]
      : [first, second, third ?? '0']
    if (Number(minutes) > 59 || Number(seconds) > 60) throw intervalFieldOutOfRange(this.#text)
    const whole = (BigInt(hours) * 60n + BigInt(minutes)) * 60n + BigInt(seconds)
    const micros = BigInt(roundToEven(Number(`0${fraction ?? ''}`) * 1e6))
    this.#sum.addMicros(sign * (whole * 1_000_000n + micros))
    this.#unit = 'day'
    return this.#see('hour', 'minute', 'second', 'millisecond', 'microsecond')
  }

  #readNumber(text: string): boolean {
    const unit = this.#unit ?? 'second'
    const yearMonth = /^([+-]?)(\d+)-(\d+)$/.exec(text)
    if (yearMonth !== null) return this.#readYearMonth(yearMonth)
    const [, sign, digits, fraction] = /^([+-]?)(\d*)(\.\d*)?$/.exec(text) ?? []
    if (digits === undefined || (digits === '' && fraction === undefined)) return false
    if (digits === '' && fraction === '.') return false
    const whole = BigInt(digits === '' ? 0 : digits)
    if (whole >= 2n ** 63n) throw intervalFieldOutOfRange(this.#text)
    const isNegative = sign === '-'
    const part = Number(`0${fraction ?? ''}`)
    this.#sum.add({
      unit,
      whole: isNegative ? -whole : whole,
      fraction: isNegative ? -part : part,
    })
    // Numbers left of hours are days, as in `1 02:03`.
    if (unit === 'hour') this.#unit = 'day'
    const isAllSeconds = unit === 'second' && part !== 0
    return isAllSeconds ? this.#see('second', 'millisecond', 'microsecond') : this.#see(unit)
  }

  /** SQL's years-months: `1-2`. */
  #readYearMonth([, sign, years, months]: RegExpExecArray): boolean {
    if (Number(months) > 11) throw intervalFieldOutOfRange(this.#text)
    const total = BigInt(years ?? 0) * 12n + BigInt(months ?? 0)
    this.#sum.add({ unit: 'month', whole: sign === '-' ? -total : total, fraction: 0 })
    this.#unit = 'month'
    return this.#see('month')
  }

  #readWord(text: string): boolean {
    const unit = intervalUnit(text)
    if (unit === undefined) return false
    if (unit === 'ignored') return true
    if (unit === 'ago') {
      this.#isAgo = true
      return true
    }
    this.#unit = unit
    return true
  }
}
