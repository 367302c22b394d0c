import { readExpression } from './query-syntax.ts'
import type { ExpressionSyntax } from './statement.ts'
import type { Token } from './token.ts'
import type { TokenReader } from './token-reader.ts'

/** What ends an expression besides a comma: the closing parenthesis, or what may follow DEFAULT. */
export type ExpressionEnd = 'Parenthesis' | 'ColumnConstraint'

/** Reads an expression of PostgreSQL's grammar; where it ends is found by token. */
export function parseExpressionUntil(reader: TokenReader, end: ExpressionEnd): ExpressionSyntax {
  const from = reader.index
  let depth = 0
  while (!reader.isAtEnd) {
    if (depth === 0 && endsExpression(reader, end, from)) break
    depth += depthChange(reader.next())
  }
  if (reader.index === from) throw reader.unexpected()
  return readExpression({
    source: reader.source,
    tokens: reader.tokens(from, reader.index),
    following: reader.peek(),
  })
}

function depthChange(token: Token): number {
  if (token.kind === 'Word') return token.word === 'CASE' ? 1 : token.word === 'END' ? -1 : 0
  if (token.kind !== 'Symbol') return 0
  if (token.text === '(' || token.text === '[') return 1
  return token.text === ')' || token.text === ']' ? -1 : 0
}

/** DEFAULT takes a b_expr, which has none of these words outside parentheses (gram.y, ColConstraintElem). */
const columnConstraintWords: ReadonlySet<string> = new Set([
  'NOT',
  'NULL',
  'DEFAULT',
  'PRIMARY',
  'UNIQUE',
  'CHECK',
  'REFERENCES',
  'GENERATED',
  'CONSTRAINT',
  'COLLATE',
  'DEFERRABLE',
  'INITIALLY',
])

function endsExpression(reader: TokenReader, end: ExpressionEnd, from: number): boolean {
  if (reader.atSymbol(')') || reader.atSymbol(',')) return true
  if (end === 'Parenthesis') return false
  if (reader.atWords('OWNED', 'BY')) return true
  const token = reader.peek()
  if (token.kind !== 'Word' || !columnConstraintWords.has(token.word)) return false
  // The first token is an operand whatever it is; so is what an operator or IS stands before.
  const before = reader.previous()
  const isOperand =
    reader.index === from ||
    before.kind === 'Operator' ||
    (before.kind === 'Word' && before.word === 'IS')
  return !(isOperand && (token.word === 'NULL' || token.word === 'NOT'))
}
