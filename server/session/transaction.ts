/**
 * What a session has changed and not yet committed: its changes of access and schema, and whether the
 * engine has a transaction open for it. The changes are kept as changes, so that they can be replayed
 * on a newer model (rules X3, X4): the session's right to act is judged by the newest committed list
 * plus its own changes.
 */
import type { Actor } from '../../acl/actor.ts'
import { apply } from '../../acl/apply.ts'
import { authorizeChange } from '../../acl/authorize.ts'
import type { AccessChange, Change } from '../../acl/change.ts'
import type { AuditRecord, Effect } from '../../acl/effect.ts'
import type { AccessModel } from '../../acl/model.ts'
import { principalNamed } from '../../acl/model.ts'
import type { Relation, Schema } from '../../acl/schema.ts'
import { sameType } from '../../acl/types/scalar.ts'
import type { Notice } from '../../errors/notice.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { StoreSession } from '../../store/store.ts'
import type { WaitFor } from './activity.ts'
import type { Committer, Replayed } from './committer.ts'
import type { TableLockHolder } from './table-locks.ts'
import { cannotGoBack } from './savepoint.ts'

/** One statement's changes, with who made it and its line for the record. */
interface Step {
  readonly actor: Actor
  /** What `authorizeChange` decides again at each replay; absent for changes of the schema. */
  readonly access?: AccessChange
  readonly changes: readonly Change[]
  readonly audit: AuditRecord
}

/** What a transaction had come to at a savepoint. */
export interface TransactionMark {
  readonly steps: number
  readonly effects: number
  /** What the model was, and on which one it was made. */
  readonly base: AccessModel
  readonly model: AccessModel
  readonly tableWrites: number
  readonly readOnly: boolean
}

export interface TransactionOptions {
  readonly committer: Committer
  readonly store: StoreSession
  readonly locks: Pick<TableLockHolder, 'now' | 'isChangedSince'>
  readonly readOnly: boolean
}

function changedMeanwhile(cause: unknown): SqlError {
  const why = cause instanceof SqlError ? cause.message : 'it cannot be replayed'
  return new SqlError(SqlState.SerializationFailure, `access list changed meanwhile: ${why}`, {
    hint: 'Run the transaction again.',
    cause,
  })
}

function readOnlyTransaction(action: string): SqlError {
  return new SqlError(
    SqlState.ReadOnlySqlTransaction,
    `cannot execute ${action} in a read-only transaction`,
  )
}

/** Whether what the engine shows of a table is what a plan for the newest schema reads. */
function hasSameColumns(old: Relation, current: Relation): boolean {
  return (
    old.columns.length === current.columns.length &&
    old.columns.every(({ attnum, type }, place) => {
      const now = current.columns[place]
      return now?.attnum === attnum && sameType(now.type, type)
    })
  )
}

export class Transaction {
  #readOnly: boolean
  readonly #committer: Committer
  readonly #store: StoreSession
  readonly #locks: TransactionOptions['locks']
  readonly #steps: Step[] = []
  #hasMarks = false
  #base: AccessModel
  #model: AccessModel
  #effects: Effect[] = []
  /** The schema that the engine's snapshot shows, once there is one. */
  #engineSchema: Schema | undefined
  /** Not later than the engine's snapshot; see {@link requireNewest}. */
  #lockMoment = 0
  readonly #ownOids = new Set<number>()
  /** Tables that rows were changed in or taken from here. */
  readonly #changedOids = new Set<number>()
  readonly #afterCommit: (() => void)[] = []
  readonly #afterRollback: (() => void)[] = []

  constructor(options: TransactionOptions) {
    this.#readOnly = options.readOnly
    this.#committer = options.committer
    this.#store = options.store
    this.#locks = options.locks
    this.#base = options.committer.model
    this.#model = this.#base
  }

  /** Whether the model holds changes that nobody else may see yet. */
  get hasOwnChanges(): boolean {
    return this.#steps.length > 0
  }

  /**
   * The newest committed model with this transaction's own changes on top.
   * @throws SqlError 40001 if they cannot be made on it any more
   */
  model(): AccessModel {
    const newest = this.#committer.model
    if (newest !== this.#base) {
      const replayed = this.#replay(newest)
      this.#base = newest
      this.#model = replayed.model
      this.#effects = [...replayed.effects]
    }
    return this.#model
  }

  get isReadOnly(): boolean {
    return this.#readOnly
  }

