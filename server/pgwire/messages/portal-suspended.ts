import { MessageType, MessageWriter } from './message-writer.ts'

/** PortalSuspended; always the same bytes, so they are made once. */
export const portalSuspended: Buffer = new MessageWriter().finish(MessageType.PortalSuspended)
