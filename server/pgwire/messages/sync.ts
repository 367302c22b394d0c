import type { MessageReader } from './message-reader.ts'

/** Sync: ends a series of extended messages; is answered by ReadyForQuery. */
export interface Sync {
  readonly kind: 'Sync'
}

export function decodeSync(reader: MessageReader): Sync {
  reader.end()
  return { kind: 'Sync' }
}
