import type { DeleteStmt } from '@pgsql/types'
import type { BoundDelete } from '../../store/bound.ts'
import { notSupported } from './binding-errors.ts'
import { bindFromBeside } from './from-beside-target.ts'
import { bindWith } from './query/with.ts'
import { permission } from '../permission-registry.ts'
import { bindReturning } from './returning.ts'
import type { Scope } from './scope.ts'
import { bindCondition } from './where.ts'
import { bindWriteTarget } from './write-target.ts'

/** DELETE (analyze.c, transformDeleteStmt). */
export function bindDelete(tree: DeleteStmt, scope: Scope): BoundDelete {
  const { relation } = tree
  if (relation === undefined) throw notSupported('this DELETE', undefined)
  const withClause = bindWith(tree.withClause, scope)
  const target = bindWriteTarget(relation, scope, 'DELETE')
  if (target.table !== undefined) {
    scope.context.requirements.addOwn({
      kind: 'Relation',
      permission: permission('DELETE'),
      relation: target.name,
    })
  }
  const using = bindFromBeside(tree.usingClause, target, scope)
  const where = bindCondition(tree.whereClause, scope, 'WHERE')
  const returning = bindReturning(tree.returningClause, { target, scope })
  return {
    kind: 'Delete',
    with: withClause.ctes,
    recursive: withClause.recursive,
    target: target.bound,
    using: using(),
    ...(where === undefined ? {} : { where }),
    ...(returning === undefined ? {} : { returning }),
  }
}
