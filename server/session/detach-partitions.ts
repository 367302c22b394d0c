/**
 * DETACH PARTITION and ATTACH PARTITION. The rows are in the table or in a file, and the commit that changes the
 * one changes the other: the file is on disk for good before the rows go, the table's document says from the
 * same commit on that it counts, and a file that no document names is removed at the next start. So a crash
 * leaves the rows in one place, at any moment.
 */
import type { PartitionStep } from '../../acl/enforcement/binding.ts'
import type { DetachedPartition, DetachedPatch } from '../../acl/partitions/detached-partition.ts'
import { partitionStatus, type DetachStatus } from '../../acl/partitions/partition-errors.ts'
import { partitionName } from '../../acl/partitions/partition-name.ts'
import { keyOf, sameType } from '../../acl/types/scalar.ts'
import { invariant } from '../../errors/invariant.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { printStatement } from '../../store/print.ts'
import type { PartitionFile } from '../../store/partition-files.ts'
import type { ExecutionContext } from './execution.ts'
import { deletePartitions } from './delete-partitions.ts'
import { matchingPartitions } from './partition-listing.ts'
import type { ChosenPartition, PresentPartition } from './partition-listing.ts'
import type { PartitionRun } from './partition-run.ts'
import { runProgram } from './run-program.ts'

/** The last partition stays, as in QuestDB: it is the one that new rows go to. */
export async function detachPartitions(
  run: PartitionRun,
  present: readonly PresentPartition[],
): Promise<void> {
  const { context, step } = run
  const chosen = chosenToDetach(step, present)
  requireUsableFiles(context)
  const added: DetachedPartition[] = []
  for (const one of chosen) added.push(await exportPartition(run, one))
  await deletePartitions(run, present, chosen)
  patch(run, { added, removed: [] })
}

function chosenToDetach(
  step: PartitionStep,
  present: readonly PresentPartition[],
): readonly ChosenPartition[] {
  const { selection } = step
  const lying = new Set((step.table.detached ?? []).map(({ start }) => start))
  const left = new Map(present.map((partition) => [partition.start, partition]))
  const chosen =
    selection.kind === 'Matching'
      ? matchingPartitions(present, selection.offset)
      : selection.names.map(({ range: { start }, offset }): ChosenPartition => {
          const partition = left.get(start)
          left.delete(start)
          if (partition !== undefined) return { partition, offset }
          const isLying = lying.has(start)
          const status = isLying ? 'DETACH_ERR_ALREADY_DETACHED' : 'DETACH_ERR_MISSING_PARTITION'
          throw failed(step, status, { start, offset })
        })
  for (const { partition, offset } of chosen) {
    const { start, isLast } = partition
    if (start === undefined || partitionName(step.unit, start) === undefined) {
      throw notDetachable(offset)
    }
    if (isLast) throw failed(step, 'DETACH_ERR_ACTIVE', { start, offset })
    // New rows were written for a partition that lies detached: there is one file for each name.
    if (lying.has(start)) throw failed(step, 'DETACH_ERR_ALREADY_DETACHED', { start, offset })
  }
  return chosen
}

async function exportPartition(
  { context, transaction, step }: PartitionRun,
  { partition }: ChosenPartition,
): Promise<DetachedPartition> {
  const { files } = context.services.store
  const { table, unit } = step
  const { start, rows, min, max } = partition
  invariant(start !== undefined, 'a partition that is detached begins somewhere')
  invariant(typeof min === 'bigint' && typeof max === 'bigint', 'its timestamps are finite')
  const name = partitionName(unit, start)
  invariant(name, 'a partition that is detached has a name')
  const number: number = context.services.catalog.allocateOid()
  const file: PartitionFile = { oid: table.oid, partition: name, number }
  const columns = table.columns.map(({ attnum, type }) => ({ attnum, type }))
  const timestamp = columns.find(({ attnum }) => attnum === table.designatedTimestamp)
  invariant(timestamp, 'a table that is partitioned has a designated timestamp')
  transaction.onRollback(() => discard(context, file))
  await files.prepare(file)
  const program = printStatement(
    { kind: 'ExportPartition', oid: table.oid, columns, timestamp, min, max, file },
    { database: context.services.database, filesDirectory: files.directory },
  )
  await runProgram(context, program, [])
  const bytes = await files.publish(file)
  return { start, name, file: number, rows, bytes, min, max, columns }
}

