import type { PartitionStep } from '../../acl/enforcement/binding.ts'
import { noPartitionMatches } from '../../acl/partitions/partition-errors.ts'
import { invariant } from '../../errors/invariant.ts'
import { printStatement } from '../../store/print.ts'
import type { SqlValue } from '../../store/sql-type.ts'
import { touchedBy } from './bound-walk.ts'
import type { ExecutionContext } from './execution.ts'
import { programValues } from './program-values.ts'
import { readRows } from './read-rows.ts'

/** A partition that a table has, as the transaction sees it. */
export interface PresentPartition {
  /** Absent: it begins at no finite moment (rows of `infinity`). */
  readonly start: bigint | undefined
  readonly rows: bigint
  /** Its least and greatest timestamp: no row between them is another partition's. */
  readonly min: SqlValue
  readonly max: SqlValue
  /** Whether the statement's condition holds for it. */
  readonly matches: boolean
  readonly isLast: boolean
}

/** The partitions of the table, from the first on. */
export async function presentPartitions(
  context: ExecutionContext,
  step: PartitionStep,
): Promise<readonly PresentPartition[]> {
  const program = printStatement(step.listing, { database: context.services.database })
  const touched = touchedBy(step.listing)
  const values = programValues({ program, touched }, [], context)
  const rows = await readRows(context.store, program, values)
  return rows.map(([start, count, min = null, max = null, matches], index) => {
    invariant(typeof count === 'bigint', 'a count is a bigint')
    return {
      start: typeof start === 'bigint' ? start : undefined,
      rows: count,
      min,
      max,
      matches: matches === true,
      isLast: index === rows.length - 1,
    }
  })
}

/** A partition that a statement is about, and where the statement says so. */
export interface ChosenPartition {
  readonly partition: PresentPartition
  readonly offset: number
}

/** @throws SqlError 42704 when a condition holds for none, as in QuestDB */
export function matchingPartitions(
  present: readonly PresentPartition[],
  offset: number,
): readonly ChosenPartition[] {
  const chosen = present.filter(({ matches }) => matches)
  if (chosen.length === 0) throw noPartitionMatches(offset)
  return chosen.map((partition) => ({ partition, offset }))
}
