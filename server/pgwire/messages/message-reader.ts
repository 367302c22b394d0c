import { BufferReader } from 'pg-protocol/dist/buffer-reader.js'
import { insufficientData, leftoverData, unterminatedString } from './protocol-errors.ts'
import { decodeUtf8 } from './utf8.ts'

/**
 * Reads the body of one message. pg-protocol's reader does the reading but trusts its input (past the
 * end a byte is undefined, a missing terminator is not seen, bad UTF-8 is replaced), so each length is
 * checked here first.
 */
export class MessageReader {
  readonly #reader = new BufferReader()
  readonly #body: Buffer
  #offset = 0

  constructor(body: Buffer) {
    this.#body = body
    this.#reader.setBuffer(0, body)
  }

  get remaining(): number {
    return this.#body.length - this.#offset
  }

  byte(): number {
    this.#take(1)
    return this.#reader.byte()
  }

  int16(): number {
    this.#take(2)
    return this.#reader.int16()
  }

  int32(): number {
    this.#take(4)
    return this.#reader.int32()
  }

  uint32(): number {
    this.#take(4)
    return this.#reader.uint32()
  }

  /** A count of items of at least `itemBytesMin` bytes each: never more than the rest can hold. */
  count(itemBytesMin: number): number {
    const count = this.int16() & countMax
    if (count * itemBytesMin > this.remaining) throw insufficientData()
    return count
  }

  /** A string that a zero byte ends. */
  cstring(): string {
    const end = this.#body.indexOf(0, this.#offset)
    if (end < 0) throw unterminatedString()
    const text = decodeUtf8(this.bytes(end - this.#offset))
    this.byte()
    return text
  }

  /** A view of the next bytes, not a copy. */
  bytes(length: number): Buffer {
    this.#take(length)
    return this.#reader.bytes(length)
  }

  /** Nothing may follow. */
  end(): void {
    if (this.remaining > 0) throw leftoverData()
  }

  #take(length: number): void {
    if (length < 0 || length > this.remaining) throw insufficientData()
    this.#offset += length
  }
}

/** Counts are 16 bits wide and read without sign, as PostgreSQL does: at most 65,535 parameters. */
const countMax = 0xff_ff
