import duckdb from '@duckdb/node-bindings'
import type { DataChunk, Result } from '@duckdb/node-bindings'
import { rowsHeaderBytes } from '../protocol/response.ts'
import type { RowEncoder } from './row-encoder.ts'
import type { StatementSlots } from './statement-slots.ts'

/** Encoded rows of one chunk, or of a part of it, behind room for a frame's header. */
export interface EncodedRows {
  readonly frame: Buffer
  readonly rowCount: number
}

interface CurrentChunk {
  readonly chunk: DataChunk
  readonly size: number
  readonly from: number
}

/** The rows of an executing statement, chunk by chunk; the next chunk is fetched while one is encoded. */
export class RowStream {
  readonly #result: Result
  readonly #encoder: RowEncoder
  readonly #slots: StatementSlots
  #current: CurrentChunk | undefined
  #next: Promise<DataChunk | null> | undefined
  #isAtEnd = false

  constructor(result: Result, encoder: RowEncoder, slots: StatementSlots) {
    this.#result = result
    this.#encoder = encoder
    this.#slots = slots
  }

  get isAtEnd(): boolean {
    return this.#isAtEnd
  }

  /** At most `rowsMax` rows more, as they lie in the engine's chunks; nothing at the end. */
  async take(rowsMax: number, signal: AbortSignal): Promise<EncodedRows | undefined> {
    const current = this.#current ?? (await this.#advance(signal))
    if (current === undefined) return undefined
    const wanted = Math.min(current.size, current.from + rowsMax)
    // A portal that is suspended here must leave its connection at rest.
    if (wanted === current.size && rowsMax > wanted - current.from) this.#prefetch(signal)
    const range = { from: current.from, to: wanted }
    const { frame, to } = this.#encoder.encode(current.chunk, range, rowsHeaderBytes)
    this.#current = to === current.size ? undefined : { ...current, from: to }
    return { frame, rowCount: to - current.from }
  }

  /** The fetch that is under way, if any: until it ends the connection cannot be used. */
  get pending(): Promise<unknown> | undefined {
    return this.#next
  }

  #prefetch(signal: AbortSignal): void {
    this.#next ??= this.#slots.proceed(() => duckdb.fetch_chunk(this.#result), signal)
    // Whoever takes next sees the error; nobody may.
    this.#next.catch(() => undefined)
  }

  async #advance(signal: AbortSignal): Promise<CurrentChunk | undefined> {
    this.#prefetch(signal)
    const chunk = (await this.#next) ?? null
    this.#next = undefined
    const size = chunk === null ? 0 : duckdb.data_chunk_get_size(chunk)
    if (chunk === null || size === 0) {
      this.#isAtEnd = true
      return undefined
    }
    this.#current = { chunk, size, from: 0 }
    return this.#current
  }
}
