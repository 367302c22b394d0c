import { parseQualifiedName, parseRelationName, parseString } from './name.ts'
import { parsePartitionUnit } from './parse-table-storage.ts'
import { unsupportedStatement } from './parse-unsupported.ts'
import type { CancelCopy, CopyFrom, CopyOptions, Name, UnsupportedStatement } from './statement.ts'
import { malformed } from './syntax-error.ts'
import type { TokenReader } from './token-reader.ts'

/**
 * copy = "COPY" ( string "CANCEL" | table "FROM" string [ "WITH" ] { option } | table "TO" ... ) ;
 *
 * The forms that carry rows through the connection (STDIN, STDOUT) are PostgreSQL's and not had.
 */
export function parseCopy(reader: TokenReader): CopyFrom | CancelCopy | UnsupportedStatement {
  if (reader.atWords('COPY', 'PERMISSIONS')) throw reader.notSupported('COPY PERMISSIONS')
  const { start } = reader.peek()
  reader.expectWords('COPY')
  if (reader.peek().kind === 'String') {
    const id = parseString(reader)
    reader.expectWords('CANCEL')
    return { kind: 'CancelCopy', id }
  }
  if (reader.atSymbol('(')) throw reader.notSupported('COPY (query) TO', start)
  const table = parseQualifiedName(reader)
  if (reader.atSymbol('('))
    throw reader.notSupported('COPY with a list of columns', reader.peek().start)
  if (reader.atWords('TO')) {
    const target = { kind: 'Export', relation: table } as const
    return unsupportedStatement(reader, { words: 'COPY TO', permission: 'SELECT', target })
  }
  reader.expectWords('FROM')
  for (const word of ['STDIN', 'PROGRAM']) {
    if (reader.atWords(word)) throw reader.notSupported(`COPY FROM ${word}`, reader.peek().start)
  }
  return { kind: 'CopyFrom', table, file: parseString(reader), options: parseOptions(reader) }
}

/** The options while they are read. */
type Parts = { -readonly [Option in keyof CopyOptions]: CopyOptions[Option] }

/**
 * option = "HEADER" ( "TRUE" | "FALSE" ) | "TIMESTAMP" column | "FORMAT" string | "DELIMITER" string
 *        | "PARTITION" "BY" unit | "ON" "ERROR" ( "SKIP_ROW" | "SKIP_COLUMN" | "ABORT" ) ;
 */
function parseOptions(reader: TokenReader): CopyOptions {
  const parts: Parts = {}
  reader.acceptWords('WITH')
  while (parseOption(reader, parts));
  return parts
}

const onError = ['SKIP_ROW', 'SKIP_COLUMN', 'ABORT'] as const

function parseOption(reader: TokenReader, parts: Parts): boolean {
  if (reader.acceptWords('HEADER')) {
    once(reader, parts.header, 'HEADER')
    parts.header = reader.expectOneOf(['TRUE', 'FALSE']) === 'TRUE'
  } else if (reader.acceptWords('TIMESTAMP')) {
    once(reader, parts.timestamp, 'TIMESTAMP')
    parts.timestamp = parseColumn(reader)
  } else if (reader.acceptWords('FORMAT')) {
    once(reader, parts.format, 'FORMAT')
    parts.format = parseString(reader)
  } else if (reader.acceptWords('DELIMITER')) {
    once(reader, parts.delimiter, 'DELIMITER')
    parts.delimiter = parseDelimiter(reader)
  } else if (reader.acceptWords('PARTITION', 'BY')) {
    once(reader, parts.partitionBy, 'PARTITION BY')
    parts.partitionBy = parsePartitionUnit(reader)
  } else if (reader.acceptWords('ON', 'ERROR')) {
    once(reader, parts.onError, 'ON ERROR')
    parts.onError = reader.expectOneOf(onError)
  } else return false
  return true
}

function once(reader: TokenReader, value: unknown, option: string): void {
  if (value !== undefined) throw malformed(`${option} is given twice`, reader.previous().start)
}

/** QuestDB writes the column as a string; a name will do. */
function parseColumn(reader: TokenReader): Name {
  if (reader.peek().kind !== 'String') return parseRelationName(reader)
  const { value, span } = parseString(reader)
  return { text: value, span }
}

/** One character of ASCII that is no quote and ends no line. */
function parseDelimiter(reader: TokenReader): string {
  const { value, span } = parseString(reader)
  if (/^[\t\x20-\x7e]$/.test(value) && value !== '"') return value
  throw malformed('DELIMITER must be one character of ASCII other than a quote', span.start)
}
