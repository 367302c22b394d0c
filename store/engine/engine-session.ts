import duckdb from '@duckdb/node-bindings'
import type { Database } from '@duckdb/node-bindings'
import { invariant } from '../../errors/invariant.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { BootSettings, ProgramDefinition } from '../protocol/request.ts'
import type { SqlType } from '../sql-type.ts'
import { recordCommit, takeSnapshot } from './commits.ts'
import { engineFault } from './engine-fault.ts'
import { EnginePortal } from './engine-portal.ts'
import type { PortalRequest } from './engine-portal.ts'
import type { Beginning, OpenTransaction, Transaction } from './engine-transaction.ts'
import { beginText } from './engine-transaction.ts'
import { interruptUntil, queryCanceled } from './interruption.ts'
import { RowSender } from './row-sender.ts'
import { SessionConnection } from './session-connection.ts'
import type { StatementSlots } from './statement-slots.ts'
import type { TableWrites } from './table-writes.ts'

/** What all sessions of the engine process share. */
export interface EngineContext {
  readonly database: Database
  readonly settings: BootSettings
  readonly slots: StatementSlots
  readonly writes: TableWrites
  readonly send: (frame: Buffer) => void
}

/** How a fetch ended; its rows were sent before. */
export interface FetchResult {
  readonly kind: 'Complete' | 'Suspended'
  readonly rowCount: number
}

/** The call that is running: what a cancel reaches. */
interface RunningCall {
  readonly call: number
  readonly cancellation: AbortController
  ended: Promise<unknown>
  connection: SessionConnection | undefined
}

/** Connections kept by an idle session: one, and one for a portal beside it. */
const idleConnectionsMax = 2

/** One client's side of the engine: its connections, portals and transaction. Calls run one by one. */
export class EngineSession {
  readonly #context: EngineContext
  readonly #sender: RowSender
  readonly #portals = new Map<number, EnginePortal>()
  readonly #idle: SessionConnection[] = []
  readonly #queuedCalls = new Set<number>()
  readonly #cancelledCalls = new Set<number>()
  #transaction: Transaction = { kind: 'None' }
  #timeZone = 'UTC'
  #running: RunningCall | undefined
  #queue: Promise<unknown> = Promise.resolve()

  constructor(context: EngineContext) {
    this.#context = context
    this.#sender = new RowSender(context.send, context.settings.creditBytes)
  }

  /** Runs a call after all earlier ones. */
  enqueue<T>(call: number, task: () => Promise<T>): Promise<T> {
    this.#queuedCalls.add(call)
    const result = this.#queue.then(() => this.#runCall(call, task))
    this.#queue = result.catch(() => undefined)
    return result
  }

  openPortal(portal: number, request: PortalRequest): void {
    this.#portals.set(portal, new EnginePortal(request))
  }

  async fetch(number: number, rowsMax: number): Promise<FetchResult> {
    this.#requireUsable()
    const portal = this.#portals.get(number)
    if (portal === undefined) throw portalIsGone()
    try {
      if (portal.isOpened) await this.#start(portal)
      this.#use(portal.connection)
      const result = await this.#sendRows(portal, rowsMax === 0 ? Infinity : rowsMax)
      if (result.kind === 'Complete') await this.#endPortal(number, true)
      return result
    } catch (error) {
      await this.#endPortal(number, false)
      throw error
    }
  }

  async closePortal(portal: number): Promise<void> {
    await this.#endPortal(portal, true)
  }

  async describe(program: ProgramDefinition): Promise<readonly SqlType[]> {
    this.#requireUsable()
    const connection = await this.#acquire()
    try {
      return await this.#context.slots.admit(
        () => connection.describe(program, this.#timeZone),
        this.#signal,
      )
    } finally {
      this.#release(connection)
    }
  }

