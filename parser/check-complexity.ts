import type { SqlError } from '../errors/sql-error.ts'
import { unreachable } from '../errors/unreachable.ts'
import {
  COLUMNS_MAX,
  FROM_ITEMS_MAX,
  IN_LIST_ITEMS_MAX,
  NESTING_MAX,
  SET_OPERATION_ARMS_MAX,
  SYNTAX_NODES_MAX,
  TREE_HEIGHT_MAX,
} from './limits.ts'
import { canNameRelation } from './keywords.ts'
import { checkNameLength } from './name.ts'
import { notSupported, tooComplex, tooManyColumns } from './syntax-error.ts'
import type { Token } from './token.ts'

/**
 * What can be told from tokens alone, before any grammar reads them: libpg-query's time grows with
 * operands and its stack with nesting (duckdb-hardening.md, 5.3).
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
  }
  if (operands > SYNTAX_NODES_MAX) throw tooManyNodes(start)
}

/** libpg-query cuts long names off, so that two could become one (duckdb-hardening.md, 2.2). */
export function checkNameLengths(tokens: readonly Token[]): void {
  for (const token of tokens) {
    if (token.kind === 'Word') checkNameLength(token.text, token.start)
    if (token.kind === 'QuotedName') checkNameLength(token.value, token.start)
  }
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

/** Each constant, parameter and name becomes a node of its own, or a part that has one. */
function isOperand(token: Token): boolean {
  switch (token.kind) {
    case 'Word':
      return canNameRelation(token.word) || constantWords.has(token.word)
    case 'Symbol':
    case 'Operator':
    case 'Other':
    case 'End':
      return false
    case 'QuotedName':
    case 'String':
    case 'BitString':
    case 'Number':
    case 'NumberUnit':
    case 'Parameter':
      return true
    default:
      return unreachable(token)
  }
}

const constantWords: ReadonlySet<string> = new Set(['TRUE', 'FALSE', 'NULL', 'DEFAULT'])

function tooManyNodes(offset: number): SqlError {
  return tooComplex(`A statement may have ${SYNTAX_NODES_MAX} syntax nodes.`, offset)
}

/** Where a tree was read from, for errors. */
interface TreePlace {
  readonly start: number
  readonly offsetOf: (location: number | undefined) => number | undefined
}

type Fields = Readonly<Record<string, unknown>>

/**
 * The rest of the bounds, by one walk over the tree; and what no statement of ours can hold. In
 * libpg-query's JSON a node lies in an object with the node's name as its one key, in upper case.
 */
export function checkTree(tree: unknown, place: TreePlace): void {
  let nodes = 0
  let arms = 1
  const pending: unknown[] = [tree]
  const heights = [0]
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    const height = heights.pop() ?? 0
    if (!isFields(value)) continue
    if (height > TREE_HEIGHT_MAX) throw tooHigh(place.start)
    for (const field of Object.keys(value)) {
      const child = value[field]
      const isNode = startsUpperCase(field)
      if (isNode) nodes += 1
      if (field === 'op' && isSetOperation(child)) arms += 1
      if (typeof child !== 'object') continue
      checkField(value, field, place)
      const items: readonly unknown[] = Array.isArray(child) ? child : [child]
      for (const item of items) {
        pending.push(item)
        heights.push(isNode ? height : height + 1)
      }
    }
    if (nodes > SYNTAX_NODES_MAX) throw tooManyNodes(place.start)
    if (arms > SET_OPERATION_ARMS_MAX) throw tooManyArms(place.start)
  }
}

function startsUpperCase(field: string): boolean {
  const code = field.charCodeAt(0)
  return code >= 65 && code <= 90
}

function isSetOperation(op: unknown): boolean {
  return typeof op === 'string' && op.startsWith('SETOP_') && op !== 'SETOP_NONE'
}

function tooHigh(offset: number): SqlError {
  return tooComplex(`At most ${TREE_HEIGHT_MAX} chained operators are supported.`, offset)
}

function tooManyArms(offset: number): SqlError {
  const detail = `At most ${SET_OPERATION_ARMS_MAX} arms of UNION, INTERSECT, EXCEPT are supported.`
  return tooComplex(detail, offset)
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

/** The bounds of single lists, by the field that holds them. */
function checkField(fields: Fields, field: string, { start, offsetOf }: TreePlace): void {
  switch (field) {
    case 'rexpr':
      if (fields['kind'] === 'AEXPR_IN' && lengthOf(fields[field]) > IN_LIST_ITEMS_MAX) {
        const { location } = fields
        const offset = typeof location === 'number' ? offsetOf(location) : undefined
        throw tooComplex(`An IN list may have ${IN_LIST_ITEMS_MAX} items.`, offset ?? start)
      }
      return
    case 'fromClause':
    case 'usingClause':
      if (countFromItems(fields[field]) > FROM_ITEMS_MAX) {
        throw tooComplex(`A FROM clause may have ${FROM_ITEMS_MAX} items.`, start)
      }
      return
    case 'targetList':
    case 'cols':
      if (lengthOf(fields[field]) > COLUMNS_MAX) throw tooManyColumns(COLUMNS_MAX, start)
      return
    case 'lockingClause':
      throw notSupported('SELECT ... FOR UPDATE', start)
    case 'intoClause':
      throw notSupported('SELECT INTO', start)
    default:
  }
}

/** Length of a list, wrapped as {"List": {"items": [...]}} or not. */
function lengthOf(list: unknown): number {
  if (Array.isArray(list)) return list.length
  if (!isFields(list) || !isFields(list['List'])) return 0
  const { items } = list['List']
  return Array.isArray(items) ? items.length : 0
}

/** Relations of a FROM clause; those of a join count each. */
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
