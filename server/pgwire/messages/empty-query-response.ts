import { MessageType, MessageWriter } from './message-writer.ts'

/** EmptyQueryResponse; always the same bytes, so they are made once. */
export const emptyQueryResponse: Buffer = new MessageWriter().finish(MessageType.EmptyQueryResponse)
