import type { Node as SyntaxNode, SelectStmt, SubLink } from '@pgsql/types'
import { unreachable } from '../../../errors/unreachable.ts'
import type { BoundExpression, BoundQuery } from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import { arrayOf } from '../../types/scalar.ts'
import { areNotSupported, notSupported, syntaxError } from '../binding-errors.ts'
import type { Clause } from '../clause.ts'
import { coerce } from '../coercion.ts'
import { castQueryColumns } from '../query/select-draft.ts'
import type { Scope } from '../scope.ts'
import { stringsOf } from '../syntax.ts'
import { boolType, typeField } from '../typed-expression.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { anyFailed, failedOperation, operandOf } from './operand.ts'
import { requireOperator } from './operator.ts'
import { isRow, rowFields } from './row-comparison.ts'

/** A subquery where a value stands (parse_expr.c, transformSubLink). */
export function bindSubLink(node: SubLink, scope: Scope, clause: Clause): TypedExpression {
  const { context } = scope
  const { location } = node
  const tree = selectOf(node.subselect, scope, location)
  switch (node.subLinkType) {
    case 'EXISTS_SUBLINK': {
      const query = context.binders.query(tree, scope)
      return {
        expression: { kind: 'ExistsSubquery', query, type: boolType },
        type: boolType,
        location,
      }
    }
    case 'EXPR_SUBLINK':
      return bindScalar(tree, scope, location)
    case 'ARRAY_SUBLINK':
      return bindArray(tree, scope, location)
    case 'ANY_SUBLINK':
    case 'ALL_SUBLINK':
      return bindQuantified(node, tree, scope, clause)
    case 'ROWCOMPARE_SUBLINK':
    case 'MULTIEXPR_SUBLINK':
    case 'CTE_SUBLINK':
    case undefined:
      throw notSupported('this subquery', context.offsetOf(location))
    default:
      return unreachable(node.subLinkType)
  }
}

function selectOf(
  node: SyntaxNode | undefined,
  scope: Scope,
  location: number | undefined,
): SelectStmt {
  if (node !== undefined && 'SelectStmt' in node) return node.SelectStmt
  throw notSupported('this subquery', scope.context.offsetOf(location))
}

/** A query that gives one column, and that column's type. */
function oneColumn(
  tree: SelectStmt,
  scope: Scope,
  location: number | undefined,
): { readonly query: BoundQuery; readonly type: SqlType | undefined } {
  const query = scope.context.binders.query(tree, scope)
  if (query.columns.length !== 1) {
    throw syntaxError('subquery must return only one column', scope.context.offsetOf(location))
  }
  return { query, type: query.columns[0]?.type }
}

function bindScalar(tree: SelectStmt, scope: Scope, location: number | undefined): TypedExpression {
  const { query, type } = oneColumn(tree, scope, location)
  return { expression: { kind: 'ScalarSubquery', query, ...typeField(type) }, type, location }
}

function bindArray(tree: SelectStmt, scope: Scope, location: number | undefined): TypedExpression {
  const { query, type } = oneColumn(tree, scope, location)
  if (type?.kind === 'Record') {
    throw areNotSupported('arrays of rows', scope.context.offsetOf(location))
  }
  const result = type?.kind === 'Scalar' ? arrayOf(type) : type
  return {
    expression: { kind: 'ArraySubquery', query, ...typeField(result) },
    type: result,
    location,
  }
}

/** `a IN (query)`, `a = ANY (query)`, `(a, b) IN (query)`, `a < ALL (query)`. */
function bindQuantified(
  node: SubLink,
  tree: SelectStmt,
  scope: Scope,
  clause: Clause,
): TypedExpression {
  const { context } = scope
  const { location, testexpr } = node
  const offset = context.offsetOf(location)
  const operator = operatorOf(node, scope)
  const operands = isRow(testexpr)
    ? rowFields(testexpr, scope, clause)
    : [operandOf(testexpr, scope, clause)]
  const query = context.binders.query(tree, scope)
  if (query.columns.length !== operands.length) {
    const few = query.columns.length < operands.length ? 'few' : 'many'
    throw syntaxError(`subquery has too ${few} columns`, offset)
  }
  if (anyFailed(operands)) return failedOperation(location)
  const pairs = operands.map((operand, index) =>
    resolvePair(operand, query.columns[index]?.type, { scope, operator, location }),
  )
  const [first] = pairs
  if (first === undefined || pairs.some((pair) => pair.operator !== first.operator)) {
    throw notSupported('this comparison with a subquery', offset)
  }
  if (pairs.length > 1 && first.operator !== '=' && first.operator !== '<>') {
    throw notSupported(`comparing rows with a subquery by ${operator}`, offset)
  }
  const expression: BoundExpression = {
    kind: 'QuantifiedSubquery',
    operands: pairs.map(({ operand }) => operand),
    operator: first.operator,
    quantifier: node.subLinkType === 'ALL_SUBLINK' ? 'ALL' : 'ANY',
    query: castQueryColumns(context, query, {
      types: pairs.map(({ columnType }) => columnType),
      context: 'implicit',
    }),
    type: boolType,
  }
  return { expression, type: boolType, location }
}

/** IN has no operator of its own: it is `=`. */
function operatorOf(node: SubLink, scope: Scope): string {
  const names = stringsOf(node.operName)
  const [first, second] = names
  if (names.length === 2 && first === 'pg_catalog' && second !== undefined) return second
  if (names.length > 1) {
    throw areNotSupported('operators of other schemas', scope.context.offsetOf(node.location))
  }
  return first ?? '='
}

function resolvePair(
  operand: TypedExpression,
  columnType: SqlType | undefined,
  given: {
    readonly scope: Scope
    readonly operator: string
    readonly location: number | undefined
  },
) {
  const { scope, operator, location } = given
  const { context } = scope
  const right: TypedExpression = {
    expression: { kind: 'Constant', value: null },
    type: columnType,
    location,
  }
  const resolved = requireOperator(context, { operator, left: operand, right, location })
  if (resolved.kind !== 'Binary') {
    throw notSupported(`${operator} with a subquery`, context.offsetOf(location))
  }
  return {
    operator: resolved.operator,
    operand: coerce(context, operand, { to: resolved.left, context: 'implicit' }),
    columnType: resolved.right,
  } as const
}
