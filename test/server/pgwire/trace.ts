import { isUtf8 } from 'node:buffer'
import { MessageReader } from '../../../server/pgwire/messages/message-reader.ts'
import { MessageType } from '../../../server/pgwire/messages/message-writer.ts'

/** One line for a backend message: its name, its fields as JSON. The key of BackendKeyData is left out. */
export function traceBackend(type: number, body: Buffer): string {
  const reader = new MessageReader(body)
  const [name, trace] = backendTraces.get(type) ?? [`type ${type}`, (): unknown => value(body)]
  const fields = trace(reader)
  return fields === undefined ? name : `${name} ${JSON.stringify(fields)}`
}

/** Bytes as text if they are text, else in hexadecimal. */
function value(bytes: Buffer): unknown {
  return isUtf8(bytes) && !bytes.includes(0) ? bytes.toString() : { hex: bytes.toString('hex') }
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
