import type { MessageReader } from './message-reader.ts'

/** CancelRequest: on a connection of its own, asks to cancel what another one runs. */
export interface CancelRequest {
  readonly kind: 'CancelRequest'
  readonly processId: number
  readonly secretKey: number
}

export function decodeCancelRequest(reader: MessageReader): CancelRequest {
  const processId = reader.int32()
  const secretKey = reader.int32()
  reader.end()
  return { kind: 'CancelRequest', processId, secretKey }
}
