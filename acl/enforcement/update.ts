import type { UpdateStmt } from '@pgsql/types'
import type { BoundUpdate } from '../../store/bound.ts'
import { notSupported } from './binding-errors.ts'
import { bindFromBeside } from './from-beside-target.ts'
import { bindWith } from './query/with.ts'
import { bindReturning } from './returning.ts'
import type { Scope } from './scope.ts'
import { bindSetClause } from './set-clause.ts'
import { bindCondition } from './where.ts'
import { bindWriteTarget } from './write-target.ts'

/** UPDATE (analyze.c, transformUpdateStmt). */
export function bindUpdate(tree: UpdateStmt, scope: Scope): BoundUpdate {
  const { relation } = tree
  if (relation === undefined) throw notSupported('this UPDATE', undefined)
  const withClause = bindWith(tree.withClause, scope)
  const target = bindWriteTarget(relation, scope, 'UPDATE')
  const from = bindFromBeside(tree.fromClause, target, scope)
  const assignments = bindSetClause(tree.targetList, { target, scope })
  const where = bindCondition(tree.whereClause, scope, 'WHERE')
  const returning = bindReturning(tree.returningClause, { target, scope })
  return {
    kind: 'Update',
    with: withClause.ctes,
    recursive: withClause.recursive,
    target: target.bound,
    assignments,
    from: from(),
    ...(where === undefined ? {} : { where }),
    ...(returning === undefined ? {} : { returning }),
  }
}
