import type { Socket } from 'node:net'

/**
 * Collects answers and writes them together: one system call for what belongs together
 * (performance.md, section 4). Large buffers go as they are, beside the small ones, in one gathered write.
 */
export class Outbox {
  readonly #socket: Socket
  readonly #bytesHigh: number
  #parts: Buffer[] = []
  #bytes = 0
  #isDue = false
  #isScheduled = false
  #drained: Promise<void> | undefined

  constructor(socket: Socket, options: { readonly bytesHigh: number }) {
    this.#socket = socket
    this.#bytesHigh = options.bytesHigh
  }

  append(message: Buffer): void {
    this.#parts.push(message)
    this.#bytes += message.length
    if (this.#bytes >= flushBytes) this.flush()
  }

  /** The client may be waiting for what was appended: it goes out at the end of the turn. */
  markDue(): void {
    this.#isDue = true
  }

  flushDue(): void {
    if (this.#isDue) this.flush()
  }

  /** At the end of the loop's turn: more answers may come before without any input or output. */
  flushDueSoon(): void {
    if (!this.#isDue || this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.flushDue()
    })
  }

  flush(): void {
    this.#isDue = false
    const parts = this.#parts
    if (parts.length === 0) return
    const bytes = this.#bytes
    this.#parts = []
    this.#bytes = 0
    if (!this.#socket.writable) return
    const [first] = parts
    if (parts.length === 1 && first !== undefined) this.#socket.write(first)
    else if (bytes <= copyBytesMax) this.#socket.write(Buffer.concat(parts, bytes))
    else this.#writeGathered(parts)
  }

  /**
   * What to wait for before producing more: nothing, while the reader keeps up.
   * The promise rejects when the client is gone.
   */
  backPressure(): Promise<void> | undefined {
    if (!this.#socket.writable) return handled(Promise.reject(new ClientGone()))
    if (this.#socket.writableLength + this.#bytes <= this.#bytesHigh) return undefined
    this.flush()
    this.#drained ??= handled(this.#whenDrained())
    return this.#drained
  }

  #writeGathered(parts: readonly Buffer[]): void {
    this.#socket.cork()
    for (const part of parts) this.#socket.write(part)
    this.#socket.uncork()
  }

  #whenDrained(): Promise<void> {
    const socket = this.#socket
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        socket.off('drain', onDrain)
        socket.off('close', onClose)
        this.#drained = undefined
        act()
      }
      const onDrain = (): void => {
        settle(resolve)
      }
      const onClose = (): void => {
        settle(() => {
          reject(new ClientGone())
        })
      }
      socket.on('drain', onDrain)
      socket.on('close', onClose)
    })
  }
}

/** A producer that does not wait must not become an unhandled rejection. */
function handled(promise: Promise<void>): Promise<void> {
  promise.catch(() => undefined)
  return promise
}

/** Nobody is left to send to; ends the statement, is never sent or logged as an error. */
export class ClientGone extends Error {
  constructor() {
    super('the client closed the connection')
    this.name = 'ClientGone'
  }
}

/** Answers are written at the latest when this much waits. */
const flushBytes = 32 * 1024

/** Up to here one copy is cheaper than a gathered write. */
const copyBytesMax = 64 * 1024
