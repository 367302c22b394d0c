/**
 * Every configuration key: its name, the kind of its value, and its default as one would write it. Names
 * are QuestDB's where QuestDB has the setting (questdb-rbac.md, section 14; architecture.md, the
 * part on configuring), and in its manner where it has not. What each means is said in
 * `server.conf.example`, which a test holds against this table.
 */
import type { ValueKind } from './values.ts'
import {
  address,
  bytes,
  duration,
  flag,
  integer,
  oneOf,
  password,
  path,
  principalName,
} from './values.ts'

export interface OptionalKey<T> {
  readonly name: string
  readonly kind: ValueKind<T>
}

export interface DefaultedKey<T> extends OptionalKey<T> {
  readonly default: string
}

export interface TlsKeys {
  readonly enabled: OptionalKey<boolean>
  readonly certPath: OptionalKey<string>
  readonly privateKeyPath: OptionalKey<string>
}

function key<T>(name: string, kind: ValueKind<T>, defaultText: string): DefaultedKey<T> {
  return { name, kind, default: defaultText }
}

function optionalKey<T>(name: string, kind: ValueKind<T>): OptionalKey<T> {
  return { name, kind }
}

function tlsKeys(prefix: string): TlsKeys {
  return {
    enabled: optionalKey(`${prefix}tls.enabled`, flag),
    certPath: optionalKey(`${prefix}tls.cert.path`, path),
    privateKeyPath: optionalKey(`${prefix}tls.private.key.path`, path),
  }
}

const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug'] as const

export const generalKeys = {
  dataDir: key('data.dir', path, './data'),
  logLevel: key('log.level', oneOf(logLevels), 'info'),
  shutdownTimeout: key('shutdown.timeout', duration({ min: '0s', max: '1h' }), '30s'),
}

export const aclKeys = {
  enabled: key('acl.enabled', flag, 'true'),
  adminEnabled: key('acl.admin.user.enabled', flag, 'true'),
  adminName: key('acl.admin.user', principalName, 'admin'),
  adminPassword: key('acl.admin.password', password, 'quest'),
  nameLengthMax: key('acl.entity.name.max.length', integer({ min: 1, max: 1024 }), '255'),
  basicAuthRealmEnabled: key('acl.basic.auth.realm.enabled', flag, 'false'),
  tokenRefreshThreshold: key(
    'acl.rest.token.refresh.threshold',
    integer({ min: 0, max: 86_400 }),
    '10',
  ),
  // Accepted, without effect: passwords are hashed with argon2id (section 14).
  hashIterationCount: key(
    'acl.password.hash.iteration.count',
    integer({ min: 1, max: 1_000_000_000 }),
    '100000',
  ),
  hashQueueLimit: key('acl.password.hash.queue.limit', integer({ min: 1, max: 100_000 }), '256'),
  passwordCacheLimit: key('acl.password.cache.limit', integer({ min: 0, max: 1_000_000 }), '10000'),
  oidcEnabled: key('acl.oidc.enabled', flag, 'false'),
}

export const tlsKeysOfAll = tlsKeys('')

export const pgKeys = {
  enabled: key('pg.enabled', flag, 'true'),
  bindTo: key('pg.net.bind.to', address, '127.0.0.1:8812'),
  connectionLimit: key('pg.net.connection.limit', integer({ min: 1, max: 100_000 }), '256'),
  loginTimeout: key('pg.login.timeout', duration({ min: '1s', max: '10m' }), '10s'),
  messageBytesMax: key('pg.message.bytes.max', bytes({ min: '64k', max: '1g' }), '16m'),
  namedStatementLimit: key('pg.named.statement.limit', integer({ min: 1, max: 100_000 }), '10000'),
  cleartextPasswordAllowed: key('pg.cleartext.password.allowed', flag, 'false'),
  tls: tlsKeys('pg.'),
}

export const httpKeys = {
  enabled: key('http.enabled', flag, 'true'),
  bindTo: key('http.net.bind.to', address, '127.0.0.1:9000'),
  tls: tlsKeys('http.'),
}

export const httpMinKeys = {
  enabled: key('http.min.enabled', flag, 'true'),
  bindTo: key('http.min.net.bind.to', address, '127.0.0.1:9003'),
  tls: tlsKeys('http.min.'),
}

export const lineKeys = {
  tcpEnabled: key('line.tcp.enabled', flag, 'true'),
  tcpBindTo: key('line.tcp.net.bind.to', address, '127.0.0.1:9009'),
  tcpTls: tlsKeys('line.tcp.'),
  tcpAclEnabled: key('line.tcp.acl.enabled', flag, 'true'),
  tcpHandshakeTimeout: key(
    'line.tcp.net.connection.timeout',
    duration({ min: '1s', max: '10m' }),
    '10s',
  ),
  tcpDisconnectOnError: key('line.tcp.disconnect.on.error', flag, 'true'),
  httpEnabled: key('line.http.enabled', flag, 'true'),
  autoCreateNewTables: key('line.auto.create.new.tables', flag, 'true'),
  autoCreateNewColumns: key('line.auto.create.new.columns', flag, 'true'),
}

export const queryKeys = {
  timeout: key('query.timeout', duration({ min: '1ms', max: '30d' }), '5m'),
  slots: key('query.slots', integer({ min: 1, max: 256 }), '8'),
  slotsPerPrincipal: optionalKey('query.slots.per.principal', integer({ min: 1, max: 255 })),
  queueLimit: key('query.queue.limit', integer({ min: 0, max: 100_000 }), '1000'),
  queueTimeout: key('query.queue.timeout', duration({ min: '1ms', max: '1h' }), '30s'),
  planCacheBytesMax: key('query.cache.bytes.max', bytes({ min: '0', max: '16g' }), '64m'),
}

/** QuestDB's name; where it has a time and other parts of its own, grantd has a folder a backup. */
export const backupKeys = {
  root: optionalKey('cairo.sql.backup.root', path),
}

/** QuestDB's name; unset, COPY reads below the folder import in data.dir. */
export const copyKeys = {
  root: optionalKey('cairo.sql.copy.root', path),
}

export const storeKeys = {
  memoryLimit: key('store.memory.limit', bytes({ min: '64m', max: '4096g' }), '1g'),
  processMemoryLimit: key('store.process.memory.limit', bytes({ min: '256m', max: '8192g' }), '3g'),
  threads: key('store.threads', integer({ min: 1, max: 64 }), '2'),
  spillLimit: key('store.spill.limit', bytes({ min: '0', max: '16384g' }), '10g'),
}

/** All of them, for the check that a key is known. */
export const allKeys: readonly OptionalKey<unknown>[] = [
  generalKeys,
  aclKeys,
  { tls: tlsKeysOfAll },
  pgKeys,
  httpKeys,
  httpMinKeys,
  lineKeys,
  queryKeys,
  storeKeys,
  backupKeys,
  copyKeys,
].flatMap((group) => Object.values(group).flatMap(keysOf))

function keysOf(member: OptionalKey<unknown> | TlsKeys): readonly OptionalKey<unknown>[] {
  return 'kind' in member ? [member] : Object.values(member)
}
