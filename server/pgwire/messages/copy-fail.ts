import type { MessageReader } from './message-reader.ts'

/** CopyFail: the client gives COPY up; outside of COPY it is ignored. */
export interface CopyFail {
  readonly kind: 'CopyFail'
  readonly reason: string
}

export function decodeCopyFail(reader: MessageReader): CopyFail {
  const reason = reader.cstring()
  reader.end()
  return { kind: 'CopyFail', reason }
}
