import type { PartitionStep } from '../../acl/enforcement/binding.ts'
import { partitionDoesNotExist } from '../../acl/partitions/partition-errors.ts'
import { deleteSpans, type TimestampSpan } from '../../acl/partitions/partition-rows.ts'
import { invariant } from '../../errors/invariant.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { unreachable } from '../../errors/unreachable.ts'
import { printStatement } from '../../store/print.ts'
import type { ExecutionContext } from './execution.ts'
import { matchingPartitions, presentPartitions } from './partition-listing.ts'
import type { ChosenPartition, PresentPartition } from './partition-listing.ts'
import { runProgram } from './run-program.ts'
import type { Transaction } from './transaction.ts'

/** Drops, detaches or attaches partitions in the transaction that is open. */
export async function runPartitionStep(
  context: ExecutionContext,
  transaction: Transaction,
  step: PartitionStep,
): Promise<void> {
  transaction.requireVisible([step.table.oid])
  const present = await presentPartitions(context, step)
  switch (step.action) {
    case 'Drop':
    case 'ForceDrop': {
      const chosen = chosenToDrop(context, step, present)
      await deletePartitions(context, step, present, chosen)
      return
    }
    case 'Detach':
    case 'Attach':
      throw new SqlError(SqlState.FeatureNotSupported, `${step.action} PARTITION is not supported`)
    default:
      return unreachable(step.action)
  }
}

/** The last partition may be dropped as well, as in QuestDB. */
function chosenToDrop(
  context: ExecutionContext,
  step: PartitionStep,
  present: readonly PresentPartition[],
): readonly ChosenPartition[] {
  const { selection, unit, table } = step
  if (selection.kind === 'Matching') return matchingPartitions(present, selection.offset)
  const left = new Map(present.map((partition) => [partition.start, partition]))
  return selection.names.flatMap(({ range: { start }, offset }) => {
    const partition = left.get(start)
    // One that is named twice is not there the second time.
    left.delete(start)
    if (partition !== undefined) return [{ partition, offset }]
    const missing = partitionDoesNotExist({ table: table.name, unit, start, offset })
    if (step.action !== 'ForceDrop') throw missing
    context.notice({
      severity: 'NOTICE',
      sqlState: SqlState.SuccessfulCompletion,
      message: `${missing.message}, skipping`,
    })
    return []
  })
}

/** So that a statement stays short; each one looks at the table once. */
const spansMax = 256

/** Takes the rows of partitions out of the table. */
export async function deletePartitions(
  context: ExecutionContext,
  step: PartitionStep,
  present: readonly PresentPartition[],
  chosen: readonly ChosenPartition[],
): Promise<void> {
  const { target, table } = step
  const column = table.columns.find(({ attnum }) => attnum === table.designatedTimestamp)
  invariant(column, 'a table that is partitioned has a designated timestamp')
  const spans = spansOf(present, new Set(chosen.map(({ partition }) => partition)))
  const { database } = context.services
  for (let from = 0; from < spans.length; from += spansMax) {
    const statement = deleteSpans(target, column, spans.slice(from, from + spansMax))
    await runProgram(context, printStatement(statement, { database }), [])
  }
}

/** Partitions that follow each other become one span. */
function spansOf(
  present: readonly PresentPartition[],
  chosen: ReadonlySet<PresentPartition>,
): readonly TimestampSpan[] {
  const spans: TimestampSpan[] = []
  let isOpen = false
  for (const partition of present) {
    const last = spans.at(-1)
    if (!chosen.has(partition)) isOpen = false
    else if (isOpen && last !== undefined) {
      spans[spans.length - 1] = { min: last.min, max: partition.max }
    } else {
      spans.push({ min: partition.min, max: partition.max })
      isOpen = true
    }
  }
  return spans
}
