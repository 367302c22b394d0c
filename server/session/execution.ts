import type { Actor } from '../../acl/actor.ts'
import type { AccessModel } from '../../acl/model.ts'
import type { Notice } from '../../errors/notice.ts'
import type { SqlValue } from '../../store/sql-type.ts'
import type { StorePortal, StoreSession, WireFormat } from '../../store/store.ts'
import type { ColumnDescription } from '../pgwire/session-handler.ts'
import type { WaitFor } from './activity.ts'
import type { Services } from './services.ts'
import type { SettingValues } from './settings.ts'
import type { LockRequest, TableLockHolder } from './table-locks.ts'
import type { Transaction } from './transaction.ts'

/** What a statement runs in: one session at one moment. */
export interface ExecutionContext {
  readonly services: Services
  readonly actor: Actor
  readonly settings: SettingValues
  readonly processId: number
  readonly store: StoreSession
  /** Of the result's columns, as Bind asked; empty: text. */
  readonly formats: readonly WireFormat[]
  /** The model that decides now: the newest committed one with the transaction's own changes. */
  readonly model: () => AccessModel
  /** The transaction that is open, if any. */
  readonly openTransaction: () => Transaction | undefined
  /** The transaction in which a change is made. */
  readonly transactionForChange: () => Transaction
  /** Aborted, with 57014 as its reason, when the statement is cancelled: for work outside of the engine. */
  readonly cancellation: () => AbortSignal
  readonly locks: Pick<TableLockHolder, 'tryAcquire'>
  /**
   * Waits for a lock, which lasts until the transaction ends. What was decided before is to be decided again.
   * @throws SqlError 57014, 55P03, 40P01
   */
  readonly lock: (request: LockRequest) => Promise<boolean>
  readonly notice: (notice: Notice) => void
  readonly waitFor: WaitFor
  /** When the statement began, microseconds since 1970. */
  readonly statementMicros: bigint
  /** When the transaction began; the same as the statement's where there is none. */
  readonly transactionMicros: bigint
}

/** A statement under way: where its rows come from, and the tag it ends with. */
export interface Execution {
  /** Absent: nothing is left to do. */
  readonly source?: StorePortal
  /** Absent: no rows come back (a source then only counts). */
  readonly columns?: readonly ColumnDescription[]
  readonly tag: (rowCount: number) => string
  /**
   * Decides again before further rows are fetched (rule X2). @throws SqlError 42501 when what the statement
   * needs is not held any more
   */
  readonly recheck?: (context: ExecutionContext) => void
}

/** Values of `$1`, `$2`, ..., already of their types. */
export type ParameterValues = readonly SqlValue[]
