import type { TransactionStatus } from '../session-handler.ts'
import { MessageType, MessageWriter } from './message-writer.ts'

/** ReadyForQuery by transaction status; made once. */
export const readyForQuery: Readonly<Record<TransactionStatus, Buffer>> = {
  I: encodeReadyForQuery('I'),
  T: encodeReadyForQuery('T'),
  E: encodeReadyForQuery('E'),
}

function encodeReadyForQuery(status: TransactionStatus): Buffer {
  return new MessageWriter().byte(status.charCodeAt(0)).finish(MessageType.ReadyForQuery)
}
