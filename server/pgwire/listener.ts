import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { SecureContext } from 'node:tls'
import { invariant } from '../../errors/invariant.ts'
import { CancelRegistry, type CancelKey } from './cancel-registry.ts'
import { Connection, type ConnectionHost } from './connection.ts'
import { defaultLimits, type WireLimits } from './limits.ts'
import type { WireLogger } from './logger.ts'
import { MessageWriter } from './messages/message-writer.ts'
import type { Login } from './session-handler.ts'
import { readTlsContext, type TlsFiles } from './tls-context.ts'

export interface ListenOptions {
  readonly host: string
  /** 0: one that is free. */
  readonly port: number
  /** Absent: no TLS. */
  readonly tls?: TlsFiles
  readonly login: Login
  readonly logger: WireLogger
  readonly limits?: Partial<WireLimits>
  /** Where a password may be sent without TLS; by default from this machine only. */
  readonly cleartextPasswords?: 'OnLoopback' | 'Everywhere'
}

/** The Postgres endpoint while it is open. */
export interface PgListener {
  readonly address: { readonly host: string; readonly port: number }
  /** Clients that are logged in. */
  readonly sessionCount: number
  /**
   * Reads certificate and key again; what it returns puts them in force, for handshakes to come. Undefined
   * where TLS is not offered. Throws if they are bad.
   */
  prepareTls(): (() => void) | undefined
  /** Limits for what comes from now on; those that are not named stay. */
  change(options: Pick<ListenOptions, 'limits' | 'cleartextPasswords'>): void
  /**
   * Takes no more clients; idle ones are told 57P01, running statements may finish within the grace
   * period. Resolves when all sessions have ended, or have taken that long once more.
   */
  close(): Promise<void>
}

/** Opens the endpoint; rejects if the address cannot be had or the TLS files cannot be read. */
export async function listen(options: ListenOptions): Promise<PgListener> {
  const listener = new Listener(options)
  await listener.open(options)
  return listener
}

class Listener implements PgListener, ConnectionHost {
  limits: WireLimits
  readonly logger: WireLogger
  readonly writer = new MessageWriter()
  readonly login: Login
  allowsCleartext: boolean
  readonly #tlsFiles: TlsFiles | undefined
  readonly #server: Server
  readonly #connections = new Set<Connection>()
  readonly #sessions = new Set<Connection>()
  readonly #keys = new CancelRegistry()
  #secureContext: SecureContext | undefined
  #closing: Promise<void> | undefined

  constructor(options: ListenOptions) {
    this.limits = { ...defaultLimits, ...options.limits }
    this.logger = options.logger
    this.login = options.login
    this.allowsCleartext = options.cleartextPasswords === 'Everywhere'
    this.#tlsFiles = options.tls
    this.prepareTls()?.()
    // Half-open: a client that only stopped sending is still answered.
    const socketOptions = { allowHalfOpen: true, noDelay: true, keepAlive: true }
    this.#server = createServer(socketOptions, (socket) => {
      this.#accept(socket)
    })
  }

  open({ host, port }: { readonly host: string; readonly port: number }): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ host, port, backlog: backlogMax }, () => {
        this.#server.off('error', reject)
        this.#server.on('error', (error) => {
          this.logger.error({ error: error.message }, 'accepting a connection failed')
        })
        resolve()
      })
    })
  }

  get address(): { readonly host: string; readonly port: number } {
    const address = this.#server.address()
    invariant(isAddressInfo(address), 'the listener is open on an address and a port')
    return { host: address.address, port: address.port }
  }

  get sessionCount(): number {
    return this.#sessions.size
  }

  prepareTls(): (() => void) | undefined {
    if (this.#tlsFiles === undefined) return undefined
    const context = readTlsContext(this.#tlsFiles)
    return () => {
      this.#secureContext = context
    }
  }

  change({
    limits,
    cleartextPasswords,
  }: Pick<ListenOptions, 'limits' | 'cleartextPasswords'>): void {
    this.limits = { ...this.limits, ...limits }
    if (cleartextPasswords !== undefined) {
      this.allowsCleartext = cleartextPasswords === 'Everywhere'
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown()
    return this.#closing
  }

  secureContext(): SecureContext | undefined {
    return this.#secureContext
  }

  register(cancel: () => void): CancelKey {
    return this.#keys.add(cancel)
  }

  cancel(key: CancelKey): void {
    this.#keys.cancel(key)
  }

  admit(connection: Connection): boolean {
    if (this.#sessions.size >= this.limits.sessionsMax) return false
    this.#sessions.add(connection)
    return true
  }

  release(connection: Connection, key: CancelKey | undefined): void {
    if (key !== undefined) this.#keys.remove(key.processId)
    this.#sessions.delete(connection)
    const forget = (): void => {
      this.#connections.delete(connection)
    }
    // `ended` does not reject; until it settles the session's work is not over.
    connection.ended.then(forget, forget)
  }

  #accept(socket: Socket): void {
    const pending = this.#connections.size - this.#sessions.size
    if (pending >= 2 * this.limits.pendingLoginsMax) {
      // Even telling them would hold too many sockets open.
      socket.destroy()
      return
    }
    const connection = new Connection(socket, this)
    this.#connections.add(connection)
    if (pending >= this.limits.pendingLoginsMax) connection.refuse()
  }

  async #shutDown(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve()
      })
    })
    for (const connection of this.#connections) connection.shutDown()
    const grace = setTimeout(() => {
      for (const connection of this.#connections) connection.terminate()
    }, this.limits.shutdownGraceMs)
    await closed
    clearTimeout(grace)
    await this.#sessionsEnded()
  }

  /** A session or a login that does not end must not keep the process alive for ever. */
  async #sessionsEnded(): Promise<void> {
    let overdue: NodeJS.Timeout | undefined
    const timeout = new Promise<void>((resolve) => {
      overdue = setTimeout(() => {
        this.logger.warn({ connections: this.#connections.size }, 'sessions did not end in time')
        resolve()
      }, this.limits.shutdownGraceMs)
    })
    const ended = Array.from(this.#connections, (connection) => connection.ended)
    await Promise.race([Promise.all(ended), timeout])
    clearTimeout(overdue)
  }
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null
}

/** Connections that the kernel holds until they are accepted. */
const backlogMax = 511
