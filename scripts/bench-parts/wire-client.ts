/**
 * A client that does as little as a client can: it sends frames that were made before, and finds the ends
 * of answers without making values of them, so that the figures are the server's.
 */
import type { Socket } from 'node:net'
import { connect } from 'node:net'

export interface WireTarget {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  /** Asked for in clear by grantd; PostgreSQL trusts its local clients here. */
  readonly password?: string
}

const messageType = {
  dataRow: 0x44,
  errorResponse: 0x45,
  authentication: 0x52,
  readyForQuery: 0x5a,
} as const

/** A frame: type, length, body. */
function frame(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(type, 0, 'latin1')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`)
}

export function queryFrame(sql: string): Buffer {
  return frame('Q', text(sql))
}

/** Finds frames in chunks and counts rows; one statement at a time. */
export class WireClient {
  readonly #socket: Socket
  readonly #password: string | undefined
  #rest: Buffer = Buffer.alloc(0)
  #rows = 0
  #failure: string | undefined
  #done: (() => void) | undefined
  #lost: ((error: Error) => void) | undefined

  private constructor(socket: Socket, password: string | undefined) {
    this.#socket = socket
    this.#password = password
    socket.on('data', (chunk: Buffer) => {
      this.#take(chunk)
    })
    socket.on('error', (error) => this.#lost?.(error))
    socket.on('close', () => this.#lost?.(new Error('the server closed the connection')))
  }

  static async connect(target: WireTarget): Promise<WireClient> {
    const socket = connect({ host: target.host, port: target.port, noDelay: true })
    const client = new WireClient(socket, target.password)
    const parameters = Buffer.concat([
      Buffer.from([0, 3, 0, 0]),
      ...['user', target.user, 'database', target.database].map(text),
      Buffer.from([0]),
    ])
    const length = Buffer.alloc(4)
    length.writeInt32BE(parameters.length + 4)
    await client.#answer(Buffer.concat([length, parameters]))
    return client
  }

  /** Runs a statement to ReadyForQuery; gives the number of rows. @throws Error if it failed */
  async run(query: Buffer): Promise<number> {
    this.#rows = 0
    await this.#answer(query)
    return this.#rows
  }

  end(): void {
    this.#socket.end(frame('X', Buffer.alloc(0)))
  }

  async #answer(sent: Buffer): Promise<void> {
    const done = new Promise<void>((resolve, reject) => {
      this.#done = resolve
      this.#lost = reject
    })
    this.#socket.write(sent)
    await done
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) throw new Error(failure)
  }

  #take(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let at = 0
    while (at + 5 <= bytes.length) {
      const end = at + 1 + bytes.readInt32BE(at + 1)
      if (end > bytes.length) break
      this.#message(bytes[at] ?? 0, bytes.subarray(at + 5, end))
      at = end
    }
    this.#rest = bytes.subarray(at)
  }

  #message(type: number, body: Buffer): void {
    if (type === messageType.dataRow) this.#rows += 1
    else if (type === messageType.errorResponse)
      this.#failure = body.toString('latin1').replaceAll('\0', ' ')
    else if (type === messageType.readyForQuery) this.#done?.()
    else if (type === messageType.authentication && body.readInt32BE(0) === 3) {
      this.#socket.write(frame('p', text(this.#password ?? '')))
    }
  }
}
