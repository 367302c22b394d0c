import type { CaseExpr, CoalesceExpr, MinMaxExpr, Node as SyntaxNode } from '@pgsql/types'
import type { BoundExpression, ConditionalCall } from '../../../store/bound.ts'
import { caseBranch } from '../case-branch.ts'
import { coerceToBoolean, settle, unify } from '../coercion.ts'
import type { Clause } from '../clause.ts'
import type { Scope } from '../scope.ts'
import { typeField } from '../typed-expression.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { binaryOperation } from './operator.ts'

/** CASE; with an operand each WHEN is `operand = value` (parse_expr.c, transformCaseExpr). */
export function bindCase(node: CaseExpr, scope: Scope, clause: Clause): TypedExpression {
  const { context } = scope
  const bind = (one: SyntaxNode): TypedExpression => context.binders.expression(one, scope, clause)
  const operand = node.arg === undefined ? undefined : settle(context, bind(node.arg))
  const branches = (node.args ?? []).flatMap((one) => ('CaseWhen' in one ? [one.CaseWhen] : []))
  const conditions = branches.map(({ expr }) =>
    expr === undefined ? undefined : condition(bind(expr), operand, scope),
  )
  const results = branches.flatMap(({ result }) => (result === undefined ? [] : [bind(result)]))
  const otherwise = node.defresult === undefined ? undefined : bind(node.defresult)
  // PostgreSQL prefers the type of ELSE: it heads the list.
  const all = otherwise === undefined ? results : [otherwise, ...results]
  const { expressions, type } = unify(context, all, 'CASE')
  const values = otherwise === undefined ? expressions : expressions.slice(1)
  const expression: BoundExpression = {
    kind: 'CaseExpression',
    branches: values.flatMap((result, index) => {
      const when = conditions[index]
      return when === undefined ? [] : [caseBranch(when, result)]
    }),
    ...(otherwise === undefined || expressions[0] === undefined
      ? {}
      : { otherwise: expressions[0] }),
    ...typeField(type),
  }
  return { expression, type, location: node.location }
}

function condition(
  when: TypedExpression,
  operand: TypedExpression | undefined,
  scope: Scope,
): BoundExpression {
  if (operand === undefined) return coerceToBoolean(scope, when, 'CASE/WHEN')
  return binaryOperation(scope.context, {
    operator: '=',
    left: operand,
    right: when,
    location: when.location,
  }).expression
}

/** COALESCE. */
export function bindCoalesce(node: CoalesceExpr, scope: Scope, clause: Clause): TypedExpression {
  return conditional('coalesce', node, scope, clause)
}

/** GREATEST and LEAST. */
export function bindGreatestLeast(node: MinMaxExpr, scope: Scope, clause: Clause): TypedExpression {
  return conditional(node.op === 'IS_LEAST' ? 'least' : 'greatest', node, scope, clause)
}

function conditional(
  name: ConditionalCall['function'],
  node: CoalesceExpr | MinMaxExpr,
  scope: Scope,
  clause: Clause,
): TypedExpression {
  const { context } = scope
  const values = (node.args ?? []).map((one) => context.binders.expression(one, scope, clause))
  const { expressions, type } = unify(context, values, name.toUpperCase())
  return {
    expression: {
      kind: 'ConditionalCall',
      function: name,
      arguments: expressions,
      ...typeField(type),
    },
    type,
    location: node.location,
  }
}
