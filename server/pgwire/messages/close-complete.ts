import { MessageType, MessageWriter } from './message-writer.ts'

/** CloseComplete; always the same bytes, so they are made once. */
export const closeComplete: Buffer = new MessageWriter().finish(MessageType.CloseComplete)
