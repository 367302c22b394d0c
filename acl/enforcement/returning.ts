import type { ReturningClause } from '@pgsql/types'
import type { BoundReturning } from '../../store/bound.ts'
import { notSupported } from './binding-errors.ts'
import { settle } from './coercion.ts'
import { outputColumn } from './query/select-draft.ts'
import { bindTargetList } from './query/target-list.ts'
import type { Scope } from './scope.ts'

/** RETURNING. */
export function bindReturning(
  clause: ReturningClause | undefined,
  scope: Scope,
): BoundReturning | undefined {
  if (clause === undefined) return undefined
  if (clause.options !== undefined) throw notSupported('RETURNING WITH', undefined)
  const { context } = scope
  const columns = bindTargetList(clause.exprs, scope, 'RETURNING').list()
  const values = columns.map(({ value }) => settle(context, value))
  return {
    targets: values.map(({ expression }) => expression),
    columns: columns.map((column, index) => outputColumn(column, values[index]?.type)),
  }
}
