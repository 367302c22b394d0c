import type { Node as SyntaxNode } from '@pgsql/types'
import type { BoundExpression } from '../../../store/bound.ts'
import type { BindContext } from '../bind-context.ts'
import { notSupported, syntaxError } from '../binding-errors.ts'
import { boolType } from '../typed-expression.ts'
import type { TypedExpression } from '../typed-expression.ts'
import type { Clause } from '../clause.ts'
import type { Scope } from '../scope.ts'
import { binaryOperation } from './operator.ts'

/** A node that is written as a row. */
export type RowNode = Extract<SyntaxNode, { readonly RowExpr: unknown }>

/** Whether a node is written as a row: ROW(...) or (a, b). */
export function isRow(node: SyntaxNode | undefined): node is RowNode {
  return node !== undefined && 'RowExpr' in node
}

/** The fields of a row, each still open to the type of what it is compared with. */
export function rowFields(node: RowNode, scope: Scope, clause: Clause): readonly TypedExpression[] {
  return (node.RowExpr.args ?? []).map((field) =>
    scope.context.binders.expression(field, scope, clause),
  )
}

interface Rows {
  readonly operator: string
  readonly left: readonly TypedExpression[]
  readonly right: readonly TypedExpression[]
  readonly location: number | undefined
}

/** `(a, b) = (c, d)` and the like, field by field (parse_expr.c, make_row_comparison_op). */
export function rowComparison(context: BindContext, rows: Rows): TypedExpression {
  const { left, right, location } = rows
  if (left.length !== right.length) {
    throw syntaxError('unequal number of entries in row expressions', context.offsetOf(location))
  }
  if (left.length === 0) {
    throw notSupported('comparing rows of zero length', context.offsetOf(location))
  }
  return { expression: compare(context, rows), type: boolType, location }
}

function compare(context: BindContext, rows: Rows): BoundExpression {
  const { operator, left, right, location } = rows
  const fields = left.flatMap((one, index) => {
    const other = right[index]
    return other === undefined ? [] : [{ one, other }]
  })
  const test = (symbol: string, { one, other }: (typeof fields)[number]): BoundExpression =>
    binaryOperation(context, { operator: symbol, left: one, right: other, location }).expression
  switch (operator) {
    case '=':
      return all(
        'AND',
        fields.map((field) => test('=', field)),
      )
    case '<>':
    case '!=':
      return all(
        'OR',
        fields.map((field) => test('<>', field)),
      )
    case '<':
    case '<=':
    case '>':
    case '>=':
      return lexicographic(fields, operator, test)
    default:
      throw notSupported(`comparing rows by ${operator}`, context.offsetOf(location))
  }
}

/** `(a, b) <= (c, d)` is `a < c OR (a = c AND b <= d)`, also where something is NULL. */
function lexicographic<Field>(
  fields: readonly Field[],
  operator: string,
  test: (symbol: string, field: Field) => BoundExpression,
): BoundExpression {
  const strict = operator.slice(0, 1)
  const [last, ...before] = fields.toReversed()
  if (last === undefined) return { kind: 'Constant', value: true, type: boolType }
  return before.reduce<BoundExpression>(
    (rest, field) => all('OR', [test(strict, field), all('AND', [test('=', field), rest])]),
    test(operator, last),
  )
}

function all(operator: 'AND' | 'OR', operands: readonly BoundExpression[]): BoundExpression {
  const [only] = operands
  return operands.length === 1 && only !== undefined
    ? only
    : { kind: 'Logical', operator, operands, type: boolType }
}
