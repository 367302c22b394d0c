/** Dates and times as the engine reads them; years before 1 with the engine's `(BC)`. */
import { civilDate } from '../values/date-text.ts'

const microsPerDay = 86_400_000_000n

/** A day counted from 1970-01-01. */
export function dateText(days: number): string {
  if (!Number.isFinite(days)) return infiniteText(days)
  const { date, era } = calendarDay(days)
  return `${date}${era}`
}

/** Microseconds since midnight; 24:00:00 is a time of day too. */
export function timeText(micros: bigint): string {
  const seconds = micros / 1_000_000n
  const fraction = micros % 1_000_000n
  const fields = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n]
  const clock = fields.map((field) => String(field).padStart(2, '0')).join(':')
  return fraction === 0n ? clock : `${clock}.${String(fraction).padStart(6, '0')}`
}

/** Microseconds counted from 1970-01-01. */
export function timestampText(micros: bigint | number): string {
  if (typeof micros === 'number') return infiniteText(micros)
  const time = ((micros % microsPerDay) + microsPerDay) % microsPerDay
  const { date, era } = calendarDay(Number((micros - time) / microsPerDay))
  return `${date}${era} ${timeText(time)}`
}

function infiniteText(value: number): string {
  return value < 0 ? '-infinity' : 'infinity'
}

/** The engine reads the era behind the date, and before the time. */
function calendarDay(days: number): { readonly date: string; readonly era: string } {
  const { yearText, monthDay, isBeforeChrist } = civilDate(days)
  return { date: `${yearText}-${monthDay}`, era: isBeforeChrist ? ' (BC)' : '' }
}
