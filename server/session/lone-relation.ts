/**
 * `SELECT * FROM query_activity()`: a query that is nothing but columns of one relation that the server
 * answers. It needs no engine and no place in it, so that whoever wants to know what keeps the engine busy
 * is answered while it is, or while all of the principal's own places are taken.
 */
import type { SelectStmt } from '@pgsql/types'
import { serverRelations } from '../../acl/server-relations.ts'
import type { Statement } from '../../parser/statement.ts'
import type { BoundServerRelation, BoundStatement } from '../../store/bound.ts'

/** The relation, and which of its columns come out, by position from 1. */
export interface LoneRelation {
  readonly relation: BoundServerRelation
  readonly columns: readonly number[]
}

/** Whether a query is written so. What it is bound to says the rest ({@link loneRelation}). */
export function isLoneRelation(statement: Statement): boolean {
  if (statement.kind !== 'Query') return false
  const { tree, declarations } = statement.query
  return declarations === undefined && isServerRelation(tree) && hasColumnsOnly(tree)
}

const keysOfPlainSelect: ReadonlySet<string> = new Set([
  'targetList',
  'fromClause',
  'limitOption',
  'op',
])

function hasColumnsOnly(tree: SelectStmt): boolean {
  if (Object.keys(tree).some((key) => !keysOfPlainSelect.has(key))) return false
  return (tree.targetList ?? []).every(
    (node) =>
      'ResTarget' in node &&
      node.ResTarget.indirection === undefined &&
      node.ResTarget.val !== undefined &&
      'ColumnRef' in node.ResTarget.val,
  )
}

function isServerRelation({ fromClause = [] }: SelectStmt): boolean {
  const [item, ...others] = fromClause
  if (item === undefined || others.length > 0 || !('RangeFunction' in item)) return false
  const [list] = item.RangeFunction.functions ?? []
  const call = list !== undefined && 'List' in list ? list.List.items?.[0] : undefined
  if (call === undefined || !('FuncCall' in call)) return false
  const [name, ...qualified] = call.FuncCall.funcname ?? []
  if (name === undefined || qualified.length > 0 || !('String' in name)) return false
  return serverRelations.has(name.String.sval ?? '')
}

/** The same of a bound statement; undefined for every other. */
export function loneRelation(statement: BoundStatement): LoneRelation | undefined {
  if (statement.kind !== 'Query') return undefined
  const { body } = statement
  const isPlain =
    statement.with.length === 0 &&
    statement.orderBy.length === 0 &&
    statement.limit === undefined &&
    statement.offset === undefined &&
    body.kind === 'Select'
  if (!isPlain) return undefined
  const [relation, ...others] = body.from
  if (relation?.kind !== 'ServerRelation' || others.length > 0) return undefined
  const isFiltered =
    body.where !== undefined || body.having !== undefined || body.groupBy.length > 0
  if (isFiltered || body.distinct.kind !== 'None') return undefined
  const columns = body.targets.map((target) =>
    target.kind === 'ColumnReference' && target.range === relation.range
      ? target.column
      : undefined,
  )
  return columns.every((column) => column !== undefined) ? { relation, columns } : undefined
}
