import type { Node as SyntaxNode } from '@pgsql/types'
import { readStatement } from './query-syntax.ts'
import type { QuerySyntax, RowStatement } from './statement.ts'
import type { TokenReader } from './token-reader.ts'
import { statementWords } from './unsupported-statement.ts'

/**
 * The rest of the statement by PostgreSQL's own grammar: a query, INSERT, UPDATE or DELETE. What it
 * reads beyond that is known, and refused in its own words (architecture.md, R3), behind `prefix`.
 */
export function parsePostgresStatement(reader: TokenReader, prefix = ''): RowStatement {
  const { start } = reader.peek()
  const syntax = readRest(reader)
  const statement = dataStatement(syntax)
  if (statement !== undefined) return statement
  throw reader.notSupported(prefix + statementWords(syntax.tree), start)
}

function readRest(reader: TokenReader): QuerySyntax<SyntaxNode> {
  const tokens = reader.tokens(reader.index)
  reader.skipToEnd()
  return readStatement({ source: reader.source, tokens, following: reader.peek() })
}

function dataStatement({ tree, ...rest }: QuerySyntax<SyntaxNode>): RowStatement | undefined {
  if ('SelectStmt' in tree) {
    return { kind: 'Query', query: { tree: tree.SelectStmt, ...rest } }
  }
  if ('InsertStmt' in tree) {
    return { kind: 'Insert', query: { tree: tree.InsertStmt, ...rest } }
  }
  if ('UpdateStmt' in tree) {
    return { kind: 'Update', query: { tree: tree.UpdateStmt, ...rest } }
  }
  if ('DeleteStmt' in tree) {
    return { kind: 'Delete', query: { tree: tree.DeleteStmt, ...rest } }
  }
  return undefined
}
