import { MessageType, type MessageWriter } from './message-writer.ts'

/** ParameterStatus: tells the client the value of a setting that it follows. */
export interface ParameterStatus {
  readonly kind: 'ParameterStatus'
  readonly name: string
  readonly value: string
}

export function encodeParameterStatus(writer: MessageWriter, message: ParameterStatus): Buffer {
  return writer.cstring(message.name).cstring(message.value).finish(MessageType.ParameterStatus)
}
