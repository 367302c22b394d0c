import { asciiLowerCase, isQuotedKeyword } from './keywords.ts'
import { parseString } from './name.ts'
import { parseTransactionModes } from './parse-transaction.ts'
import type { ResetSetting, SetSetting, SetTransaction } from './statement.ts'
import type { TokenReader } from './token-reader.ts'

/**
 * set = "SET" [ "SESSION" | "LOCAL" ] ( setting ( "TO" | "=" ) ( value { "," value } | "DEFAULT" )
 *     | "TIME" "ZONE" value | "NAMES" [ value ] | "SCHEMA" string ) ;
 *
 * and SET TRANSACTION (PostgreSQL, gram.y, VariableSetStmt).
 */
export function parseSet(reader: TokenReader): SetSetting | SetTransaction {
  reader.expectWords('SET')
  refuseForeignSet(reader)
  if (reader.acceptWords('TRANSACTION')) return parseSetTransaction(reader, 'Transaction')
  if (reader.acceptWords('SESSION', 'CHARACTERISTICS', 'AS', 'TRANSACTION')) {
    return parseSetTransaction(reader, 'Session')
  }
  const local = reader.acceptWords('LOCAL')
  if (!local) acceptSession(reader)
  else if (reader.acceptWords('TRANSACTION')) return parseSetTransaction(reader, 'Transaction')
  refuseForeignSet(reader)
  return { kind: 'SetSetting', local, ...parseAssignment(reader) }
}

/** SESSION is a word of its own unless it begins SESSION AUTHORIZATION. */
function acceptSession(reader: TokenReader): void {
  if (!reader.atWords('SESSION', 'AUTHORIZATION')) reader.acceptWords('SESSION')
}

/** Roles are users, groups and service accounts here (Y1). */
function refuseForeignSet(reader: TokenReader): void {
  if (reader.atWords('ROLE')) {
    throw reader.foreign('Use ASSUME SERVICE ACCOUNT and EXIT SERVICE ACCOUNT.')
  }
  if (reader.atWords('CONSTRAINTS')) throw reader.notSupported('SET CONSTRAINTS')
  if (reader.atWords('TRANSACTION', 'SNAPSHOT'))
    throw reader.notSupported('SET TRANSACTION SNAPSHOT')
}

function parseSetTransaction(reader: TokenReader, scope: SetTransaction['scope']): SetTransaction {
  const modes = parseTransactionModes(reader)
  if (Object.keys(modes).length === 0 && reader.isAtEnd) throw reader.unexpected()
  return { kind: 'SetTransaction', scope, ...modes }
}

interface Assignment {
  readonly name: string
  readonly value?: string
}

function parseAssignment(reader: TokenReader): Assignment {
  if (reader.acceptWords('NAMES')) return { name: 'client_encoding', ...parseOptionalValue(reader) }
  if (reader.acceptWords('SCHEMA')) return { name: 'search_path', ...parseValues(reader, true) }
  if (reader.acceptWords('TIME', 'ZONE')) return { name: 'timezone', ...parseTimeZone(reader) }
  if (reader.acceptWords('SESSION', 'AUTHORIZATION')) return parseSessionAuthorization(reader)
  const name = parseSettingName(reader)
  if (reader.atOperator('=')) reader.skip(1)
  else reader.expectWords('TO')
  return { name, ...parseValues(reader, quotedLists.has(name)) }
}

/** SET SESSION AUTHORIZATION DEFAULT is what pools send; another name would be a second login. */
function parseSessionAuthorization(reader: TokenReader): Assignment {
  if (reader.acceptWords('DEFAULT')) return { name: 'session_authorization' }
  throw reader.notSupported(
    'SET SESSION AUTHORIZATION',
    reader.start,
    'Use ASSUME SERVICE ACCOUNT.',
  )
}

/** name { "." name }, folded to lower case; TIME ZONE, TRANSACTION ISOLATION LEVEL, SESSION AUTHORIZATION. */
export function parseSettingName(reader: TokenReader): string {
  if (reader.acceptWords('TIME', 'ZONE')) return 'timezone'
  if (reader.acceptWords('TRANSACTION', 'ISOLATION', 'LEVEL')) return 'transaction_isolation'
  if (reader.acceptWords('SESSION', 'AUTHORIZATION')) return 'session_authorization'
  const parts = [parseSettingWord(reader)]
  while (reader.acceptSymbol('.')) parts.push(parseSettingWord(reader))
  return parts.join('.')
}

