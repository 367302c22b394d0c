import { checkTokens } from './check-complexity.ts'
import { STATEMENTS_MAX, TEXT_BYTES_MAX } from './limits.ts'
import { tokenize } from './lexer.ts'
import { parseStatement } from './parse-statement.ts'
import { loadQueryParser, readExpression } from './query-syntax.ts'
import { splitStatements, type StatementTokens } from './split-statements.ts'
import type { ExpressionSyntax, ParsedStatement } from './statement.ts'
import { badCharacter, textTooLong, tooManyStatements } from './syntax-error.ts'
import { TokenReader } from './token-reader.ts'

/** Loads what the parser needs; to be awaited once before the first text is parsed. Idempotent. */
export async function loadParser(): Promise<void> {
  await loadQueryParser()
}

/**
 * Every statement of a text that a client sent; statements without a token are left out. Throws a
 * SqlError, with its place in the text, if one of them is not well formed or not known.
 */
export function parseStatements(text: string): readonly ParsedStatement[] {
  checkText(text)
  const statements = splitStatements(tokenize(text))
  if (statements.length > STATEMENTS_MAX) throw tooManyStatements(STATEMENTS_MAX)
  return statements.map((statement) => parseOne(text, statement))
}

/** Reads one expression alone, such as the stored text of a DEFAULT. */
export function parseExpression(text: string): ExpressionSyntax {
  checkText(text)
  const tokens = tokenize(text)
  checkTokens(tokens, 0)
  const following = tokens.at(-1) ?? { kind: 'End', start: text.length, end: text.length }
  return readExpression({ source: text, tokens: tokens.slice(0, -1), following })
}

function checkText(text: string): void {
  if (Buffer.byteLength(text, 'utf8') > TEXT_BYTES_MAX) throw textTooLong(TEXT_BYTES_MAX)
  // libpg-query would read U+0000 as the end, and half a surrogate pair as something else (2.2).
  const nul = text.indexOf('\0')
  if (nul !== -1) throw badCharacter('invalid byte sequence for encoding "UTF8": 0x00', nul)
  const half = text.search(/\p{Surrogate}/u)
  if (half !== -1) throw badCharacter('invalid byte sequence for encoding "UTF8"', half)
}

function parseOne(source: string, tokens: StatementTokens): ParsedStatement {
  const reader = new TokenReader(source, tokens)
  checkTokens(tokens.tokens, reader.start)
  const statement = parseStatement(reader)
  const { start, end, secrets } = reader
  return { statement, text: source.slice(start, end), span: { start, end }, secrets }
}
