import type { MessageReader } from './message-reader.ts'

/** Parse: prepares a statement under a name; the empty name is the unnamed statement. */
export interface Parse {
  readonly kind: 'Parse'
  readonly name: string
  readonly text: string
  /** Object identifiers of types as sent; 0 leaves a type open. May be shorter than the parameters. */
  readonly parameterTypes: readonly number[]
}

export function decodeParse(reader: MessageReader): Parse {
  const name = reader.cstring()
  const text = reader.cstring()
  const parameterTypes = Array.from({ length: reader.count(4) }, () => reader.uint32())
  reader.end()
  return { kind: 'Parse', name, text, parameterTypes }
}
