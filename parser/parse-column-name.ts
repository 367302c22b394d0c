import { parseRelationName } from './name.ts'
import type { ColumnName } from './query-clauses.ts'
import type { TokenReader } from './token-reader.ts'

/** Names before a column's own: of its schema and its table. */
const partsMax = 3

/** column = [ [ name "." ] name "." ] name ; a string is none. */
export function parseColumnName(reader: TokenReader): ColumnName {
  const { start } = reader.peek()
  const parts = [parsePart(reader)]
  while (parts.length < partsMax && reader.acceptSymbol('.')) parts.push(parsePart(reader))
  return { parts, span: { start, end: reader.previous().end } }
}

function parsePart(reader: TokenReader): ColumnName['parts'][number] {
  if (reader.peek().kind === 'String') throw reader.unexpected()
  return parseRelationName(reader)
}