  /** Refuses what a read-only transaction must not do. @throws SqlError 25006 */
  requireWritable(action: string): void {
    if (this.#readOnly) throw readOnlyTransaction(action)
  }

  /** SET TRANSACTION READ ONLY or READ WRITE. @throws SqlError 25001 once rows may have been read */
  setReadOnly(readOnly: boolean): void {
    if (this.#engineSchema !== undefined && readOnly !== this.#readOnly) {
      throw new SqlError(
        SqlState.ActiveSqlTransaction,
        'transaction read-write mode must be set before any query',
      )
    }
    this.#readOnly = readOnly
  }

  /** Decides over a change of access and makes it, here only. @throws SqlError of the access model */
  changeAccess(actor: Actor, change: AccessChange, audit: AuditRecord): readonly Notice[] {
    authorizeChange(this.model(), actor, change)
    return this.#add({ actor, access: change, changes: [change], audit })
  }

  /** The name under which the principal that a change was about is stored. */
  storedName(change: AccessChange): string | undefined {
    if (change.kind !== 'AlterPrincipal') return undefined
    return principalNamed(this.#model, change.name.key)?.name
  }

  /** Makes changes of the schema whose requirements were decided already. */
  changeSchema(actor: Actor, changes: readonly Change[], audit: AuditRecord): readonly Notice[] {
    return this.#add({ actor, changes, audit })
  }

  #add(step: Step): readonly Notice[] {
    const notices: Notice[] = []
    let model = this.model()
    const effects: Effect[] = []
    for (const change of step.changes) {
      const applied = apply(model, change, { actor: step.actor })
      model = applied.model
      effects.push(...applied.effects)
      notices.push(...applied.notices)
    }
    this.#model = model
    this.#effects.push(...effects)
    this.#steps.push(step)
    this.#noteOwn(effects)
    return notices
  }

  #noteOwn(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'PutRelation') this.#ownOids.add(effect.relation.oid)
    }
  }

  /** Opens the engine's transaction if it is not open yet; from then on the engine shows one snapshot. */
  async openEngine(): Promise<void> {
    if (this.#engineSchema !== undefined) return
    if (!this.#committer.isSettled) await this.#committer.settled()
    this.#engineSchema = this.#committer.model.schema
    this.#lockMoment = this.#locks.now
    // Going back to a savepoint may make a read-only transaction writable again; ours is the only check.
    await this.#store.begin({ readOnly: this.#readOnly && !this.#hasMarks })
  }

  get isEngineOpen(): boolean {
    return this.#engineSchema !== undefined
  }

  /**
   * Refuses a table, locked for this transaction alone, into which others have put rows that the engine's
   * snapshot does not show: they could not be replaced.
   * @throws SqlError 40001
   */
  requireNewest(oid: number): void {
    if (!this.isEngineOpen || !this.#locks.isChangedSince(oid, this.#lockMoment)) return
    throw new SqlError(
      SqlState.SerializationFailure,
      'could not serialize access due to concurrent update',
      {
        detail: 'Rows came into a table with deduplication after the transaction began.',
        hint: 'Run the transaction again.',
      },
    )
  }

  /** What {@link goBack} takes the transaction back to. */
  mark(): TransactionMark {
    this.#hasMarks = true
    return {
      steps: this.#steps.length,
      effects: this.#effects.length,
      base: this.#base,
      model: this.#model,
      tableWrites: this.#store.writesInTransaction,
      readOnly: this.#readOnly,
    }
  }

  /**
   * Takes back what was done since a mark, exactly.
   * @throws SqlError 0A000 when tables stand in the way; 40001 like {@link model}
   */
  async goBack(mark: TransactionMark): Promise<void> {
    if (this.#store.writesInTransaction > mark.tableWrites) throw cannotGoBack('TableWritten')
    const newest = this.#committer.model
    const isOnNewest = this.#base === mark.base && newest === mark.base
    const { model, effects } = isOnNewest
      ? { model: mark.model, effects: this.#effects.slice(0, mark.effects) }
      : this.#replay(newest, this.#steps.slice(0, mark.steps))
    await this.#reviveEngine()
    this.#steps.splice(mark.steps)
    this.#base = newest
    this.#model = model
    this.#effects = [...effects]
    this.#ownOids.clear()
    this.#noteOwn(effects)
    this.#readOnly = mark.readOnly
  }

  /** An error that reached the engine ended its transaction: it goes on if nobody can tell the difference. */
  async #reviveEngine(): Promise<void> {
    if (this.#engineSchema === undefined || this.#store.isTransactionUsable) return
    if (this.#store.writesInTransaction > 0) throw cannotGoBack('WritesLost')
    if (!(await this.#store.revive())) throw cannotGoBack('SnapshotLost')
  }

  /**
   * Refuses tables that the engine's snapshot cannot show: others made or altered them after it was taken.
   * @throws SqlError 40001
   */
  requireVisible(oids: readonly number[]): void {
    const seen = this.#engineSchema
    if (seen === undefined || seen === this.#committer.model.schema) return
    const before = new Map(seen.relations().map((relation) => [Number(relation.oid), relation]))
    const now = new Map(
      this.#model.schema.relations().map((relation) => [Number(relation.oid), relation]),
    )
    for (const oid of oids) {
      if (this.#ownOids.has(oid)) continue
      const old = before.get(oid)
      const current = now.get(oid)
      if (old === undefined || current === undefined || !hasSameColumns(old, current)) {
        throw new SqlError(
          SqlState.SerializationFailure,
          'could not serialize access due to concurrent update',
          { detail: 'A table was created or altered after the transaction began.' },
        )
      }
    }
  }

  /** Rows of a table are changed or taken away: see {@link requireUnchangedRows}. */
  noteChangedRows(oid: number): void {
    this.#changedOids.add(oid)
  }

  /**
   * Refuses to alter a table in which this transaction changed rows that were there before it: the engine takes
   * such an alteration for another transaction's and does not commit. Trying again would not help.
   * @throws SqlError 0A000
   */
  requireUnchangedRows(oid: number): void {
    if (!this.#changedOids.has(oid)) return
    const wasThere = this.#engineSchema?.relations().some((relation) => relation.oid === oid)
    if (wasThere !== true) return
    throw new SqlError(
      SqlState.FeatureNotSupported,
      'altering a table after its rows were changed in the same transaction is not supported',
      {
        hint: 'Alter the table before UPDATE, DELETE and TRUNCATE, or in a transaction of its own.',
      },
    )
  }

  /**
   * One commit point for what was changed (rules R4, R5).
   * @throws SqlError 40001 when replay or the engine finds a conflict; nothing of it happened then
   */
  async commit(waitFor?: WaitFor): Promise<void> {
    await this.#commit(waitFor)
    for (const action of this.#afterCommit) action()
  }

  async #commit(waitFor: WaitFor | undefined): Promise<void> {
    const engineIsOpen = this.#engineSchema !== undefined
    if (this.#steps.length === 0) {
      if (engineIsOpen) await this.#store.commit()
      return
    }
    try {
      await this.#committer.commit({
        replay: (newest) => this.#replayFor(newest),
        ...(engineIsOpen ? { engine: this.#store } : {}),
        ...(waitFor === undefined ? {} : { waitFor }),
      })
    } catch (error) {
      // A replay that failed has not reached the engine: its transaction is still there.
      if (engineIsOpen) await this.#store.rollback()
      throw error
    }
  }

  async rollback(): Promise<void> {
    if (this.#engineSchema !== undefined) await this.#store.rollback()
    for (const action of this.#afterRollback) action()
  }

  /** What is done when all of it is durable, and what it leaves behind can go; it throws nothing. */
  onCommit(action: () => void): void {
    this.#afterCommit.push(action)
  }

  /**
   * What is done when the client, or an error, took all of it back; it throws nothing. A COMMIT that failed is
   * not among these: whether it happened may be known after a restart only.
   */
  onRollback(action: () => void): void {
    this.#afterRollback.push(action)
  }

  #replayFor(newest: AccessModel): Replayed {
    if (newest !== this.#base) return this.#replay(newest)
    return {
      model: this.#model,
      effects: this.#effects,
      audit: this.#steps.map((step) => step.audit),
    }
  }

  #replay(newest: AccessModel, steps: readonly Step[] = this.#steps): Replayed {
    let model = newest
    const effects: Effect[] = []
    try {
      for (const step of steps) {
        if (step.access !== undefined) authorizeChange(model, step.actor, step.access)
        for (const change of step.changes) {
          const applied = apply(model, change, { actor: step.actor, isReplay: true })
          model = applied.model
          effects.push(...applied.effects)
        }
      }
    } catch (error) {
      throw changedMeanwhile(error)
    }
    return { model, effects, audit: steps.map((step) => step.audit) }
  }
}
