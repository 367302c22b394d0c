/**
 * The server's configuration, read and checked once at start: a file in QuestDB's form, overridden by
 * `GRANTD_*` variables of the environment. Past this point it is typed values.
 */
import { readFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { driverMessage } from '../errors/driver-code.ts'
import type { WrittenSetting } from './configuration/conf-file.ts'
import { parseConfFile } from './configuration/conf-file.ts'
import { configurationError } from './configuration/configuration-error.ts'
import {
  aclKeys,
  backupKeys,
  copyKeys,
  generalKeys,
  httpKeys,
  httpMinKeys,
  lineKeys,
  pgKeys,
  queryKeys,
  storeKeys,
} from './configuration/keys.ts'
import { Settings, settingsOfEnvironment } from './configuration/settings.ts'
import type { TlsFiles } from './configuration/tls-files.ts'
import { readTlsFiles } from './configuration/tls-files.ts'
import type { Address } from './configuration/values.ts'
import type { LogLevel } from './log.ts'

/** An address to listen on, and the files if TLS is offered there. */
export interface EndpointConfiguration {
  readonly enabled: boolean
  readonly bindTo: Address
  readonly tls?: TlsFiles
}

export interface AclConfiguration {
  readonly admin: { readonly enabled: boolean; readonly name: string; readonly password: string }
  readonly nameLengthMax: number
  readonly basicAuthRealmEnabled: boolean
  readonly restTokenRefreshThresholdSeconds: number
  /** Passwords that may wait for a core to be hashed on. */
  readonly hashQueueMax: number
  /** Logins that the verify cache remembers; 0: none. */
  readonly passwordCacheMax: number
}

export interface PgConfiguration extends EndpointConfiguration {
  readonly connectionsMax: number
  readonly loginTimeoutMs: number
  readonly messageBytesMax: number
  readonly namedStatementsMax: number
  /** Whether passwords may travel in clear from other machines without TLS. */
  readonly cleartextPasswordAllowed: boolean
}

export interface LineConfiguration {
  readonly tcp: EndpointConfiguration & {
    readonly handshakeTimeoutMs: number
    readonly disconnectOnError: boolean
  }
  readonly httpEnabled: boolean
  readonly autoCreateNewTables: boolean
  readonly autoCreateNewColumns: boolean
}

export interface QueryConfiguration {
  readonly timeoutMs: number
  /** Statements that run in the engine at the same time. */
  readonly slots: number
  readonly slotsPerPrincipal: number
  readonly queueMax: number
  readonly queueTimeoutMs: number
  readonly planCacheBytesMax: number
}

export interface StoreConfiguration {
  /** The engine's own limit. */
  readonly memoryLimitBytes: number
  /** Resident size at which the engine's process is ended. */
  readonly processMemoryLimitBytes: number
  readonly threads: number
  readonly spillLimitBytes: number
}

export interface Configuration {
  /** Absolute. */
  readonly dataDirectory: string
  /** Where BACKUP writes, absolute. */
  readonly backupRoot: string
  /** Below which COPY reads files, absolute. */
  readonly copyRoot: string
  readonly logLevel: LogLevel
  readonly shutdownTimeoutMs: number
  readonly acl: AclConfiguration
  readonly pg: PgConfiguration
  readonly http: EndpointConfiguration
  readonly httpMin: EndpointConfiguration
  readonly line: LineConfiguration
  readonly query: QueryConfiguration
  readonly store: StoreConfiguration
}

export interface ConfigurationSources {
  /** Absent: no file, all from environment and defaults. */
  readonly file?: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** questdb-rbac.md, A1: known to everybody, so good on this machine only. */
const wellKnownPassword = 'quest'

/** @throws SqlError F0000 naming key, value and what is accepted */
export function readConfiguration(sources: ConfigurationSources): Configuration {
  return configurationOf(readSettings(sources))
}

/** What file and environment say now. @throws SqlError F0000 for a key that nobody knows */
export function readSettings({ file, environment }: ConfigurationSources): Settings {
  const fromFile = file === undefined ? [] : readConfFile(file)
  return new Settings([...fromFile, ...settingsOfEnvironment(environment)])
}

/** The values of settings. @throws SqlError F0000 naming key, value and what is accepted */
export function configurationOf(settings: Settings): Configuration {
  refuseMissingAccessControl(settings)
  const dataDirectory = resolve(settings.value(generalKeys.dataDir))
  const configuration = {
    dataDirectory,
    backupRoot: readBackupRoot(settings, dataDirectory),
    copyRoot: readCopyRoot(settings, dataDirectory),
    logLevel: settings.value(generalKeys.logLevel),
    shutdownTimeoutMs: settings.value(generalKeys.shutdownTimeout),
    acl: readAcl(settings),
    pg: readPg(settings),
    http: readEndpoint(settings, httpKeys),
    httpMin: readEndpoint(settings, httpMinKeys),
    line: readLine(settings),
    query: readQuery(settings),
    store: readStore(settings),
  }
  refuseWellKnownPassword(settings, configuration)
  return configuration
}

function readConfFile(file: string): readonly WrittenSetting[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw configurationError(`configuration file cannot be read: ${driverMessage(error)}`, error)
  }
  return parseConfFile(text, file)
}

/** questdb-rbac.md, D51, S19, D50. */
function refuseMissingAccessControl(settings: Settings): void {
  if (!settings.value(aclKeys.enabled)) {
    settings.refuse(aclKeys.enabled, 'grantd does not run without access control, expected true')
  }
  if (settings.value(aclKeys.oidcEnabled)) {
    settings.refuse(
      aclKeys.oidcEnabled,
      'OpenID Connect is not part of this version, expected false',
    )
  }
  if (!settings.value(lineKeys.tcpAclEnabled)) {
    settings.refuse(
      lineKeys.tcpAclEnabled,
      'a connection without a handshake would act as nobody, expected true',
    )
  }
}

function readAcl(settings: Settings): AclConfiguration {
  const nameLengthMax = settings.value(aclKeys.nameLengthMax)
  const name = settings.value(aclKeys.adminName)
  if (Array.from(name).length > nameLengthMax) {
    settings.refuse(aclKeys.adminName, `expected a name of at most ${nameLengthMax} characters`)
  }
  // Checked like the others; without effect.
  settings.value(aclKeys.hashIterationCount)
  return {
    admin: {
      enabled: settings.value(aclKeys.adminEnabled),
      name,
      password: settings.value(aclKeys.adminPassword),
    },
    nameLengthMax,
    basicAuthRealmEnabled: settings.value(aclKeys.basicAuthRealmEnabled),
    restTokenRefreshThresholdSeconds: settings.value(aclKeys.tokenRefreshThreshold),
    hashQueueMax: settings.value(aclKeys.hashQueueLimit),
    passwordCacheMax: settings.value(aclKeys.passwordCacheLimit),
  }
}

function readEndpoint(settings: Settings, keys: typeof httpKeys): EndpointConfiguration {
  const tls = readTlsFiles(settings, keys.tls)
  return {
    enabled: settings.value(keys.enabled),
    bindTo: settings.value(keys.bindTo),
    ...(tls === undefined ? {} : { tls }),
  }
}

function readPg(settings: Settings): PgConfiguration {
  return {
    ...readEndpoint(settings, pgKeys),
    connectionsMax: settings.value(pgKeys.connectionLimit),
    loginTimeoutMs: settings.value(pgKeys.loginTimeout),
    messageBytesMax: settings.value(pgKeys.messageBytesMax),
    namedStatementsMax: settings.value(pgKeys.namedStatementLimit),
    cleartextPasswordAllowed: settings.value(pgKeys.cleartextPasswordAllowed),
  }
}

function readLine(settings: Settings): LineConfiguration {
  const { tcpEnabled: enabled, tcpBindTo: bindTo, tcpTls: tls } = lineKeys
  return {
    tcp: {
      ...readEndpoint(settings, { enabled, bindTo, tls }),
      handshakeTimeoutMs: settings.value(lineKeys.tcpHandshakeTimeout),
      disconnectOnError: settings.value(lineKeys.tcpDisconnectOnError),
    },
    httpEnabled: settings.value(lineKeys.httpEnabled),
    autoCreateNewTables: settings.value(lineKeys.autoCreateNewTables),
    autoCreateNewColumns: settings.value(lineKeys.autoCreateNewColumns),
  }
}

function readQuery(settings: Settings): QueryConfiguration {
  const slots = settings.value(queryKeys.slots)
  // duckdb-hardening.md, 5.4: one principal alone must not take every slot.
  const slotsPerPrincipalMax = Math.max(1, slots - 1)
  const slotsPerPrincipal =
    settings.optional(queryKeys.slotsPerPrincipal) ?? Math.ceil(slotsPerPrincipalMax * 0.75)
  if (slotsPerPrincipal > slotsPerPrincipalMax) {
    settings.refuse(queryKeys.slotsPerPrincipal, `expected fewer than query.slots (${slots})`)
  }
  return {
    timeoutMs: settings.value(queryKeys.timeout),
    slots,
    slotsPerPrincipal,
    queueMax: settings.value(queryKeys.queueLimit),
    queueTimeoutMs: settings.value(queryKeys.queueTimeout),
    planCacheBytesMax: settings.value(queryKeys.planCacheBytesMax),
  }
}

/** The engine may write below it, so that nothing else of ours may lie there (duckdb-hardening.md, 3.2). */
function readBackupRoot(settings: Settings, dataDirectory: string): string {
  return readRoot(settings, dataDirectory, { key: backupKeys.root, otherwise: 'backup' })
}

/** What lies below it may be read by whoever may insert rows, so that nothing of ours may lie there. */
function readCopyRoot(settings: Settings, dataDirectory: string): string {
  return readRoot(settings, dataDirectory, { key: copyKeys.root, otherwise: 'import' })
}

function readRoot(
  settings: Settings,
  dataDirectory: string,
  { key, otherwise }: { readonly key: typeof backupKeys.root; readonly otherwise: string },
): string {
  const given = settings.optional(key)
  if (given === undefined) return join(dataDirectory, otherwise)
  const root = resolve(given)
  const isTaken =
    isWithin(dataDirectory, root) ||
    ['store', 'checkpoint', 'checkpoint.partial', 'catalog.sqlite'].some((name) =>
      isWithin(root, join(dataDirectory, name)),
    )
  if (isTaken) {
    settings.refuse(
      key,
      'expected a folder that does not hold data.dir, and is not in its store or checkpoint',
    )
  }
  return root
}

function isWithin(path: string, directory: string): boolean {
  const way = relative(directory, path)
  return way !== '..' && !way.startsWith(`..${sep}`)
}

function readStore(settings: Settings): StoreConfiguration {
  const memoryLimitBytes = settings.value(storeKeys.memoryLimit)
  const processMemoryLimitBytes = settings.value(storeKeys.processMemoryLimit)
  if (processMemoryLimitBytes <= memoryLimitBytes) {
    settings.refuse(storeKeys.processMemoryLimit, 'expected more than store.memory.limit')
  }
  return {
    memoryLimitBytes,
    processMemoryLimitBytes,
    threads: settings.value(storeKeys.threads),
    spillLimitBytes: settings.value(storeKeys.spillLimit),
  }
}

/** architecture.md, the part on configuring. `http.min` is left out: nobody logs in there. */
function refuseWellKnownPassword(settings: Settings, configuration: Configuration): void {
  const { admin } = configuration.acl
  if (!admin.enabled || admin.password !== wellKnownPassword) return
  const endpoints = [
    [pgKeys.bindTo, configuration.pg],
    [httpKeys.bindTo, configuration.http],
    [lineKeys.tcpBindTo, configuration.line.tcp],
  ] as const
  for (const [key, { enabled, bindTo }] of endpoints) {
    if (!enabled || bindTo.isLoopback) continue
    settings.refuse(
      key,
      'the default acl.admin.password is accepted on loopback addresses only: set another, or bind to 127.0.0.1',
    )
  }
}
