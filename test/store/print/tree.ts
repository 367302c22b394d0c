/** Short makers of bound trees for the tests of the printer. */
import type {
  BinaryOperator,
  BoundExpression,
  BoundQuery,
  Cast,
  Constant,
} from '../../../store/bound.ts'
import type { ScalarType, ScalarTypeName, SqlType, SqlValue } from '../../../store/sql-type.ts'

export function scalar(name: ScalarTypeName, modifiers: Partial<ScalarType> = {}): ScalarType {
  return { kind: 'Scalar', name, ...modifiers }
}

export function arrayOf(name: ScalarTypeName): SqlType {
  return { kind: 'Array', element: scalar(name) }
}

export function constant(value: SqlValue, type: SqlType | ScalarTypeName): Constant {
  return { kind: 'Constant', value, type: typeof type === 'string' ? scalar(type) : type }
}

export function cast(operand: BoundExpression, type: SqlType | ScalarTypeName): Cast {
  return { kind: 'Cast', operand, type: typeof type === 'string' ? scalar(type) : type }
}

export function binary(
  left: BoundExpression,
  operator: BinaryOperator,
  right: BoundExpression,
  type: SqlType | ScalarTypeName,
): BoundExpression {
  const result = typeof type === 'string' ? scalar(type) : type
  return { kind: 'BinaryOperation', operator, left, right, type: result }
}

export function column(
  range: number,
  number: number,
  type: SqlType | ScalarTypeName,
): BoundExpression {
  const known = typeof type === 'string' ? scalar(type) : type
  return { kind: 'ColumnReference', range, column: number, type: known }
}

/** `(VALUES (...), ...)` as a query. */
export function valuesOf(rows: readonly (readonly BoundExpression[])[]): BoundQuery {
  return {
    kind: 'Query',
    with: [],
    recursive: false,
    body: { kind: 'Values', rows },
    orderBy: [],
    columns: (rows[0] ?? []).map((_, index) => ({ name: `column ${index}` })),
  }
}

export const nothing = (type: SqlType | ScalarTypeName): Constant => constant(null, type)
export const int = (value: number | null): Constant => constant(value, 'int4')
export const text = (value: string | null): Constant => constant(value, 'text')
export const bool = (value: boolean | null): Constant => constant(value, 'bool')
export const numeric = (value: string | null): Constant => constant(value, 'numeric')

/** `ARRAY[...]` of int4. */
export function ints(...values: readonly (number | null)[]): Constant {
  return constant(values, arrayOf('int4'))
}

/** `ARRAY[...]` of text. */
export function texts(...values: readonly (string | null)[]): Constant {
  return constant(values, arrayOf('text'))
}

export function row(...fields: readonly BoundExpression[]): BoundExpression {
  return {
    kind: 'RowConstructor',
    fields,
    type: {
      kind: 'Record',
      fields: fields.flatMap(({ type }) => (type === undefined ? [] : [type])),
    },
  }
}

export function call(
  name: string,
  args: readonly BoundExpression[],
  type: ScalarTypeName,
): BoundExpression {
  return { kind: 'FunctionCall', function: name, arguments: args, type: scalar(type) }
}
