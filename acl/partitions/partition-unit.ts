/**
 * Partitions: a table with a designated timestamp and PARTITION BY is one physical table, and a partition is
 * the set of rows whose timestamp falls into one unit of the UTC calendar (QuestDB, "Time Partitions").
 */
import { unreachable } from '../../errors/unreachable.ts'
import type { Table } from '../schema.ts'
import { dateOfDays, daysOfDate } from '../types/input/datetime/calendar.ts'

export type PartitionUnit = Exclude<NonNullable<Table['partitionBy']>, 'NONE'>

/** A partition by the moment at which it begins: microseconds since 1970-01-01 (UTC). */
export interface PartitionRange {
  readonly start: bigint
  /** Exclusive. */
  readonly end: bigint
}

export const microsPerHour = 3_600_000_000n
export const microsPerDay = 24n * microsPerHour

/** 1970-01-05 was the first Monday: ISO weeks begin so. */
const firstMonday = 4

/** The unit of a table that is partitioned: one that is not, PARTITION BY NONE included, has none. */
export function partitionUnit(
  table: Pick<Table, 'partitionBy' | 'designatedTimestamp'>,
): PartitionUnit | undefined {
  const { partitionBy, designatedTimestamp } = table
  if (designatedTimestamp === undefined || partitionBy === 'NONE') return undefined
  return partitionBy
}

/** Where the unit begins in which a moment lies. */
export function partitionStart(unit: PartitionUnit, micros: bigint): bigint {
  if (unit === 'HOUR') return floorTo(micros, microsPerHour)
  const day = dayOf(micros)
  switch (unit) {
    case 'DAY':
      return startOfDay(day)
    case 'WEEK':
      return startOfDay(day - modulo(day - firstMonday, 7))
    case 'MONTH':
      return startOfDay(daysOfDate({ ...dateOfDays(day), day: 1 }))
    case 'YEAR':
      return startOfDay(daysOfDate({ ...dateOfDays(day), month: 1, day: 1 }))
    default:
      return unreachable(unit)
  }
}

/** The partition that begins at that moment. */
export function partitionFrom(unit: PartitionUnit, start: bigint): PartitionRange {
  switch (unit) {
    case 'HOUR':
      return { start, end: start + microsPerHour }
    case 'DAY':
      return { start, end: start + microsPerDay }
    case 'WEEK':
      return { start, end: start + 7n * microsPerDay }
    case 'MONTH':
      return { start, end: addMonths(start, 1) }
    case 'YEAR':
      return { start, end: addMonths(start, 12) }
    default:
      return unreachable(unit)
  }
}

/** The moment so many calendar months later (or earlier); days that a month lacks become its last. */
export function addMonths(micros: bigint, months: number): bigint {
  const day = dayOf(micros)
  const date = dateOfDays(day)
  const month = date.year * 12 + (date.month - 1) + months
  const first = { year: Math.floor(month / 12), month: modulo(month, 12) + 1, day: 1 }
  const next = { year: Math.floor((month + 1) / 12), month: modulo(month + 1, 12) + 1, day: 1 }
  const length = daysOfDate(next) - daysOfDate(first)
  const moved = daysOfDate(first) + Math.min(date.day, length) - 1
  return startOfDay(moved) + (micros - startOfDay(day))
}

/** Days since 1970-01-01. */
export function dayOf(micros: bigint): number {
  return Number(floorTo(micros, microsPerDay) / microsPerDay)
}

export function startOfDay(day: number): bigint {
  return BigInt(day) * microsPerDay
}

function floorTo(value: bigint, step: bigint): bigint {
  const rest = value % step
  return value - rest - (rest < 0n ? step : 0n)
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}
