import { oidOf, typeModifier, typeSize } from '../../../store/type-oid.ts'
import type { WireFormat } from '../../../store/store.ts'
import type { ColumnDescription } from '../session-handler.ts'
import { MessageType, type MessageWriter } from './message-writer.ts'

/** RowDescription: the columns of the rows that follow, and the format of each. */
export interface RowDescription {
  readonly kind: 'RowDescription'
  readonly columns: readonly ColumnDescription[]
  /** None (all text), one for all, or one a column. */
  readonly formats: readonly WireFormat[]
}

/** The bytes of an all-text description are made once for a list of columns, as a plan keeps it. */
export function encodeRowDescription(writer: MessageWriter, message: RowDescription): Buffer {
  const { columns, formats } = message
  if (formats.includes('binary')) return encode(writer, message)
  const known = madeAsText.get(columns)
  if (known !== undefined) return known
  const encoded = encode(writer, message)
  madeAsText.set(columns, encoded)
  return encoded
}

const madeAsText = new WeakMap<readonly ColumnDescription[], Buffer>()

function encode(writer: MessageWriter, { columns, formats }: RowDescription): Buffer {
  writer.int16(columns.length)
  columns.forEach((column, index) => {
    addColumn(writer, column, formatAt(formats, index))
  })
  return writer.finish(MessageType.RowDescription)
}

function formatAt(formats: readonly WireFormat[], index: number): WireFormat {
  return (formats.length === 1 ? formats[0] : formats[index]) ?? 'text'
}

/** Table and column number are 0 for an expression (client-compatibility.md, section 2, point 16). */
function addColumn(writer: MessageWriter, column: ColumnDescription, format: WireFormat): void {
  writer
    .cstring(column.name)
    .int32(column.origin?.oid ?? 0)
    .int16(column.origin?.attnum ?? 0)
    .int32(oidOf(column.type))
    .int16(typeSize(column.type))
    .int32(typeModifier(column.type))
    .int16(format === 'binary' ? 1 : 0)
}
