import type { MessageReader } from './message-reader.ts'

/** Terminate: the client goes. */
export interface Terminate {
  readonly kind: 'Terminate'
}

export function decodeTerminate(reader: MessageReader): Terminate {
  reader.end()
  return { kind: 'Terminate' }
}
