import duckdb from '@duckdb/node-bindings'
import type { DataChunk, Result } from '@duckdb/node-bindings'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
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

/** A frame is kept below this by taking fewer rows, as long as there is more than one. */
const frameBytesWanted = 32 << 20
/** PostgreSQL's own bound of a row on the wire (MaxAllocSize). */
const frameBytesMax = (1 << 30) - 1
const scratchBytesKept = 1 << 20

/** Encoded rows of a range, which may end before it was asked to. */
export interface EncodedRange {
  readonly frame: Buffer
  readonly to: number
}

/** Where rows are written before their size is known; used within one synchronous call only. */
const scratch = Buffer.allocUnsafe(scratchBytesKept)

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

  /**
   * DataRow messages of the chunk's rows in the range, behind `reserved` free bytes.
   * @throws SqlError 54000 for a row that no message can hold
   */
  encode(chunk: DataChunk, range: RowRange, reserved: number): EncodedRange {
    const size = duckdb.data_chunk_get_size(chunk)
    const writers = this.#encoders.map((encoder, index) =>
      encoder(new VectorView(duckdb.data_chunk_get_vector(chunk, index), size), range),
    )
    const bytesMax = reserved + boundOf(writers, range)
    const rows = range.to - range.from
    if (bytesMax > frameBytesWanted && rows > 1) {
      return this.encode(chunk, { from: range.from, to: range.from + (rows >> 1) }, reserved)
    }
    if (bytesMax > frameBytesMax) throw rowTooLarge()
    const out = bytesMax > scratch.length ? Buffer.allocUnsafe(bytesMax) : scratch
    const end = writeRows(writers, range, out, reserved)
    return { frame: Buffer.from(out.subarray(0, end)), to: range.to }
  }
}

function boundOf(writers: readonly ColumnWriter[], range: RowRange): number {
  const rows = range.to - range.from
  const values = writers.reduce((sum, writer) => sum + writer.bytesMax, 0)
  return rows * (rowHeaderBytes + lengthBytes * writers.length) + values
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

function rowTooLarge(): SqlError {
  return new SqlError(SqlState.ProgramLimitExceeded, 'a row is too large to be sent')
}
