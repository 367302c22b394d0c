import { canNameRelation } from './keywords.ts'
import type { Token } from './token.ts'

/** QuestDB's clauses of a query as they begin; those that are known and not offered are among them. */
export type QuestDbClause =
  | 'SAMPLE BY'
  | 'LATEST ON'
  | 'LATEST BY'
  | 'ASOF JOIN'
  | 'LT JOIN'
  | 'SPLICE JOIN'
  | 'WINDOW JOIN'
  | 'HORIZON JOIN'
  | 'TIMESTAMP'
  | 'DECLARE inside a statement'

const joins: ReadonlyMap<string, QuestDbClause> = new Map([
  ['ASOF', 'ASOF JOIN'],
  ['LT', 'LT JOIN'],
  ['SPLICE', 'SPLICE JOIN'],
  ['WINDOW', 'WINDOW JOIN'],
  ['HORIZON', 'HORIZON JOIN'],
])

/**
 * The clause that begins at a token. PostgreSQL's grammar would read them as something else (ASOF in
 * `a ASOF JOIN b` is an alias to it), so they are found by token.
 */
export function clauseAt(tokens: readonly Token[], index: number): QuestDbClause | undefined {
  const word = wordAt(tokens, index)
  // An alias behind AS is an alias, and `a.lt JOIN b` a name with its schema.
  if (word === undefined || wordAt(tokens, index - 1) === 'AS' || isDot(tokens[index - 1])) {
    return undefined
  }
  const next = wordAt(tokens, index + 1)
  if (next === 'JOIN' && !namesTable(tokens, index)) return joins.get(word)
  if (word === 'SAMPLE' && next === 'BY') return 'SAMPLE BY'
  if (word === 'LATEST' && next === 'BY') return 'LATEST BY'
  if (word === 'LATEST' && next === 'ON' && isLatestOn(tokens, index + 2)) return 'LATEST ON'
  if (word === 'TIMESTAMP' && isTimestamp(tokens, index)) return 'TIMESTAMP'
  if (word === 'DECLARE' && isVariable(tokens, index + 1)) return 'DECLARE inside a statement'
  return undefined
}

/** Whether a query's own DECLARE comes first, and not that of a cursor. */
export function startsDeclare(tokens: readonly Token[]): boolean {
  return wordAt(tokens, 0) === 'DECLARE' && isVariable(tokens, 1)
}

/** Whether an alias without AS stands there, and no clause of QuestDB's. */
export function startsAlias(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index]
  if (token?.kind === 'QuotedName') return true
  if (token?.kind !== 'Word' || !canNameRelation(token.word)) return false
  const isTolerance = token.word === 'TOLERANCE' && isPeriod(tokens[index + 1])
  return !isTolerance && clauseAt(tokens, index) === undefined
}

/** A period may go without its number. */
function isPeriod(token: Token | undefined): boolean {
  return token?.kind === 'NumberUnit' || (token?.kind === 'Word' && token.text.length === 1)
}

/** Words behind which a table stands: `FROM asof JOIN b` reads from a table of that name. */
const beforeTable: ReadonlySet<string> = new Set([
  'FROM',
  'JOIN',
  'USING',
  'ONLY',
  'LATERAL',
  'UPDATE',
  'INTO',
])

function namesTable(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1]
  if (before?.kind === 'Symbol') return before.text === ',' || before.text === '('
  return before?.kind === 'Word' && beforeTable.has(before.word)
}

/** LATEST ON column PARTITION BY: `JOIN latest ON a = b` is a table. */
function isLatestOn(tokens: readonly Token[], index: number): boolean {
  let at = index + 1
  while (isDot(tokens[at])) at += 2
  return wordAt(tokens, at) === 'PARTITION' && wordAt(tokens, at + 1) === 'BY'
}

/**
 * TIMESTAMP(column) behind a table or a subquery. To PostgreSQL that would be an alias with a name for
 * the first column; `WITH timestamp(a) AS` and `CAST(a AS timestamp(3))` are what they are.
 */
function isTimestamp(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1]
  const isBehindTable =
    (before?.kind === 'Symbol' && before.text === ')') ||
    before?.kind === 'QuotedName' ||
    (before?.kind === 'Word' && canNameRelation(before.word) && before.word !== 'RECURSIVE')
  const name = tokens[index + 2]
  const isName = name?.kind === 'Word' || name?.kind === 'QuotedName'
  return (
    isBehindTable && isName && isSymbol(tokens[index + 1], '(') && isSymbol(tokens[index + 3], ')')
  )
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
  return isSymbol(token, '.')
}

function isSymbol(token: Token | undefined, text: string): boolean {
  return token?.kind === 'Symbol' && token.text === text
}
