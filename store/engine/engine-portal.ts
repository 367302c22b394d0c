import duckdb from '@duckdb/node-bindings'
import type { ProgramDefinition } from '../protocol/request.ts'
import { rowsHeaderBytes } from '../protocol/response.ts'
import type { SqlValue } from '../sql-type.ts'
import type { WireFormat } from '../store.ts'
import { interruptUntil, queryCanceled } from './interruption.ts'
import { RowEncoder } from './row-encoder.ts'
import { RowSpool } from './row-spool.ts'
import { RowStream } from './row-stream.ts'
import type { EncodedRows } from './row-stream.ts'
import type { SessionConnection } from './session-connection.ts'
import type { StatementSlots } from './statement-slots.ts'
import type { TableWrites } from './table-writes.ts'

/** A bound program and how its rows are wanted. */
export interface PortalRequest {
  readonly program: ProgramDefinition
  readonly values: readonly SqlValue[]
  readonly formats: readonly WireFormat[]
}

export interface PortalStart {
  readonly connection: SessionConnection
  readonly slots: StatementSlots
  readonly writes: TableWrites
  readonly signal: AbortSignal
  readonly timeZone: string
  /** Outside of a transaction: the statement is to be one itself. */
  readonly isAutocommit: boolean
}

type PortalState =
  | { readonly kind: 'Opened' }
  | { readonly kind: 'Counted'; readonly rowCount: number }
  | { readonly kind: 'Streaming'; readonly stream: RowStream }
  | { readonly kind: 'Spooled'; readonly spool: RowSpool }
  | { readonly kind: 'Ended' }

/** One executing statement. */
export class EnginePortal {
  readonly #request: PortalRequest
  #state: PortalState = { kind: 'Opened' }
  #connection: SessionConnection | undefined
  /** A statement of its own that returns what it changed: committed when all of it was sent. */
  #ownsTransaction = false
  /** Since its own write began. */
  #endWrite: (() => void) | undefined

  constructor(request: PortalRequest) {
    this.#request = request
  }

  get isWrite(): boolean {
    return this.#request.program.kind !== 'Query'
  }

  get isOpened(): boolean {
    return this.#state.kind === 'Opened'
  }

  /** The connection that it has in use, from its start to its end or until its rows are spooled. */
  get connection(): SessionConnection | undefined {
    return this.#connection
  }

  async start(given: PortalStart): Promise<void> {
    const { program, values } = this.#request
    const { connection, slots } = given
    this.#connection = connection
    if (given.isAutocommit && this.isWrite) this.#endWrite = given.writes.begin()
    const { stage } = program
    const needsTransaction =
      given.isAutocommit && this.isWrite && (program.columns.length > 0 || stage !== undefined)
    const result = await slots.admit(async () => {
      if (needsTransaction) {
        await connection.run('BEGIN TRANSACTION')
        this.#ownsTransaction = true
      }
      return stage === undefined
        ? await connection.execute(program, values, given.timeZone)
        : await connection.executeStaged({ ...program, stage }, values, given.timeZone)
    }, given.signal)
    if (typeof result === 'number') {
      this.#state = { kind: 'Counted', rowCount: result }
      return
    }
    if (program.columns.length === 0 && program.kind !== 'Query') {
      this.#state = { kind: 'Counted', rowCount: program.rowCount ?? duckdb.rows_changed(result) }
      return
    }
    const encoder = new RowEncoder(result, {
      columns: program.columns,
      formats: this.#request.formats,
      timeZone: given.timeZone,
    })
    this.#state = { kind: 'Streaming', stream: new RowStream(result, encoder, slots) }
  }

  /** Rows that a statement without output changed. */
  get changedRows(): number | undefined {
    return this.#state.kind === 'Counted' ? this.#state.rowCount : undefined
  }

  /** The next rows, at most `rowsMax`; nothing at the end. */
  async take(rowsMax: number, signal: AbortSignal): Promise<EncodedRows | undefined> {
    if (this.#state.kind === 'Streaming') return await this.#state.stream.take(rowsMax, signal)
    if (this.#state.kind === 'Spooled') return await this.#state.spool.take(rowsMax)
    return undefined
  }

  /** Takes all rows out of the engine, so that the connection is free for another statement. */
  async spool(directory: string, signal: AbortSignal): Promise<void> {
    if (this.#state.kind !== 'Streaming') return
    const { stream } = this.#state
    const spool = new RowSpool(directory, rowsHeaderBytes)
    this.#state = { kind: 'Spooled', spool }
    this.#connection = undefined
    for (;;) {
      const rows = await stream.take(Infinity, signal)
      if (signal.aborted) throw queryCanceled()
      if (rows === undefined) return
      await spool.add(rows)
    }
  }

  /**
   * Ends the portal; its connection is at rest afterwards. What it changed stays if `keep`: the
   * statement had run to its end, only its rows were not all wanted.
   */
  async end(keep: boolean): Promise<void> {
    try {
      await this.#end(keep)
    } finally {
      this.#endWrite?.()
      this.#endWrite = undefined
    }
  }

  async #end(keep: boolean): Promise<void> {
    const state = this.#state
    const connection = this.#connection
    this.#state = { kind: 'Ended' }
    this.#connection = undefined
    if (state.kind === 'Spooled') await state.spool.close()
    if (connection === undefined) return
    if (state.kind === 'Streaming' && state.stream.pending !== undefined) {
      await interruptUntil(connection, state.stream.pending)
    }
    if (this.#ownsTransaction && keep) await connection.run('COMMIT')
    else if (this.#ownsTransaction) await connection.rollback()
    else if (state.kind === 'Streaming' && !state.stream.isAtEnd) await connection.endStream()
  }
}
