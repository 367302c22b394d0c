import type { A_Expr } from '@pgsql/types'
import { unreachable } from '../../../errors/unreachable.ts'
import { areNotSupported, notSupported } from '../binding-errors.ts'
import type { Clause } from '../clause.ts'
import { coerce } from '../coercion.ts'
import type { Scope } from '../scope.ts'
import { stringsOf } from '../syntax.ts'
import { boolType } from '../typed-expression.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { bindBetween } from './between.ts'
import { bindInList } from './in-list.ts'
import { bindLike } from './like.ts'
import { anyFailed, failedOperation, operandOf } from './operand.ts'
import { requireOperator, binaryOperation } from './operator.ts'
import { bindQuantifiedArray } from './quantified-array.ts'
import { isRow, rowComparison, rowFields } from './row-comparison.ts'

/** An A_Expr node: everything that is written with an operator, and what the grammar treats alike. */
export function bindOperation(node: A_Expr, scope: Scope, clause: Clause): TypedExpression {
  const operator = operatorName(node, scope)
  switch (node.kind) {
    case 'AEXPR_OP':
    case 'AEXPR_SIMILAR':
    case undefined:
      return bindOperator(node, operator, scope, clause)
    case 'AEXPR_OP_ANY':
    case 'AEXPR_OP_ALL':
      return bindQuantifiedArray(node, operator, scope, clause)
    case 'AEXPR_DISTINCT':
    case 'AEXPR_NOT_DISTINCT':
      return bindDistinctTest(node, scope, clause)
    case 'AEXPR_NULLIF':
      return bindNullIf(node, scope, clause)
    case 'AEXPR_IN':
      return bindInList(node, operator, scope, clause)
    case 'AEXPR_LIKE':
    case 'AEXPR_ILIKE':
      return bindLike(node, operator, scope, clause)
    case 'AEXPR_BETWEEN':
    case 'AEXPR_NOT_BETWEEN':
    case 'AEXPR_BETWEEN_SYM':
    case 'AEXPR_NOT_BETWEEN_SYM':
      return bindBetween(node, scope, clause)
    default:
      return unreachable(node.kind)
  }
}

/** `OPERATOR(pg_catalog.+)` is `+`; any other schema is refused (hardening 2.1). */
function operatorName(node: A_Expr, scope: Scope): string {
  const names = stringsOf(node.name)
  const [first, second] = names
  if (second === undefined) return first ?? ''
  if (names.length === 2 && first === 'pg_catalog') return second
  throw areNotSupported('operators of other schemas', scope.context.offsetOf(node.location))
}

function bindOperator(
  node: A_Expr,
  operator: string,
  scope: Scope,
  clause: Clause,
): TypedExpression {
  const { context } = scope
  const { lexpr, rexpr, location } = node
  if (isRow(lexpr) && isRow(rexpr)) {
    return rowComparison(context, {
      operator,
      left: rowFields(lexpr, scope, clause),
      right: rowFields(rexpr, scope, clause),
      location,
    })
  }
  const left = lexpr === undefined ? undefined : operandOf(lexpr, scope, clause)
  const right = operandOf(rexpr, scope, clause)
  return binaryOperation(context, { operator, left, right, location })
}

/** IS [NOT] DISTINCT FROM: of rows field by field, of all else by the type's `=`. */
function bindDistinctTest(node: A_Expr, scope: Scope, clause: Clause): TypedExpression {
  const { context } = scope
  const negated = node.kind === 'AEXPR_NOT_DISTINCT'
  const left = operandOf(node.lexpr, scope, clause)
  const right = operandOf(node.rexpr, scope, clause)
  if (anyFailed([left, right])) return failedOperation(node.location)
  if (isRow(node.lexpr) || isRow(node.rexpr)) {
    throw notSupported('IS DISTINCT FROM of rows', context.offsetOf(node.location))
  }
  const resolved = requireOperator(context, {
    operator: '=',
    left,
    right,
    location: node.location,
  })
  if (resolved.kind !== 'Binary') {
    throw notSupported('IS DISTINCT FROM of these types', context.offsetOf(node.location))
  }
  return {
    expression: {
      kind: 'DistinctTest',
      left: coerce(context, left, { to: resolved.left, context: 'implicit' }),
      right: coerce(context, right, { to: resolved.right, context: 'implicit' }),
      negated,
      type: boolType,
    },
    type: boolType,
    location: node.location,
  }
}

/** NULLIF has the type of its first argument, compared by `=` of both. */
function bindNullIf(node: A_Expr, scope: Scope, clause: Clause): TypedExpression {
  const { context } = scope
  const left = operandOf(node.lexpr, scope, clause)
  const right = operandOf(node.rexpr, scope, clause)
  if (anyFailed([left, right])) return failedOperation(node.location)
  const resolved = requireOperator(context, {
    operator: '=',
    left,
    right,
    location: node.location,
  })
  if (resolved.kind === 'Prefix') return failedOperation(node.location)
  const { left: leftType, right: rightType } = resolved
  return {
    expression: {
      kind: 'ConditionalCall',
      function: 'nullif',
      arguments: [
        coerce(context, left, { to: leftType, context: 'implicit' }),
        coerce(context, right, { to: rightType, context: 'implicit' }),
      ],
      type: leftType,
    },
    type: leftType,
    location: node.location,
  }
}
