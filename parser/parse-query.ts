import type { SelectStmt } from '@pgsql/types'
import { parsePrincipal } from './name.ts'
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
  const from = reader.index + 1
  reader.skip(length)
  const query = readQuery({
    source: reader.source,
    tokens: reader.tokens(from, reader.index),
    following: reader.peek(),
  })
  reader.expectSymbol(')')
  return query
}

/** How far ahead the parenthesis is that closes the one here. */
function closingParenthesis(reader: TokenReader): number | undefined {
  let depth = 0
  for (let ahead = 0; ; ahead += 1) {
    if (reader.atSymbol('(', ahead)) depth += 1
    else if (reader.atSymbol(')', ahead)) depth -= 1
    if (depth === 0) return ahead
    const { kind } = reader.peek(ahead)
    if (kind === 'End' || (reader.atSymbol(';', ahead) && depth === 1)) return undefined
  }
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
  const from = reader.index
  let to = reader.tokens().length
  const ownedBy = endsInOwnedBy(reader) ? ownerAt(reader, to - 1) : undefined
  if (ownedBy !== undefined) to -= 3
  const data = tail === 'WithData' ? dataClause(reader, to) : { length: 0, withData: true }
  to -= data.length
  reader.skip(Math.max(0, to - from))
  const query = readQuery({
    source: reader.source,
    tokens: reader.tokens(from, to),
    following: reader.peek(),
  })
  reader.skipToEnd()
  return { query, withData: data.withData, ...(ownedBy === undefined ? {} : { ownedBy }) }
}

function wordsAt(reader: TokenReader, index: number): readonly (string | undefined)[] {
  return reader.tokens(index).map((token) => (token.kind === 'Word' ? token.word : undefined))
}

/** OWNED BY name as the last three tokens: no query can end so. */
function endsInOwnedBy(reader: TokenReader): boolean {
  const [owned, by] = wordsAt(reader, -3)
  return owned === 'OWNED' && by === 'BY'
}

function ownerAt(reader: TokenReader, index: number): Name {
  const back = reader.index
  reader.skip(index - back)
  const name = parsePrincipal(reader)
  reader.skip(back - reader.index)
  return name
}

function dataClause(reader: TokenReader, to: number): { length: number; withData: boolean } {
  const words = reader
    .tokens(Math.max(0, to - 3), to)
    .map((token) => (token.kind === 'Word' ? token.word : ''))
  const text = words.join(' ')
  if (text === 'WITH NO DATA') return { length: 3, withData: false }
  return { length: text.endsWith('WITH DATA') ? 2 : 0, withData: true }
}
