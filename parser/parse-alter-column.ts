import { parseExpressionUntil } from './expression-range.ts'
import { parseRelationName } from './name.ts'
import { parseColumnStorage } from './parse-column-storage.ts'
import { parseIntegerLiteral, parseTypeName } from './parse-type-name.ts'
import { unsupportedStatement } from './parse-unsupported.ts'
import type {
  AlterColumn,
  AlteredTable,
  ColumnAction,
  Name,
  UnsupportedStatement,
} from './statement.ts'
import type { TokenReader } from './token-reader.ts'

/**
 * alter_column = "ALTER" [ "COLUMN" ] column
 *                ( [ "SET" "DATA" ] "TYPE" type [ symbol_options ] [ "USING" expr ]
 *                | "ADD" "INDEX" [ "CAPACITY" n ] | "DROP" "INDEX" | "CACHE" | "NOCACHE"
 *                | "SYMBOL" "CAPACITY" n | "SET" "PARQUET" ... ) ;
 *
 * ALTER has been read.
 */
export function parseAlterColumn(
  reader: TokenReader,
  table: AlteredTable,
): AlterColumn | UnsupportedStatement {
  reader.acceptWords('COLUMN')
  const column = parseRelationName(reader)
  if (reader.atWords('SET', 'PARQUET')) {
    return unsupportedStatement(reader, {
      permission: 'SET PARQUET SETTINGS',
      words: 'ALTER TABLE ... ALTER COLUMN ... SET PARQUET',
      target: { kind: 'Table', ...table },
    })
  }
  const action = parseColumnAction(reader, column)
  if (reader.atSymbol(',')) throw unsupportedHere(reader, 'with several actions')
  return { kind: 'AlterColumn', ...table, column, action }
}

function parseColumnAction(reader: TokenReader, column: Name): ColumnAction {
  refuseOtherActions(reader, column)
  if (reader.acceptWords('TYPE') || reader.acceptWords('SET', 'DATA', 'TYPE')) {
    return parseSetType(reader)
  }
  if (reader.acceptWords('ADD', 'INDEX')) {
    const capacity = reader.acceptWords('CAPACITY') ? parseIntegerLiteral(reader) : undefined
    return { kind: 'AddIndex', ...(capacity === undefined ? {} : { capacity }) }
  }
  if (reader.acceptWords('DROP', 'INDEX')) return { kind: 'DropIndex' }
  if (reader.acceptWords('CACHE')) return { kind: 'SetCached', cached: true }
  if (reader.acceptWords('NOCACHE')) return { kind: 'SetCached', cached: false }
  reader.expectWords('SYMBOL', 'CAPACITY')
  return { kind: 'SetSymbolCapacity', capacity: parseIntegerLiteral(reader) }
}

/** type [ symbol_options ] [ "USING" expr ] ; */
function parseSetType(reader: TokenReader): ColumnAction {
  const type = parseTypeName(reader)
  const storage = type.name === 'symbol' ? parseColumnStorage(reader) : {}
  if (reader.atWords('COLLATE')) throw unsupportedHere(reader, 'ALTER COLUMN ... COLLATE')
  const using = reader.acceptWords('USING')
    ? parseExpressionUntil(reader, 'Parenthesis')
    : undefined
  return { kind: 'SetType', type, ...storage, ...(using === undefined ? {} : { using }) }
}

/** What PostgreSQL can do to a column besides. */
const otherActions = [
  ['SET', 'DEFAULT'],
  ['DROP', 'DEFAULT'],
  ['SET', 'NOT', 'NULL'],
  ['DROP', 'NOT', 'NULL'],
  ['SET', 'STATISTICS'],
  ['SET', 'STORAGE'],
  ['SET', 'COMPRESSION'],
  ['SET', 'GENERATED'],
  ['SET', 'EXPRESSION'],
  ['DROP', 'EXPRESSION'],
  ['ADD', 'GENERATED'],
  ['DROP', 'IDENTITY'],
  ['RESTART'],
  ['RESET'],
] as const

function refuseOtherActions(reader: TokenReader, column: Name): void {
  const found = otherActions.find((words) => reader.atWords(...words))
  if (found === undefined) return
  const words = `ALTER TABLE ... ALTER COLUMN ... ${found.join(' ')}`
  throw reader.notSupported(words, column.span.start)
}

function unsupportedHere(reader: TokenReader, what: string): Error {
  return reader.notSupported(`ALTER TABLE ... ${what}`, reader.peek().start)
}
