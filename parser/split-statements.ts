import type { Token } from './token.ts'

/** The tokens of one statement, and what ends it: the `;` or the end of the text. */
export interface StatementTokens {
  readonly tokens: readonly Token[]
  readonly terminator: Token
}

/**
 * Cuts tokens into statements at each `;` outside parentheses, as psql does. Statements without a
 * token are left out.
 */
export function splitStatements(tokens: readonly Token[]): readonly StatementTokens[] {
  const statements: StatementTokens[] = []
  let from = 0
  let depth = 0
  tokens.forEach((token, index) => {
    if (token.kind === 'Symbol' && token.text === '(') depth += 1
    if (token.kind === 'Symbol' && token.text === ')') depth = Math.max(0, depth - 1)
    const isSemicolon = token.kind === 'Symbol' && token.text === ';' && depth === 0
    if (!isSemicolon && token.kind !== 'End') return
    if (index > from) statements.push({ tokens: tokens.slice(from, index), terminator: token })
    from = index + 1
  })
  return statements
}
