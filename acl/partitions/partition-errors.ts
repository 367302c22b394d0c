/** What QuestDB says where a partition is not as a statement needs it. */
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { PartitionUnit } from './partition-unit.ts'

export interface PartitionPlace {
  readonly table: string
  readonly unit: PartitionUnit
  /** Where the partition begins, microseconds since 1970-01-01. */
  readonly start: bigint
  readonly offset: number
}

export function partitionDoesNotExist(place: PartitionPlace): SqlError {
  return failed(SqlState.UndefinedObject, `could not remove partition [${wordsOf(place)}]`, place)
}

const detachStates = {
  DETACH_ERR_ACTIVE: SqlState.ObjectInUse,
  DETACH_ERR_MISSING_PARTITION: SqlState.UndefinedObject,
  DETACH_ERR_ALREADY_DETACHED: SqlState.DuplicateObject,
  ATTACH_ERR_PARTITION_EXISTS: SqlState.DuplicateObject,
  ATTACH_ERR_MISSING_PARTITION: SqlState.UndefinedObject,
} as const

export type DetachStatus = keyof typeof detachStates

/** A partition that cannot be detached, or attached, as it is. */
export function partitionStatus(status: DetachStatus, place: PartitionPlace): SqlError {
  const verb = status.startsWith('ATTACH') ? 'attach' : 'detach'
  const words = wordsOf(place, `, detachStatus=${status}`)
  return failed(detachStates[status], `could not ${verb} partition [${words}]`, place)
}

export function noPartitionMatches(offset: number): SqlError {
  return new SqlError(SqlState.UndefinedObject, 'no partitions matched WHERE clause', { offset })
}

function failed(
  sqlState: SqlError['sqlState'],
  message: string,
  { offset }: PartitionPlace,
): SqlError {
  return new SqlError(sqlState, message, { offset })
}

function wordsOf({ table, unit, start }: PartitionPlace, status = ''): string {
  const moment = new Date(Number(start / 1000n)).toISOString().replace('Z', '000Z')
  return `table=${table}${status}, partitionTimestamp=${moment}, partitionBy=${unit}`
}
