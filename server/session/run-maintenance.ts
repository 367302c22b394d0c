import { setTimeout as delay } from 'node:timers/promises'
import { invariant } from '../../errors/invariant.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { Store } from '../../store/store.ts'
import { commandTags } from './command-tag.ts'
import type { Execution, ExecutionContext } from './execution.ts'
import { bindPermitted } from './run-schema.ts'
import { notInTransactionBlock } from './session-errors.ts'
import type { SessionTransaction } from './session-transaction.ts'
import type { StatementOf } from './statement-class.ts'

/** How long a session waits for the engine to tidy up: it goes on by itself (R8; our number). */
const waitMaxMs = 60_000

/**
 * VACUUM TABLE t. The engine gives space back when it writes the data file anew, and does so for all tables at
 * once; that it was asked for one is the statement's matter and its permission's. What an open transaction can
 * still see stays. Nothing of it can be rolled back, so that it is no part of a transaction, as in PostgreSQL.
 */
export async function runMaintenance(
  context: ExecutionContext,
  transaction: SessionTransaction,
  statement: StatementOf<'Maintenance'>,
): Promise<Execution> {
  bindPermitted(context, statement)
  invariant(statement.kind === 'Vacuum', 'what is not supported was refused when it was bound')
  const tag = commandTags[statement.kind]
  if (transaction.open !== undefined) throw notInTransactionBlock(tag)
  const isDone = await isDoneInTime(checkpoint(context.services.store))
  if (!isDone) {
    context.notice({
      severity: 'NOTICE',
      sqlState: SqlState.SuccessfulCompletion,
      message: 'storage is still being given back; it goes on after this statement',
    })
  }
  return { tag: () => tag }
}

/** How long those who write are waited for, and how often they are looked at (our numbers). */
const writersWaitMs = 5_000
const writersPollMs = 50

/** @throws SqlError 55006 when others went on writing all the time */
async function checkpoint(store: Store): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += writersPollMs) {
    try {
      await store.checkpoint()
      return
    } catch (error) {
      const isInUse = error instanceof SqlError && error.sqlState === SqlState.ObjectInUse
      if (!isInUse || waitedMs >= writersWaitMs) throw error
    }
    await delay(writersPollMs)
  }
}

async function isDoneInTime(work: Promise<void>): Promise<boolean> {
  const timer = new AbortController()
  const late = delay(waitMaxMs, false, { signal: timer.signal }).catch(() => false)
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    timer.abort()
    // What fails after nobody waits any more is in the store's log.
    work.catch(() => undefined)
  }
}
