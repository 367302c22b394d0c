import type { Node as SyntaxNode, SelectStmt } from '@pgsql/types'
import { loadModule, parseSync } from 'libpg-query'
import { checkNameLengths, checkTree } from './check-complexity.ts'
import { postgresError } from './postgres-error.ts'
import type { QuerySource } from './query-source.ts'
import { attachClauses } from './attach-clauses.ts'
import { cutClauses } from './cut-clauses.ts'
import { editText } from './edited-text.ts'
import { startsDeclare } from './questdb-clauses.ts'
import { splitDeclarations } from './split-declarations.ts'
import type { ExpressionSyntax, QuerySyntax } from './statement.ts'
import { syntaxError } from './syntax-error.ts'
import { utf8Offsets } from './utf8-offsets.ts'
import { variableEdits } from './variables.ts'

/** Loads libpg-query's WebAssembly module; idempotent. */
export async function loadQueryParser(): Promise<void> {
  await loadModule()
}

/** Reads one statement with PostgreSQL's own grammar, or a query with DECLARE. */
export function readStatement(source: QuerySource): QuerySyntax<SyntaxNode> {
  if (!startsDeclare(source.tokens)) return readPlain(source)
  const syntax = readDeclared(source)
  return { ...syntax, tree: { SelectStmt: syntax.tree } }
}

/** Reads a query (SELECT, VALUES, TABLE, WITH ...); another statement in its place is refused. */
export function readQuery(source: QuerySource): QuerySyntax<SelectStmt> {
  return startsDeclare(source.tokens) ? readDeclared(source) : readSelect(source)
}

function readPlain(source: QuerySource): QuerySyntax<SyntaxNode> {
  return readTree(source, { before: '', behind: '' })
}

function readSelect(source: QuerySource): QuerySyntax<SelectStmt> {
  const { tree, ...rest } = readPlain(source)
  if (!('SelectStmt' in tree)) {
    const { start, end } = source.tokens[0] ?? source.following
    throw syntaxError({ source: source.source, start, end })
  }
  return { tree: tree.SelectStmt, ...rest }
}

/** DECLARE and the query behind it (V7); its text is that of both. */
function readDeclared(source: QuerySource): QuerySyntax<SelectStmt> {
  const { declarations, query } = splitDeclarations(source)
  const read = declarations.map((declaration) => ({
    ...declaration,
    expression: readExpression(declaration.expression),
  }))
  const syntax = readSelect(query)
  const start = source.tokens[0]?.start ?? source.following.start
  const end = source.tokens.at(-1)?.end ?? start
  return { ...syntax, start, text: source.source.slice(start, end), declarations: read }
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
  const { source, tokens, following, variables } = query
  const start = tokens[0]?.start ?? following.start
  const end = tokens.at(-1)?.end ?? start
  if (tokens.length === 0) throw syntaxError({ source, start, end: following.end })
  checkNameLengths(tokens)
  const text = source.slice(start, end)
  const cut = cutClauses(query, readExpression)
  const edits = [...cut.edits, ...variableEdits(variables, cut.edits, { start, end })]
  const edited = editText(source, { start, end }, edits)
  const placeOf = (position: number): ReturnType<typeof edited.placeOf> =>
    edited.placeOf(position - frame.before.length)
  const framed = frame.before + edited.text + frame.behind
  const statements = parseText(framed, (position) => {
    const { offset, near } = placeOf(position)
    return { source, offset, near: offset >= end ? following : near }
  })
  const tree = statements.length === 1 ? statements[0]?.stmt : undefined
  if (tree === undefined) throw syntaxError({ source, start, end: following.end })
  const { stray, ...clauses } = attachClauses(tree, cut.clauses)
  if (stray !== undefined) throw syntaxError({ source, ...stray })
  const toOffset = utf8Offsets(framed)
  const offsetOf = (location: number | undefined): number | undefined =>
    location === undefined || location < 0 ? undefined : placeOf(toOffset(location)).offset
  checkTree(tree, { start, offsetOf })
  return {
    tree,
    text,
    start,
    offsetOf,
    ...(variables === undefined ? {} : { variables }),
    ...(cut.clauses.size === 0 ? {} : { clauses }),
  }
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
