/** Dates and times as the engine reads them; years before 1 with the engine's `(BC)`. */

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

/** Proleptic Gregorian calendar, as H. Hinnant's "chrono-compatible low-level date algorithms". */
function calendarDay(days: number): { readonly date: string; readonly era: string } {
  const shifted = days + 719_468
  const cycle = Math.floor(shifted / 146_097)
  const dayOfCycle = shifted - cycle * 146_097
  const yearOfCycle = Math.floor(
    (dayOfCycle -
      Math.floor(dayOfCycle / 1460) +
      Math.floor(dayOfCycle / 36_524) -
      Math.floor(dayOfCycle / 146_096)) /
      365,
  )
  const dayOfYear =
    dayOfCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0)
  const digits = [
    String(year > 0 ? year : 1 - year).padStart(4, '0'),
    String(month).padStart(2, '0'),
    String(day).padStart(2, '0'),
  ]
  return { date: digits.join('-'), era: year > 0 ? '' : ' (BC)' }
}
