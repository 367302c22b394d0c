import type { SelectStmt } from '@pgsql/types'
import type { BoundExpression, BoundQuery } from '../../../store/bound.ts'
import { canCoerce } from '../../types/coerce.ts'
import { datatypeMismatch, invalidColumnReference, notSupported } from '../binding-errors.ts'
import { visitExpressions } from '../bound-tree.ts'
import { coerce, typeWords } from '../coercion.ts'
import type { Scope } from '../scope.ts'
import { int8Type } from '../typed-expression.ts'

/** LIMIT, OFFSET and FETCH FIRST. */
export function bindLimit(
  tree: Pick<SelectStmt, 'limitCount' | 'limitOffset' | 'limitOption'>,
  scope: Scope,
): Pick<BoundQuery, 'limit' | 'offset'> {
  if (tree.limitOption === 'LIMIT_OPTION_WITH_TIES') throw notSupported('WITH TIES', undefined)
  const limit = bindCount(tree.limitCount, scope, 'LIMIT')
  const offset = bindCount(tree.limitOffset, scope, 'OFFSET')
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(offset === undefined ? {} : { offset }),
  }
}

function bindCount(
  node: SelectStmt['limitCount'],
  scope: Scope,
  clause: 'LIMIT' | 'OFFSET',
): BoundExpression | undefined {
  if (node === undefined) return undefined
  const { context } = scope
  const value = context.binders.expression(node, scope, clause)
  return context.attempt(() => {
    // LIMIT ALL, LIMIT NULL.
    if (value.type === 'unknown' && isNullLiteral(value.expression)) return undefined
    if (value.type === undefined) return undefined
    const offset = context.offsetOf(value.location)
    if (!canCoerce({ from: value.type, to: int8Type, context: 'assignment' })) {
      throw datatypeMismatch(
        `argument of ${clause} must be type bigint, not type ${typeWords(value.type)}`,
        offset,
      )
    }
    const count = coerce(context, value, { to: int8Type, context: 'assignment' })
    visitExpressions(count, (expression) => {
      if (expression.kind === 'ColumnReference' && scope.ownRanges.has(expression.range)) {
        throw invalidColumnReference(`argument of ${clause} must not contain variables`, offset)
      }
      return true
    })
    return count
  }, undefined)
}

function isNullLiteral(expression: BoundExpression): boolean {
  return expression.kind === 'Constant' && expression.value === null
}
