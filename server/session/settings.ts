/**
 * Session settings: which exist, what they accept, and which of them clients are told of when they
 * change (client-compatibility.md, sections 1 and 6). A setting that has no meaning here is accepted
 * and remembered; one whose other values would change what a client reads is held to the one value
 * that grantd implements. Values of a session are one immutable map, so that a rollback is an
 * assignment.
 */
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { messageLevels } from './notice-level.ts'
import { acceptTimeZone } from './time-zone-setting.ts'

export interface SettingDefinition {
  /** As PostgreSQL spells it, e.g. `TimeZone`. */
  readonly name: string
  readonly initial: string
  /** Told by ParameterStatus (PostgreSQL's GUC_REPORT). */
  readonly reported: boolean
  /** The canonical form of a value; absent: the setting cannot be changed. */
  readonly accept?: (value: string) => string
  readonly description: string
}

/** Longest value that a session may remember: PostgreSQL has no bound; ours keeps sessions small. */
const valueCharactersMax = 8192
/** How many settings with a dot in their name (`app.tenant`) one session may invent. */
const customSettingsMax = 64

const anything = (value: string): string => value

function invalidValue(name: string, value: string, accepted?: string): SqlError {
  return new SqlError(
    SqlState.InvalidParameterValue,
    `invalid value for parameter "${name}": "${value}"`,
    accepted === undefined ? {} : { hint: `Available values: ${accepted}.` },
  )
}

function unknownSetting(name: string): SqlError {
  return new SqlError(SqlState.UndefinedObject, `unrecognized configuration parameter "${name}"`)
}

function fixedSetting(name: string): SqlError {
  return new SqlError(
    SqlState.ObjectNotInPrerequisiteState,
    `parameter "${name}" cannot be changed`,
  )
}

function oneOf(name: string, values: readonly string[]): (value: string) => string {
  return (value) => {
    const lower = value.toLowerCase()
    const found = values.find((candidate) => candidate.toLowerCase() === lower)
    if (found === undefined) throw invalidValue(name, value, values.join(', '))
    return found
  }
}

const booleans: ReadonlyMap<string, string> = new Map([
  ['on', 'on'],
  ['true', 'on'],
  ['yes', 'on'],
  ['1', 'on'],
  ['off', 'off'],
  ['false', 'off'],
  ['no', 'off'],
  ['0', 'off'],
])

function boolean(name: string): (value: string) => string {
  return (value) => {
    const found = booleans.get(value.toLowerCase())
    if (found === undefined) {
      throw new SqlError(
        SqlState.InvalidParameterValue,
        `parameter "${name}" requires a Boolean value`,
      )
    }
    return found
  }
}

/** Only the one value of a boolean; the other would need what grantd does not have. */
function only(name: string, accepted: string): (value: string) => string {
  const parse = boolean(name)
  return (value) => {
    const canonical = parse(value)
    if (canonical !== accepted) throw invalidValue(name, value, accepted)
    return canonical
  }
}

function integer(name: string, range: { min: number; max: number }): (value: string) => string {
  return (value) => {
    if (!/^\s*[+-]?\d+\s*$/.test(value)) throw invalidValue(name, value)
    const number = Number(value)
    if (number < range.min || number > range.max) {
      throw new SqlError(
        SqlState.InvalidParameterValue,
        `${number} is outside the valid range for parameter "${name}" (${range.min} .. ${range.max})`,
      )
    }
    return String(number)
  }
}

const durationUnitsMs: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** Milliseconds, or with a unit (`30s`); PostgreSQL 15, guc.c, time units. */
export function parseDurationMs(name: string, value: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?\s*$/.exec(value)
  const factor = durationUnitsMs[match?.[2] ?? 'ms']
  if (match?.[1] === undefined || factor === undefined) {
    throw new SqlError(
      SqlState.InvalidParameterValue,
      `invalid value for parameter "${name}": "${value}"`,
      { hint: 'Valid units for this parameter are "us", "ms", "s", "min", "h", and "d".' },
    )
  }
  const ms = Math.round(Number(match[1]) * factor)
  if (ms > 2_147_483_647) {
    throw new SqlError(
      SqlState.InvalidParameterValue,
      `${ms} ms is outside the valid range for parameter "${name}" (0 ms .. 2147483647 ms)`,
    )
  }
  return ms
}

/** Shown in the largest unit that leaves no rest, as PostgreSQL does (`SHOW statement_timeout` is `30s`). */
function showDuration(ms: number): string {
  if (ms === 0) return '0'
  for (const unit of ['d', 'h', 'min', 's'] as const) {
    const factor = durationUnitsMs[unit]
    if (factor !== undefined && ms % factor === 0) return `${ms / factor}${unit}`
  }
  return `${ms}ms`
}

function duration(name: string): (value: string) => string {
  return (value) => showDuration(parseDurationMs(name, value))
}

