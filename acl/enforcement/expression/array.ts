import type {
  A_ArrayExpr,
  A_Indices,
  A_Indirection,
  Node as SyntaxNode,
  RowExpr,
} from '@pgsql/types'
import type { BoundExpression } from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import { arrayOf } from '../../types/scalar.ts'
import { areNotSupported, datatypeMismatch, emptyArray, notSupported } from '../binding-errors.ts'
import type { Clause } from '../clause.ts'
import { coerce, settle, typeWords, unify } from '../coercion.ts'
import { findItem, hasColumn, readColumnOf } from '../name-lookup.ts'
import { starColumnsOf } from '../star.ts'
import { stringsOf } from '../syntax.ts'
import type { Scope } from '../scope.ts'
import { int4Type, typeField } from '../typed-expression.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { anyFailed, failedOperation, operandOf } from './operand.ts'

/** ARRAY[...]; given an element type (a cast stands around it) the elements take that. */
export function bindArrayExpression(
  node: A_ArrayExpr,
  scope: Scope,
  clause: Clause,
  wanted?: SqlType,
): TypedExpression {
  const { context } = scope
  const { location } = node
  const nodes = node.elements ?? []
  const elements = nodes.map((element) =>
    'A_ArrayExpr' in element
      ? bindArrayExpression(element.A_ArrayExpr, scope, clause, wanted)
      : operandOf(element, scope, clause),
  )
  if (anyFailed(elements)) return failedOperation(location)
  if (wanted?.kind === 'Array') return arrayOfType(elements, wanted, { scope, location })
  if (elements.length === 0) {
    throw emptyArray(context.offsetOf(location))
  }
  const { expressions, type } = unify(context, elements, 'ARRAY')
  // PostgreSQL's arrays of arrays have the type of the array.
  const arrayType = type?.kind === 'Scalar' ? arrayOf(type) : type
  if (arrayType?.kind === 'Record') {
    throw areNotSupported('arrays of rows', context.offsetOf(location))
  }
  return arrayConstructor(expressions, arrayType, location)
}

function arrayOfType(
  elements: readonly TypedExpression[],
  wanted: Extract<SqlType, { readonly kind: 'Array' }>,
  { scope, location }: { readonly scope: Scope; readonly location: number | undefined },
): TypedExpression {
  const expressions = elements.map((element) => {
    const to =
      element.type !== 'unknown' && element.type?.kind === 'Array' ? wanted : wanted.element
    return coerce(scope.context, element, { to, context: 'explicit' })
  })
  return arrayConstructor(expressions, wanted, location)
}

function arrayConstructor(
  elements: readonly BoundExpression[],
  type: SqlType | undefined,
  location: number | undefined,
): TypedExpression {
  return {
    expression: { kind: 'ArrayConstructor', elements, ...typeField(type) },
    type,
    location,
  }
}

/** ROW(...), (a, b) as a value. */
export function bindRow(node: RowExpr, scope: Scope, clause: Clause): TypedExpression {
  const { context } = scope
  const fields = (node.args ?? []).flatMap((field) =>
    rowMembers(field, scope, clause).map((value) => settle(context, value)),
  )
  const types = fields.flatMap(({ type }) =>
    type === undefined || type === 'unknown' ? [] : [type],
  )
  const type =
    types.length === fields.length ? ({ kind: 'Record', fields: types } as const) : undefined
  return {
    expression: {
      kind: 'RowConstructor',
      fields: fields.map(({ expression }) => expression),
      ...typeField(type),
    },
    type,
    location: node.location,
  }
}

/** `t.*` in a row stands for its columns. */
function rowMembers(node: SyntaxNode, scope: Scope, clause: Clause): readonly TypedExpression[] {
  const star = starColumnsOf(node, scope)
  return star ?? [operandOf(node, scope, clause)]
}

/** `array[i]`, `array[a:b]`; fields of rows are not selected. */
export function bindIndirection(
  node: A_Indirection,
  scope: Scope,
  clause: Clause,
): TypedExpression {
  const { context } = scope
  const field = fieldOfRelation(node, scope)
  if (field !== undefined) return field
  const operand = operandOf(node.arg, scope, clause)
  const indices = (node.indirection ?? []).map((step) => indicesOf(step, scope, operand.location))
  if (anyFailed([operand])) return failedOperation(operand.location)
  const type = operand.type
  if (type === 'unknown' || type?.kind !== 'Array') {
    throw datatypeMismatch(
      `cannot subscript type ${typeWords(type)} because it does not support subscripting`,
      context.offsetOf(operand.location),
    )
  }
  // With one slice among them PostgreSQL takes every subscript for a slice from 1.
  const isSlice = indices.some((step) => step.is_slice === true)
  const expression = indices.reduce<BoundExpression>(
    (array, step) =>
      isSlice
        ? slice(array, step, type, { scope, clause })
        : subscript(array, step, { scope, clause, element: type.element }),
    operand.expression,
  )
  return { expression, type: isSlice ? type : type.element, location: operand.location }
}

/** `(t).c` is `t.c` where t is a relation: no more than that column is read. */
function fieldOfRelation(node: A_Indirection, scope: Scope): TypedExpression | undefined {
  const [field, ...rest] = stringsOf(node.indirection)
  if (field === undefined || rest.length > 0 || node.indirection?.length !== 1) return undefined
  if (node.arg === undefined || !('ColumnRef' in node.arg)) return undefined
  const { fields, location } = node.arg.ColumnRef
  const [name, ...others] = stringsOf(fields)
  if (name === undefined || others.length > 0 || fields?.length !== 1) return undefined
  if (hasColumn(scope, name)) return undefined
  const item = findItem(scope, { name }, { location })
  return item === undefined ? undefined : readColumnOf(item, field, { scope, location })
}

function indicesOf(step: SyntaxNode, scope: Scope, location: number | undefined): A_Indices {
  if ('A_Indices' in step) return step.A_Indices
  throw notSupported('selecting a field of a row', scope.context.offsetOf(location))
}

interface Place {
  readonly scope: Scope
  readonly clause: Clause
}

function index(
  node: SyntaxNode | undefined,
  { scope, clause }: Place,
): BoundExpression | undefined {
  if (node === undefined) return undefined
  const value = operandOf(node, scope, clause)
  return coerce(scope.context, value, { to: int4Type, context: 'assignment' })
}

function subscript(
  operand: BoundExpression,
  step: A_Indices,
  place: Place & { readonly element: SqlType },
): BoundExpression {
  const at = index(step.uidx, place)
  if (at === undefined) throw notSupported('an array subscript without index', undefined)
  return { kind: 'Subscript', operand, index: at, type: place.element }
}

function slice(
  operand: BoundExpression,
  step: A_Indices,
  type: SqlType,
  place: Place,
): BoundExpression {
  const lower = step.is_slice === true ? index(step.lidx, place) : undefined
  const upper = index(step.uidx, place)
  return {
    kind: 'Slice',
    operand,
    ...(lower === undefined ? {} : { lower }),
    ...(upper === undefined ? {} : { upper }),
    type,
  }
}
