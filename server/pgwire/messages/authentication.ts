import { MessageType, MessageWriter } from './message-writer.ts'

/** AuthenticationOk: the client is let in. */
export const authenticationOk: Buffer = new MessageWriter()
  .int32(0)
  .finish(MessageType.Authentication)

/** AuthenticationCleartextPassword: asks for the password in clear (questdb-rbac.md, H1). */
export const authenticationCleartextPassword: Buffer = new MessageWriter()
  .int32(3)
  .finish(MessageType.Authentication)
