import type { MessageReader } from './message-reader.ts'

/** Flush: asks for what is due to be sent now. */
export interface Flush {
  readonly kind: 'Flush'
}

export function decodeFlush(reader: MessageReader): Flush {
  reader.end()
  return { kind: 'Flush' }
}
