import type { FrontendMessage } from '../../server/pgwire/messages/decode.ts'
import type { Target } from '../../server/pgwire/messages/target.ts'
import type { WireFormat } from '../../store/store.ts'
import { encodeFrontend } from '../server/pgwire/encode-frontend.ts'

/** The bytes of one line of a `send` block. */
export function sentBytes(line: string): Buffer {
  const [, name = '', json = '{}'] = /^(\w+)(?: (.*))?$/.exec(line) ?? []
  const fields: unknown = JSON.parse(json)
  if (name === 'Bytes') return Buffer.from(String(fields), 'hex')
  return encodeFrontend(messageOf(name, new Fields(fields)))
}

/** Fields of a line; what is left out is empty. */
class Fields {
  readonly #fields: ReadonlyMap<string, unknown>

  constructor(fields: unknown) {
    this.#fields = new Map(
      typeof fields === 'object' && fields !== null ? Object.entries(fields) : [],
    )
  }

  text(name: string): string {
    return textOf(this.#fields.get(name))
  }

  number(name: string): number {
    return Number(this.#fields.get(name) ?? 0)
  }

  list(name: string): readonly unknown[] {
    const list = this.#fields.get(name)
    return Array.isArray(list) ? list : []
  }

  formats(name: string): readonly WireFormat[] {
    return this.list(name).map((format) => (format === 'binary' ? 'binary' : 'text'))
  }

  /** Text as it is, null, or `{"hex": "00ff"}`. */
  values(name: string): readonly (Uint8Array | null)[] {
    return this.list(name).map((value) => {
      if (value === null) return null
      if (typeof value !== 'object') return Buffer.from(textOf(value))
      return Buffer.from('hex' in value ? textOf(value.hex) : '', 'hex')
    })
  }

  /** `{"statement": "name"}` or `{"portal": "name"}`. */
  target(): Target {
    return this.#fields.has('portal')
      ? { kind: 'Portal', name: this.text('portal') }
      : { kind: 'Statement', name: this.text('statement') }
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function messageOf(name: string, fields: Fields): FrontendMessage {
  switch (name) {
    case 'Query':
      return { kind: name, text: fields.text('text') }
    case 'Parse':
      return {
        kind: name,
        name: fields.text('name'),
        text: fields.text('text'),
        parameterTypes: fields.list('parameterTypes').map(Number),
      }
    case 'Bind':
      return {
        kind: name,
        portal: fields.text('portal'),
        statement: fields.text('statement'),
        parameterFormats: fields.formats('parameterFormats'),
        parameters: fields.values('parameters'),
        resultFormats: fields.formats('resultFormats'),
      }
    case 'Describe':
    case 'Close':
      return { kind: name, target: fields.target() }
    case 'Execute':
      return { kind: name, portal: fields.text('portal'), rowsMax: fields.number('rowsMax') }
    case 'FunctionCall':
      return { kind: name, functionOid: fields.number('functionOid') }
    case 'CopyData':
      return { kind: name, data: Buffer.from(fields.text('data')) }
    case 'CopyFail':
      return { kind: name, reason: fields.text('reason') }
    case 'CopyDone':
    case 'Flush':
    case 'Sync':
    case 'Terminate':
      return { kind: name }
    default:
      throw new Error(`no message that a client sends: ${name}`)
  }
}
