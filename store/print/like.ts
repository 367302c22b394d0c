import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { BoundExpression, LikeMatch } from '../bound.ts'
import { codeOf, likeExpression, likeParts, plainLike } from './like-pattern.ts'
import type { LikePart } from './like-pattern.ts'
import { operandOf } from './printer.ts'
import type { Printer } from './printer.ts'
import { raise } from './raise.ts'
import { withValues } from './single-use.ts'
import { textLiteral } from './text-literal.ts'
import { textOf } from './text-of.ts'

/** Longest pattern that is run as a regular expression, in bytes (hardening 5.2). */
const patternBytesMax = 4096

const tooLong = `a LIKE pattern must not exceed ${patternBytesMax} bytes`

/**
 * LIKE and ILIKE. The backslash escapes unless ESCAPE says otherwise. The engine's own LIKE is used
 * where it takes linear time, RE2 elsewhere. ILIKE is LIKE of both in lower case, as in PostgreSQL.
 */
export function printLike(printer: Printer, like: LikeMatch): string {
  const match = printMatch(printer, like)
  return like.negated ? `(NOT ${match})` : match
}

function printMatch(printer: Printer, like: LikeMatch): string {
  // Blank-padded text matches with its spaces, as in PostgreSQL.
  const { sql } = operandOf(printer, like.operand)
  const operand = like.caseInsensitive ? `lower(${sql})` : sql
  const escape = escapeOf(like)
  if (escape === null || isNullConstant(like.pattern)) {
    return `(CASE WHEN ${operand} IS NULL THEN NULL END)::BOOLEAN`
  }
  const { pattern } = like
  if (pattern.kind === 'Constant' && typeof pattern.value === 'string') {
    return constantMatch(operand, pattern.value, {
      escape,
      caseInsensitive: like.caseInsensitive,
    })
  }
  const text = textOf(operandOf(printer, pattern))
  return computedMatch(operand, like.caseInsensitive ? `lower(${text})` : text, escape)
}

function isNullConstant(expression: BoundExpression): boolean {
  return expression.kind === 'Constant' && expression.value === null
}

/** The escape character, empty for none, null for NULL. */
function escapeOf({ escape, caseInsensitive, pattern }: LikeMatch): string | null {
  if (escape === undefined) return '\\'
  if (escape.kind !== 'Constant') throw computedEscape()
  if (escape.value === null) return null
  const text = typeof escape.value === 'string' ? escape.value : ''
  if (Array.from(text).length > 1) throw invalidEscape()
  // The pattern is put in lower case before it is read.
  if (caseInsensitive && pattern.kind !== 'Constant' && /\p{L}/u.test(text)) throw computedEscape()
  return text
}

function constantMatch(
  operand: string,
  pattern: string,
  given: Pick<LikeMatch, 'caseInsensitive'> & { readonly escape: string },
): string {
  const read = likeParts(pattern, given.escape)
  const parts = given.caseInsensitive ? read.map(inLowerCase) : read
  const plain = plainLike(parts)
  if (plain !== undefined) return `(${operand} LIKE ${textLiteral(plain)})`
  if (Buffer.byteLength(pattern) > patternBytesMax) {
    throw new SqlError(SqlState.ProgramLimitExceeded, tooLong)
  }
  return fullMatch(operand, textLiteral(likeExpression(parts)))
}

/** One character for one. */
function inLowerCase(part: LikePart): LikePart {
  if (part.kind !== 'Literal') return part
  const [first = part.character] = Array.from(part.character.toLowerCase())
  return { kind: 'Literal', character: first }
}

/** `s`: every character counts, line breaks too. */
function fullMatch(operand: string, expression: string): string {
  return `regexp_full_match(${operand}, ${expression}, 's')`
}

/** A pattern that is known when the statement runs is made a regular expression there. */
function computedMatch(operand: string, pattern: string, escape: string): string {
  return withValues([operand, pattern], (text, read) => {
    const refused = [
      `WHEN strlen(${read}) > ${patternBytesMax} THEN ${raise(SqlState.ProgramLimitExceeded, tooLong)}`,
      ...endsWithEscape(read, escape),
    ]
    return `(CASE ${refused.join(' ')} ELSE ${fullMatch(text, expressionOf(read, escape))} END)`
  })
}

function endsWithEscape(pattern: string, escape: string): readonly string[] {
  if (escape === '') return []
  const code = codeOf(escape)
  const isBad = `regexp_full_match(${pattern}, ${textLiteral(`(?:${code}.|[^${code}])*${code}`)}, 's')`
  const error = raise(
    SqlState.InvalidEscapeSequence,
    'LIKE pattern must not end with escape character',
  )
  return [`WHEN ${isBad} THEN ${error}`]
}

/**
 * Every literal character is quoted as `\Qc\E`, then each `%` and `_` that stands behind nothing but
 * whole parts is replaced. A wildcard is put at the end and cut off again, so that a replacement never
 * begins within a part.
 */
function expressionOf(pattern: string, escape: string): string {
  const code = escape === '' ? '' : codeOf(escape)
  const literal = escape === '' ? '()([^%_])' : `${code}(.)|([^${code}%_])`
  const quoted = replaceAll(pattern, literal, '\\\\Q\\1\\2\\\\E')
  const part = '\\\\Q.\\\\E'
  const any = `left(${replaceAll(`${quoted} || '%'`, `((?:${part}|_)*)%`, '\\1.*')}, -2)`
  return `left(${replaceAll(`${any} || '_'`, `((?:${part}|\\.\\*)*)_`, '\\1.')}, -1)`
}

function replaceAll(text: string, pattern: string, replacement: string): string {
  return `regexp_replace(${text}, ${textLiteral(pattern)}, ${textLiteral(replacement)}, 'gs')`
}

function computedEscape(): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    'an escape string of LIKE that is not a constant, or a letter, is not supported',
  )
}

function invalidEscape(): SqlError {
  return new SqlError(SqlState.InvalidEscapeSequence, 'invalid escape string', {
    hint: 'Escape string must be empty or one character.',
  })
}
