import type { A_Expr, Node as SyntaxNode } from '@pgsql/types'
import type { BoundExpression } from '../../../store/bound.ts'
import { commonType } from '../../types/coerce.ts'
import type { BindContext } from '../bind-context.ts'
import { notSupported } from '../binding-errors.ts'
import type { Clause } from '../clause.ts'
import { argumentType, coerce } from '../coercion.ts'
import type { Scope } from '../scope.ts'
import { itemsOf } from '../syntax.ts'
import { boolType } from '../typed-expression.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { anyFailed, failedOperation, operandOf } from './operand.ts'
import { binaryOperation, requireOperator } from './operator.ts'
import { isRow, rowComparison, rowFields } from './row-comparison.ts'
import type { RowNode } from './row-comparison.ts'

interface List {
  readonly operand: TypedExpression
  readonly items: readonly TypedExpression[]
  readonly negated: boolean
  readonly location: number | undefined
}

/** IN and NOT IN over a list: one type for all if there is one, else each compared for itself (transformAExprIn). */
export function bindInList(
  node: A_Expr,
  operator: string,
  scope: Scope,
  clause: Clause,
): TypedExpression {
  const { context } = scope
  const { location } = node
  const negated = operator === '<>'
  const nodes = itemsOf(node.rexpr)
  if (isRow(node.lexpr)) {
    const expression = rowComparisons(node.lexpr, nodes, { negated, location, scope, clause })
    return { expression, type: boolType, location }
  }
  const operand = operandOf(node.lexpr, scope, clause)
  const items = nodes.map((item) => operandOf(item, scope, clause))
  if (anyFailed([operand, ...items])) return failedOperation(location)
  const list = { operand, items, negated, location }
  const expression = oneType(context, list) ?? comparisons(context, list)
  return { expression, type: boolType, location }
}

function oneType(context: BindContext, list: List): BoundExpression | undefined {
  const { operand, items, negated, location } = list
  const type = commonType([operand, ...items].map((value) => argumentType(value)))
  if (type === undefined) return undefined
  requireOperator(context, {
    operator: '=',
    left: { ...operand, type },
    right: { ...operand, type },
    location,
  })
  const to = (value: TypedExpression): BoundExpression =>
    coerce(context, value, { to: type, context: 'implicit' })
  return { kind: 'InList', operand: to(operand), items: items.map(to), negated, type: boolType }
}

function comparisons(context: BindContext, list: List): BoundExpression {
  const { operand, items, negated, location } = list
  return {
    kind: 'Logical',
    operator: negated ? 'AND' : 'OR',
    operands: items.map(
      (item) =>
        binaryOperation(context, {
          operator: negated ? '<>' : '=',
          left: operand,
          right: item,
          location,
        }).expression,
    ),
    type: boolType,
  }
}

function rowComparisons(
  row: RowNode,
  items: readonly SyntaxNode[],
  given: {
    readonly negated: boolean
    readonly location: number | undefined
    readonly scope: Scope
    readonly clause: Clause
  },
): BoundExpression {
  const { negated, location, scope, clause } = given
  return {
    kind: 'Logical',
    operator: negated ? 'AND' : 'OR',
    operands: items.map((item) => {
      if (!isRow(item)) {
        throw notSupported('comparing a row with this', scope.context.offsetOf(location))
      }
      return rowComparison(scope.context, {
        operator: negated ? '<>' : '=',
        left: rowFields(row, scope, clause),
        right: rowFields(item, scope, clause),
        location,
      }).expression
    }),
    type: boolType,
  }
}
