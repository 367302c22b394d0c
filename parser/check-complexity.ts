import type { SqlError } from '../errors/sql-error.ts'
import {
  COLUMNS_MAX,
  FROM_ITEMS_MAX,
  IN_LIST_ITEMS_MAX,
  NESTING_MAX,
  SET_OPERATION_ARMS_MAX,
  SYNTAX_NODES_MAX,
  TREE_HEIGHT_MAX,
} from './limits.ts'
import { checkNameLength } from './name.ts'
import { notSupported, tooComplex, tooManyColumns } from './syntax-error.ts'
import type { Token } from './token.ts'

/**
 * What can be told from tokens alone, before libpg-query reads them: its time grows with operands,
 * its stack with nesting, and it cuts long names off (duckdb-hardening.md, 2.1 and 5.3).
 */
export function checkTokens(tokens: readonly Token[], start: number): void {
  let operands = 0
  let depth = 0
  let prefixes = 0
  for (const token of tokens) {
    depth = Math.max(0, depth + depthChange(token))
    prefixes = isPrefix(token) ? prefixes + 1 : 0
    if (depth + prefixes > NESTING_MAX) {
      throw tooComplex(`At most ${NESTING_MAX} levels of nesting are supported.`, token.start)
    }
    if (isOperand(token)) operands += 1
    if (token.kind === 'Word') checkNameLength(token.text, token.start)
    if (token.kind === 'QuotedName') checkNameLength(token.value, token.start)
  }
  if (operands > SYNTAX_NODES_MAX) throw tooManyNodes(start)
}

function depthChange(token: Token): number {
  if (token.kind === 'Word') return token.word === 'CASE' ? 1 : token.word === 'END' ? -1 : 0
  if (token.kind !== 'Symbol') return 0
  if (token.text === '(' || token.text === '[') return 1
  return token.text === ')' || token.text === ']' ? -1 : 0
}

/** Operators in a row are prefix operators but for the first; so are NOTs. */
function isPrefix(token: Token): boolean {
  return token.kind === 'Operator' || (token.kind === 'Word' && token.word === 'NOT')
}

/** Each constant and parameter is a node of its own. */
function isOperand({ kind }: Token): boolean {
  return kind === 'String' || kind === 'Number' || kind === 'BitString' || kind === 'Parameter'
}

function tooManyNodes(offset: number): SqlError {
  return tooComplex(`A statement may have ${SYNTAX_NODES_MAX} syntax nodes.`, offset)
}

/** Where a tree was read from, for errors. */
interface TreePlace {
  readonly start: number
  readonly offsetOf: (location: number | undefined) => number | undefined
}

type Fields = Readonly<Record<string, unknown>>

/** An object of the tree, how far below the root, and whether it is a node or a part of one. */
interface TreeItem {
  readonly fields: Fields
  readonly height: number
  readonly isNode: boolean
}

/** The rest of the bounds, by one walk over the tree; and what no statement of ours can hold. */
export function checkTree(tree: unknown, place: TreePlace): void {
  let nodes = 0
  let arms = 1
  const pending = itemsOf(tree, 0)
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    const { fields, height, isNode } = item
    if (isNode) nodes += 1
    if (isSetOperation(fields)) arms += 1
    if (nodes > SYNTAX_NODES_MAX) throw tooManyNodes(place.start)
    if (height > TREE_HEIGHT_MAX) throw tooHigh(place.start)
    if (arms > SET_OPERATION_ARMS_MAX) throw tooManyArms(place.start)
    checkFields(fields, place)
    for (const child of Object.values(fields)) pending.push(...itemsOf(child, height + 1))
  }
}

function isSetOperation({ op }: Fields): boolean {
  return typeof op === 'string' && op.startsWith('SETOP_') && op !== 'SETOP_NONE'
}

function tooHigh(offset: number): SqlError {
  return tooComplex(`At most ${TREE_HEIGHT_MAX} chained operators are supported.`, offset)
}

function tooManyArms(offset: number): SqlError {
  const detail = `At most ${SET_OPERATION_ARMS_MAX} arms of UNION, INTERSECT, EXCEPT are supported.`
  return tooComplex(detail, offset)
}

/** The objects that a field holds: a wrapper such as {"A_Expr": {...}} is the node in it. */
function itemsOf(value: unknown, height: number): TreeItem[] {
  if (Array.isArray(value)) return value.flatMap((item) => itemsOf(item, height))
  if (!isFields(value)) return []
  const keys = Object.keys(value)
  const only = keys.length === 1 ? keys[0] : undefined
  if (only === undefined || !/^[A-Z]/.test(only)) return [{ fields: value, height, isNode: false }]
  const fields = value[only]
  return isFields(fields) ? [{ fields, height, isNode: true }] : []
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function checkFields(fields: Fields, place: TreePlace): void {
  const location = typeof fields['location'] === 'number' ? fields['location'] : undefined
  const offset = place.offsetOf(location) ?? place.start
  if (fields['kind'] === 'AEXPR_IN' && lengthOf(fields['rexpr']) > IN_LIST_ITEMS_MAX) {
    throw tooComplex(`An IN list may have ${IN_LIST_ITEMS_MAX} items.`, offset)
  }
  for (const clause of [fields['fromClause'], fields['usingClause']]) {
    if (countFromItems(clause) > FROM_ITEMS_MAX) {
      throw tooComplex(`A FROM clause may have ${FROM_ITEMS_MAX} items.`, place.start)
    }
  }
  for (const columns of [fields['targetList'], fields['cols']]) {
    if (lengthOf(columns) > COLUMNS_MAX) throw tooManyColumns(COLUMNS_MAX, place.start)
  }
  if (lengthOf(fields['lockingClause']) > 0) {
    throw notSupported('SELECT ... FOR UPDATE', place.start)
  }
}

/** Length of a list, wrapped as {"List": {"items": [...]}} or not. */
function lengthOf(list: unknown): number {
  if (Array.isArray(list)) return list.length
  if (!isFields(list) || !isFields(list['List'])) return 0
  return lengthOf(list['List']['items'])
}

function countFromItems(clause: unknown): number {
  const pending: unknown[] = Array.isArray(clause) ? [...clause] : []
  let count = 0
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    const join = isFields(item) ? item['JoinExpr'] : undefined
    if (isFields(join)) pending.push(join['larg'], join['rarg'])
    else count += 1
    if (count > FROM_ITEMS_MAX) break
  }
  return count
}