/** The rows go in as they were: rules that were made since are asked of them, dedup keys are not. */
export async function attachPartitions(
  run: PartitionRun,
  present: readonly PresentPartition[],
): Promise<void> {
  const { context, transaction, step } = run
  const { selection, table } = step
  invariant(selection.kind === 'Named', 'ATTACH takes names')
  requireUsableFiles(context)
  const there = new Set(present.map(({ start }) => start))
  const left = new Map((table.detached ?? []).map((lying) => [lying.start, lying]))
  const removed: number[] = []
  for (const { range, offset } of selection.names) {
    const { start } = range
    if (there.has(start)) throw failed(step, 'ATTACH_ERR_PARTITION_EXISTS', { start, offset })
    const lying = left.get(start)
    const file = lying === undefined ? undefined : fileOf(table.oid, lying)
    if (lying === undefined || file === undefined || !context.services.store.files.has(file)) {
      throw failed(step, 'ATTACH_ERR_MISSING_PARTITION', { start, offset })
    }
    left.delete(start)
    there.add(start)
    await importPartition(run, lying, { file, offset })
    transaction.onCommit(() => discard(context, file))
    removed.push(lying.file)
  }
  patch(run, { added: [], removed })
}

async function importPartition(
  { context, step }: PartitionRun,
  lying: DetachedPartition,
  { file, offset }: { readonly file: PartitionFile; readonly offset: number },
): Promise<void> {
  const { table, target } = step
  const columns = table.columns.flatMap(({ attnum, type, name }) => {
    const stored = lying.columns.find((column) => column.attnum === attnum)
    if (stored === undefined) return []
    // varchar(3) that became varchar(5) holds the same; another type would have to be converted.
    const isSame = keyOf(stored.type) === keyOf(type) && sameKind(stored.type, type)
    if (!isSame) throw columnWasAltered(name, offset)
    return [{ attnum, type }]
  })
  const { files } = context.services.store
  const program = printStatement(
    { kind: 'ImportPartition', target, columns, file },
    { database: context.services.database, filesDirectory: files.directory },
  )
  const rows = await runProgram(context, program, [])
  invariant(BigInt(rows) === lying.rows, 'a file has the rows that were put into it')
}

function sameKind(
  stored: Parameters<typeof sameType>[0],
  type: Parameters<typeof sameType>[0],
): boolean {
  if (sameType(stored, type)) return true
  const isText = (one: typeof type): boolean => one.kind === 'Scalar' && one.name === 'varchar'
  if (!isText(stored) || !isText(type)) return false
  const [before, now] = [stored, type].map((one) =>
    one.kind === 'Scalar' ? one.length : undefined,
  )
  return now === undefined || (before !== undefined && now >= before)
}

export function fileOf(
  oid: number,
  { name, file }: Pick<DetachedPartition, 'name' | 'file'>,
): PartitionFile {
  return { oid, partition: name, number: file }
}

function patch({ context, transaction, step, audit }: PartitionRun, detached: DetachedPatch): void {
  const { relation, table } = step
  transaction.changeSchema(
    context.actor,
    [{ kind: 'AlterStorage', relation, oid: table.oid, patch: { detached } }],
    audit,
  )
}

/** What is left of a file is found at the next start, if it cannot be removed now. */
function discard({ services }: ExecutionContext, file: PartitionFile): void {
  try {
    services.store.files.remove(file)
  } catch (error) {
    services.logger.warn({ err: error }, 'the file of a partition could not be removed')
  }
}

function failed(
  { table, unit }: PartitionStep,
  status: DetachStatus,
  place: { readonly start: bigint; readonly offset: number },
): SqlError {
  return partitionStatus(status, { table: table.name, unit, ...place })
}

function requireUsableFiles({ services }: ExecutionContext): void {
  if (services.store.files.isUsable) return
  throw new SqlError(
    SqlState.FeatureNotSupported,
    'files of partitions are not supported where the path of the data directory holds wildcards',
  )
}

function notDetachable(offset: number): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    'detaching a partition outside of the years 1 to 9999 is not supported',
    { offset },
  )
}

function columnWasAltered(name: string, offset: number): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    `attaching a partition is not supported after the type of column "${name}" was changed`,
    { offset, hint: 'Give the column the type that it had, and attach the partition then.' },
  )
}
