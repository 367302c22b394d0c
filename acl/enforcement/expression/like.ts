import type { A_Expr, Node as SyntaxNode } from '@pgsql/types'
import type { BoundExpression } from '../../../store/bound.ts'
import type { Clause } from '../clause.ts'
import { coerce } from '../coercion.ts'
import type { Scope } from '../scope.ts'
import { stringsOf } from '../syntax.ts'
import { boolType, textType } from '../typed-expression.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { anyFailed, failedOperation, operandOf } from './operand.ts'
import { requireOperator } from './operator.ts'

/** LIKE and ILIKE, with or without ESCAPE. */
export function bindLike(
  node: A_Expr,
  operator: string,
  scope: Scope,
  clause: Clause,
): TypedExpression {
  const { context } = scope
  const { location } = node
  const { patternNode, escapeNode } = patternOf(node.rexpr)
  const operand = operandOf(node.lexpr, scope, clause)
  const pattern = operandOf(patternNode, scope, clause)
  const escape = escapeNode === undefined ? undefined : operandOf(escapeNode, scope, clause)
  if (anyFailed([operand, pattern, ...(escape === undefined ? [] : [escape])])) {
    return failedOperation(location)
  }
  requireOperator(context, { operator, left: operand, right: pattern, location })
  const text = (value: TypedExpression): BoundExpression =>
    coerce(context, value, { to: textType, context: 'implicit' })
  return {
    expression: {
      kind: 'LikeMatch',
      operand: text(operand),
      pattern: text(pattern),
      ...(escape === undefined ? {} : { escape: text(escape) }),
      caseInsensitive: node.kind === 'AEXPR_ILIKE',
      negated: operator.startsWith('!'),
      type: boolType,
    },
    type: boolType,
    location,
  }
}

/** The grammar writes `p ESCAPE e` as a call of like_escape(p, e). */
function patternOf(node: SyntaxNode | undefined): {
  readonly patternNode: SyntaxNode | undefined
  readonly escapeNode?: SyntaxNode
} {
  if (node === undefined || !('FuncCall' in node)) return { patternNode: node }
  const { funcname, args } = node.FuncCall
  const [pattern, escape] = args ?? []
  if (stringsOf(funcname).join('.') !== 'pg_catalog.like_escape') return { patternNode: node }
  return {
    patternNode: pattern,
    ...(escape === undefined ? {} : { escapeNode: escape }),
  }
}
