import type { SqlError } from '../errors/sql-error.ts'
import { SqlState } from '../errors/sql-state.ts'
import type { Span } from './statement.ts'
import { grammarError, syntaxError, tooComplex } from './syntax-error.ts'

/** Where in the client's text an offset of the parsed text lies. */
export interface PostgresErrorPlace {
  readonly source: string
  readonly offset: number
  /** What a syntax error there is near, where the parsed text does not show it: the range's end, a variable. */
  readonly near: Span | undefined
}

/** Messages that gram.y and scan.l raise with another state than syntax_error. */
const statesByMessage: readonly (readonly [RegExp, SqlState])[] = [
  [/^invalid byte sequence for encoding/, SqlState.CharacterNotInRepertoire],
  [/not (?:yet )?(?:supported|implemented)/, SqlState.FeatureNotSupported],
  [/^precision for type float/, SqlState.InvalidParameterValue],
  [/^frame (?:start|end)/, SqlState.WindowingError],
]

/** What libpg-query threw, as the error that PostgreSQL would send. */
export function postgresError(
  error: unknown,
  text: string,
  placeOf: (position: number) => PostgresErrorPlace,
): SqlError {
  const details = detailsOf(error)
  if (details === undefined || /memory exhausted/.test(details.message)) {
    // Not a word about the text: the module ran out of stack or memory (duckdb-hardening.md, 5.3).
    return tooComplex('The statement is nested too deeply.', placeOf(0).offset, error)
  }
  const { source, offset, near } = placeOf(utf16Offset(text, details.cursorPosition))
  if (near !== undefined && details.message.startsWith('syntax error')) {
    return syntaxError({ source, start: near.start, end: near.end })
  }
  const known = statesByMessage.find(([pattern]) => pattern.test(details.message))
  return grammarError(known?.[1] ?? SqlState.SyntaxError, details.message, offset)
}

interface PostgresErrorDetails {
  readonly message: string
  readonly cursorPosition: number
}

/** libpg-query's error is known by its shape: classes of another realm are not ours (section 6). */
function detailsOf(error: unknown): PostgresErrorDetails | undefined {
  if (typeof error !== 'object' || error === null || !('sqlDetails' in error)) return undefined
  const details = error.sqlDetails
  if (typeof details !== 'object' || details === null) return undefined
  if (!('message' in details) || typeof details.message !== 'string') return undefined
  const position = 'cursorPosition' in details ? details.cursorPosition : 0
  return { message: details.message, cursorPosition: typeof position === 'number' ? position : 0 }
}

/** PostgreSQL counts characters, which are code points. */
function utf16Offset(text: string, position: number): number {
  let offset = 0
  for (let count = 0; count < position && offset < text.length; count += 1) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1
  }
  return offset
}