function clientEncoding(value: string): string {
  const spelling = value
    .replaceAll("'", '')
    .replaceAll(/[-_\s]/g, '')
    .toUpperCase()
  // SQL_ASCII is what libpq asks for in a C locale; all that grantd sends is UTF-8 (section 1).
  if (['UTF8', 'UNICODE', 'SQLASCII'].includes(spelling)) return 'UTF8'
  throw invalidValue('client_encoding', value, 'UTF8')
}

function dateStyle(value: string): string {
  const words = value.split(/[\s,]+/).filter((word) => word !== '')
  let order = 'MDY'
  for (const word of words) {
    const upper = word.toUpperCase()
    if (upper === 'MDY' || upper === 'US' || upper === 'NONEUROPEAN') order = 'MDY'
    else if (upper !== 'ISO' && upper !== 'DEFAULT')
      throw invalidValue('DateStyle', value, 'ISO, MDY')
  }
  return `ISO, ${order}`
}

const isolationLevels = ['read uncommitted', 'read committed', 'repeatable read'] as const

/** Snapshot isolation is what the store gives; serializable would promise more (duckdb-hardening.md, 6.4). */
export function acceptIsolation(value: string): string {
  const level = value.trim().toLowerCase().replaceAll(/\s+/g, ' ')
  if (level === 'serializable') {
    throw new SqlError(
      SqlState.FeatureNotSupported,
      'isolation level SERIALIZABLE is not supported',
      { hint: 'Use REPEATABLE READ: every transaction reads one snapshot.' },
    )
  }
  return oneOf('transaction_isolation', isolationLevels)(level)
}

function setting(
  name: string,
  initial: string,
  description: string,
  accept?: (value: string) => string,
): SettingDefinition {
  return {
    name,
    initial,
    reported: false,
    description,
    ...(accept === undefined ? {} : { accept }),
  }
}

function reported(
  name: string,
  initial: string,
  description: string,
  accept?: (value: string) => string,
): SettingDefinition {
  return { ...setting(name, initial, description, accept), reported: true }
}

/** The version of PostgreSQL whose protocol and catalogs grantd follows; clients choose by it. */
export const serverVersion = '15.13'
const serverVersionNumber = '150013'

const definitions: readonly SettingDefinition[] = [
  reported('application_name', '', 'Name of the application, for the log.', anything),
  setting('bytea_output', 'hex', 'Output format for bytea.', oneOf('bytea_output', ['hex'])),
  setting('check_function_bodies', 'on', 'Has no effect.', boolean('check_function_bodies')),
  reported('client_encoding', 'UTF8', 'Encoding of the client: always UTF8.', clientEncoding),
  setting(
    'client_min_messages',
    'notice',
    'Least severity of notices that are sent.',
    oneOf('client_min_messages', messageLevels),
  ),
  reported('DateStyle', 'ISO, MDY', 'Display format of dates: ISO.', dateStyle),
  setting('default_table_access_method', 'heap', 'Has no effect.', anything),
  setting('default_tablespace', '', 'Has no effect.', anything),
  setting(
    'default_transaction_isolation',
    'repeatable read',
    'Isolation level of new transactions.',
    acceptIsolation,
  ),
  reported(
    'default_transaction_read_only',
    'off',
    'Whether new transactions are read-only.',
    boolean('default_transaction_read_only'),
  ),
  setting(
    'extra_float_digits',
    '1',
    'Floats are always printed shortest-exact.',
    integer('extra_float_digits', { min: -15, max: 3 }),
  ),
  setting(
    'idle_in_transaction_session_timeout',
    '0',
    'Remembered only.',
    duration('idle_in_transaction_session_timeout'),
  ),
  reported('in_hot_standby', 'off', 'Whether the server is a standby.'),
  reported('integer_datetimes', 'on', 'Datetimes are integers.'),
  reported(
    'IntervalStyle',
    'postgres',
    'Display format of intervals.',
    oneOf('IntervalStyle', ['postgres']),
  ),
  reported('is_superuser', 'off', 'Whether the session user is the built-in admin.'),
  setting('jit', 'off', 'Has no effect.', boolean('jit')),
  setting(
    'lock_timeout',
    '0',
    'Longest time that a statement waits for a table with deduplication.',
    duration('lock_timeout'),
  ),
  setting('max_identifier_length', '63', 'Longest identifier.'),
  setting('max_index_keys', '32', 'Most columns of an index.'),
  setting('password_encryption', 'argon2id', 'How passwords are stored.'),
  setting('row_security', 'on', 'Has no effect.', boolean('row_security')),
  setting(
    'search_path',
    '"$user", public',
    'Schemas in which unqualified names are looked up.',
    anything,
  ),
  reported('server_encoding', 'UTF8', 'Encoding of the server.'),
  reported('server_version', serverVersion, 'Version of PostgreSQL that is followed.'),
  setting('server_version_num', serverVersionNumber, 'The same as a number.'),
  reported('session_authorization', '', 'The session user.'),
  reported(
    'standard_conforming_strings',
    'on',
    'Backslashes in plain strings are literal.',
    only('standard_conforming_strings', 'on'),
  ),
  setting(
    'statement_timeout',
    '0',
    'Longest run of a statement; 0: no limit.',
    duration('statement_timeout'),
  ),
  setting('synchronize_seqscans', 'on', 'Has no effect.', boolean('synchronize_seqscans')),
  reported('TimeZone', 'UTC', 'Time zone of timestamptz values.', acceptTimeZone),
  setting(
    'transaction_isolation',
    'repeatable read',
    'Isolation level of this transaction.',
    acceptIsolation,
  ),
  setting(
    'transaction_read_only',
    'off',
    'Whether this transaction is read-only.',
    boolean('transaction_read_only'),
  ),
  setting('xmloption', 'content', 'Has no effect.', oneOf('xmloption', ['content', 'document'])),
]

