import type { MessageReader } from './message-reader.ts'

/** CopyData: a piece of COPY's stream; outside of COPY it is ignored. */
export interface CopyData {
  readonly kind: 'CopyData'
  readonly data: Uint8Array
}

export function decodeCopyData(reader: MessageReader): CopyData {
  return { kind: 'CopyData', data: reader.bytes(reader.remaining) }
}
