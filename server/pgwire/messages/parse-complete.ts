import { MessageType, MessageWriter } from './message-writer.ts'

/** ParseComplete; always the same bytes, so they are made once. */
export const parseComplete: Buffer = new MessageWriter().finish(MessageType.ParseComplete)
