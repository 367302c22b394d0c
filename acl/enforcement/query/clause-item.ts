import type { Node as SyntaxNode } from '@pgsql/types'
import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import { foldName } from '../../names.ts'
import type { BoundExpression } from '../../../store/bound.ts'
import { invalidColumnReference, syntaxError } from '../binding-errors.ts'
import type { Clause } from '../clause.ts'
import { settle } from '../coercion.ts'
import { expressionKey } from '../expression-key.ts'
import type { Scope } from '../scope.ts'
import { stringsOf } from '../syntax.ts'
import type { TargetList } from './target-list.ts'

/** What an item of ORDER BY, GROUP BY or DISTINCT ON means: a target, or an expression of its own. */
export type ClauseItem =
  | { readonly kind: 'Target'; readonly position: number; readonly expression: BoundExpression }
  | { readonly kind: 'Expression'; readonly expression: BoundExpression }

export interface ItemPlace {
  readonly targets: TargetList
  readonly scope: Scope
  readonly clause: Extract<Clause, 'ORDER BY' | 'GROUP BY' | 'DISTINCT ON'>
}

/**
 * parse_clause.c, findTargetlistEntrySQL92: a bare name is an output name (in GROUP BY only if no
 * column has it), a number a position, all else an expression.
 */
export function bindClauseItem(node: SyntaxNode, place: ItemPlace): ClauseItem {
  const name = bareName(node)
  if (name !== undefined && !isOwnColumn(name, place)) {
    const byName = targetNamed(name, node, place)
    if (byName !== undefined) return byName
  }
  if ('A_Const' in node) return constantItem(node, place)
  const { scope, clause, targets } = place
  const value = settle(scope.context, scope.context.binders.expression(node, scope, clause))
  return (
    sameTarget(value.expression, targets) ?? { kind: 'Expression', expression: value.expression }
  )
}

function bareName(node: SyntaxNode): string | undefined {
  if (!('ColumnRef' in node)) return undefined
  const fields = node.ColumnRef.fields ?? []
  return fields.length === 1 ? stringsOf(fields)[0] : undefined
}

/** GROUP BY prefers a column of FROM to an output name, as SQL99 has it. */
function isOwnColumn(name: string, { scope, clause }: ItemPlace): boolean {
  if (clause !== 'GROUP BY') return false
  const key = foldName(name)
  return scope.items.some(
    (item) => item.columnsVisible && item.columns.some((column) => column.key === key),
  )
}

function targetNamed(name: string, node: SyntaxNode, place: ItemPlace): ClauseItem | undefined {
  const { targets, scope, clause } = place
  const key = foldName(name)
  const positions = targets
    .list()
    .flatMap((column, index) => (foldName(column.name) === key ? [index + 1] : []))
  const [first] = positions
  if (first === undefined) return undefined
  const keys = new Set(
    positions.map((position) => {
      const column = targets.list()[position - 1]
      return column === undefined ? '' : expressionKey(column.value.expression)
    }),
  )
  if (keys.size > 1) {
    const location = 'ColumnRef' in node ? node.ColumnRef.location : undefined
    throw ambiguousItem(name, clause, scope.context.offsetOf(location))
  }
  return targetAt(first, targets)
}

function ambiguousItem(name: string, clause: Clause, offset: number | undefined): SqlError {
  const message = `${clause} "${name}" is ambiguous`
  return new SqlError(SqlState.AmbiguousColumn, message, offset === undefined ? {} : { offset })
}

function targetAt(position: number, targets: TargetList): ClauseItem | undefined {
  const value = targets.settled(position)
  return value === undefined
    ? undefined
    : { kind: 'Target', position, expression: value.expression }
}

/** A number is a position; any other literal means nothing here. */
function constantItem(
  node: Extract<SyntaxNode, { readonly A_Const: unknown }>,
  { targets, scope, clause }: ItemPlace,
): ClauseItem {
  const { ival, location } = node.A_Const
  const offset = scope.context.offsetOf(location)
  if (ival === undefined) throw syntaxError(`non-integer constant in ${clause}`, offset)
  const position = ival.ival ?? 0
  const target = targetAt(position, targets)
  if (target === undefined) {
    throw invalidColumnReference(`${clause} position ${position} is not in select list`, offset)
  }
  return target
}

/** An expression that stands in the select list is that target. */
function sameTarget(expression: BoundExpression, targets: TargetList): ClauseItem | undefined {
  const key = expressionKey(expression)
  const index = targets
    .list()
    .findIndex(({ value }) => value.type !== 'unknown' && expressionKey(value.expression) === key)
  return index < 0 ? undefined : targetAt(index + 1, targets)
}
