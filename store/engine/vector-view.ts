import duckdb from '@duckdb/node-bindings'
import type { Vector } from '@duckdb/node-bindings'
import { invariant } from '../../errors/invariant.ts'

/** Bytes of the engine's string record: uint32 length, then 12 bytes inline, or prefix and pointer. */
export const stringRecordBytes = 16
const inlineBytesMax = 12

/** A vector's memory, unread: validity words and data. Valid only while its chunk lives. */
export class VectorView {
  readonly vector: Vector
  readonly rows: number
  /** One bit a row, set where there is a value; absent where all rows have one. */
  readonly validity: Uint8Array | undefined
  #strings: Buffer | undefined

  constructor(vector: Vector, rows: number) {
    this.vector = vector
    this.rows = rows
    const bytes = Math.ceil(rows / 64) * 8
    const validity: Uint8Array | null = duckdb.vector_get_validity(vector, bytes)
    this.validity = validity ?? undefined
  }

  isNull(row: number): boolean {
    if (this.validity === undefined) return false
    return ((this.validity[row >> 3] ?? 0) & (1 << (row & 7))) === 0
  }

  /** The data as records of `bytesPerRow`. */
  data(bytesPerRow: number): DataView {
    const raw = this.raw(bytesPerRow)
    return new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  }

  /** The data as `wordsPerRow` 32-bit words a row. */
  words(wordsPerRow: number): Uint32Array {
    const raw = this.raw(wordsPerRow * 4)
    return new Uint32Array(raw.buffer, raw.byteOffset, raw.byteLength / 4)
  }

  /** The data as arguments of a typed array's constructor. */
  span(bytesPerRow: number): [buffer: ArrayBufferLike, byteOffset: number, length: number] {
    const raw = this.raw(bytesPerRow)
    return [raw.buffer, raw.byteOffset, this.rows]
  }

  raw(bytesPerRow: number): Uint8Array {
    return duckdb.vector_get_data(this.vector, this.rows * bytesPerRow)
  }

  /** The bytes of a string or blob: in its record, or behind its pointer. */
  bytes(row: number): Buffer {
    const records = (this.#strings ??= bufferOver(this.raw(stringRecordBytes)))
    const at = row * stringRecordBytes
    const length = records.readUInt32LE(at)
    if (length <= inlineBytesMax) return records.subarray(at + 4, at + 4 + length)
    return longBytes(records, at, length)
  }
}

/** Bytes that lie outside of the record; `at` is the record's offset. */
export function longBytes(records: Buffer, at: number, length: number): Buffer {
  const { buffer, byteOffset } = records
  invariant(isArrayBuffer(buffer), 'a vector lies in plain memory')
  return bufferOver(duckdb.get_data_from_pointer(buffer, byteOffset + at + 8, length))
}

/** Not by `instanceof`: under Jest the engine's buffers belong to another realm. */
function isArrayBuffer(buffer: ArrayBufferLike): buffer is ArrayBuffer {
  return Object.prototype.toString.call(buffer) === '[object ArrayBuffer]'
}

export function bufferOver(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
