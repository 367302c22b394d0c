import type { Node as SyntaxNode } from '@pgsql/types'
import { notSupported, tooComplex } from '../binding-errors.ts'
import type { Clause } from '../clause.ts'
import { expressionWeightMax, weightOf } from '../expression-weight.ts'
import type { Scope } from '../scope.ts'
import { locationOf } from '../syntax.ts'
import { failedExpression } from '../typed-expression.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { bindArrayExpression, bindIndirection, bindRow } from './array.ts'
import { bindCast, bindCollate } from './cast.ts'
import { bindColumnRef } from './column-ref.ts'
import { bindCase, bindCoalesce, bindGreatestLeast } from './conditional.ts'
import { bindConstant, bindParameter } from './constant.ts'
import { bindFunctionCall } from './function-call.ts'
import { bindGrouping } from './grouping-call.ts'
import { bindBoolExpression } from './logical.ts'
import { bindOperation } from './operation.ts'
import { bindSqlValueFunction } from './session-value.ts'
import { bindSubLink } from './subquery.ts'
import { bindBooleanTest, bindNullTest } from './test.ts'

/**
 * An expression (parse_expr.c, transformExpr). An error in a part of it is remembered, and the rest
 * is bound all the same, so that every requirement is found (G61).
 */
export function bindExpression(node: SyntaxNode, scope: Scope, clause: Clause): TypedExpression {
  const bound = scope.context.attempt(() => limited(bindNode(node, scope, clause)), undefined)
  return bound ?? { expression: failedExpression, type: undefined, location: locationOf(node) }
}

/** @throws SqlError 54001 */
function limited(bound: TypedExpression): TypedExpression {
  if (weightOf(bound.expression) <= expressionWeightMax) return bound
  throw tooComplex('an expression repeats its parts too often')
}

/** The closed list of nodes that may stand where a value stands; syntax-gate.ts has checked their fields. */
function bindNode(node: SyntaxNode, scope: Scope, clause: Clause): TypedExpression {
  if ('ColumnRef' in node) return bindColumnRef(node.ColumnRef, scope)
  if ('A_Const' in node) return bindConstant(node.A_Const, scope)
  if ('ParamRef' in node) return bindParameter(node.ParamRef, scope)
  if ('A_Expr' in node) return bindOperation(node.A_Expr, scope, clause)
  if ('BoolExpr' in node) return bindBoolExpression(node.BoolExpr, scope, clause)
  if ('FuncCall' in node) return bindFunctionCall(node.FuncCall, scope, clause)
  if ('TypeCast' in node) return bindCast(node.TypeCast, scope, clause)
  if ('CaseExpr' in node) return bindCase(node.CaseExpr, scope, clause)
  if ('CoalesceExpr' in node) return bindCoalesce(node.CoalesceExpr, scope, clause)
  if ('MinMaxExpr' in node) return bindGreatestLeast(node.MinMaxExpr, scope, clause)
  if ('NullTest' in node) return bindNullTest(node.NullTest, scope, clause)
  if ('BooleanTest' in node) return bindBooleanTest(node.BooleanTest, scope, clause)
  if ('SubLink' in node) return bindSubLink(node.SubLink, scope, clause)
  if ('SQLValueFunction' in node) return bindSqlValueFunction(node.SQLValueFunction, scope)
  if ('A_ArrayExpr' in node) return bindArrayExpression(node.A_ArrayExpr, scope, clause)
  if ('RowExpr' in node) return bindRow(node.RowExpr, scope, clause)
  if ('A_Indirection' in node) return bindIndirection(node.A_Indirection, scope, clause)
  if ('CollateClause' in node) return bindCollate(node.CollateClause, scope, clause)
  if ('GroupingFunc' in node) return bindGrouping(node.GroupingFunc, scope, clause)
  throw notSupported(
    Object.keys(node)[0] ?? 'this expression',
    scope.context.offsetOf(locationOf(node)),
  )
}
