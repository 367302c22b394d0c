import type { WireFormat } from '../../../store/store.ts'
import type { MessageReader } from './message-reader.ts'
import { parameterFormatCount, unsupportedFormatCode } from './protocol-errors.ts'

/** Bind: gives a prepared statement its parameters and makes a portal of it. */
export interface Bind {
  readonly kind: 'Bind'
  readonly portal: string
  readonly statement: string
  /** None (all text), one for all, or one a parameter. */
  readonly parameterFormats: readonly WireFormat[]
  /** As sent; SQL's NULL is null. */
  readonly parameters: readonly (Uint8Array | null)[]
  /** None (all text), one for all, or one a column. */
  readonly resultFormats: readonly WireFormat[]
}

export function decodeBind(reader: MessageReader): Bind {
  const portal = reader.cstring()
  const statement = reader.cstring()
  const parameterFormats = decodeFormats(reader)
  const parameters = Array.from({ length: reader.count(4) }, () => decodeValue(reader))
  if (parameterFormats.length > 1 && parameterFormats.length !== parameters.length) {
    throw parameterFormatCount(parameterFormats.length, parameters.length)
  }
  const resultFormats = decodeFormats(reader)
  reader.end()
  return { kind: 'Bind', portal, statement, parameterFormats, parameters, resultFormats }
}

function decodeFormats(reader: MessageReader): readonly WireFormat[] {
  const count = reader.count(2)
  return count === 0 ? noFormats : Array.from({ length: count }, () => decodeFormat(reader.int16()))
}

const noFormats: readonly WireFormat[] = []

function decodeFormat(code: number): WireFormat {
  if (code === 0) return 'text'
  if (code === 1) return 'binary'
  throw unsupportedFormatCode(code)
}

function decodeValue(reader: MessageReader): Uint8Array | null {
  const length = reader.int32()
  return length === nullLength ? null : reader.bytes(length)
}

/** "-1 indicates a NULL parameter value" (protocol page "Bind"). */
const nullLength = -1
