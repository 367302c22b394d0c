import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { FrameReader } from '../../../server/pgwire/frame-reader.ts'
import type { FrontendMessage } from '../../../server/pgwire/messages/decode.ts'
import { encodeFrontend, encodeStartup } from './encode-frontend.ts'
import { traceBackend } from './trace.ts'

/** A client that says exactly what it is told to, and reads what comes in trace format. */
export class RawClient {
  readonly socket: Socket
  readonly #frames = new FrameReader()
  /** What came before the first message was read: answers of one byte to SSLRequest and GSSENCRequest. */
  #raw: Buffer | undefined = Buffer.alloc(0)
  #wake: (() => void) | undefined
  #isClosed = false

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk: Buffer) => {
      if (this.#raw === undefined) this.#frames.push(chunk)
      else this.#raw = Buffer.concat([this.#raw, chunk])
      this.#wake?.()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#isClosed = true
      this.#wake?.()
    })
  }

  static async connect(port: number, host = '127.0.0.1'): Promise<RawClient> {
    return RawClient.open(connect({ port, host, noDelay: true }))
  }

  /** On a socket that is connecting. */
  static async open(socket: Socket): Promise<RawClient> {
    await once(socket, 'connect')
    return new RawClient(socket)
  }

  /** Connected and let in; what came up to ReadyForQuery is read. */
  static async login(port: number, settings: Login = {}): Promise<RawClient> {
    const client = await RawClient.connect(port)
    await client.startUp(settings)
    return client
  }

  async startUp({ password = 'secret', user = 'bob' }: Login = {}): Promise<readonly string[]> {
    const settings = [['user', user]] as const
    this.write(encodeStartup({ kind: 'StartupMessage', major: 3, minor: 0, settings }))
    const first = await this.read()
    if (first === 'Authentication 3') {
      this.write(encodeFrontend({ kind: 'PasswordMessage', password }))
    }
    const rest = await this.readUntil('ReadyForQuery')
    return first === undefined ? rest : [first, ...rest]
  }

  write(...bytes: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(bytes))
  }

  send(...messages: readonly FrontendMessage[]): void {
    this.write(...messages.map(encodeFrontend))
  }

  /** The next message; undefined when the connection is closed. */
  async read(): Promise<string | undefined> {
    if (this.#raw !== undefined) this.#frames.push(this.#raw)
    this.#raw = undefined
    for (;;) {
      const head = this.#frames.head()
      const body = head === undefined ? undefined : this.#frames.takeBody(head)
      if (head !== undefined && body !== undefined) return traceBackend(head.type, body)
      if (this.#isClosed) return undefined
      await this.#more()
    }
  }

  /** All messages up to one of that name, or the end. */
  async readUntil(name: string): Promise<readonly string[]> {
    const lines: string[] = []
    for (;;) {
      const line = await this.read()
      if (line === undefined) return [...lines, 'closed']
      lines.push(line)
      if (line === name || line.startsWith(`${name} `)) return lines
    }
  }

  /** All messages until the connection is closed. */
  async readAll(): Promise<readonly string[]> {
    return this.readUntil('closed')
  }

  /** The one byte that answers SSLRequest or GSSENCRequest. */
  async readByte(): Promise<string> {
    while (this.#raw?.length === 0 && !this.#isClosed) await this.#more()
    const byte = this.#raw?.toString('latin1', 0, 1) ?? ''
    this.#raw = this.#raw?.subarray(1)
    return byte
  }

  close(): void {
    this.socket.destroy()
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined
        resolve()
      }
    })
  }
}

interface Login {
  readonly password?: string
  readonly user?: string
}
