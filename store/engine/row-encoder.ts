import duckdb from '@duckdb/node-bindings'
import type { DataChunk, Result } from '@duckdb/node-bindings'
import { formatOf } from '../encode-value.ts'
import type { SqlType } from '../sql-type.ts'
import type { WireFormat } from '../store.ts'
import { chooseColumn } from './columns/choose-column.ts'
import type { ColumnEncoder, ColumnWriter, RowRange } from './columns/column-writer.ts'
import { engineTypeOf, sqlTypeOf } from './engine-type.ts'
import { VectorView } from './vector-view.ts'

/** DataRow: type byte, int32 length, int16 columns (protocol page "Message Formats"). */
const rowHeaderBytes = 7
const lengthBytes = 4
const dataRowByte = 68
const nullLength = 0xff

/** Where rows are written before their size is known; used within one synchronous call only. */
let scratch = Buffer.allocUnsafe(1 << 20)

/** Turns the engine's chunks into DataRow messages: one encoder a column, one buffer a chunk. */
export class RowEncoder {
  readonly #encoders: readonly ColumnEncoder[]

  constructor(
    result: Result,
    given: {
      readonly columns: readonly { readonly type?: SqlType }[]
      readonly formats: readonly WireFormat[]
      readonly timeZone: string
    },
  ) {
    this.#encoders = given.columns.map((column, index) => {
      const engineType = engineTypeOf(duckdb.column_logical_type(result, index))
      const sqlType = column.type ?? sqlTypeOf(engineType)
      const format = formatOf(given.formats, index)
      return chooseColumn({ engineType, sqlType }, format, given.timeZone)
    })
  }

  /** DataRow messages of the chunk's rows in the range, behind `reserved` free bytes. */
  encode(chunk: DataChunk, range: RowRange, reserved: number): Buffer {
    const size = duckdb.data_chunk_get_size(chunk)
    const writers = this.#encoders.map((encoder, index) =>
      encoder(new VectorView(duckdb.data_chunk_get_vector(chunk, index), size), range),
    )
    reserveScratch(writers, range, reserved)
    const end = writeRows(writers, range, scratch, reserved)
    return Buffer.from(scratch.subarray(0, end))
  }
}

function reserveScratch(writers: readonly ColumnWriter[], range: RowRange, reserved: number): void {
  const rows = range.to - range.from
  const values = writers.reduce((sum, writer) => sum + writer.bytesMax, 0)
  const bytes = reserved + rows * (rowHeaderBytes + lengthBytes * writers.length) + values
  if (bytes > scratch.length) scratch = Buffer.allocUnsafe(bytes)
}

function writeRows(
  writers: readonly ColumnWriter[],
  range: RowRange,
  out: Buffer,
  start: number,
): number {
  let at = start
  for (let row = range.from; row < range.to; row++) {
    const rowStart = at
    out[at] = dataRowByte
    out[at + 5] = writers.length >> 8
    out[at + 6] = writers.length & 0xff
    at += rowHeaderBytes
    for (const writer of writers) at = writeField(writer, row, out, at)
    writeLength(out, rowStart + 1, at - rowStart - 1)
  }
  return at
}

function writeField(writer: ColumnWriter, row: number, out: Buffer, at: number): number {
  const { validity } = writer
  if (validity !== undefined && ((validity[row >> 3] ?? 0) & (1 << (row & 7))) === 0) {
    out.fill(nullLength, at, at + lengthBytes)
    return at + lengthBytes
  }
  const end = writer.write(row, out, at + lengthBytes)
  writeLength(out, at, end - at - lengthBytes)
  return end
}

function writeLength(out: Buffer, at: number, length: number): void {
  out[at] = length >>> 24
  out[at + 1] = (length >>> 16) & 0xff
  out[at + 2] = (length >>> 8) & 0xff
  out[at + 3] = length & 0xff
}
