import { parseString, parseRelationName } from './name.ts'
import { parseTimeSpan } from './parse-time-span.ts'
import type { SampleAlignment, SampleBy, SampleFill } from './query-clauses.ts'
import type { ExpressionSyntax } from './statement.ts'
import { malformed } from './syntax-error.ts'
import type { Token } from './token.ts'
import type { TokenReader } from './token-reader.ts'

/** Reads the tokens from one index up to another as an expression of PostgreSQL's grammar. */
export type ReadExpression = (from: number, to: number) => ExpressionSyntax

/**
 * sample_by = "SAMPLE" "BY" period [ "FROM" expression ] [ "TO" expression ] [ fill ] [ align ] ;
 */
export function parseSampleBy(reader: TokenReader, read: ReadExpression): SampleBy {
  const { start } = reader.peek()
  reader.expectWords('SAMPLE', 'BY')
  const period = parseTimeSpan(reader)
  const from = reader.acceptWords('FROM') ? parseBound(reader, read) : undefined
  const to = reader.acceptWords('TO') ? parseBound(reader, read) : undefined
  const fills = reader.acceptWords('FILL')
    ? reader.parenthesised(() => parseFill(reader, read))
    : []
  const alignment = parseAlignment(reader)
  return {
    kind: 'SampleBy',
    period,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    fills,
    alignment,
    span: { start, end: reader.previous().end },
  }
}

/** What ends FROM or TO: the next part of the clause, or the next clause of the query. */
const boundEnds: ReadonlySet<string> = new Set([
  'TO',
  'FILL',
  'ALIGN',
  'GROUP',
  'HAVING',
  'WINDOW',
  'ORDER',
  'LIMIT',
  'OFFSET',
  'FETCH',
  'FOR',
  'UNION',
  'INTERSECT',
  'EXCEPT',
  'ON',
  'RETURNING',
])

function parseBound(reader: TokenReader, read: ReadExpression): ExpressionSyntax {
  return parseUntil(reader, read, (token) => token.kind === 'Word' && boundEnds.has(token.word))
}

function parseUntil(
  reader: TokenReader,
  read: ReadExpression,
  ends: (token: Token) => boolean,
): ExpressionSyntax {
  const from = reader.index
  let depth = 0
  while (!reader.isAtEnd) {
    const token = reader.peek()
    if (depth === 0 && (isClosing(token) || ends(token))) break
    depth += depthChange(reader.next())
  }
  if (reader.index === from) throw reader.unexpected()
  return read(from, reader.index)
}

function isClosing(token: Token): boolean {
  return token.kind === 'Symbol' && (token.text === ')' || token.text === ']')
}

function depthChange(token: Token): number {
  if (token.kind !== 'Symbol') return 0
  if (token.text === '(' || token.text === '[') return 1
  return isClosing(token) ? -1 : 0
}

/** fill = "FILL" "(" fill_value { "," fill_value } ")" ;
 *  fill_value = "NONE" | "NULL" | "LINEAR" | "PREV" [ "(" column ")" ] | expression ; */
function parseFill(reader: TokenReader, read: ReadExpression): SampleFill {
  const { start, end } = reader.peek()
  const span = { start, end }
  if (acceptAlone(reader, 'NONE')) return { kind: 'None', span }
  if (acceptAlone(reader, 'NULL')) return { kind: 'Null', span }
  if (acceptAlone(reader, 'LINEAR')) return { kind: 'Linear', span }
  if (acceptAlone(reader, 'PREV')) return { kind: 'Prev', span }
  if (reader.atWords('PREV') && reader.atSymbol('(', 1)) {
    reader.skip(2)
    const column = parseRelationName(reader)
    reader.expectSymbol(')')
    return { kind: 'Prev', column, span: { start, end: reader.previous().end } }
  }
  const value = parseUntil(reader, read, isComma)
  return { kind: 'Value', value, span: { start, end: reader.previous().end } }
}

function isComma(token: Token): boolean {
  return token.kind === 'Symbol' && token.text === ','
}

function acceptAlone(reader: TokenReader, word: string): boolean {
  if (!reader.atSymbol(',', 1) && !reader.atSymbol(')', 1)) return false
  return reader.acceptWords(word)
}

/** align = "ALIGN" "TO" ( "FIRST" "OBSERVATION"
 *        | "CALENDAR" [ "TIME" "ZONE" string ] [ "WITH" "OFFSET" string ] ) ; */
function parseAlignment(reader: TokenReader): SampleAlignment {
  const { start } = reader.peek()
  if (!reader.acceptWords('ALIGN')) return { kind: 'Calendar' }
  reader.expectWords('TO')
  if (reader.acceptWords('FIRST')) {
    reader.expectWords('OBSERVATION')
    return { kind: 'FirstObservation', span: { start, end: reader.previous().end } }
  }
  reader.expectWords('CALENDAR')
  const timeZone = reader.acceptWords('TIME', 'ZONE') ? parseString(reader) : undefined
  const offsetMinutes = reader.acceptWords('WITH', 'OFFSET') ? parseOffset(reader) : undefined
  return {
    kind: 'Calendar',
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(offsetMinutes === undefined ? {} : { offsetMinutes }),
  }
}

/** `'+02:30'`, `'-00:15'`, `'10:00'`. */
function parseOffset(reader: TokenReader): number {
  const { start } = reader.peek()
  const { value } = parseString(reader)
  const [, sign, hours, minutes] = /^([+-]?)(\d\d):([0-5]\d)$/.exec(value) ?? []
  if (hours === undefined) throw malformed("WITH OFFSET expects a text such as '+02:30'", start)
  const total = Number(hours) * 60 + Number(minutes)
  return sign === '-' ? 0 - total : total
}
