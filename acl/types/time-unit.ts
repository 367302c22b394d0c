import type { TimeSpan, TimeUnit } from '../../parser/query-clauses.ts'
import type { IntervalValue } from '../../store/sql-type.ts'

/** Microseconds of the units that have a fixed length in UTC; months and years have none. */
export const fixedMicros = {
  U: 1n,
  T: 1_000n,
  s: 1_000_000n,
  m: 60_000_000n,
  h: 3_600_000_000n,
  d: 86_400_000_000n,
  w: 604_800_000_000n,
  M: undefined,
  y: undefined,
} as const satisfies Record<TimeUnit, bigint | undefined>

/** Months of a unit of the calendar. */
export function monthsOf({ count, unit }: Pick<TimeSpan, 'count' | 'unit'>): number | undefined {
  if (unit === 'M') return count
  return unit === 'y' ? count * 12 : undefined
}

/** A span of fixed length as an interval; one of months has no micros. */
export function fixedInterval({ count, unit }: Pick<TimeSpan, 'count' | 'unit'>): IntervalValue {
  const micros = BigInt(count) * (fixedMicros[unit] ?? 0n)
  return { kind: 'Interval', months: 0, days: 0, micros }
}
