import { asciiLowerCase } from './keywords.ts'
import { quoteName } from './quote.ts'
import type { IntegerLiteral, TypeName } from './statement.ts'
import { errorNear } from './syntax-error.ts'
import type { TokenReader } from './token-reader.ts'

/** PostgreSQL's own words for types, and the names that its grammar gives them (gram.y, SimpleTypename). */
const typeNames: ReadonlyMap<string, string> = new Map([
  ['INT', 'int4'],
  ['INTEGER', 'int4'],
  ['SMALLINT', 'int2'],
  ['BIGINT', 'int8'],
  ['REAL', 'float4'],
  ['FLOAT', 'float8'],
  ['DOUBLE PRECISION', 'float8'],
  ['DECIMAL', 'numeric'],
  ['DEC', 'numeric'],
  ['NUMERIC', 'numeric'],
  ['BOOLEAN', 'bool'],
  ['CHAR', 'bpchar'],
  ['CHARACTER', 'bpchar'],
  ['NCHAR', 'bpchar'],
  ['CHAR VARYING', 'varchar'],
  ['CHARACTER VARYING', 'varchar'],
  ['NCHAR VARYING', 'varchar'],
  ['VARCHAR', 'varchar'],
  ['BIT', 'bit'],
  ['BIT VARYING', 'varbit'],
  ['TIME', 'time'],
  ['TIME WITHOUT TIME ZONE', 'time'],
  ['TIME WITH TIME ZONE', 'timetz'],
  ['TIMESTAMP', 'timestamp'],
  ['TIMESTAMP WITHOUT TIME ZONE', 'timestamp'],
  ['TIMESTAMP WITH TIME ZONE', 'timestamptz'],
  ['INTERVAL', 'interval'],
])

/** The words that may follow a type's first word. */
const secondWords: ReadonlyMap<string, string> = new Map([
  ['DOUBLE', 'PRECISION'],
  ['CHAR', 'VARYING'],
  ['CHARACTER', 'VARYING'],
  ['NCHAR', 'VARYING'],
  ['BIT', 'VARYING'],
])

/** Of `CHAR` and `BIT` without a length, one character or bit is meant. */
const oneLongTypes: ReadonlySet<string> = new Set(['bpchar', 'bit'])

/** type = type_words [ "(" integer { "," integer } ")" ] [ zone ] { "[" [ integer ] "]" } | ... "ARRAY" ; */
export function parseTypeName(reader: TokenReader): TypeName {
  const { start } = reader.peek()
  const base = parseBaseName(reader)
  const given = parseModifiers(reader)
  const zone = base.quoted ? '' : parseTimeZone(reader, base.words)
  const words = base.words + zone
  const name = base.quoted ? base.words : nameOf(words, given)
  const arrayDimensions = parseArrayDimensions(reader)
  const modifiers = given.length === 0 && oneLongTypes.has(name) ? [1] : given
  const inParentheses = given.length === 0 ? '' : `(${given.join(',')})`
  const shownBase = base.quoted ? quoteName(base.words) : base.words
  const declared = shownBase + inParentheses + zone + '[]'.repeat(arrayDimensions)
  return {
    name,
    modifiers: name.startsWith('float') ? [] : modifiers,
    arrayDimensions,
    declared,
    span: { start, end: reader.previous().end },
  }
}

/** FLOAT(p) is one of two types by its precision (gram.y, opt_float). */
function nameOf(words: string, modifiers: readonly number[]): string {
  if (words === 'FLOAT' && modifiers[0] !== undefined && modifiers[0] <= 24) return 'float4'
  return typeNames.get(words) ?? asciiLowerCase(words)
}

interface BaseName {
  /** Upper case; of a quoted name, the name. */
  readonly words: string
  readonly quoted: boolean
}

/** [ name "." ] [ name "." ] words ; what a type is called does not depend on its schema here */
function parseBaseName(reader: TokenReader): BaseName {
  for (let qualifiers = 0; qualifiers < 2 && reader.atSymbol('.', 1); qualifiers += 1) {
    const { kind } = reader.peek()
    if (kind !== 'Word' && kind !== 'QuotedName') throw reader.unexpected()
    reader.skip(2)
  }
  const token = reader.peek()
  if (token.kind !== 'Word' && token.kind !== 'QuotedName') throw reader.unexpected()
  reader.skip(1)
  if (token.kind === 'QuotedName') return { words: token.value, quoted: true }
  if (token.word === 'GEOHASH') throw reader.notSupported('GEOHASH', token.start)
  if (token.word === 'SETOF') throw reader.notSupported('SETOF', token.start)
  const isNational = token.word === 'NATIONAL'
  const first = isNational ? reader.expectOneOf(['CHARACTER', 'CHAR']) : token.word
  return { words: parseVarying(reader, first), quoted: false }
}

function parseVarying(reader: TokenReader, first: string): string {
  const second = secondWords.get(first)
  return second !== undefined && reader.acceptWords(second) ? `${first} ${second}` : first
}

/** [ ( "WITH" | "WITHOUT" ) "TIME" "ZONE" ], of TIME and TIMESTAMP */
function parseTimeZone(reader: TokenReader, words: string): string {
  if (words === 'INTERVAL') refuseIntervalFields(reader)
  if (words !== 'TIME' && words !== 'TIMESTAMP') return ''
  for (const word of ['WITH', 'WITHOUT']) {
    if (reader.acceptWords(word, 'TIME', 'ZONE')) return ` ${word} TIME ZONE`
  }
  return ''
}

function refuseIntervalFields(reader: TokenReader): void {
  const fields = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND']
  const field = fields.find((word) => reader.atWords(word))
  if (field !== undefined) throw reader.notSupported(`INTERVAL ${field}`, reader.peek().start)
}

function parseModifiers(reader: TokenReader): readonly number[] {
  return reader.atSymbol('(') ? reader.parenthesised(() => parseInteger(reader)) : []
}

/** integer = [ "-" ] digits ; at most what fits into four bytes */
export function parseInteger(reader: TokenReader): number {
  const isNegative = reader.atOperator('-')
  if (isNegative) reader.skip(1)
  const token = reader.peek()
  if (token.kind !== 'Number' || !/^[0-9]+$/.test(token.text)) throw reader.unexpected()
  const value = Number(token.text)
  if (value > 0x7fffffff) {
    const place = { source: reader.source, start: token.start, end: token.end }
    throw errorNear('integer out of range', place)
  }
  reader.skip(1)
  return isNegative ? -value : value
}

/** An integer, and where it stands. */
export function parseIntegerLiteral(reader: TokenReader): IntegerLiteral {
  const { start } = reader.peek()
  const value = parseInteger(reader)
  return { value, span: { start, end: reader.previous().end } }
}

function parseArrayDimensions(reader: TokenReader): number {
  if (reader.acceptWords('ARRAY')) {
    if (reader.atSymbol('[')) parseBound(reader)
    return 1
  }
  let dimensions = 0
  for (; reader.atSymbol('['); dimensions += 1) parseBound(reader)
  return dimensions
}

/** PostgreSQL reads a bound and keeps it nowhere. */
function parseBound(reader: TokenReader): void {
  reader.expectSymbol('[')
  if (!reader.atSymbol(']')) parseInteger(reader)
  reader.expectSymbol(']')
}
