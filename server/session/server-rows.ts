import type { SqlType, SqlValue } from '../../store/sql-type.ts'
import { encodeDataRow } from '../../store/encode-value.ts'
import type { FetchOutcome, RowSink, StorePortal, WireFormat } from '../../store/store.ts'

export interface ServerRowsOptions {
  readonly types: readonly SqlType[]
  readonly rows: readonly (readonly SqlValue[])[]
  readonly formats: readonly WireFormat[]
  readonly timeZone: string
}

/** How many rows are encoded into one buffer before it is handed on. */
const rowsPerBuffer = 512

/** Rows that the server made itself (SHOW, EXPLAIN, a new token), fetched as those of a table are. */
export class ServerRows implements StorePortal {
  readonly #options: ServerRowsOptions
  #next = 0

  constructor(options: ServerRowsOptions) {
    this.#options = options
  }

  async fetch(rowsMax: number, sink: RowSink): Promise<FetchOutcome> {
    const { rows, types, formats, timeZone } = this.#options
    const end = rowsMax === 0 ? rows.length : Math.min(rows.length, this.#next + rowsMax)
    const rowCount = end - this.#next
    while (this.#next < end) {
      const upTo = Math.min(end, this.#next + rowsPerBuffer)
      const messages = rows
        .slice(this.#next, upTo)
        .map((row) => encodeDataRow(row, types, formats, { timeZone }))
      const sent = sink.rows(Buffer.concat(messages), upTo - this.#next)
      this.#next = upTo
      if (sent !== undefined) await sent
    }
    // As PostgreSQL does: a limit that is met exactly suspends, and the next Execute finds nothing more.
    const suspended = rowsMax !== 0 && rowCount === rowsMax
    return { kind: suspended ? 'Suspended' : 'Complete', rowCount }
  }

  async close(): Promise<void> {
    this.#next = this.#options.rows.length
  }
}
