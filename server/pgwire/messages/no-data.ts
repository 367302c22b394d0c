import { MessageType, MessageWriter } from './message-writer.ts'

/** NoData; always the same bytes, so they are made once. */
export const noData: Buffer = new MessageWriter().finish(MessageType.NoData)
