import { asciiLowerCase } from './keywords.ts'
import { parsePrincipal, parseQualifiedName } from './name.ts'
import { parseSettingName } from './parse-setting.ts'
import type {
  DumpCategory,
  DumpChoice,
  Name,
  ShowCreateDatabase,
  ShowParameters,
  ShowPartitions,
  ShowSetting,
  ShowStatement,
} from './statement.ts'
import type { TokenReader } from './token-reader.ts'

/** QuestDB's SHOW statements that grantd does not have. */
const unsupportedShows = [['CREATE', 'MATERIALIZED', 'VIEW']] as const

/**
 * show = "SHOW" ( "USERS" | "USER" [ user ] | "GROUPS" [ user ] | "SERVICE" "ACCOUNTS" [ entity ]
 *               | "SERVICE" "ACCOUNT" [ account ] | "PERMISSIONS" [ entity ] | "TABLES"
 *               | "COLUMNS" "FROM" table | "PARTITIONS" "FROM" table | "CREATE" "TABLE" table | "CREATE" "VIEW" table
 *               | "CREATE" "DATABASE" [ dump_choice ] | "PARAMETERS" | setting ) ;
 */
export function parseShow(
  reader: TokenReader,
): ShowStatement | ShowParameters | ShowPartitions | ShowSetting {
  reader.expectWords('SHOW')
  for (const words of unsupportedShows) {
    if (reader.atWords(...words)) throw reader.notSupported(`SHOW ${words.join(' ')}`)
  }
  if (reader.acceptWords('PARAMETERS')) return { kind: 'ShowParameters' }
  if (reader.acceptWords('PARTITIONS')) {
    reader.expectWords('FROM')
    return { kind: 'ShowPartitions', table: parseQualifiedName(reader) }
  }
  return parseDialectShow(reader) ?? parseShowSetting(reader)
}

function parseDialectShow(reader: TokenReader): ShowStatement | undefined {
  if (reader.acceptWords('USERS')) return { kind: 'ShowUsers' }
  if (reader.acceptWords('TABLES')) return { kind: 'ShowTables' }
  if (reader.acceptWords('COLUMNS')) {
    reader.expectWords('FROM')
    return { kind: 'ShowColumns', table: parseQualifiedName(reader) }
  }
  if (reader.acceptWords('CREATE', 'TABLE')) {
    return { kind: 'ShowCreateTable', table: parseQualifiedName(reader) }
  }
  if (reader.acceptWords('CREATE', 'VIEW')) {
    return { kind: 'ShowCreateView', view: parseQualifiedName(reader) }
  }
  if (reader.acceptWords('CREATE', 'DATABASE')) return parseShowCreateDatabase(reader)
  if (reader.acceptWords('USER')) return { kind: 'ShowUser', ...optional('name', reader) }
  if (reader.acceptWords('GROUPS')) return { kind: 'ShowGroups', ...optional('user', reader) }
  if (reader.acceptWords('PERMISSIONS')) {
    return { kind: 'ShowPermissions', ...optional('entity', reader) }
  }
  if (reader.acceptWords('SERVICE', 'ACCOUNTS')) {
    return { kind: 'ShowServiceAccounts', ...optional('entity', reader) }
  }
  if (reader.acceptWords('SERVICE', 'ACCOUNT')) {
    return { kind: 'ShowServiceAccount', ...optional('name', reader) }
  }
  return undefined
}

const dumpCategories = [
  'TABLES',
  'VIEWS',
  'MATERIALIZED_VIEWS',
  'USERS',
  'GROUPS',
  'SERVICE_ACCOUNTS',
  'PERMISSIONS',
  'SCHEMA',
  'ACL',
  'ALL',
] as const satisfies readonly DumpCategory[]

function parseShowCreateDatabase(reader: TokenReader): ShowCreateDatabase {
  if (reader.isAtEnd) return { kind: 'ShowCreateDatabase' }
  return { kind: 'ShowCreateDatabase', choice: parseDumpChoice(reader) }
}

/** dump_choice = ( "INCLUDE" | "EXCLUDE" ) ( "ALL" | "(" category { "," category } ")" ) ; */
function parseDumpChoice(reader: TokenReader): DumpChoice {
  const verb = reader.expectOneOf(['INCLUDE', 'EXCLUDE'] as const)
  const categories: readonly DumpCategory[] = reader.acceptWords('ALL')
    ? ['ALL']
    : reader.parenthesised(() => reader.expectOneOf(dumpCategories))
  return { verb, categories }
}

function optional<Field extends string>(
  field: Field,
  reader: TokenReader,
): Partial<Readonly<Record<Field, Name>>> {
  if (reader.isAtEnd) return {}
  return record(field, parsePrincipal(reader))
}

function record<Field extends string>(
  field: Field,
  name: Name,
): Partial<Readonly<Record<Field, Name>>> {
  const one: Partial<Record<Field, Name>> = {}
  one[field] = name
  return one
}

/** SHOW name | SHOW TIME ZONE | SHOW TRANSACTION ISOLATION LEVEL | SHOW SESSION AUTHORIZATION | SHOW ALL */
function parseShowSetting(reader: TokenReader): ShowSetting {
  if (reader.acceptWords('ALL')) return { kind: 'ShowSetting', name: 'all' }
  return { kind: 'ShowSetting', name: asciiLowerCase(parseSettingName(reader)) }
}
