import { decodeCancelRequest, type CancelRequest } from './cancel-request.ts'
import { decodeGSSENCRequest, type GSSENCRequest } from './gssenc-request.ts'
import { MessageReader } from './message-reader.ts'
import { decodeSSLRequest, type SSLRequest } from './ssl-request.ts'
import { decodeStartupSettings, type StartupMessage } from './startup-message.ts'

/** What may open a connection: packets without a type byte. */
export type StartupPacket = CancelRequest | GSSENCRequest | SSLRequest | StartupMessage

/** Codes in the place of a version; 1234 in the upper half (protocol page "Message Formats"). */
export const RequestCode = { Cancel: 80877102, Ssl: 80877103, GssEnc: 80877104 } as const

/**
 * A packet's content after its length. Settings of a major version other than 3 are not read: nobody
 * knows their layout.
 * @throws SqlError FATAL 08P01, or 22021
 */
export function decodeStartupPacket(body: Buffer): StartupPacket {
  const reader = new MessageReader(body)
  const code = reader.int32()
  switch (code) {
    case RequestCode.Cancel:
      return decodeCancelRequest(reader)
    case RequestCode.Ssl:
      return decodeSSLRequest(reader)
    case RequestCode.GssEnc:
      return decodeGSSENCRequest(reader)
    default:
      return decodeVersion(code, reader)
  }
}

function decodeVersion(code: number, reader: MessageReader): StartupMessage {
  const major = code >>> 16
  const minor = code & 0xff_ff
  const settings = major === 3 ? decodeStartupSettings(reader) : []
  return { kind: 'StartupMessage', major, minor, settings }
}
