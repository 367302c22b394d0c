import { asciiLowerCase } from './keywords.ts'
import { parseString } from './name.ts'
import { parseIntegerLiteral } from './parse-type-name.ts'
import type { IntegerLiteral, StorageParameters } from './statement.ts'
import { malformed } from './syntax-error.ts'
import type { TokenReader } from './token-reader.ts'

type Parts = { -readonly [Name in keyof StorageParameters]: StorageParameters[Name] }

/**
 * parameters = parameter { "," parameter } | "(" parameter { "," parameter } ")" ;
 *
 * PostgreSQL's form of WITH has the parentheses. SET PARAM takes QuestDB's names only.
 */
export function parseStorageParameters(
  reader: TokenReader,
  clause: 'WITH' | 'SET PARAM',
): StorageParameters {
  const parts: Parts = {}
  const parse = (): void => parseParameter(reader, clause, parts)
  if (clause === 'WITH' && reader.atSymbol('(')) reader.parenthesised(parse)
  else {
    parse()
    while (reader.atSymbol(',') && !isIndex(reader)) {
      reader.skip(1)
      parse()
    }
  }
  return parts
}

/** `, INDEX(...)` behind the parameters is another clause. */
function isIndex(reader: TokenReader): boolean {
  const token = reader.peek(1)
  return token.kind === 'Word' && token.word === 'INDEX' && reader.atSymbol('(', 2)
}

/** parameter = name "=" value ; */
function parseParameter(reader: TokenReader, clause: 'WITH' | 'SET PARAM', parts: Parts): void {
  const token = reader.peek()
  if (token.kind !== 'Word') throw reader.unexpected()
  const name = asciiLowerCase(token.text)
  const isKnown = name === 'maxuncommittedrows' || name === 'o3maxlag'
  if (!isKnown && !(clause === 'WITH' && pageParameters.has(name))) {
    throw reader.notSupported(`storage parameter "${name}"`, token.start)
  }
  reader.skip(1)
  if (!reader.atOperator('=')) throw reader.unexpected()
  reader.skip(1)
  if (name === 'maxuncommittedrows') {
    once(parts.maxUncommittedRows, token.text, token.start)
    parts.maxUncommittedRows = parseIntegerLiteral(reader)
  } else if (name === 'o3maxlag') {
    once(parts.o3MaxLag, token.text, token.start)
    parts.o3MaxLag = parseMicros(reader)
  } else {
    skipPageParameter(reader)
  }
}

function once(value: unknown, name: string, offset: number): void {
  if (value !== undefined) throw malformed(`${name} is given twice`, offset)
}

/**
 * PostgreSQL's parameters of pages and hidden columns that it has and we do not. Clients send them to every
 * server (pgbench: fillfactor); there is nothing that they could be about, so they are read and dropped.
 */
const pageParameters: ReadonlySet<string> = new Set(['fillfactor', 'oids'])

function skipPageParameter(reader: TokenReader): void {
  if (reader.acceptWords('FALSE')) return
  if (reader.peek().kind === 'Number') reader.skip(1)
  else parseString(reader)
}

const microsOfUnit: ReadonlyMap<string, number> = new Map([
  ['us', 1],
  ['ms', 1_000],
  ['s', 1_000_000],
  ['m', 60_000_000],
  ['h', 3_600_000_000],
  ['d', 86_400_000_000],
])

/** interval = n unit ; the unit right behind the number: us, ms, s, m, h, d */
function parseMicros(reader: TokenReader): IntegerLiteral {
  const token = reader.peek()
  const match = token.kind === 'NumberUnit' ? /^([0-9]+)(us|ms|s|m|h|d)$/.exec(token.text) : null
  const unit = microsOfUnit.get(match?.[2] ?? '')
  if (match === null || unit === undefined) throw reader.unexpected()
  const value = Number(match[1]) * unit
  if (!Number.isSafeInteger(value)) throw malformed('interval out of range', token.start)
  reader.skip(1)
  return { value, span: { start: token.start, end: token.end } }
}
