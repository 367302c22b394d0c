import type { ReturningClause } from '@pgsql/types'
import type { BoundReturning } from '../../store/bound.ts'
import { areNotSupported, notSupported } from './binding-errors.ts'
import { visitExpressions } from './bound-tree.ts'
import { settle } from './coercion.ts'
import { outputColumn } from './query/select-draft.ts'
import { bindTargetList } from './query/target-list.ts'
import type { Scope } from './scope.ts'
import type { TypedExpression } from './typed-expression.ts'
import type { WriteTarget } from './write-target.ts'

/** RETURNING. */
export function bindReturning(
  clause: ReturningClause | undefined,
  { target, scope }: { readonly target: WriteTarget; readonly scope: Scope },
): BoundReturning | undefined {
  if (clause === undefined) return undefined
  if (clause.options !== undefined) throw notSupported('RETURNING WITH', undefined)
  const { context } = scope
  const columns = bindTargetList(clause.exprs, scope, 'RETURNING').list()
  const values = columns.map(({ value }) => settle(context, value))
  for (const value of values) refuseOthers(value, { target, scope })
  return {
    targets: values.map(({ expression }) => expression),
    columns: columns.map((column, index) => outputColumn(column, values[index]?.type)),
  }
}

/** The engine gives back columns of the written table only: those of FROM and USING are refused. */
function refuseOthers(
  value: TypedExpression,
  { target, scope }: { readonly target: WriteTarget; readonly scope: Scope },
): void {
  visitExpressions(value.expression, (part) => {
    const isOther =
      part.kind === 'ColumnReference' &&
      part.range !== target.range &&
      scope.ownRanges.has(part.range)
    if (isOther) {
      throw areNotSupported(
        'columns of other tables in RETURNING',
        scope.context.offsetOf(value.location),
      )
    }
    return true
  })
}
