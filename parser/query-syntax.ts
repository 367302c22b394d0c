import type { Node as SyntaxNode, SelectStmt } from '@pgsql/types'
import { loadModule, parseSync } from 'libpg-query'
import { checkNameLengths, checkTree } from './check-complexity.ts'
import { postgresError } from './postgres-error.ts'
import { refuseQuestDbClauses } from './questdb-clauses.ts'
import type { ExpressionSyntax, QuerySyntax } from './statement.ts'
import { syntaxError } from './syntax-error.ts'
import type { Token } from './token.ts'
import { utf8Offsets } from './utf8-offsets.ts'

/** Loads libpg-query's WebAssembly module; idempotent. */
export async function loadQueryParser(): Promise<void> {
  await loadModule()
}

/** A range of the client's text, its tokens, and what stands behind it. */
export interface QuerySource {
  readonly source: string
  readonly tokens: readonly Token[]
  /** The token behind the range: an error at the range's end is an error there. */
  readonly following: Token
}

/** Reads one statement with PostgreSQL's own grammar. */
export function readStatement(source: QuerySource): QuerySyntax<SyntaxNode> {
  refuseQuestDbClauses(source.tokens)
  return readTree(source, { before: '', behind: '' })
}

/** Reads a query (SELECT, VALUES, TABLE, WITH ...); another statement in its place is refused. */
export function readQuery(source: QuerySource): QuerySyntax<SelectStmt> {
  const { tree, ...rest } = readStatement(source)
  if (!('SelectStmt' in tree)) {
    const { start, end } = source.tokens[0] ?? source.following
    throw syntaxError({ source: source.source, start, end })
  }
  return { tree: tree.SelectStmt, ...rest }
}

/**
 * Reads one expression. In a VALUES list it can have no alias, no second one beside it, and no
 * clause of a query behind it.
 */
export function readExpression(source: QuerySource): ExpressionSyntax {
  const { tree, ...rest } = readTree(source, { before: 'VALUES (', behind: ')' })
  const list = 'SelectStmt' in tree ? tree.SelectStmt.valuesLists?.[0] : undefined
  const items = list !== undefined && 'List' in list ? list.List.items : undefined
  const expression = items?.[0]
  if (expression === undefined || items?.length !== 1 || 'SetToDefault' in expression) {
    const { start, end } = source.tokens[0] ?? source.following
    throw syntaxError({ source: source.source, start, end })
  }
  return { tree: expression, ...rest }
}

/** Text that is put around a range so that the grammar takes it. */
interface Frame {
  readonly before: string
  readonly behind: string
}

function readTree(query: QuerySource, frame: Frame): QuerySyntax<SyntaxNode> {
  const { source, tokens, following } = query
  const start = tokens[0]?.start ?? following.start
  const end = tokens.at(-1)?.end ?? start
  if (tokens.length === 0) throw syntaxError({ source, start, end: following.end })
  checkNameLengths(tokens)
  const text = source.slice(start, end)
  const framed = frame.before + text + frame.behind
  const statements = parseText(framed, (position) => {
    const offset = start + position - frame.before.length
    return { source, offset, following: offset >= end ? following : undefined }
  })
  const tree = statements.length === 1 ? statements[0]?.stmt : undefined
  if (tree === undefined) throw syntaxError({ source, start, end: following.end })
  const toOffset = utf8Offsets(framed)
  const offsetOf = (location: number | undefined): number | undefined =>
    location === undefined || location < 0
      ? undefined
      : start + toOffset(location) - frame.before.length
  checkTree(tree, { start, offsetOf })
  return { tree, text, start, offsetOf }
}

type Statements = NonNullable<ReturnType<typeof parseSync>['stmts']>

/** libpg-query's errors are converted here, at its door (code-style.md, section 6). */
function parseText(text: string, placeOf: Parameters<typeof postgresError>[2]): Statements {
  try {
    return parseSync(text).stmts ?? []
  } catch (error) {
    throw postgresError(error, text, placeOf)
  }
}
