import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'

/** 2000-01-01, PostgreSQL's day zero, in days since 1970-01-01. */
export const postgresEpochDays = 10957

/** The same in microseconds. */
export const postgresEpochMicros = 946_684_800_000_000n

export const microsPerDay = 86_400_000_000n

/** PostgreSQL's bounds (timestamp.h): from 4713-11-24 BC; the ends are exclusive. */
const daysMin = -2_440_588
const daysEnd = 2_145_042_906
const timestampMin = -211_813_488_000_000_000n + postgresEpochMicros
const timestampEnd = 9_223_371_331_200_000_000n + postgresEpochMicros

/** A finite date that PostgreSQL can hold; the engine's range is wider. */
export function checkDate(days: number): number {
  if (days < daysMin || days >= daysEnd) throw dateOutOfRange()
  return days
}

/** A finite timestamp that PostgreSQL can hold; the engine's range is wider. */
export function checkTimestamp(micros: bigint): bigint {
  if (micros < timestampMin || micros >= timestampEnd) throw timestampOutOfRange()
  return micros
}

/** ISO date; years before the first carry BC. Days since 1970-01-01. */
export function dateText(days: number): string {
  if (days === Infinity) return 'infinity'
  if (days === -Infinity) return '-infinity'
  const date = civilDate(checkDate(days))
  return withEra(date.yearText, date.monthDay, date.isBeforeChrist)
}

/** `2024-02-29 12:34:56.789` with zeros at the end left out; microseconds since 1970-01-01. */
export function timestampText(micros: bigint | number): string {
  return timestampWithOffset(micros, '')
}

/** The same with a zone offset between time and era, as PostgreSQL writes timestamptz. */
export function timestampWithOffset(micros: bigint | number, offset: string): string {
  if (typeof micros === 'number') return micros > 0 ? 'infinity' : '-infinity'
  const dayFloor = micros / microsPerDay - (micros % microsPerDay < 0n ? 1n : 0n)
  const date = civilDate(Number(dayFloor))
  const time = timeText(micros - dayFloor * microsPerDay)
  return `${date.yearText}-${date.monthDay} ${time}${offset}${date.isBeforeChrist ? ' BC' : ''}`
}

/** `hh:mm:ss[.ffffff]`, zeros at the end of the fraction left out; microseconds since midnight. */
export function timeText(micros: bigint): string {
  const total = Number(micros)
  const seconds = Math.floor(total / 1e6)
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return clock + fractionText(total % 1e6)
}

/** `.ffffff` without zeros at the end, nothing for 0. */
export function fractionText(micros: number): string {
  if (micros === 0) return ''
  return `.${String(micros).padStart(6, '0').replace(/0+$/, '')}`
}

export function two(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}

export interface CivilDate {
  readonly yearText: string
  readonly monthDay: string
  readonly isBeforeChrist: boolean
}

/** Proleptic Gregorian date of a day number (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
export function civilDate(days: number): CivilDate {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  const isBeforeChrist = year <= 0
  return {
    yearText: String(isBeforeChrist ? 1 - year : year).padStart(4, '0'),
    monthDay: `${two(month)}-${two(day)}`,
    isBeforeChrist,
  }
}

function withEra(yearText: string, monthDay: string, isBeforeChrist: boolean): string {
  return `${yearText}-${monthDay}${isBeforeChrist ? ' BC' : ''}`
}

function dateOutOfRange(): SqlError {
  return new SqlError(SqlState.DatetimeFieldOverflow, 'date out of range')
}

function timestampOutOfRange(): SqlError {
  return new SqlError(SqlState.DatetimeFieldOverflow, 'timestamp out of range')
}
