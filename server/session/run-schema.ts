import type { SchemaChange } from '../../acl/change.ts'
import { bind } from '../../acl/enforcement/bind.ts'
import type { BoundSchemaChange, SchemaStep } from '../../acl/enforcement/binding.ts'
import { invariant } from '../../errors/invariant.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type { ParsedStatement, SchemaStatement } from '../../parser/statement.ts'
import type { PhysicalChange } from '../../store/bound.ts'
import { printStatement } from '../../store/print.ts'
import { auditRecord } from './audit-record.ts'
import { touchedBy } from './bound-walk.ts'
import { commandTags, rowCountTag } from './command-tag.ts'
import type { Execution, ExecutionContext } from './execution.ts'
import { programValues } from './program-values.ts'
import { requirePermissions } from './run-data.ts'
import { runPartitionStep } from './run-partitions.ts'
import { runProgram } from './run-program.ts'
import { noSuchParameter } from './session-errors.ts'
import { searchPathOf } from './settings.ts'
import type { Transaction } from './transaction.ts'

/**
 * Runs a statement that changes what relations there are: decides, changes the model, then the physical
 * tables in the engine's transaction. Nothing is visible to others before the commit.
 */
export async function runSchemaStatement(
  context: ExecutionContext,
  parsed: ParsedStatement & { readonly statement: SchemaStatement },
): Promise<Execution> {
  const { statement } = parsed
  const transaction = context.transactionForChange()
  transaction.requireWritable(commandTags[statement.kind])
  const locked = await lockTable(context, statement)
  await transaction.openEngine()
  // What is attached is compared with the partitions that there are.
  if (locked !== undefined && statement.kind === 'AttachPartition') {
    transaction.requireNewest(locked)
  }
  const bound = bindPermitted(context, statement)
  for (const step of bound.steps) admit(transaction, step)
  for (const notice of bound.notices) context.notice(notice)
  if (bound.changes.length > 0) {
    const audit = auditRecord(context, parsed)
    for (const notice of transaction.changeSchema(context.actor, bound.changes, audit)) {
      context.notice(notice)
    }
  }
  let filled: number | undefined
  for (const step of bound.steps) {
    filled = (await runStep(context, transaction, { parsed, step })) ?? filled
  }
  removeFilesOf(context, transaction, bound.changes)
  expireAfter(context, transaction, bound)
  return {
    tag: () =>
      statement.kind === 'CreateTableAs' && filled !== undefined
        ? rowCountTag('CreateTableAs', filled)
        : statement.kind === 'CreateTableAs'
          ? commandTags.CreateTable
          : commandTags[statement.kind],
  }
}

/**
 * Rows that another session is putting in are put in by the keys of before, so that these are awaited, and
 * nobody begins before the new keys are there or the transaction is rolled back. Partitions that are
 * attached bring rows as well.
 * @returns the table that the statement has alone until its transaction ends, if it needs one
 */
async function lockTable(
  context: ExecutionContext,
  statement: SchemaStatement,
): Promise<number | undefined> {
  if (statement.kind !== 'SetDeduplication' && statement.kind !== 'AttachPartition')
    return undefined
  for (;;) {
    const oid = lockedTable(bindPermitted(context, statement))
    // After a wait the table may be another one.
    if (oid === undefined || !(await context.lock({ oid, mode: 'Exclusive' }))) return oid
  }
}

function lockedTable({ changes, steps }: BoundSchemaChange): number | undefined {
  for (const change of changes) if (change.kind === 'AlterStorage') return change.oid
  for (const step of steps) if (step.kind === 'Partitions') return step.table.oid
  return undefined
}

/** Binds against the schema of the moment and decides. @throws SqlError 42501, or why it cannot be bound */
export function bindPermitted(
  context: ExecutionContext,
  statement: SchemaStatement,
): BoundSchemaChange {
  const binding = bind(statement, {
    schema: context.model().schema,
    parameterTypes: [],
    searchPath: searchPathOf(context.settings),
    allocateOid: () => context.services.catalog.allocateOid(),
  })
  requirePermissions(context, binding.requirements)
  if (binding.kind === 'Unbindable') throw binding.error
  invariant(binding.kind === 'SchemaChange', 'a schema statement binds to a schema change')
  if (binding.parameters.length > 0) throw noSuchParameter(1)
  return binding
}

/** What a physical change does to a table that is there already. */
const effectOf = {
  CreatePhysicalTable: 'Makes',
  DropPhysicalTable: 'Drops',
  AddPhysicalColumn: 'Alters',
  DropPhysicalColumn: 'Alters',
  SetPhysicalNotNull: 'Alters',
  DropPhysicalNotNull: 'Alters',
  AlterPhysicalColumnType: 'Alters',
  RenamePhysicalColumn: 'Alters',
  TruncatePhysicalTable: 'ChangesRows',
} as const satisfies Record<PhysicalChange['kind'], 'Makes' | 'Drops' | 'Alters' | 'ChangesRows'>

/** Whether the engine can do it in this transaction. @throws SqlError 40001, 0A000 */
function admit(transaction: Transaction, step: SchemaStep): void {
  if (step.kind === 'Partitions') transaction.noteChangedRows(step.table.oid)
  if (step.kind !== 'Physical') return
  const { kind, oid } = step.change
  const effect = effectOf[kind]
  if (effect === 'Makes') return
  transaction.requireVisible([oid])
  if (effect === 'Alters') transaction.requireUnchangedRows(oid)
  if (effect === 'ChangesRows') transaction.noteChangedRows(oid)
}

/** @returns the number of rows that a `Fill` put into the new table */
async function runStep(
  context: ExecutionContext,
  transaction: Transaction,
  given: {
    readonly parsed: ParsedStatement & { readonly statement: SchemaStatement }
    readonly step: SchemaStep
  },
): Promise<number | undefined> {
  const { step, parsed } = given
  const { database } = context.services
  switch (step.kind) {
    case 'Physical':
      await runProgram(context, printStatement(step.change, { database }), [])
      return undefined
    case 'Fill': {
      const program = printStatement(step.insert, { database })
      const touched = touchedBy(step.insert)
      transaction.requireVisible(touched.oids)
      return runProgram(context, program, programValues({ program, touched }, [], context))
    }
    case 'Partitions':
      await runPartitionStep({ context, transaction, step, audit: auditRecord(context, parsed) })
      return undefined
    default:
      return unreachable(step)
  }
}

/** What lies detached from a table goes with it, once nothing can bring it back. */
function removeFilesOf(
  { services }: ExecutionContext,
  transaction: Transaction,
  changes: readonly SchemaChange[],
): void {
  for (const change of changes) {
    if (change.kind !== 'DropRelation' || change.relationKind !== 'Table') continue
    transaction.onCommit(() => {
      try {
        services.store.files.removeAll(change.oid)
      } catch (error) {
        services.logger.warn({ err: error }, 'the files of a table could not be removed')
      }
    })
  }
}

/** A TTL that is new, or rows that a new table begins with, are a reason to look for what is past it. */
function expireAfter(
  { services }: ExecutionContext,
  transaction: Transaction,
  { changes, steps }: BoundSchemaChange,
): void {
  const oids = [
    ...changes.flatMap((change) =>
      change.kind === 'AlterStorage' && change.patch.timeToLive ? [change.oid] : [],
    ),
    ...steps.flatMap((step) => (step.kind === 'Fill' ? [step.insert.target.oid] : [])),
  ]
  for (const oid of oids) transaction.onCommit(() => services.expiry.written(oid))
}
