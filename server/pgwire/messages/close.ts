import type { MessageReader } from './message-reader.ts'
import { invalidSubtype } from './protocol-errors.ts'
import { decodeTarget, type Target } from './target.ts'

/** Close: forgets a statement or a portal; one that does not exist is closed already. */
export interface Close {
  readonly kind: 'Close'
  readonly target: Target
}

export function decodeClose(reader: MessageReader): Close {
  const target = decodeTarget(reader, (subtype) => invalidSubtype('CLOSE', subtype))
  return { kind: 'Close', target }
}
