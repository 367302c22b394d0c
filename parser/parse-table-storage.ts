import { parseRelationName } from './name.ts'
import { parseStorageParameters } from './parse-storage-parameters.ts'
import { parseInteger, parseIntegerLiteral } from './parse-type-name.ts'
import type { PartitionUnit, TableStorage, TimeToLive } from './statement.ts'
import { malformed } from './syntax-error.ts'
import type { TokenReader } from './token-reader.ts'

/** The clauses while they are read. */
type StorageParts = { -readonly [Clause in keyof TableStorage]: TableStorage[Clause] }

/**
 * storage = { "TIMESTAMP" "(" column ")" | "PARTITION" "BY" unit | "TTL" ttl | "WAL" | "BYPASS" "WAL"
 *           | "DEDUP" "UPSERT" "KEYS" "(" column { "," column } ")" | "WITH" parameters
 *           | "," "INDEX" "(" column [ "CAPACITY" n ] ")" } ;
 */
export function parseTableStorage(reader: TokenReader): TableStorage {
  const parts: StorageParts = {}
  while (parseStorageClause(reader, parts));
  refuseTableOptions(reader)
  return parts
}

function parseStorageClause(reader: TokenReader, parts: StorageParts): boolean {
  if (reader.acceptWords('TIMESTAMP')) {
    once(reader, parts.timestamp, 'TIMESTAMP')
    reader.expectSymbol('(')
    parts.timestamp = parseRelationName(reader)
    reader.expectSymbol(')')
  } else if (reader.acceptWords('PARTITION', 'BY')) {
    once(reader, parts.partitionBy, 'PARTITION BY')
    parts.partitionBy = parsePartitionUnit(reader)
  } else if (reader.acceptWords('TTL')) {
    once(reader, parts.ttl, 'TTL')
    parts.ttl = parseTimeToLive(reader)
  } else if (reader.acceptWords('WAL')) {
    once(reader, parts.wal, 'WAL')
    parts.wal = true
  } else if (reader.acceptWords('BYPASS', 'WAL')) {
    once(reader, parts.wal, 'WAL')
    parts.wal = false
  } else if (reader.acceptWords('DEDUP', 'UPSERT', 'KEYS')) {
    once(reader, parts.dedupKeys, 'DEDUP')
    parts.dedupKeys = reader.parenthesised(() => parseRelationName(reader))
  } else if (reader.atSymbol(',') && isWordAhead(reader, 'INDEX')) {
    reader.skip(1)
    parts.indexes = [...(parts.indexes ?? []), parseIndex(reader)]
  } else if (isParameterList(reader)) {
    once(reader, parts.parameters, 'WITH')
    reader.skip(1)
    parts.parameters = parseStorageParameters(reader, 'WITH')
  } else {
    return false
  }
  return true
}

function once(reader: TokenReader, value: unknown, clause: string): void {
  if (value !== undefined) throw malformed(`${clause} is given twice`, reader.previous().start)
}

const partitionUnits = ['NONE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR'] as const

/** unit = "NONE" | "HOUR" | "DAY" | "WEEK" | "MONTH" | "YEAR" ; PostgreSQL's RANGE, LIST and HASH are not ours */
export function parsePartitionUnit(reader: TokenReader): PartitionUnit {
  for (const method of ['RANGE', 'LIST', 'HASH']) {
    if (reader.atWords(method)) {
      throw reader.notSupported(`PARTITION BY ${method}`, reader.peek().start)
    }
  }
  return reader.expectOneOf(partitionUnits)
}

const ttlUnits = ['HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR'] as const
const ttlLetters: ReadonlyMap<string, TimeToLive['unit']> = new Map([
  ['h', 'HOUR'],
  ['d', 'DAY'],
  ['w', 'WEEK'],
  ['M', 'MONTH'],
  ['y', 'YEAR'],
])

/** ttl = n ( "HOUR" | "HOURS" | "DAY" | ... ) | n letter ; the letter right behind the number */
export function parseTimeToLive(reader: TokenReader): TimeToLive {
  const token = reader.peek()
  const span = { start: token.start, end: token.end }
  if (token.kind === 'NumberUnit') {
    const match = /^([0-9]+)([hdwMy])$/.exec(token.text)
    const unit = ttlLetters.get(match?.[2] ?? '')
    if (unit === undefined) throw reader.unexpected()
    reader.skip(1)
    return { amount: Number(match?.[1]), unit, span }
  }
  const amount = parseInteger(reader)
  for (const unit of ttlUnits) {
    if (reader.acceptWords(unit) || reader.acceptWords(`${unit}S`)) {
      return { amount, unit, span }
    }
  }
  throw reader.unexpected()
}

/** WITH DATA and WITH NO DATA of CREATE TABLE AS are no parameters. */
function isParameterList(reader: TokenReader): boolean {
  return reader.atWords('WITH') && !reader.atWords('WITH', 'DATA') && !reader.atWords('WITH', 'NO')
}

function isWordAhead(reader: TokenReader, word: string): boolean {
  const token = reader.peek(1)
  return token.kind === 'Word' && token.word === word
}

/** index = "INDEX" "(" column [ "CAPACITY" n ] ")" ; */
function parseIndex(reader: TokenReader): NonNullable<TableStorage['indexes']>[number] {
  const { start } = reader.peek()
  reader.expectWords('INDEX')
  reader.expectSymbol('(')
  const column = parseRelationName(reader)
  const capacity = reader.acceptWords('CAPACITY') ? parseIntegerLiteral(reader) : undefined
  reader.expectSymbol(')')
  const span = { start, end: reader.previous().end }
  return { span, column, ...(capacity === undefined ? {} : { capacity }) }
}

/** Options of other databases that would change what the table is. */
const tableOptions = [
  ['INHERITS'],
  ['PARTITION', 'OF'],
  ['OF'],
  ['USING'],
  ['TABLESPACE'],
  ['ON', 'COMMIT'],
  ['IN', 'VOLUME'],
  ['STORAGE', 'POLICY'],
  ['FORMAT'],
] as const

/** Refuses an option that comes next and that grantd does not have. */
export function refuseTableOptions(reader: TokenReader): void {
  for (const words of tableOptions) {
    if (reader.atWords(...words)) {
      throw reader.notSupported(`CREATE TABLE ... ${words.join(' ')}`, reader.peek().start)
    }
  }
  if (reader.atSymbol(',') && isWordAhead(reader, 'CAST')) {
    throw reader.notSupported('CREATE TABLE ... CAST', reader.peek(1).start)
  }
}
