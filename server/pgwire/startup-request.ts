import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { StartupMessage } from './messages/startup-message.ts'
import { parseCommandLine } from './command-line.ts'

/** What a StartupMessage asks for, its keys told apart. */
export interface StartupRequest {
  readonly user: string
  readonly database: string
  /** Settings of `options` first, then the other keys in the order sent: the last one counts. */
  readonly settings: readonly (readonly [name: string, value: string])[]
  /** What NegotiateProtocolVersion has to say; absent if the client asked for nothing newer. */
  readonly negotiation?: { readonly unknownOptions: readonly string[] }
}

/**
 * @throws SqlError FATAL: 0A000 for another major version or for replication, 28000 without a user,
 * 42601 for switches in `options` that are none
 */
export function readStartup(message: StartupMessage): StartupRequest {
  if (message.major !== 3) throw unsupportedProtocol(message)
  const keys = new Map(message.settings)
  const user = keys.get('user') ?? ''
  if (user === '') throw missingUser()
  if (!isOff(keys.get('replication'))) throw replicationRefused()
  const settings = message.settings
    .filter(([name]) => !reservedKeys.has(name) && !name.startsWith(protocolOptionPrefix))
    .map(([name, value]) => [name.toLowerCase(), value] as const)
  const request = {
    user,
    database: keys.get('database') || user,
    settings: [...parseCommandLine(keys.get('options') ?? ''), ...settings],
  }
  const unknownOptions = [...keys.keys()].filter((name) => name.startsWith(protocolOptionPrefix))
  const isNewer = message.minor > 0 || unknownOptions.length > 0
  return isNewer ? { ...request, negotiation: { unknownOptions } } : request
}

/** Keys that are not settings. */
const reservedKeys: ReadonlySet<string> = new Set(['user', 'database', 'options', 'replication'])

/** "reserved for use as protocol extensions" (protocol page "StartupMessage"). */
const protocolOptionPrefix = '_pq_.'

function isOff(value: string | undefined): boolean {
  return value === undefined || ['0', 'f', 'false', 'n', 'no', 'off'].includes(value.toLowerCase())
}

function unsupportedProtocol(version: { major: number; minor: number }): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    `unsupported frontend protocol ${version.major}.${version.minor}: server supports 3.0 to 3.0`,
    { severity: 'FATAL' },
  )
}

function missingUser(): SqlError {
  return new SqlError(
    SqlState.InvalidAuthorizationSpecification,
    'no PostgreSQL user name specified in startup packet',
    { severity: 'FATAL' },
  )
}

function replicationRefused(): SqlError {
  return new SqlError(SqlState.FeatureNotSupported, 'replication is not supported', {
    severity: 'FATAL',
  })
}
