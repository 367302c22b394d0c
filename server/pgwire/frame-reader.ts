/** One message as it came: its type byte and what follows the length. */
export interface Frame {
  readonly type: number
  readonly body: Buffer
}

/** What the head of the next message says; `length` counts itself but not the type byte. */
export interface FrameHead {
  readonly type: number
  readonly length: number
}

/**
 * Cuts a byte stream into messages. Bodies are views of the chunks that came; only a message that is
 * spread over chunks is copied, into a buffer that doubles, so that no way of cutting the stream costs
 * more than twice its bytes. Holds nothing while it is empty.
 */
export class FrameReader {
  #buffer: Buffer = nothing
  #start = 0
  #end = 0
  /** Whether the room behind `#end` is ours to write into. */
  #growable = false

  /** Bytes that came and were not taken yet. */
  get bytes(): number {
    return this.#end - this.#start
  }

  push(chunk: Buffer): void {
    if (this.bytes === 0) {
      this.#buffer = chunk
      this.#start = 0
      this.#end = chunk.length
      this.#growable = false
      return
    }
    if (!this.#growable || this.#buffer.length - this.#end < chunk.length) this.#grow(chunk.length)
    // Frames handed out lie before `#end`: nothing of theirs is written over.
    chunk.copy(this.#buffer, this.#end)
    this.#end += chunk.length
  }

  /** The head of the next message with a type byte, as soon as its five bytes are there. */
  head(): FrameHead | undefined {
    if (this.bytes < headBytes) return undefined
    return {
      type: this.#buffer.readUInt8(this.#start),
      length: this.#buffer.readInt32BE(this.#start + 1),
    }
  }

  /** The length of the next start-up packet, which has no type byte. */
  startupLength(): number | undefined {
    return this.bytes < lengthBytes ? undefined : this.#buffer.readInt32BE(this.#start)
  }

  /** The body of the message whose head was looked at, if all of it is there. */
  takeBody(head: FrameHead): Buffer | undefined {
    return this.#take(headBytes, head.length - lengthBytes)
  }

  /** The body of a start-up packet of that length, if all of it is there. */
  takeStartup(length: number): Buffer | undefined {
    return this.#take(lengthBytes, length - lengthBytes)
  }

  /** Forgets what is left. */
  clear(): void {
    this.#buffer = nothing
    this.#start = 0
    this.#end = 0
    this.#growable = false
  }

  #take(skipped: number, length: number): Buffer | undefined {
    if (this.bytes < skipped + length) return undefined
    const from = this.#start + skipped
    const body = this.#buffer.subarray(from, from + length)
    this.#start = from + length
    if (this.bytes === 0) this.clear()
    return body
  }

  #grow(added: number): void {
    const kept = this.#buffer.subarray(this.#start, this.#end)
    this.#buffer = Buffer.allocUnsafeSlow(Math.max(kept.length + added, 2 * kept.length))
    kept.copy(this.#buffer)
    this.#start = 0
    this.#end = kept.length
    this.#growable = true
  }
}

const nothing = Buffer.alloc(0)
const lengthBytes = 4
const headBytes = 1 + lengthBytes
