/**
 * Publishes access models. A change becomes a published model only after the catalog holds it, and only
 * the published model decides (rules R4, X1). A transaction that also wrote tables has one commit
 * point, the engine's commit: the catalog stores first what is about to happen, under a number that
 * the engine's transaction carries (architecture.md, the life of a statement).
 */
import type { AccessModel } from '../../acl/model.ts'
import type { AuditRecord, Commit, Effect } from '../../acl/effect.ts'
import { nextEpoch } from '../../acl/names.ts'
import { withEpoch } from '../../acl/model.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Store, StoreSession } from '../../store/store.ts'
import type { Logger } from '../log.ts'
import type { WaitFor } from './activity.ts'

/** What a transaction comes to on a given newest model; throws if it cannot be replayed there. */
export interface Replayed {
  readonly model: AccessModel
  readonly effects: readonly Effect[]
  readonly audit: readonly AuditRecord[]
}

export interface CommitRequest {
  readonly replay: (newest: AccessModel) => Replayed
  /** The session whose engine transaction is to be committed at the same point. */
  readonly engine?: Pick<StoreSession, 'commit'>
  /** How the statement waits for its turn; from then on it is committed, or fails by itself. */
  readonly waitFor?: WaitFor
}

export interface CommitterOptions {
  readonly model: AccessModel
  readonly catalog: Catalog
  readonly store: Pick<Store, 'hasCommitted'>
  readonly logger: Logger
  /** Whether a commit happened cannot be told any more: only a restart, which asks the engine, can. */
  readonly onUndecided: (error: unknown) => void
}

export class Committer {
  #model: AccessModel
  readonly #catalog: Catalog
  readonly #store: CommitterOptions['store']
  readonly #logger: Logger
  readonly #onUndecided: (error: unknown) => void
  /** Ends when the commit under way has; commits are in one line, since each has the next epoch. */
  #line: Promise<void> | undefined

  constructor(options: CommitterOptions) {
    this.#model = options.model
    this.#catalog = options.catalog
    this.#store = options.store
    this.#logger = options.logger
    this.#onUndecided = options.onUndecided
  }

  /** The newest published model. */
  get model(): AccessModel {
    return this.#model
  }

  /**
   * Ends with the commit of tables and model that is under way, if one is: until then the engine may show what
   * the published model does not say yet. Only a plan made after it fits what the engine does next.
   */
  async settled(): Promise<void> {
    await this.#line
  }

  /** Whether there is something to wait for. */
  get isSettled(): boolean {
    return this.#line === undefined
  }

  /**
   * Replays, makes durable, publishes; in this order, or nothing of it.
   * @throws SqlError whatever the replay throws; 40001 and 23505 of the engine's commit; 57014 in the line
   */
  async commit(request: CommitRequest): Promise<void> {
    const waitFor: WaitFor = request.waitFor ?? ((line) => line)
    while (this.#line !== undefined) await waitFor(this.#line)
    if (request.engine === undefined) {
      this.#commitCatalog(request)
      return
    }
    const turn = this.#commitBoth(request, request.engine)
    // The next in line waits for the end of this one, however it ends.
    this.#line = turn.then(
      () => this.#leave(),
      () => this.#leave(),
    )
    await turn
  }

  /**
   * Lets nothing be committed to the catalog while `look` runs, so that what it sees of catalog and tables is of
   * one moment. It must be short: commits wait for it.
   */
  async hold<T>(look: () => Promise<T>): Promise<T> {
    while (this.#line !== undefined) await this.#line
    const turn = look()
    this.#line = turn.then(
      () => this.#leave(),
      () => this.#leave(),
    )
    return await turn
  }

  #leave(): void {
    this.#line = undefined
  }

  #commitCatalog(request: CommitRequest): void {
    const replayed = request.replay(this.#model)
    const commit = this.#next(replayed)
    if (commit === undefined) return
    this.#catalog.commit(commit)
    this.#model = withEpoch(replayed.model, commit.epoch)
  }

  async #commitBoth(
    request: CommitRequest,
    engine: NonNullable<CommitRequest['engine']>,
  ): Promise<void> {
    const replayed = request.replay(this.#model)
    const commit = this.#next(replayed)
    if (commit === undefined) {
      await engine.commit()
      return
    }
    const transactionNumber = this.#catalog.nextTransactionNumber()
    this.#catalog.prepare(transactionNumber, commit)
    try {
      await engine.commit(transactionNumber)
    } catch (error) {
      if (!(await this.#happened(transactionNumber))) {
        this.#decide(() => this.#catalog.forget(transactionNumber))
        throw error
      }
      this.#logger.warn({ transactionNumber }, 'the engine ended after a commit; it is there')
    }
    this.#decide(() => this.#catalog.complete(transactionNumber))
    this.#model = withEpoch(replayed.model, commit.epoch)
  }

  /** The engine has decided; a catalog that cannot write so (a full disk) leaves it to the next start. */
  #decide(write: () => void): void {
    try {
      write()
    } catch (error) {
      this.#onUndecided(error)
      throw error
    }
  }

  /** A commit that failed may still have happened (the child ended after it): ask the engine's own table. */
  async #happened(transactionNumber: number): Promise<boolean> {
    try {
      return await this.#store.hasCommitted(transactionNumber)
    } catch (error) {
      this.#onUndecided(error)
      throw error
    }
  }

  /** Nothing to write is nothing to publish: a REVOKE of what is not held leaves the epoch alone. */
  #next(replayed: Replayed): Commit | undefined {
    if (replayed.effects.length === 0 && replayed.audit.length === 0) return undefined
    return { epoch: nextEpoch(this.#model.epoch), effects: replayed.effects, audit: replayed.audit }
  }
}
