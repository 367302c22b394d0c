import type { GroupingSet, Node as SyntaxNode } from '@pgsql/types'
import { unreachable } from '../../../errors/unreachable.ts'
import type { BoundExpression, BoundGrouping } from '../../../store/bound.ts'
import type { Scope } from '../scope.ts'
import { bindClauseItem } from './clause-item.ts'
import type { TargetList } from './target-list.ts'

/** GROUP BY (parse_clause.c, transformGroupClause). */
export function bindGroupBy(
  nodes: readonly SyntaxNode[] | undefined,
  targets: TargetList,
  scope: Scope,
): readonly BoundGrouping[] {
  const bind = (node: SyntaxNode): BoundExpression =>
    bindClauseItem(node, { targets, scope, clause: 'GROUP BY' }).expression
  return (nodes ?? []).flatMap((node) =>
    scope.context.attempt((): readonly BoundGrouping[] => {
      const members = rowMembers(node)
      if (members !== undefined) {
        return members.map((member) => ({ kind: 'Expression', expression: bind(member) }))
      }
      return [bindGrouping(node, bind)]
    }, []),
  )
}

/** `(a, b)` written without ROW is a list of its members. */
function rowMembers(node: SyntaxNode): readonly SyntaxNode[] | undefined {
  if (!('RowExpr' in node) || node.RowExpr.row_format !== 'COERCE_IMPLICIT_CAST') return undefined
  return node.RowExpr.args ?? []
}

type Bind = (node: SyntaxNode) => BoundExpression

function bindGrouping(node: SyntaxNode, bind: Bind): BoundGrouping {
  if ('GroupingSet' in node) return bindGroupingSet(node.GroupingSet, bind)
  const members = rowMembers(node)
  return members === undefined
    ? { kind: 'Expression', expression: bind(node) }
    : { kind: 'Set', expressions: members.map(bind) }
}

function bindGroupingSet(set: GroupingSet, bind: Bind): BoundGrouping {
  const content = set.content ?? []
  const items = (): readonly BoundGrouping[] => content.map((node) => bindGrouping(node, bind))
  switch (set.kind) {
    case 'GROUPING_SET_EMPTY':
    case undefined:
      return { kind: 'Set', expressions: [] }
    case 'GROUPING_SET_SIMPLE':
      return { kind: 'Set', expressions: content.map(bind) }
    case 'GROUPING_SET_ROLLUP':
      return { kind: 'Rollup', items: items() }
    case 'GROUPING_SET_CUBE':
      return { kind: 'Cube', items: items() }
    case 'GROUPING_SET_SETS':
      return { kind: 'GroupingSets', items: items() }
    default:
      return unreachable(set.kind)
  }
}

/** Every expression that a GROUP BY names. */
export function groupedExpressions(items: readonly BoundGrouping[]): readonly BoundExpression[] {
  return items.flatMap((item) => {
    switch (item.kind) {
      case 'Expression':
        return [item.expression]
      case 'Set':
        return item.expressions
      case 'Rollup':
      case 'Cube':
      case 'GroupingSets':
        return groupedExpressions(item.items)
      default:
        return unreachable(item)
    }
  })
}
