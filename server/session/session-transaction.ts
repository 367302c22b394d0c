/**
 * Where a session stands between BEGIN and COMMIT, and what its settings are there. A transaction is
 * implicit (the statements of one simple query, or of the messages up to Sync) or a block that the
 * client opened; a block that failed waits for its end. SET is transactional: ROLLBACK takes it back,
 * SET LOCAL ends with the transaction (PostgreSQL 15, SET).
 */
import type { AccessModel } from '../../acl/model.ts'
import { invariant } from '../../errors/invariant.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type { Name } from '../../parser/statement.ts'
import type { StoreSession } from '../../store/store.ts'
import type { TransactionStatus } from '../pgwire/session-handler.ts'
import type { WaitFor } from './activity.ts'
import type { Committer } from './committer.ts'
import type { Savepoint, Savepoints } from './savepoint.ts'
import {
  cannotWriteInside,
  onlyInTransactionBlock,
  placeOfSavepoint,
  requireFreeSavepoint,
} from './savepoint.ts'
import type { SettingValues } from './settings.ts'
import { settingValue } from './settings.ts'
import type { TableLockHolder } from './table-locks.ts'
import { Transaction } from './transaction.ts'

type State =
  | { readonly kind: 'Idle' }
  | { readonly kind: 'Implicit'; readonly transaction: Transaction }
  | {
      readonly kind: 'Block'
      readonly transaction: Transaction
      readonly savepoints: Savepoints
    }
  /** Failed, with savepoints to which it may go back. */
  | {
      readonly kind: 'RevivableBlock'
      readonly transaction: Transaction
      readonly savepoints: Savepoints
    }
  | { readonly kind: 'FailedBlock' }

/** What COMMIT came to: a failed block is rolled back by it, and says so in its tag. */
export type BlockEnd = 'Committed' | 'RolledBack' | 'NoBlock'

export function inFailedTransaction(): SqlError {
  return new SqlError(
    SqlState.InFailedSqlTransaction,
    'current transaction is aborted, commands ignored until end of transaction block',
  )
}

export class SessionTransaction {
  readonly #committer: Committer
  readonly #store: StoreSession
  readonly #locks: TableLockHolder
  readonly #nowMicros: () => bigint
  #state: State = { kind: 'Idle' }
  #beganMicros: bigint | undefined
  /** In force now. */
  #settings: SettingValues
  /** In force after the transaction, if it commits: without what SET LOCAL said. */
  #settingsAfterCommit: SettingValues
  /** In force after the transaction, if it rolls back. */
  #settingsBefore: SettingValues
  #ended = 0

  constructor(options: {
    readonly committer: Committer
    readonly store: StoreSession
    readonly locks: TableLockHolder
    readonly settings: SettingValues
    readonly nowMicros: () => bigint
  }) {
    this.#committer = options.committer
    this.#store = options.store
    this.#locks = options.locks
    this.#nowMicros = options.nowMicros
    this.#settings = options.settings
    this.#settingsAfterCommit = options.settings
    this.#settingsBefore = options.settings
  }

