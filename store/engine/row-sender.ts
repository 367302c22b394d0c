import { finishRowsFrame } from '../protocol/response.ts'
import type { EncodedRows } from './row-stream.ts'

/**
 * Sends rows as far as the client's credit goes: a slow reader holds up its own statement and fills
 * neither process (performance.md, "A second process for the engine").
 */
export class RowSender {
  readonly #write: (frame: Buffer) => void
  #credit: number
  #wake: (() => void) | undefined

  constructor(write: (frame: Buffer) => void, creditBytes: number) {
    this.#write = write
    this.#credit = creditBytes
  }

  send(rows: EncodedRows, call: number): void {
    this.#credit -= rows.frame.length
    this.#write(finishRowsFrame(rows.frame, { call, rowCount: rows.rowCount }))
  }

  /** Waits until there is credit, or {@link wake} was called. */
  async ready(): Promise<void> {
    if (this.#credit > 0) return
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    this.#wake = undefined
  }

  grant(bytes: number): void {
    this.#credit += bytes
    if (this.#credit > 0) this.wake()
  }

  wake(): void {
    this.#wake?.()
  }
}
