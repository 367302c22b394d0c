import type { SQLValueFunction } from '@pgsql/types'
import { sqlValueFunction } from '../../types/functions/session.ts'
import { notSupported } from '../binding-errors.ts'
import type { Scope } from '../scope.ts'
import type { TypedExpression } from '../typed-expression.ts'

/** CURRENT_USER, CURRENT_DATE and the like (U9). */
export function bindSqlValueFunction(node: SQLValueFunction, scope: Scope): TypedExpression {
  const operation = node.op ?? ''
  const expression = sqlValueFunction(operation)
  const type = expression !== undefined && 'type' in expression ? expression.type : undefined
  if (expression === undefined || type === undefined) {
    const words = operation.replace('SVFOP_', '').replace(/_N$/, ' with a precision')
    throw notSupported(words, scope.context.offsetOf(node.location))
  }
  return { expression, type, location: node.location }
}
