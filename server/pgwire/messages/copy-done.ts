import type { MessageReader } from './message-reader.ts'

/** CopyDone: ends COPY data; outside of COPY it is ignored. */
export interface CopyDone {
  readonly kind: 'CopyDone'
}

export function decodeCopyDone(reader: MessageReader): CopyDone {
  reader.end()
  return { kind: 'CopyDone' }
}
