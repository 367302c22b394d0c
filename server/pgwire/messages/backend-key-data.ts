import { MessageType, type MessageWriter } from './message-writer.ts'

/** BackendKeyData: what a CancelRequest must name to reach this session. */
export interface BackendKeyData {
  readonly kind: 'BackendKeyData'
  readonly processId: number
  readonly secretKey: number
}

export function encodeBackendKeyData(writer: MessageWriter, message: BackendKeyData): Buffer {
  return writer.int32(message.processId).int32(message.secretKey).finish(MessageType.BackendKeyData)
}
