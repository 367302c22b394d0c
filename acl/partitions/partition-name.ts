/** Names of partitions as QuestDB gives them: `2024-01-01T05`, `2024-01-01`, `2024-W01`, `2024-01`, `2024`. */
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { unreachable } from '../../errors/unreachable.ts'
import { dateOfDays, daysOfDate } from '../types/input/datetime/calendar.ts'
import {
  dayOf,
  microsPerHour,
  partitionFrom,
  partitionStart,
  startOfDay,
  type PartitionRange,
  type PartitionUnit,
} from './partition-unit.ts'

/** Four digits say a year: what lies outside of these has no name, and only a WHERE finds it. */
export const namedFrom = startOfDay(daysOfDate({ year: 1, month: 1, day: 1 }))
export const namedEnd = startOfDay(daysOfDate({ year: 10_000, month: 1, day: 1 }))

/** The name of the partition that begins at that moment; undefined outside the years 1 to 9999. */
export function partitionName(unit: PartitionUnit, start: bigint): string | undefined {
  if (start < namedFrom || start >= namedEnd) return undefined
  const { year, month, day } = dateOfDays(dayOf(start))
  const monthText = `${digits(year, 4)}-${digits(month, 2)}`
  switch (unit) {
    case 'HOUR': {
      const hour = Number((start - startOfDay(dayOf(start))) / microsPerHour)
      return `${monthText}-${digits(day, 2)}T${digits(hour, 2)}`
    }
    case 'DAY':
      return `${monthText}-${digits(day, 2)}`
    case 'WEEK': {
      const week = isoWeek(dayOf(start))
      return `${digits(week.year, 4)}-W${digits(week.number, 2)}`
    }
    case 'MONTH':
      return monthText
    case 'YEAR':
      return digits(year, 4)
    default:
      return unreachable(unit)
  }
}

const patterns = {
  HOUR: { form: /^(\d{4})-(\d{2})-(\d{2})T(\d{2})$/, words: "'yyyy-MM-ddTHH'" },
  DAY: { form: /^(\d{4})-(\d{2})-(\d{2})$/, words: "'yyyy-MM-dd'" },
  WEEK: { form: /^(\d{4})-W(\d{2})$/, words: "'YYYY-Www' or 'yyyy-MM-dd'" },
  MONTH: { form: /^(\d{4})-(\d{2})$/, words: "'yyyy-MM'" },
  YEAR: { form: /^(\d{4})$/, words: "'yyyy'" },
} as const satisfies Record<PartitionUnit, { readonly form: RegExp; readonly words: string }>

/**
 * The partition of that name. A week is also named by a day in it, as in QuestDB. QuestDB cuts off what
 * stands behind a name; here that is an error, since what is named may be dropped.
 * @throws SqlError 22007 in QuestDB's words
 */
export function namedPartition(
  unit: PartitionUnit,
  name: string,
  offset: number | undefined,
): PartitionRange {
  const start = startOf(unit, name)
  if (start === undefined || start < namedFrom || start >= namedEnd) {
    throw new SqlError(
      SqlState.InvalidDatetimeFormat,
      `${patterns[unit].words} expected, found [ts=${name}]`,
      offset === undefined ? {} : { offset },
    )
  }
  return partitionFrom(unit, start)
}

function startOf(unit: PartitionUnit, name: string): bigint | undefined {
  const found = patterns[unit].form.exec(name)
  if (found === null) {
    const day = unit === 'WEEK' ? startOf('DAY', name) : undefined
    return day === undefined ? undefined : partitionStart('WEEK', day)
  }
  const [year = 0, second = 1, day = 1, hour = 0] = found.slice(1).map(Number)
  if (unit === 'WEEK') return startOfWeek(year, second)
  if (hour > 23) return undefined
  const date = { year, month: second, day }
  const days = second >= 1 && second <= 12 ? daysOfDate(date) : undefined
  if (days === undefined) return undefined
  // A day that the month does not have would be one of the next.
  const back = dateOfDays(days)
  const isThere = back.year === year && back.month === second && back.day === day
  return isThere ? startOfDay(days) + BigInt(hour) * microsPerHour : undefined
}

function startOfWeek(year: number, week: number): bigint | undefined {
  // 4 January is in week 1, whatever its day of the week (ISO 8601).
  const first = partitionStart('WEEK', startOfDay(daysOfDate({ year, month: 1, day: 4 })))
  const start = first + BigInt(week - 1) * 7n * 86_400_000_000n
  const back = isoWeek(dayOf(start))
  return back.year === year && back.number === week ? start : undefined
}

/** The week in which a day lies; it is of the year of its Thursday. */
function isoWeek(day: number): { readonly year: number; readonly number: number } {
  const thursday = dayOf(partitionStart('WEEK', startOfDay(day))) + 3
  const { year } = dateOfDays(thursday)
  const first = daysOfDate({ year, month: 1, day: 1 })
  return { year, number: Math.floor((thursday - first) / 7) + 1 }
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0')
}
