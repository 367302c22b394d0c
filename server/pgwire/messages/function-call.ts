import type { MessageReader } from './message-reader.ts'

/** FunctionCall: the "fast path". Always refused, so its arguments are not read. */
export interface FunctionCall {
  readonly kind: 'FunctionCall'
  readonly functionOid: number
}

export function decodeFunctionCall(reader: MessageReader): FunctionCall {
  const functionOid = reader.uint32()
  reader.bytes(reader.remaining)
  return { kind: 'FunctionCall', functionOid }
}
