/** How long the partitions of a table are kept (QuestDB, "Time To Live"). */
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { TimeToLive } from '../schema.ts'
import { addMonths, microsPerHour, partitionStart, type PartitionUnit } from './partition-unit.ts'

/** A period of hours is of one length, one of months is the calendar's. */
type Period =
  | { readonly kind: 'Hours'; readonly count: number }
  | { readonly kind: 'Months'; readonly count: number }

function periodOf({ amount, unit }: TimeToLive): Period {
  switch (unit) {
    case 'HOUR':
      return { kind: 'Hours', count: amount }
    case 'DAY':
      return { kind: 'Hours', count: amount * 24 }
    case 'WEEK':
      return { kind: 'Hours', count: amount * 24 * 7 }
    case 'MONTH':
      return { kind: 'Months', count: amount }
    case 'YEAR':
      return { kind: 'Months', count: amount * 12 }
    default:
      return unit satisfies never
  }
}

/** QuestDB counts in an int. */
const periodMax = 2_147_483_647

/** Only whole partitions go, so that a period must be of whole ones. @throws SqlError 22023 in QuestDB's words */
export function checkTimeToLive(
  ttl: TimeToLive,
  partitionedBy: PartitionUnit | undefined,
  offset: number,
): void {
  if (partitionedBy === undefined) {
    throw invalid('cannot set TTL on a non-partitioned table', offset)
  }
  const period = periodOf(ttl)
  if (period.count > periodMax) throw invalid('TTL value is too large', offset)
  if (!isMultiple(period, partitionedBy)) {
    throw invalid('TTL value must be an integer multiple of partition size', offset)
  }
}

function isMultiple({ kind, count }: Period, unit: PartitionUnit): boolean {
  const isCalendar = kind === 'Months'
  switch (unit) {
    case 'HOUR':
      return true
    case 'DAY':
      return isCalendar || count % 24 === 0
    case 'WEEK':
      return isCalendar || count % (24 * 7) === 0
    case 'MONTH':
      return isCalendar
    case 'YEAR':
      return isCalendar && count % 12 === 0
    default:
      return unit satisfies never
  }
}

/**
 * Where what is kept begins: a partition whose end lies before the reference less the period is gone as a whole.
 * The reference is the newest timestamp of the table, but not later than now: one row with a timestamp far in the
 * future must not take all others away (QuestDB, "Reference time").
 */
export function keptFrom(ttl: TimeToLive, unit: PartitionUnit, reference: bigint): bigint {
  const period = periodOf(ttl)
  const cutoff =
    period.kind === 'Hours'
      ? reference - BigInt(period.count) * microsPerHour
      : addMonths(reference, -period.count)
  // One that ends at the very moment is kept: what is asked is whether its end lies before it.
  return partitionStart(unit, cutoff - 1n)
}

function invalid(message: string, offset: number): SqlError {
  return new SqlError(SqlState.InvalidParameterValue, message, { offset })
}
