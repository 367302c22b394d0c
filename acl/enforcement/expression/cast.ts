import type { CollateClause, TypeCast } from '@pgsql/types'
import { datatypeMismatch, notSupported } from '../binding-errors.ts'
import type { Clause } from '../clause.ts'
import { coerce, typeWords } from '../coercion.ts'
import { categoryOf } from '../../types/coerce.ts'
import type { Scope } from '../scope.ts'
import { stringsOf } from '../syntax.ts'
import { boundTypeName } from '../type-syntax.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { bindArrayExpression } from './array.ts'
import { operandOf } from './operand.ts'

/** CAST(a AS t), a::t, `t 'literal'`. */
export function bindCast(node: TypeCast, scope: Scope, clause: Clause): TypedExpression {
  const { context } = scope
  const type = context.attempt(() => boundTypeName(node.typeName, context), undefined)
  const location =
    node.location === undefined || node.location < 0 ? node.typeName?.location : node.location
  const operand =
    node.arg !== undefined && 'A_ArrayExpr' in node.arg && type?.kind === 'Array'
      ? bindArrayExpression(node.arg.A_ArrayExpr, scope, clause, type)
      : operandOf(node.arg, scope, clause)
  if (type === undefined) return { expression: operand.expression, type: undefined, location }
  const expression = coerce(context, operand, { to: type, context: 'explicit' })
  return { expression, type, location: operand.location ?? location }
}

/** Text compares by code point here: of the collations that is "C", and default. */
const collations: ReadonlySet<string> = new Set(['C', 'POSIX', 'default', 'ucs_basic'])

/** COLLATE. */
export function bindCollate(node: CollateClause, scope: Scope, clause: Clause): TypedExpression {
  const operand = operandOf(node.arg, scope, clause)
  const names = stringsOf(node.collname)
  const qualified = names.length === 2 && names[0] === 'pg_catalog'
  const name = names.at(-1) ?? ''
  if (!collations.has(name) || (names.length > 1 && !qualified)) {
    throw notSupported(`collation "${name}"`, scope.context.offsetOf(node.location))
  }
  const { type } = operand
  if (type !== undefined && type !== 'unknown' && categoryOf(type) !== 'S') {
    throw datatypeMismatch(
      `collations are not supported by type ${typeWords(type)}`,
      scope.context.offsetOf(node.location),
    )
  }
  return operand
}
