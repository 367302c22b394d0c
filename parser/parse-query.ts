import type { SelectStmt } from '@pgsql/types'
import { parseOwnedBy } from './parse-principal.ts'
import type { QuerySource } from './query-source.ts'
import { readQuery } from './query-syntax.ts'
import type { Name, QuerySyntax } from './statement.ts'
import type { TokenReader } from './token-reader.ts'

/** Whether a query can begin with the token `ahead` places from here. */
export function startsQuery(reader: TokenReader, ahead: number): boolean {
  const token = reader.peek(ahead)
  if (token.kind === 'Symbol') return token.text === '('
  if (token.kind !== 'Word') return false
  // VALUES can be a column's name, DECLARE too; then a type follows.
  if (token.word === 'VALUES') return reader.atSymbol('(', ahead + 1)
  if (token.word === 'DECLARE')
    return reader.peek(ahead + 1).kind !== 'Word' || isOverridable(reader, ahead + 1)
  return token.word === 'SELECT' || token.word === 'WITH' || token.word === 'TABLE'
}

function isOverridable(reader: TokenReader, ahead: number): boolean {
  const token = reader.peek(ahead)
  return token.kind === 'Word' && token.word === 'OVERRIDABLE'
}

/** Words behind a closing parenthesis by which a query goes on. */
const queryContinuations: ReadonlySet<string> = new Set([
  'UNION',
  'INTERSECT',
  'EXCEPT',
  'ORDER',
  'LIMIT',
  'OFFSET',
  'FETCH',
  'FOR',
])

/**
 * "(" query ")" as QuestDB writes it, with clauses of the statement behind it. Undefined, and nothing
 * read, if the parentheses are only the beginning of a query.
 */
export function parseParenthesisedQuery(reader: TokenReader): QuerySyntax<SelectStmt> | undefined {
  if (!reader.atSymbol('(')) return undefined
  const length = closingParenthesis(reader)
  if (length === undefined) return undefined
  const after = reader.peek(length + 1)
  if (after.kind === 'Word' && queryContinuations.has(after.word)) return undefined
  reader.expectSymbol('(')
  const query = readQuery(takeTokens(reader, length - 1))
  reader.expectSymbol(')')
  return query
}

/** How far ahead the parenthesis is that closes the one here. */
function closingParenthesis(reader: TokenReader): number | undefined {
  let depth = 0
  for (let ahead = 0; ahead < reader.remaining; ahead += 1) {
    if (reader.atSymbol('(', ahead)) depth += 1
    else if (reader.atSymbol(')', ahead)) depth -= 1
    if (depth === 0) return ahead
  }
  return undefined
}

/** A query without parentheses, and what may stand behind it. */
interface DefinitionQuery {
  readonly query: QuerySyntax<SelectStmt>
  readonly withData: boolean
  readonly ownedBy?: Name
}

/** query [ "WITH" [ "NO" ] "DATA" ] [ "OWNED" "BY" entity ], up to the end of the statement */
export function parseDefinitionQuery(
  reader: TokenReader,
  tail: 'WithData' | 'Plain',
): DefinitionQuery {
  const ownerLength = endsInWords(reader, 1, 'OWNED', 'BY') ? 3 : 0
  const dataLength = tail === 'WithData' ? dataClauseLength(reader, ownerLength) : 0
  const length = Math.max(0, reader.remaining - ownerLength - dataLength)
  const query = readQuery(takeTokens(reader, length))
  reader.skip(dataLength)
  const ownedBy = parseOwnedBy(reader)
  return { query, withData: dataLength !== 3, ...(ownedBy === undefined ? {} : { ownedBy }) }
}

/** The next tokens, as what a query is read from. */
function takeTokens(reader: TokenReader, length: number): QuerySource {
  const from = reader.index
  reader.skip(length)
  const tokens = reader.tokens(from, from + length)
  return { source: reader.source, tokens, following: reader.peek() }
}

/** Whether these words stand right before the last `behind` tokens of the statement. */
function endsInWords(reader: TokenReader, behind: number, ...words: readonly string[]): boolean {
  const first = reader.remaining - behind - words.length
  return words.every((word, index) => {
    const token = first + index < 0 ? undefined : reader.peek(first + index)
    return token?.kind === 'Word' && token.word === word
  })
}

function dataClauseLength(reader: TokenReader, behind: number): 0 | 2 | 3 {
  if (endsInWords(reader, behind, 'WITH', 'NO', 'DATA')) return 3
  return endsInWords(reader, behind, 'WITH', 'DATA') ? 2 : 0
}
