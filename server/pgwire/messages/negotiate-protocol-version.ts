import { MessageType, type MessageWriter } from './message-writer.ts'

/** NegotiateProtocolVersion: what the client asked for beyond what the server speaks. */
export interface NegotiateProtocolVersion {
  readonly kind: 'NegotiateProtocolVersion'
  /** Start-up keys beginning with `_pq_.` that the server does not know. */
  readonly unknownOptions: readonly string[]
}

/** PostgreSQL 15, postmaster.c `SendNegotiateProtocolVersion`: the whole version, not the minor alone. */
export function encodeNegotiateProtocolVersion(
  writer: MessageWriter,
  message: NegotiateProtocolVersion,
): Buffer {
  writer.int32(protocolVersion).int32(message.unknownOptions.length)
  for (const option of message.unknownOptions) writer.cstring(option)
  return writer.finish(MessageType.NegotiateProtocolVersion)
}

/** Protocol 3.0. */
const protocolVersion = 0x3_00_00
