import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import { listen, type ListenOptions, type PgListener } from '../../../server/pgwire/listener.ts'
import type { LoginOutcome, LoginRequest } from '../../../server/pgwire/session-handler.ts'
import { FakeHandler } from './fake-handler.ts'

/** A listener on a free port whose sessions are fake ones, and what it was told and said. */
export interface FakeServer {
  readonly listener: PgListener
  readonly port: number
  readonly handlers: readonly FakeHandler[]
  readonly logins: readonly LoginRequest[]
  readonly logged: readonly string[]
}

/** Lets in everybody whose password is `secret`. */
export async function serveFake(options: Partial<ListenOptions> = {}): Promise<FakeServer> {
  const handlers: FakeHandler[] = []
  const logins: LoginRequest[] = []
  const logged: string[] = []
  const log = (fields: object, message: string): void => {
    logged.push(`${message} ${JSON.stringify(fields)}`)
  }
  const login = async (request: LoginRequest): Promise<LoginOutcome> => {
    logins.push(request)
    if (request.password !== 'secret') return { kind: 'Refused', error: invalidPassword() }
    const handler = new FakeHandler()
    handlers.push(handler)
    return { kind: 'Accepted', handler, parameters: statuses, notices: [] }
  }
  const logger = { debug: log, info: log, warn: log, error: log }
  const listener = await listen({ host: '127.0.0.1', port: 0, login, logger, ...options })
  return { listener, port: listener.address.port, handlers, logins, logged }
}

const statuses = [
  ['server_version', '15.18'],
  ['server_encoding', 'UTF8'],
  ['client_encoding', 'UTF8'],
  ['DateStyle', 'ISO, MDY'],
  ['TimeZone', 'UTC'],
  ['integer_datetimes', 'on'],
  ['standard_conforming_strings', 'on'],
] as const

function invalidPassword(): SqlError {
  return new SqlError(SqlState.InvalidPassword, 'invalid username/password', { severity: 'FATAL' })
}
