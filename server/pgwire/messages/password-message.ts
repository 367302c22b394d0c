import type { MessageReader } from './message-reader.ts'

/** PasswordMessage: the password in clear, answering AuthenticationCleartextPassword. */
export interface PasswordMessage {
  readonly kind: 'PasswordMessage'
  readonly password: string
}

export function decodePasswordMessage(reader: MessageReader): PasswordMessage {
  const password = reader.cstring()
  reader.end()
  return { kind: 'PasswordMessage', password }
}