const byName: ReadonlyMap<string, SettingDefinition> = new Map(
  definitions.map((definition) => [definition.name.toLowerCase(), definition]),
)

/** The value of each setting that differs from its initial one, by lower-case name. Immutable. */
export type SettingValues = ReadonlyMap<string, string>

const spellings: ReadonlyMap<string, string> = new Map([
  ['time zone', 'timezone'],
  ['transaction isolation level', 'transaction_isolation'],
  ['names', 'client_encoding'],
])

function canonicalName(name: string): string {
  const lower = name.toLowerCase()
  return spellings.get(lower) ?? lower
}

/** Names of the form `prefix.name` belong to applications: any value, remembered (PostgreSQL 15, 20.16). */
function isCustom(name: string): boolean {
  return /^[a-z_][a-z0-9_$]*(\.[a-z_][a-z0-9_$]*)+$/.test(name)
}

/**
 * The values after `SET name TO value`.
 * @throws SqlError 42704 unknown name, 22023 bad value, 55000 a setting that cannot be changed
 */
export function withSetting(values: SettingValues, name: string, value: string): SettingValues {
  const key = canonicalName(name)
  const definition = byName.get(key)
  if (value.length > valueCharactersMax) throw invalidValue(name, `${value.slice(0, 32)}...`)
  if (definition === undefined) {
    if (!isCustom(key)) throw unknownSetting(name)
    const custom = [...values.keys()].filter(isCustom)
    if (custom.length >= customSettingsMax && !values.has(key)) {
      throw new SqlError(
        SqlState.ConfigurationLimitExceeded,
        `too many custom parameters (at most ${customSettingsMax})`,
      )
    }
    return new Map(values).set(key, value)
  }
  if (definition.accept === undefined) throw fixedSetting(definition.name)
  return new Map(values).set(key, definition.accept(value))
}

/** The values after `RESET name` (or `SET name TO DEFAULT`): back to what the session began with. */
export function withoutSetting(
  values: SettingValues,
  name: string,
  initial: SettingValues,
): SettingValues {
  const key = canonicalName(name)
  const definition = byName.get(key)
  if (definition === undefined && !isCustom(key)) throw unknownSetting(name)
  if (definition !== undefined && definition.accept === undefined)
    throw fixedSetting(definition.name)
  const result = new Map(values)
  const before = initial.get(key)
  if (before === undefined) result.delete(key)
  else result.set(key, before)
  return result
}

/** The value that SHOW gives. @throws SqlError 42704 */
export function settingValue(values: SettingValues, name: string): string {
  const key = canonicalName(name)
  const value = values.get(key) ?? byName.get(key)?.initial
  if (value === undefined) throw unknownSetting(name)
  return value
}

/** The name under which SHOW's column and ParameterStatus go. */
export function settingLabel(name: string): string {
  const key = canonicalName(name)
  return byName.get(key)?.name ?? key
}

/** All settings with their values, by name. */
export function allSettings(
  values: SettingValues,
): readonly { readonly name: string; readonly value: string; readonly description: string }[] {
  return definitions.map((definition) => ({
    name: definition.name,
    value: settingValue(values, definition.name),
    description: definition.description,
  }))
}

/** The reported settings with their values, for ParameterStatus. */
export function reportedSettings(values: SettingValues): readonly (readonly [string, string])[] {
  return definitions
    .filter((definition) => definition.reported)
    .map((definition) => [definition.name, settingValue(values, definition.name)] as const)
}

/** Schemas of a search_path, in order; `"$user"` names no schema here. */
export function searchPathOf(values: SettingValues): readonly string[] {
  return settingValue(values, 'search_path')
    .split(',')
    .map((part) => part.trim().replace(/^["'](.*)["']$/, '$1'))
    .filter((part) => part !== '' && part !== '$user')
}

/** What a session starts with: facts about its login, which SET cannot change. */
export function loginSettings(login: {
  readonly name: string
  readonly isBuiltInAdmin: boolean
}): SettingValues {
  return new Map([
    ['session_authorization', login.name],
    ['is_superuser', login.isBuiltInAdmin ? 'on' : 'off'],
  ])
}
