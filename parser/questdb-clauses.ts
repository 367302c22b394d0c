import { notSupported } from './syntax-error.ts'
import type { Token } from './token.ts'

/**
 * QuestDB's query clauses would be read as something else by PostgreSQL's grammar (ASOF in `a ASOF
 * JOIN b` is an alias to it), so they are found by token and refused.
 */
export function refuseQuestDbClauses(tokens: readonly Token[]): void {
  tokens.forEach((token, index) => {
    if (token.kind !== 'Word') return
    const clause = clauseAt(tokens, index)
    if (clause !== undefined) throw notSupported(clause, token.start)
  })
}

const questDbJoins: ReadonlySet<string> = new Set(['ASOF', 'LT', 'SPLICE', 'WINDOW', 'HORIZON'])

function clauseAt(tokens: readonly Token[], index: number): string | undefined {
  const word = wordAt(tokens, index)
  const next = wordAt(tokens, index + 1)
  // An alias behind AS is an alias, and `a.lt JOIN b` a name with its schema.
  const before = tokens[index - 1]
  const isName = wordAt(tokens, index - 1) === 'AS' || isDot(before)
  if (isName || word === undefined) return undefined
  if (next === 'JOIN' && questDbJoins.has(word)) return `${word} JOIN`
  if (word === 'SAMPLE' && next === 'BY') return 'SAMPLE BY'
  if (word === 'LATEST' && next === 'BY') return 'LATEST BY'
  if (word === 'LATEST' && next === 'ON' && isLatestOn(tokens, index + 2)) return 'LATEST ON'
  if (word === 'DECLARE' && isVariable(tokens, index + 1)) return 'DECLARE inside a statement'
  return undefined
}

/** Whether a query's own DECLARE comes first, and not that of a cursor. */
export function startsDeclare(tokens: readonly Token[]): boolean {
  return wordAt(tokens, 0) === 'DECLARE' && isVariable(tokens, 1)
}

/** LATEST ON column PARTITION BY: `JOIN latest ON a = b` is a table. */
function isLatestOn(tokens: readonly Token[], index: number): boolean {
  let at = index + 1
  while (isDot(tokens[at])) at += 2
  return wordAt(tokens, at) === 'PARTITION' && wordAt(tokens, at + 1) === 'BY'
}

/** variable = [ "OVERRIDABLE" ] "@" identifier ":=" ; */
function isVariable(tokens: readonly Token[], index: number): boolean {
  const at = wordAt(tokens, index) === 'OVERRIDABLE' ? index + 1 : index
  const token = tokens[at]
  return token?.kind === 'Operator' && token.text === '@'
}

function wordAt(tokens: readonly Token[], index: number): string | undefined {
  const token = tokens[index]
  return token?.kind === 'Word' ? token.word : undefined
}

function isDot(token: Token | undefined): boolean {
  return token?.kind === 'Symbol' && token.text === '.'
}
