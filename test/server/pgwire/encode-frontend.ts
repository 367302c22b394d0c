import { Writer } from 'pg-protocol/dist/buffer-writer.js'
import { unreachable } from '../../../errors/unreachable.ts'
import { FrontendType, type FrontendMessage } from '../../../server/pgwire/messages/decode.ts'
import type { StartupPacket } from '../../../server/pgwire/messages/decode-startup.ts'
import type { PasswordMessage } from '../../../server/pgwire/messages/password-message.ts'
import type { Target } from '../../../server/pgwire/messages/target.ts'
import type { WireFormat } from '../../../store/store.ts'

/** What a client writes: the other side of the decoders, on pg-protocol's writer. */
export function encodeFrontend(message: FrontendMessage | PasswordMessage): Buffer {
  const writer = new Writer()
  addBody(writer, message)
  return writer.flush(FrontendType[message.kind])
}

function addBody(writer: Writer, message: FrontendMessage | PasswordMessage): void {
  switch (message.kind) {
    case 'Query':
      writer.addCString(message.text)
      return
    case 'PasswordMessage':
      writer.addCString(message.password)
      return
    case 'Parse':
      writer.addCString(message.name).addCString(message.text)
      writer.addInt16(message.parameterTypes.length)
      for (const oid of message.parameterTypes) writer.addInt32(oid)
      return
    case 'Bind':
      writer.addCString(message.portal).addCString(message.statement)
      addFormats(writer, message.parameterFormats)
      writer.addInt16(message.parameters.length)
      for (const parameter of message.parameters) addValue(writer, parameter)
      addFormats(writer, message.resultFormats)
      return
    case 'Describe':
    case 'Close':
      addTarget(writer, message.target)
      return
    case 'Execute':
      writer.addCString(message.portal).addInt32(message.rowsMax)
      return
    case 'FunctionCall':
      writer.addInt32(message.functionOid).addInt16(0).addInt16(0).addInt16(0)
      return
    case 'CopyData':
      writer.add(Buffer.from(message.data))
      return
    case 'CopyFail':
      writer.addCString(message.reason)
      return
    case 'CopyDone':
    case 'Flush':
    case 'Sync':
    case 'Terminate':
      return
    default:
      unreachable(message)
  }
}

function addFormats(writer: Writer, formats: readonly WireFormat[]): void {
  writer.addInt16(formats.length)
  for (const format of formats) writer.addInt16(format === 'binary' ? 1 : 0)
}

function addValue(writer: Writer, value: Uint8Array | null): void {
  if (value === null) writer.addInt32(-1)
  else writer.addInt32(value.length).add(Buffer.from(value))
}

function addTarget(writer: Writer, target: Target): void {
  writer.add(Buffer.from(target.kind === 'Statement' ? 'S' : 'P')).addCString(target.name)
}

/** A packet without a type byte. */
export function encodeStartup(packet: StartupPacket): Buffer {
  const body = startupBody(packet)
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return Buffer.concat([length, body])
}

function startupBody(packet: StartupPacket): Buffer {
  const writer = new Writer()
  switch (packet.kind) {
    case 'SSLRequest':
      return writer.addInt32(80877103).flush()
    case 'GSSENCRequest':
      return writer.addInt32(80877104).flush()
    case 'CancelRequest':
      return writer.addInt32(80877102).addInt32(packet.processId).addInt32(packet.secretKey).flush()
    case 'StartupMessage':
      writer.addInt16(packet.major).addInt16(packet.minor)
      for (const [name, value] of packet.settings) writer.addCString(name).addCString(value)
      return writer.addCString('').flush()
    default:
      return unreachable(packet)
  }
}
