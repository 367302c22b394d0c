import type { Node as SyntaxNode } from '@pgsql/types'
import type { BoundExpression } from '../../store/bound.ts'
import { coerceToBoolean } from './coercion.ts'
import type { Scope } from './scope.ts'

/** WHERE or HAVING, if there is one. */
export function bindCondition(
  node: SyntaxNode | undefined,
  scope: Scope,
  clause: 'WHERE' | 'HAVING',
): BoundExpression | undefined {
  if (node === undefined) return undefined
  return coerceToBoolean(scope, scope.context.binders.expression(node, scope, clause), clause)
}
