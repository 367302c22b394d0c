import type { Node as SyntaxNode } from '@pgsql/types'
import type { BoundExpression, BoundSelect, BoundSort } from '../../../store/bound.ts'
import { invalidColumnReference } from '../binding-errors.ts'
import { expressionKey } from '../expression-key.ts'
import type { Scope } from '../scope.ts'
import { bindClauseItem } from './clause-item.ts'
import { locationOf } from '../syntax.ts'
import type { TargetList } from './target-list.ts'

interface DistinctPlace {
  readonly targets: TargetList
  readonly orderBy: readonly BoundSort[]
  readonly scope: Scope
  readonly sortNodes: readonly SyntaxNode[] | undefined
}

/** DISTINCT and DISTINCT ON (parse_clause.c, transformDistinctClause, transformDistinctOnClause). */
export function bindDistinct(
  nodes: readonly SyntaxNode[] | undefined,
  place: DistinctPlace,
): BoundSelect['distinct'] {
  if (nodes === undefined) return { kind: 'None' }
  // The grammar writes plain DISTINCT as a list of one empty node.
  const expressions = nodes.filter((node) => Object.keys(node).length > 0)
  return expressions.length === 0 ? distinctRows(place) : distinctOn(expressions, place)
}

function distinctRows(place: DistinctPlace): BoundSelect['distinct'] {
  const { targets, orderBy, scope } = place
  for (let position = 1; position <= targets.length; position++) targets.settled(position)
  const other = orderBy.findIndex(({ key }) => key.kind !== 'OutputReference')
  if (other >= 0) {
    scope.context.fail(
      invalidColumnReference(
        'for SELECT DISTINCT, ORDER BY expressions must appear in select list',
        sortOffset(place, other),
      ),
    )
  }
  return { kind: 'All' }
}

function sortOffset({ sortNodes, scope }: DistinctPlace, index: number): number | undefined {
  const node = sortNodes?.[index]
  const key = node !== undefined && 'SortBy' in node ? node.SortBy.node : undefined
  return scope.context.offsetOf(locationOf(key))
}

function distinctOn(
  nodes: readonly SyntaxNode[],
  { targets, orderBy, scope }: DistinctPlace,
): BoundSelect['distinct'] {
  const expressions = nodes.map(
    (node) => bindClauseItem(node, { targets, scope, clause: 'DISTINCT ON' }).expression,
  )
  const wanted = new Set(expressions.map((expression) => expressionKey(expression)))
  const initial = orderBy
    .slice(0, wanted.size)
    .map(({ key }) => expressionKey(sortExpression(key, targets)))
  if (!initial.every((key) => wanted.has(key))) {
    scope.context.fail(
      invalidColumnReference(
        'SELECT DISTINCT ON expressions must match initial ORDER BY expressions',
        scope.context.offsetOf(locationOf(nodes[0])),
      ),
    )
  }
  return { kind: 'On', expressions }
}

function sortExpression(key: BoundSort['key'], targets: TargetList): BoundExpression {
  if (key.kind !== 'OutputReference') return key
  return targets.list()[key.position - 1]?.value.expression ?? { kind: 'Constant', value: null }
}
