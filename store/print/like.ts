/**
 * LIKE and ILIKE. The engine's own matcher goes back for every `%` but the last, and does not hear an
 * interrupt meanwhile: `repeat('a', 200) ILIKE '%a%a%a%a%a%b'` runs for minutes. So it gets only patterns
 * that it matches in one pass; the others become regular expressions, which take time by length alone
 * (duckdb-hardening.md, section 5.2).
 */
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { BoundExpression, LikeMatch } from '../bound.ts'
import { operandOf } from './printer.ts'
import type { Printer } from './printer.ts'
import { raise } from './raise.ts'
import { withValues } from './single-use.ts'
import { textLiteral } from './text-literal.ts'
import { textOf } from './text-of.ts'

/** The guard of `~~` in acl/enforcement/data/duckdb-functions.json. */
const patternBytesMax = 4096

const tooLong = `LIKE pattern is longer than ${patternBytesMax} bytes`

/** @throws SqlError 54000 for a constant pattern that is too long, 22025 and 0A000 for an ESCAPE */
export function printLike(printer: Printer, like: LikeMatch): string {
  const operand = operandOf(printer, like.operand).sql
  // Blank-padded text matches with its spaces, as in PostgreSQL.
  const pattern = textOf(operandOf(printer, like.pattern))
  const escape = escapeCharacter(like.escape)
  if (escape === null) return 'CAST(NULL AS BOOLEAN)'
  const constant = constantText(like.pattern)
  if (constant !== undefined) {
    if (Buffer.byteLength(constant) > patternBytesMax) throw patternTooLong()
    if (isOnePass(constant, like)) return printPlain({ operand, pattern, constant, escape }, like)
    return negatedIf(like, matchExpression(operand, pattern, escape, like))
  }
  const match = withValues([pattern], (value = '') => {
    const matched = matchExpression(operand, value, escape, like)
    const error = raise(SqlState.ProgramLimitExceeded, tooLong)
    return `CASE WHEN strlen(${value}) > ${patternBytesMax} THEN ${error} ELSE ${matched} END`
  })
  return negatedIf(like, `(${match})`)
}

function negatedIf({ negated }: LikeMatch, match: string): string {
  return negated ? `(NOT ${match})` : match
}

function constantText(expression: BoundExpression): string | undefined {
  return expression.kind === 'Constant' && typeof expression.value === 'string'
    ? expression.value
    : undefined
}

/** The backslash unless ESCAPE says otherwise; the empty text is none. */
function escapeCharacter(escape: BoundExpression | undefined): string | null {
  if (escape === undefined) return '\\'
  if (escape.kind === 'Constant' && escape.value === null) return null
  const text = constantText(escape)
  if (text === undefined) throw escapeNotConstant()
  if (Array.from(text).length > 1) throw invalidEscape()
  return text
}

/** One `%` at most; or text between any number of them, for which the engine has a matcher of its own. */
function isOnePass(pattern: string, { caseInsensitive, escape }: LikeMatch): boolean {
  const isBetween = !caseInsensitive && escape === undefined && !/[\\_]/.test(pattern)
  return isBetween || pattern.split('%').length <= 2
}

interface PlainMatch {
  readonly operand: string
  readonly pattern: string
  readonly constant: string
  readonly escape: string
}

/** Without a need for an escape it is left out, which lets the engine use its fast forms. */
function printPlain(match: PlainMatch, { caseInsensitive, negated, escape }: LikeMatch): string {
  const word = `${negated ? 'NOT ' : ''}${caseInsensitive ? 'ILIKE' : 'LIKE'}`
  const needsNone = escape === undefined && !match.constant.includes('\\')
  const escaped = needsNone ? '' : ` ESCAPE ${textLiteral(match.escape)}`
  return `(${match.operand} ${word} ${match.pattern}${escaped})`
}

/**
 * The pattern as a regular expression. Once it is quoted, no control character stands in it without a
 * backslash: so three of them can stand for what was escaped while the wildcards are replaced.
 */
function matchExpression(
  operand: string,
  pattern: string,
  escape: string,
  { caseInsensitive }: LikeMatch,
): string {
  const fold = (sql: string): string => (caseInsensitive ? `lower(${sql})` : sql)
  const e = quoted(caseInsensitive ? escape.toLowerCase() : escape)
  const [itself, percent, underscore] = standIns(escape)
  const escapes: readonly (readonly [string, string])[] =
    e === ''
      ? []
      : [
          [`${e}${e}`, itself],
          [`${e}\\%`, percent],
          [`${e}_`, underscore],
          [e, ''],
        ]
  const steps: readonly (readonly [string, string])[] = [
    ...escapes,
    ['\\%', '.*'],
    ['_', '.'],
    [itself, e],
    [percent, '%'],
    [underscore, '_'],
  ]
  const expression = steps.reduce(
    (sql, [from, to]) => `replace(${sql}, ${textLiteral(from)}, ${textLiteral(to)})`,
    `regexp_escape(${fold(pattern)})`,
  )
  return `regexp_full_match(${fold(operand)}, ${expression}, 's')`
}

function standIns(escape: string): readonly [string, string, string] {
  return escape < '\x04' && escape !== '' ? ['\x04', '\x05', '\x06'] : ['\x01', '\x02', '\x03']
}

/** As the engine's `regexp_escape` writes one character. */
function quoted(character: string): string {
  const isBare = character === '' || character > '\x7f' || /[A-Za-z0-9_]/.test(character)
  return isBare ? character : `\\${character}`
}

function patternTooLong(): SqlError {
  return new SqlError(SqlState.ProgramLimitExceeded, tooLong)
}

function invalidEscape(): SqlError {
  return new SqlError(SqlState.InvalidEscapeSequence, 'invalid escape string', {
    hint: 'Escape string must be empty or one character.',
  })
}

function escapeNotConstant(): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    'an ESCAPE that is no constant is not supported',
  )
}
