import type { Node as SyntaxNode } from '@pgsql/types'
import { bindFromClause } from './from/from-clause.ts'
import { withVisibility } from './scope.ts'
import type { Scope } from './scope.ts'
import type { WriteTarget } from './write-target.ts'

/** FROM of UPDATE and USING of DELETE: beside the target, which their subqueries cannot see. */
export function bindFromBeside(
  nodes: readonly SyntaxNode[] | undefined,
  target: WriteTarget,
  scope: Scope,
): ReturnType<typeof bindFromClause> {
  scope.items = withVisibility([target.item], { lateralOnly: true, lateralAllowed: false })
  return bindFromClause(nodes, scope)
}
