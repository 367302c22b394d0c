import duckdb from '@duckdb/node-bindings'
import type { DataChunk, Result } from '@duckdb/node-bindings'
import { encodeDataRow, formatOf } from '../encode-value.ts'
import type { SqlType } from '../sql-type.ts'
import type { WireFormat } from '../store.ts'
import { engineTypeOf, sqlTypeOf } from './engine-type.ts'
import { valueReader } from './vector-reader.ts'
import type { EngineType } from './engine-type.ts'

export class RowEncoder {
  readonly #columns: readonly { readonly engineType: EngineType; readonly sqlType: SqlType }[]
  readonly #formats: readonly WireFormat[]
  readonly #timeZone: string

  constructor(
    result: Result,
    given: {
      readonly columns: readonly { readonly type?: SqlType }[]
      readonly formats: readonly WireFormat[]
      readonly timeZone: string
    },
  ) {
    this.#timeZone = given.timeZone
    this.#columns = given.columns.map((column, index) => {
      const engineType = engineTypeOf(duckdb.column_logical_type(result, index))
      return { engineType, sqlType: column.type ?? sqlTypeOf(engineType) }
    })
    this.#formats = given.columns.map((_, index) => formatOf(given.formats, index))
  }

  /** DataRow messages of the chunk's rows `from` to `to`, behind `reserved` free bytes. */
  encode(chunk: DataChunk, from: number, to: number, reserved: number): Buffer {
    const size = duckdb.data_chunk_get_size(chunk)
    const readers = this.#columns.map((column, index) =>
      valueReader(duckdb.data_chunk_get_vector(chunk, index), size, column),
    )
    const types = this.#columns.map((column) => column.sqlType)
    const rows: Buffer[] = [Buffer.allocUnsafe(reserved)]
    for (let row = from; row < to; row++) {
      const values = readers.map((read) => read(row))
      rows.push(encodeDataRow(values, types, this.#formats, { timeZone: this.#timeZone }))
    }
    return Buffer.concat(rows)
  }
}
