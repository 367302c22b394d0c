import type { PartitionStep } from '../../acl/enforcement/binding.ts'
import { partitionDoesNotExist } from '../../acl/partitions/partition-errors.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { unreachable } from '../../errors/unreachable.ts'
import { deletePartitions } from './delete-partitions.ts'
import { attachPartitions, detachPartitions } from './detach-partitions.ts'
import type { PartitionRun } from './partition-run.ts'
import type { ExecutionContext } from './execution.ts'
import { matchingPartitions, presentPartitions } from './partition-listing.ts'
import type { ChosenPartition, PresentPartition } from './partition-listing.ts'

/** Drops, detaches or attaches partitions in the transaction that is open. */
export async function runPartitionStep(run: PartitionRun): Promise<void> {
  const { context, transaction, step } = run
  transaction.requireVisible([step.table.oid])
  const present = await presentPartitions(context, step)
  switch (step.action) {
    case 'Drop':
    case 'ForceDrop': {
      await deletePartitions(run, present, chosenToDrop(context, step, present))
      return
    }
    case 'Detach':
      await detachPartitions(run, present)
      return
    case 'Attach':
      await attachPartitions(run, present)
      return
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
