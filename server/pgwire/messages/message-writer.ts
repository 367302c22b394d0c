import { Writer } from 'pg-protocol/dist/buffer-writer.js'

/** Builds one backend message after another on pg-protocol's writer; `finish` gives the bytes away. */
export class MessageWriter {
  readonly #writer = new Writer()

  byte(value: number): this {
    this.#writer.add(Buffer.of(value))
    return this
  }

  int16(value: number): this {
    this.#writer.addInt16(value)
    return this
  }

  int32(value: number): this {
    this.#writer.addInt32(value)
    return this
  }

  /** A zero byte would end the string early and shift what follows: it is shown as U+FFFD. */
  cstring(text: string): this {
    this.#writer.addCString(text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text)
    return this
  }

  /** The whole message of this type; the writer is empty again. */
  finish(type: MessageType): Buffer {
    return this.#writer.flush(type)
  }
}

/** Type bytes of the backend's messages (protocol page "Message Formats"). */
export const MessageType = {
  Authentication: 0x52,
  BackendKeyData: 0x4b,
  BindComplete: 0x32,
  CloseComplete: 0x33,
  CommandComplete: 0x43,
  EmptyQueryResponse: 0x49,
  ErrorResponse: 0x45,
  NegotiateProtocolVersion: 0x76,
  NoData: 0x6e,
  NoticeResponse: 0x4e,
  ParameterDescription: 0x74,
  ParameterStatus: 0x53,
  ParseComplete: 0x31,
  PortalSuspended: 0x73,
  ReadyForQuery: 0x5a,
  RowDescription: 0x54,
} as const

export type MessageType = (typeof MessageType)[keyof typeof MessageType]
