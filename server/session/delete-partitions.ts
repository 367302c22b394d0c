import { deleteSpans, type TimestampSpan } from '../../acl/partitions/partition-rows.ts'
import { invariant } from '../../errors/invariant.ts'
import { printStatement } from '../../store/print.ts'
import type { PartitionRun } from './partition-run.ts'
import type { ChosenPartition, PresentPartition } from './partition-listing.ts'
import { runProgram } from './run-program.ts'

/** So that a statement stays short; each one looks at the table once. */
const spansMax = 256

/** Takes the rows of partitions out of the table. */
export async function deletePartitions(
  { context, transaction, step }: Pick<PartitionRun, 'context' | 'transaction' | 'step'>,
  present: readonly PresentPartition[],
  chosen: readonly ChosenPartition[],
): Promise<void> {
  const { target, table } = step
  const column = table.columns.find(({ attnum }) => attnum === table.designatedTimestamp)
  invariant(column, 'a table that is partitioned has a designated timestamp')
  transaction.noteChangedRows(table.oid)
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
