import { encodeBinary, encodeText } from '../../encode-value.ts'
import type { SqlType, SqlValue } from '../../sql-type.ts'
import type { WireFormat } from '../../store.ts'
import type { EngineType } from '../engine-type.ts'
import { notNullReader } from '../vector-reader.ts'
import type { ValueReader } from '../vector-reader.ts'
import type { ColumnEncoder } from './column-writer.ts'

/** Any type, value by value: intervals, wide decimals, arrays, records and what engine and program name differently. */
export function anyColumn(
  given: { readonly engineType: EngineType; readonly sqlType: SqlType },
  format: WireFormat,
  timeZone: string,
): ColumnEncoder {
  const encode = (value: SqlValue): Buffer =>
    format === 'binary'
      ? encodeBinary(value, given.sqlType)
      : Buffer.from(encodeText(value, given.sqlType, { timeZone }), 'utf8')
  return (view, range) => {
    // Made for the first value only: a column of untyped NULLs is INTEGER to the engine.
    let read: ValueReader | undefined
    // Encoded at once, since only then their size is known.
    const encoded: Buffer[] = []
    let bytesMax = 0
    for (let row = range.from; row < range.to; row++) {
      if (view.isNull(row)) encoded.push(empty)
      else {
        read ??= notNullReader(view, given.engineType, given.sqlType)
        const bytes = encode(read(row))
        bytesMax += bytes.length
        encoded.push(bytes)
      }
    }
    return {
      validity: view.validity,
      bytesMax,
      write: (row, out, at) => {
        const bytes = encoded[row - range.from] ?? empty
        out.set(bytes, at)
        return at + bytes.length
      },
    }
  }
}

const empty = Buffer.alloc(0)
