import { MessageType, MessageWriter } from './message-writer.ts'

/** BindComplete; always the same bytes, so they are made once. */
export const bindComplete: Buffer = new MessageWriter().finish(MessageType.BindComplete)