function parseSettingWord(reader: TokenReader): string {
  const token = reader.peek()
  if (token.kind !== 'Word' && token.kind !== 'QuotedName') throw reader.unexpected()
  reader.skip(1)
  return asciiLowerCase(token.kind === 'Word' ? token.text : token.value)
}

/** Settings that are lists of names: PostgreSQL quotes their parts (GUC_LIST_QUOTE). */
const quotedLists: ReadonlySet<string> = new Set([
  'search_path',
  'temp_tablespaces',
  'local_preload_libraries',
  'session_preload_libraries',
  'shared_preload_libraries',
  'unix_socket_directories',
])

type SettingValue = Pick<SetSetting, 'value'>

/** value { "," value } | "DEFAULT" (postgres `src/backend/utils/misc/guc_funcs.c`, flatten_set_variable_args) */
function parseValues(reader: TokenReader, isQuotedList: boolean): SettingValue {
  if (reader.acceptWords('DEFAULT')) return {}
  const values = reader.list(() => parseValue(reader))
  const shown = isQuotedList ? values.map((value) => quoteListItem(value)) : values
  return { value: shown.join(', ') }
}

function parseOptionalValue(reader: TokenReader): SettingValue {
  return reader.isAtEnd ? {} : parseValues(reader, false)
}

function parseTimeZone(reader: TokenReader): SettingValue {
  if (reader.acceptWords('LOCAL')) return {}
  if (reader.acceptWords('INTERVAL')) return { value: parseZoneInterval(reader) }
  return parseValues(reader, false)
}

/**
 * "INTERVAL" string "HOUR" [ "TO" "MINUTE" ] ; as PostgreSQL shows it, a POSIX zone such as
 * `<+02>-02`, which counts westwards; no offset is UTC.
 */
function parseZoneInterval(reader: TokenReader): string {
  const offset = reader.peek()
  const match = /^([+-]?)([0-9]{1,2})(?::([0-9]{2}))?$/.exec(parseString(reader).value)
  reader.expectWords('HOUR')
  if (reader.acceptWords('TO')) reader.expectWords('MINUTE')
  if (match === null) throw reader.notSupported('SET TIME ZONE with this interval', offset.start)
  const [, sign = '', hours = '', minutes = '00'] = match
  const east = hours.padStart(2, '0') + (minutes === '00' ? '' : `:${minutes}`)
  if (east === '00') return 'UTC'
  return sign === '-' ? `<-${east}>+${east}` : `<+${east}>-${east}`
}

/** value = word | string | [ "+" | "-" ] number ; an unquoted word is folded to lower case */
function parseValue(reader: TokenReader): string {
  const sign = reader.atOperator('-') || reader.atOperator('+') ? reader.next() : undefined
  const token = reader.peek()
  if (token.kind === 'Number') {
    reader.skip(1)
    const isNegative = sign?.kind === 'Operator' && sign.text === '-'
    return isNegative ? `-${token.text}` : token.text
  }
  if (sign !== undefined) throw reader.unexpected()
  if (token.kind === 'String' || token.kind === 'QuotedName') {
    reader.skip(1)
    return token.value
  }
  return parseSettingWord(reader)
}

function quoteListItem(name: string): string {
  const isPlain = /^[a-z_][a-z0-9_]*$/.test(name) && !isQuotedKeyword(name)
  return isPlain ? name : `"${name.replaceAll('"', '""')}"`
}

/** reset = "RESET" ( "ALL" | setting ) ; */
export function parseReset(reader: TokenReader): ResetSetting {
  reader.expectWords('RESET')
  if (reader.atWords('ROLE')) throw reader.foreign('Use EXIT SERVICE ACCOUNT.')
  if (reader.acceptWords('ALL')) return { kind: 'ResetSetting' }
  return { kind: 'ResetSetting', name: parseSettingName(reader) }
}
