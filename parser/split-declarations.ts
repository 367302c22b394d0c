import { DECLARATIONS_MAX } from './limits.ts'
import { checkNameLength } from './name.ts'
import type { QuerySource } from './query-source.ts'
import type { Declaration } from './statement.ts'
import { tooManyDeclarations } from './syntax-error.ts'
import type { Token } from './token.ts'
import { TokenReader } from './token-reader.ts'
import { findVariables, variableAt } from './variables.ts'

/** A declaration whose expression is still to be read. */
interface DeclarationSource extends Omit<Declaration, 'expression'> {
  readonly expression: QuerySource
}

interface DeclaredSource {
  readonly declarations: readonly DeclarationSource[]
  readonly query: QuerySource
}

/**
 * query = [ "DECLARE" variable { "," variable } ] (* SELECT ... or WITH ... *) ;
 * cut by token into what PostgreSQL's grammar reads part by part.
 */
export function splitDeclarations({ source, tokens, following }: QuerySource): DeclaredSource {
  const reader = new TokenReader(source, { tokens, terminator: following })
  reader.expectWords('DECLARE')
  const declarations = reader.list(() => splitDeclaration(reader))
  if (declarations.length > DECLARATIONS_MAX) {
    throw tooManyDeclarations(DECLARATIONS_MAX, reader.start)
  }
  return { declarations, query: sourceOf(reader, reader.tokens(reader.index), following) }
}

/** variable = [ "OVERRIDABLE" ] "@" identifier ":=" (* expression *) ; */
function splitDeclaration(reader: TokenReader): DeclarationSource {
  const overridable = reader.acceptWords('OVERRIDABLE')
  const name = reader.atOperator('@') ? variableHere(reader) : undefined
  if (name === undefined) throw reader.unexpected()
  checkNameLength(name.text, name.span.start)
  reader.skip(2)
  if (!reader.atOperator(':=')) throw reader.unexpected()
  reader.skip(1)
  const from = reader.index
  skipExpression(reader)
  if (reader.index === from) throw reader.unexpected()
  const tokens = reader.tokens(from, reader.index)
  return { name, overridable, expression: sourceOf(reader, tokens, reader.peek()) }
}

function sourceOf(
  { source }: TokenReader,
  tokens: readonly Token[],
  following: Token,
): QuerySource {
  return { source, tokens, following, variables: findVariables(tokens, source) }
}

function variableHere(reader: TokenReader): ReturnType<typeof variableAt> {
  return variableAt([reader.peek(), reader.peek(1)], 0)
}

/** An expression ends, outside parentheses and CASE, at a comma or where the query begins. */
function skipExpression(reader: TokenReader): void {
  let depth = 0
  while (!reader.isAtEnd) {
    if (depth === 0 && (reader.atSymbol(',') || reader.atSymbol(')') || atQuery(reader))) return
    // `@end` is a variable, whatever its name means elsewhere.
    if (variableHere(reader) === undefined) depth += depthChange(reader.next())
    else reader.skip(2)
  }
}

/** WITH begins a query, but not in `timestamp with time zone '...'`. */
function atQuery(reader: TokenReader): boolean {
  if (reader.atWords('SELECT')) return true
  return reader.atWords('WITH') && !reader.atWords('WITH', 'TIME', 'ZONE')
}

function depthChange(token: Token): number {
  if (token.kind === 'Word') return token.word === 'CASE' ? 1 : token.word === 'END' ? -1 : 0
  if (token.kind !== 'Symbol') return 0
  if (token.text === '(' || token.text === '[') return 1
  return token.text === ')' || token.text === ']' ? -1 : 0
}