  get status(): TransactionStatus {
    switch (this.#state.kind) {
      case 'Idle':
      case 'Implicit':
        return 'I'
      case 'Block':
        return 'T'
      case 'RevivableBlock':
      case 'FailedBlock':
        return 'E'
      default:
        return unreachable(this.#state)
    }
  }

  /** How many transactions have ended: portals of an earlier one are gone. */
  get ended(): number {
    return this.#ended
  }

  get settings(): SettingValues {
    return this.#settings
  }

  /** The transaction that is open, implicit or a block. */
  get open(): Transaction | undefined {
    return this.#state.kind === 'Implicit' || this.#state.kind === 'Block'
      ? this.#state.transaction
      : undefined
  }

  /** When the open transaction began, microseconds since 1970: what now() says all through it. */
  get beganMicros(): bigint | undefined {
    return this.#beganMicros
  }

  /** Whether what was done so far is committed with the last statement, and not before. */
  get isImplicit(): boolean {
    return this.#state.kind === 'Implicit'
  }

  get isBlock(): boolean {
    return this.#state.kind === 'Block' || this.isFailed
  }

  get isFailed(): boolean {
    return this.#state.kind === 'RevivableBlock' || this.#state.kind === 'FailedBlock'
  }

  /** Whether a transaction is there that may still be committed: until then its locks last. */
  get keepsLocks(): boolean {
    return this.#state.kind !== 'Idle' && this.#state.kind !== 'FailedBlock'
  }

  /** The model that decides now: the newest, with the open transaction's own changes. */
  model(): AccessModel {
    return this.open?.model() ?? this.#committer.model
  }

  /** The transaction in which a change is made; an implicit one begins here if none is open. */
  forChange(): Transaction {
    const open = this.open
    if (open !== undefined) return open
    const transaction = this.#newTransaction(this.#readOnlyByDefault())
    this.#state = { kind: 'Implicit', transaction }
    this.#settingsBefore = this.#settings
    return transaction
  }

  /**
   * BEGIN. An implicit transaction that is open goes on as the block.
   * @returns whether a block was open already
   */
  begin(options: { readonly readOnly: boolean | undefined }): boolean {
    if (this.#state.kind === 'Block') return true
    if (this.#state.kind === 'Implicit') {
      this.#state = { kind: 'Block', transaction: this.#state.transaction, savepoints: [] }
      return false
    }
    const transaction = this.#newTransaction(options.readOnly ?? this.#readOnlyByDefault())
    this.#state = { kind: 'Block', transaction, savepoints: [] }
    this.#settingsBefore = this.#settings
    this.#settingsAfterCommit = this.#settings
    return false
  }

  /** COMMIT. @throws SqlError when the commit fails; the transaction is gone then, and nothing happened. */
  async commit(waitFor?: WaitFor): Promise<BlockEnd> {
    const state = this.#state
    if (state.kind === 'Idle') return 'NoBlock'
    if (state.kind === 'RevivableBlock' || state.kind === 'FailedBlock') {
      await this.rollback()
      return 'RolledBack'
    }
    try {
      await state.transaction.commit(waitFor)
    } catch (error) {
      this.#end(this.#settingsBefore)
      throw error
    }
    this.#end(this.#settingsAfterCommit)
    return state.kind === 'Block' ? 'Committed' : 'NoBlock'
  }

  /** ROLLBACK. @returns whether there was a block */
  async rollback(): Promise<boolean> {
    const state = this.#state
    if (state.kind === 'Idle') return false
    this.#locks.discard()
    this.#end(this.#settingsBefore)
    if (state.kind !== 'FailedBlock') await state.transaction.rollback()
    return state.kind !== 'Implicit'
  }

  /** Ends the implicit transaction, if one is open, by committing it. */
  async endImplicit(waitFor?: WaitFor): Promise<void> {
    if (this.#state.kind === 'Implicit') await this.commit(waitFor)
  }

  /** An error: an implicit transaction is rolled back, a block waits for its end. */
  async fail(): Promise<void> {
    const state = this.#state
    if (state.kind === 'Idle' || state.kind === 'FailedBlock') return
    if (state.kind === 'Implicit') {
      this.#end(this.#settingsBefore)
    } else if (state.kind === 'RevivableBlock' || state.savepoints.length > 0) {
      this.#state = { ...state, kind: 'RevivableBlock' }
      return
    } else {
      this.#state = { kind: 'FailedBlock' }
      this.#ended += 1
    }
    this.#locks.discard()
    await state.transaction.rollback()
  }

  /** SAVEPOINT. @throws SqlError 25P01 outside of a block, 53400 for one too many */
  savepoint(name: Name, given: { readonly lastPortal: number; readonly max: number }): void {
    const state = this.#state
    if (state.kind !== 'Block') throw onlyInTransactionBlock('SAVEPOINT')
    const { transaction, savepoints } = state
    requireFreeSavepoint(savepoints, given.max)
    const savepoint: Savepoint = {
      name: name.text,
      mark: transaction.mark(),
      settings: this.#settings,
      settingsAfterCommit: this.#settingsAfterCommit,
      lastPortal: given.lastPortal,
    }
    this.#state = { kind: 'Block', transaction, savepoints: [...savepoints, savepoint] }
  }

  /** RELEASE SAVEPOINT: it and later ones are gone, what was done stays. @throws SqlError 25P01, 3B001 */
  release(name: Name): void {
    const state = this.#state
    if (state.kind !== 'Block') throw onlyInTransactionBlock('RELEASE SAVEPOINT')
    const savepoints = state.savepoints.slice(0, placeOfSavepoint(state.savepoints, name))
    this.#state = { kind: 'Block', transaction: state.transaction, savepoints }
  }

  /**
   * ROLLBACK TO SAVEPOINT: what was done since is taken back, in a failed block too; the savepoint stays.
   * @param closePortals ends the portals that were made after the one of that number
   * @throws SqlError 25P01, 3B001; 0A000 where tables are in the way, and the block stays failed
   */
  async rollbackTo(name: Name, closePortals: (after: number) => Promise<void>): Promise<void> {
    const state = this.#state
    if (state.kind === 'Idle' || state.kind === 'Implicit') {
      throw onlyInTransactionBlock('ROLLBACK TO SAVEPOINT')
    }
    const savepoints = state.kind === 'FailedBlock' ? [] : state.savepoints
    const kept = savepoints.slice(0, placeOfSavepoint(savepoints, name) + 1)
    const savepoint = kept.at(-1)
    invariant(savepoint !== undefined && state.kind !== 'FailedBlock', 'a savepoint was found')
    await closePortals(savepoint.lastPortal)
    await state.transaction.goBack(savepoint.mark)
    this.#state = { kind: 'Block', transaction: state.transaction, savepoints: kept }
    this.#settings = savepoint.settings
    this.#settingsAfterCommit = savepoint.settingsAfterCommit
  }

  /**
   * SET TRANSACTION READ ONLY or READ WRITE.
   * @throws SqlError 25001 where rows may have been read, or a savepoint is in a read-only transaction
   */
  setReadOnly(readOnly: boolean): void {
    const state = this.#state
    if (state.kind !== 'Block') return
    // PostgreSQL 15, variable.c, check_XactReadOnly: what is below is not to write more than what is above.
    if (!readOnly && state.transaction.isReadOnly && state.savepoints.length > 0) {
      throw cannotWriteInside()
    }
    state.transaction.setReadOnly(readOnly)
  }

  /** SET: also after the transaction. */
  set(change: (values: SettingValues) => SettingValues): void {
    this.#settings = change(this.#settings)
    this.#settingsAfterCommit = change(this.#settingsAfterCommit)
    if (this.#state.kind === 'Idle') this.#settingsBefore = this.#settings
  }

  /** SET LOCAL: until the transaction ends. @returns whether there is one */
  setLocal(change: (values: SettingValues) => SettingValues): boolean {
    const changed = change(this.#settings)
    if (!this.isBlock) return false
    this.#settings = changed
    return true
  }

  #newTransaction(readOnly: boolean): Transaction {
    this.#beganMicros = this.#nowMicros()
    return new Transaction({
      committer: this.#committer,
      store: this.#store,
      locks: this.#locks,
      readOnly,
    })
  }

  #readOnlyByDefault(): boolean {
    return settingValue(this.#settings, 'default_transaction_read_only') === 'on'
  }

  #end(settings: SettingValues): void {
    this.#state = { kind: 'Idle' }
    this.#beganMicros = undefined
    this.#settings = settings
    this.#settingsAfterCommit = settings
    this.#settingsBefore = settings
    this.#ended += 1
  }
}
