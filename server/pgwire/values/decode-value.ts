import { parseInput } from '../../../acl/types/input.ts'
import type { InputOptions } from '../../../acl/types/input/options.ts'
import { unreachable } from '../../../errors/unreachable.ts'
import type { SqlType, SqlValue } from '../../../store/sql-type.ts'
import type { WireFormat } from '../../../store/store.ts'
import { MessageReader } from '../messages/message-reader.ts'
import { decodeUtf8 } from '../messages/utf8.ts'
import { decodeArray } from './decode-array.ts'
import { decodeScalar } from './decode-scalar.ts'
import { incorrectBinaryFormat, recordInput } from './value-errors.ts'

export interface DecodeOptions extends InputOptions {
  /** Which parameter it is, counted from 1; for messages. */
  readonly number?: number
}

/**
 * The value of a Bind parameter that is not NULL.
 * @throws SqlError 08P01 and 22P03 for binary that is none of the type's, 22021 for bad UTF-8, and what
 * the type's text input throws (22P02, 22003, 22007, 22008)
 */
export function decodeParameter(
  bytes: Uint8Array,
  type: SqlType,
  format: WireFormat,
  options: DecodeOptions,
): SqlValue {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  switch (format) {
    case 'text':
      return parseInput(decodeUtf8(body), type, options)
    case 'binary':
      return decodeBinary(body, type, options)
    default:
      return unreachable(format)
  }
}

/** Nothing may be left over (PostgreSQL 15, postgres.c: `exec_bind_message`). */
function decodeBinary(body: Buffer, type: SqlType, options: DecodeOptions): SqlValue {
  const reader = new MessageReader(body)
  const value = decodeWhole(reader, type)
  if (reader.remaining > 0) throw incorrectBinaryFormat(options.number)
  return value
}

function decodeWhole(reader: MessageReader, type: SqlType): SqlValue {
  switch (type.kind) {
    case 'Scalar':
      return decodeScalar(reader, type)
    case 'Array':
      return decodeArray(reader, type)
    case 'Record':
      throw recordInput()
    default:
      return unreachable(type)
  }
}