  async begin(readOnly: boolean): Promise<void> {
    if (this.#transaction.kind !== 'None') throw engineFault('a transaction is open already')
    const connection = await this.#acquire()
    const beginning: Beginning = { readOnly, moment: this.#context.writes.now() }
    await connection.run(beginText(readOnly))
    const done = { hasRead: false, hasWritten: false }
    this.#transaction = { kind: 'Open', connection, beginning, done }
  }

  /**
   * Begins a failed transaction anew, if it has written nothing and its snapshot is that of now: the
   * engine has no savepoints, and some errors end its transaction (section 6.4).
   */
  async revive(): Promise<boolean> {
    const transaction = this.#transaction
    if (transaction.kind !== 'Failed' || transaction.done.hasWritten) return false
    const { connection, beginning, done } = transaction
    if ([...this.#portals.values()].some((portal) => portal.connection === connection)) return false
    const { databaseAlias } = this.#context.settings
    const isSame = (): boolean => !done.hasRead || this.#context.writes.isStill(beginning.moment)
    if (!isSame()) return false
    await connection.rollback()
    const moment = done.hasRead ? beginning.moment : this.#context.writes.now()
    await connection.run(beginText(beginning.readOnly))
    await takeSnapshot(connection.handle, databaseAlias)
    // Others may have committed until the snapshot was taken; the transaction stays failed then.
    if (!isSame()) return false
    this.#transaction = {
      kind: 'Open',
      connection,
      beginning: { ...beginning, moment },
      done,
    }
    return true
  }

  async commit(transactionNumber: number | undefined): Promise<void> {
    const transaction = this.#transaction
    if (transaction.kind === 'None') throw engineFault('no transaction is open')
    const { connection } = transaction
    try {
      if (transaction.kind === 'Failed') throw transactionIsAborted()
      await this.#endTransactionPortals(connection)
      await this.#context.slots.proceed(() => this.#runCommit(transaction, transactionNumber))
    } catch (error) {
      await this.rollback()
      throw error
    }
    this.#transaction = { kind: 'None' }
    this.#release(connection)
  }

  async rollback(): Promise<void> {
    const transaction = this.#transaction
    if (transaction.kind === 'None') return
    const { connection } = transaction
    await this.#endTransactionPortals(connection)
    this.#transaction = { kind: 'None' }
    await this.#context.slots.proceed(() => connection.rollback())
    this.#release(connection)
  }

  setTimeZone(name: string): void {
    this.#timeZone = name
  }

  /** Ends a call with 57014, whether it runs, waits in the queue, or waits for its client to read. */
  cancel(call: number): void {
    const running = this.#running
    if (running?.call !== call) {
      if (this.#queuedCalls.has(call)) this.#cancelledCalls.add(call)
      return
    }
    running.cancellation.abort()
    this.#sender.wake()
    if (running.connection !== undefined) void interruptUntil(running.connection, running.ended)
  }

  grantCredit(bytes: number): void {
    this.#sender.grant(bytes)
  }

  async close(): Promise<void> {
    for (const portal of this.#portals.keys()) await this.#endPortal(portal, true)
    await this.rollback()
    for (const connection of this.#idle.splice(0)) connection.close()
  }

  async #runCall<T>(call: number, task: () => Promise<T>): Promise<T> {
    const running: RunningCall = {
      call,
      cancellation: new AbortController(),
      ended: Promise.resolve(),
      connection: undefined,
    }
    this.#running = running
    this.#queuedCalls.delete(call)
    try {
      if (this.#cancelledCalls.delete(call)) throw queryCanceled()
      const work = task()
      running.ended = work
      return await work
    } catch (error) {
      throw this.#fail(running.cancellation.signal.aborted ? queryCanceled() : error)
    } finally {
      this.#running = undefined
    }
  }

  /** Any error fails the transaction. */
  #fail(error: unknown): unknown {
    if (this.#transaction.kind === 'Open') {
      this.#transaction = { ...this.#transaction, kind: 'Failed' }
    }
    return error
  }

  async #runCommit(
    { connection, done }: OpenTransaction,
    transactionNumber: number | undefined,
  ): Promise<void> {
    const ended = done.hasWritten ? this.#context.writes.begin() : undefined
    try {
      await this.#commitAs(connection, transactionNumber)
    } finally {
      ended?.()
    }
  }

  async #commitAs(
    connection: SessionConnection,
    transactionNumber: number | undefined,
  ): Promise<void> {
    if (transactionNumber !== undefined) {
      const { databaseAlias } = this.#context.settings
      await recordCommit(connection.handle, databaseAlias, transactionNumber)
    }
    await connection.run('COMMIT')
  }

  async #start(portal: EnginePortal): Promise<void> {
    const connection = await this.#acquire()
    if (this.#transaction.kind !== 'None' && portal.isWrite)
      this.#transaction.done.hasWritten = true
    await portal.start({
      connection,
      slots: this.#context.slots,
      writes: this.#context.writes,
      signal: this.#signal,
      timeZone: this.#timeZone,
      isAutocommit: this.#transaction.kind === 'None',
    })
  }

  async #sendRows(portal: EnginePortal, rowsMax: number): Promise<FetchResult> {
    const { changedRows } = portal
    if (changedRows !== undefined) return { kind: 'Complete', rowCount: changedRows }
    const signal = this.#signal
    let rowCount = 0
    while (rowCount < rowsMax) {
      await this.#sender.ready()
      const rows = await portal.take(rowsMax - rowCount, signal)
      // An interrupt between two chunks ends a stream without an error (section 6.1).
      if (signal.aborted) throw queryCanceled()
      if (this.#transaction.kind !== 'None') this.#transaction.done.hasRead = true
      if (rows === undefined) return { kind: 'Complete', rowCount }
      this.#sender.send(rows, this.#running?.call ?? 0)
      rowCount += rows.rowCount
    }
    return { kind: 'Suspended', rowCount }
  }

  async #endPortal(number: number, keep: boolean): Promise<void> {
    const portal = this.#portals.get(number)
    if (portal === undefined) return
    this.#portals.delete(number)
    const { connection } = portal
    try {
      await portal.end(keep)
    } finally {
      if (connection !== undefined) this.#release(connection)
    }
  }

  /** The end of a transaction ends the portals that run in it. */
  async #endTransactionPortals(connection: SessionConnection): Promise<void> {
    for (const [number, portal] of this.#portals) {
      if (portal.connection === connection) await this.#endPortal(number, true)
    }
  }

  /** The transaction's connection, freed of a portal that streams on it, or a free one. */
  async #acquire(): Promise<SessionConnection> {
    const connection =
      this.#transaction.kind === 'None'
        ? (this.#idle.pop() ?? (await this.#connect()))
        : this.#transaction.connection
    this.#use(connection)
    for (const portal of this.#portals.values()) {
      if (portal.connection === connection) {
        await portal.spool(this.#context.settings.spillDirectory, this.#signal)
      }
    }
    return connection
  }

  async #connect(): Promise<SessionConnection> {
    return new SessionConnection(await duckdb.connect(this.#context.database))
  }

  #use(connection: SessionConnection | undefined): void {
    if (this.#running !== undefined) this.#running.connection = connection
  }

  #release(connection: SessionConnection): void {
    if (this.#transaction.kind !== 'None' && this.#transaction.connection === connection) return
    if (connection.isBroken || this.#idle.length >= idleConnectionsMax) connection.close()
    else this.#idle.push(connection)
  }

  /** Aborted when the running call is cancelled. */
  get #signal(): AbortSignal {
    invariant(this.#running, 'work is done within a call')
    return this.#running.cancellation.signal
  }

  #requireUsable(): void {
    if (this.#transaction.kind === 'Failed') throw transactionIsAborted()
  }
}

function transactionIsAborted(): SqlError {
  return new SqlError(
    SqlState.InFailedSqlTransaction,
    'current transaction is aborted, commands ignored until end of transaction block',
  )
}

function portalIsGone(): SqlError {
  return new SqlError(SqlState.InvalidCursorName, 'portal does not exist')
}
