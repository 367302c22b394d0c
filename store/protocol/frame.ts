import { invariant } from '../../errors/invariant.ts'

/**
 * Frames between the server and its engine process: uint32 length of what follows, uint8 kind, body.
 * Both ends are the same build on the same machine, so numbers are little-endian.
 */
export const frameHeaderBytes = 5

/** A frame is bounded by what one statement or one chunk of rows can be. */
const frameBytesMax = 1 << 30

/** Builds one frame in a buffer that grows. */
export class FrameWriter {
  #buffer: Buffer = Buffer.allocUnsafe(256)
  #length = 0

  start(kind: number): this {
    this.#length = frameHeaderBytes
    this.#buffer.writeUInt8(kind, 4)
    return this
  }

  uint8(value: number): this {
    const at = this.#reserve(1)
    this.#buffer.writeUInt8(value, at)
    return this
  }

  uint32(value: number): this {
    const at = this.#reserve(4)
    this.#buffer.writeUInt32LE(value, at)
    return this
  }

  int32(value: number): this {
    const at = this.#reserve(4)
    this.#buffer.writeInt32LE(value, at)
    return this
  }

  float64(value: number): this {
    const at = this.#reserve(8)
    this.#buffer.writeDoubleLE(value, at)
    return this
  }

  int64(value: bigint): this {
    const at = this.#reserve(8)
    this.#buffer.writeBigInt64LE(value, at)
    return this
  }

  text(value: string): this {
    const bytes = Buffer.byteLength(value, 'utf8')
    const at = this.#reserve(4 + bytes)
    this.#buffer.writeUInt32LE(bytes, at)
    this.#buffer.write(value, at + 4, 'utf8')
    return this
  }

  bytes(value: Uint8Array): this {
    const at = this.#reserve(4 + value.length)
    this.#buffer.writeUInt32LE(value.length, at)
    this.#buffer.set(value, at + 4)
    return this
  }

  /** The finished frame, copied out so that the writer can be used again. */
  finish(): Buffer {
    this.#buffer.writeUInt32LE(this.#length - 4, 0)
    return Buffer.from(this.#buffer.subarray(0, this.#length))
  }

  #reserve(bytes: number): number {
    const at = this.#length
    this.#length += bytes
    if (this.#length > this.#buffer.length) this.#grow()
    return at
  }

  #grow(): void {
    const larger = Buffer.allocUnsafe(Math.max(this.#length, this.#buffer.length * 2))
    this.#buffer.copy(larger)
    this.#buffer = larger
  }
}

/** Reads one frame's body, checking every length. */
export class FrameReader {
  readonly kind: number
  readonly #buffer: Buffer
  #at: number

  constructor(frame: Buffer) {
    this.kind = frame.readUInt8(0)
    this.#buffer = frame
    this.#at = 1
  }

  uint8(): number {
    return this.#buffer.readUInt8(this.#take(1))
  }

  uint32(): number {
    return this.#buffer.readUInt32LE(this.#take(4))
  }

  int32(): number {
    return this.#buffer.readInt32LE(this.#take(4))
  }

  float64(): number {
    return this.#buffer.readDoubleLE(this.#take(8))
  }

  int64(): bigint {
    return this.#buffer.readBigInt64LE(this.#take(8))
  }

  text(): string {
    const bytes = this.uint32()
    const at = this.#take(bytes)
    return this.#buffer.toString('utf8', at, at + bytes)
  }

  bytes(): Buffer {
    const bytes = this.uint32()
    const at = this.#take(bytes)
    return this.#buffer.subarray(at, at + bytes)
  }

  /** What is left of the frame, unread. */
  rest(): Buffer {
    return this.#buffer.subarray(this.#at)
  }

  #take(bytes: number): number {
    const at = this.#at
    this.#at += bytes
    invariant(this.#at <= this.#buffer.length, 'a frame holds what its kind says')
    return at
  }
}

/** Cuts a byte stream into frames; a chunk's frames are handed over before the next chunk. */
export class FrameSplitter {
  #pending: Buffer[] = []
  #pendingBytes = 0

  /** Calls `onFrame` with each complete frame (kind and body, without the length). */
  push(chunk: Buffer, onFrame: (frame: Buffer) => void): void {
    this.#pending.push(chunk)
    this.#pendingBytes += chunk.length
    if (this.#pendingBytes < 4 || this.#pendingBytes < this.#frameBytes() + 4) return
    const data = this.#joined()
    this.#keep(data.subarray(splitFrames(data, onFrame)))
  }

  /** The length that the first four bytes say, which may have come in parts. */
  #frameBytes(): number {
    const [first] = this.#pending
    if (first !== undefined && first.length >= 4) return first.readUInt32LE(0)
    const joined = this.#joined()
    this.#keep(joined)
    return joined.readUInt32LE(0)
  }

  #joined(): Buffer {
    const [first] = this.#pending
    return first !== undefined && this.#pending.length === 1 ? first : Buffer.concat(this.#pending)
  }

  #keep(rest: Buffer): void {
    this.#pending = rest.length === 0 ? [] : [rest]
    this.#pendingBytes = rest.length
  }
}

/** Where the first incomplete frame begins. */
function splitFrames(data: Buffer, onFrame: (frame: Buffer) => void): number {
  let at = 0
  while (at + 4 <= data.length) {
    const bytes = data.readUInt32LE(at)
    invariant(bytes > 0 && bytes <= frameBytesMax, 'a frame has a sane length')
    if (at + 4 + bytes > data.length) break
    onFrame(data.subarray(at + 4, at + 4 + bytes))
    at += 4 + bytes
  }
  return at
}
