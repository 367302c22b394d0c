import type { Node as SyntaxNode } from '@pgsql/types'
import type { BoundSort } from '../../../store/bound.ts'
import { notSupported } from '../binding-errors.ts'
import type { Scope } from '../scope.ts'
import { sortDirection } from '../sort-direction.ts'
import { bindClauseItem } from './clause-item.ts'
import type { TargetList } from './target-list.ts'

/** ORDER BY of a SELECT. */
export function bindOrderBy(
  nodes: readonly SyntaxNode[] | undefined,
  targets: TargetList,
  scope: Scope,
): readonly BoundSort[] {
  const { context } = scope
  return (nodes ?? []).flatMap((node) =>
    context.attempt((): readonly BoundSort[] => {
      if (!('SortBy' in node) || node.SortBy.node === undefined) {
        throw notSupported('this ORDER BY', undefined)
      }
      const direction = sortDirection(node.SortBy, context)
      const item = bindClauseItem(node.SortBy.node, { targets, scope, clause: 'ORDER BY' })
      const key: BoundSort['key'] =
        item.kind === 'Target'
          ? { kind: 'OutputReference', position: item.position }
          : item.expression
      return [{ key, ...direction }]
    }, []),
  )
}
