import type { MessageReader } from './message-reader.ts'
import { invalidSubtype } from './protocol-errors.ts'
import { decodeTarget, type Target } from './target.ts'

/** Describe: asks for the columns of a statement (with its parameters) or of a portal. */
export interface Describe {
  readonly kind: 'Describe'
  readonly target: Target
}

export function decodeDescribe(reader: MessageReader): Describe {
  const target = decodeTarget(reader, (subtype) => invalidSubtype('DESCRIBE', subtype))
  return { kind: 'Describe', target }
}
