import { isUtf8 } from 'node:buffer'
import { unreachable } from '../../errors/unreachable.ts'
import type { FrontendMessage } from './messages/decode.ts'
import type { StartupPacket } from './messages/decode-startup.ts'
import { MessageReader } from './messages/message-reader.ts'
import { MessageType } from './messages/message-writer.ts'
import type { PasswordMessage } from './messages/password-message.ts'

export interface TraceOptions {
  /** SQL text without its secrets (questdb-rbac.md, S16). */
  readonly redact: (text: string) => string
}

/** One line for a frontend message: its name and its fields as JSON. Passwords and keys are left out. */
export function traceFrontend(
  message: FrontendMessage | StartupPacket | PasswordMessage,
  options: TraceOptions,
): string {
  switch (message.kind) {
    case 'Query':
    case 'Parse':
      return line(message, { text: options.redact(message.text) })
    case 'Bind':
      return line(message, { parameters: message.parameters.map(value) })
    case 'CopyData':
      return line(message, { data: value(message.data) })
    case 'PasswordMessage':
      return line(message, { password: hidden })
    case 'CancelRequest':
      return line(message, { secretKey: hidden })
    case 'Close':
    case 'CopyDone':
    case 'CopyFail':
    case 'Describe':
    case 'Execute':
    case 'Flush':
    case 'FunctionCall':
    case 'GSSENCRequest':
    case 'SSLRequest':
    case 'StartupMessage':
    case 'Sync':
    case 'Terminate':
      return line(message, {})
    default:
      return unreachable(message)
  }
}

/** One line for a backend message as it is on the wire. */
export function traceBackend(type: number, body: Buffer): string {
  const reader = new MessageReader(body)
  const [name, trace] = backendTraces.get(type) ?? [`type ${type}`, (): unknown => value(body)]
  const fields = trace(reader)
  return fields === undefined ? name : `${name} ${JSON.stringify(fields)}`
}

const hidden = '***'

function line(message: { readonly kind: string }, shown: object): string {
  const { kind, ...fields } = { ...message, ...shown }
  return Object.keys(fields).length === 0 ? kind : `${kind} ${JSON.stringify(fields)}`
}

/** Bytes as text if they are text, else in hexadecimal. */
function value(bytes: Uint8Array | null): unknown {
  if (bytes === null) return null
  const buffer = Buffer.from(bytes)
  return isUtf8(buffer) && !buffer.includes(0) ? buffer.toString() : { hex: buffer.toString('hex') }
}

type Trace = (reader: MessageReader) => unknown

const nothing: Trace = () => undefined

const backendTraces: ReadonlyMap<number, readonly [name: string, trace: Trace]> = new Map<
  number,
  readonly [string, Trace]
>([
  [MessageType.Authentication, ['Authentication', (reader) => reader.int32()]],
  [MessageType.BackendKeyData, ['BackendKeyData', nothing]],
  [MessageType.BindComplete, ['BindComplete', nothing]],
  [MessageType.CloseComplete, ['CloseComplete', nothing]],
  [MessageType.CommandComplete, ['CommandComplete', (reader) => reader.cstring()]],
  [0x44, ['DataRow', traceDataRow]],
  [MessageType.EmptyQueryResponse, ['EmptyQueryResponse', nothing]],
  [MessageType.ErrorResponse, ['ErrorResponse', traceFields]],
  [MessageType.NegotiateProtocolVersion, ['NegotiateProtocolVersion', traceNegotiation]],
  [MessageType.NoData, ['NoData', nothing]],
  [MessageType.NoticeResponse, ['NoticeResponse', traceFields]],
  [MessageType.ParameterDescription, ['ParameterDescription', traceParameters]],
  [MessageType.ParameterStatus, ['ParameterStatus', traceStatus]],
  [MessageType.ParseComplete, ['ParseComplete', nothing]],
  [MessageType.PortalSuspended, ['PortalSuspended', nothing]],
  [MessageType.ReadyForQuery, ['ReadyForQuery', (reader) => String.fromCharCode(reader.byte())]],
  [MessageType.RowDescription, ['RowDescription', traceColumns]],
])

function traceDataRow(reader: MessageReader): unknown {
  return Array.from({ length: reader.count(4) }, () => {
    const length = reader.int32()
    return length < 0 ? null : value(reader.bytes(length))
  })
}

/** Fields by code; those that say where in a server's source the error was made are left out. */
function traceFields(reader: MessageReader): unknown {
  const fields: Record<string, string> = {}
  for (let code = reader.byte(); code !== 0; code = reader.byte()) {
    const text = reader.cstring()
    const name = String.fromCharCode(code)
    if (!sourceFields.has(name)) fields[name] = text
  }
  return fields
}

/** File, line, routine, context; and the severity that is not translated, which S repeats. */
const sourceFields: ReadonlySet<string> = new Set(['F', 'L', 'R', 'V', 'W'])

function traceNegotiation(reader: MessageReader): unknown {
  const version = reader.int32()
  const unknownOptions = Array.from({ length: reader.int32() }, () => reader.cstring())
  return { version, unknownOptions }
}

function traceParameters(reader: MessageReader): unknown {
  return Array.from({ length: reader.count(4) }, () => reader.uint32())
}

function traceStatus(reader: MessageReader): unknown {
  return { name: reader.cstring(), value: reader.cstring() }
}

function traceColumns(reader: MessageReader): unknown {
  return Array.from({ length: reader.count(19) }, () => ({
    name: reader.cstring(),
    table: reader.uint32(),
    column: reader.int16(),
    type: reader.uint32(),
    size: reader.int16(),
    modifier: reader.int32(),
    format: reader.int16() === 0 ? 'text' : 'binary',
  }))
}
