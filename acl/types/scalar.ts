import { unreachable } from '../../errors/unreachable.ts'
import type { ArrayType, ScalarType, ScalarTypeName, SqlType } from '../../store/sql-type.ts'

/** The type of an operand: `unknown` is a literal or parameter whose type its surroundings decide. */
export type ArgumentType = SqlType | 'unknown'

/** A type without its modifiers, as rows of the tables of operators and functions name it. */
export type TypeKey = ScalarTypeName | `${ScalarTypeName}[]` | 'record'

/** A scalar type without modifiers. */
export function scalar(name: ScalarTypeName): ScalarType {
  return { kind: 'Scalar', name }
}

/** The array type over a scalar type. */
export function arrayOf(element: ScalarType): ArrayType {
  return { kind: 'Array', element }
}

/** The type's identity, modifiers aside. */
export function keyOf(type: SqlType): TypeKey {
  switch (type.kind) {
    case 'Scalar':
      return type.name
    case 'Array':
      return `${type.element.name}[]`
    case 'Record':
      return 'record'
    default:
      return unreachable(type)
  }
}

/** Whether both are the same type, modifiers included. */
export function sameType(left: SqlType, right: SqlType): boolean {
  switch (left.kind) {
    case 'Scalar':
      return right.kind === 'Scalar' && sameScalar(left, right)
    case 'Array':
      return right.kind === 'Array' && sameScalar(left.element, right.element)
    case 'Record':
      return right.kind === 'Record' && sameFields(left.fields, right.fields)
    default:
      return unreachable(left)
  }
}

function sameScalar(left: ScalarType, right: ScalarType): boolean {
  return (
    left.name === right.name &&
    left.length === right.length &&
    left.precision === right.precision &&
    left.scale === right.scale
  )
}

function sameFields(left: readonly SqlType[], right: readonly SqlType[]): boolean {
  return (
    left.length === right.length &&
    left.every((field, index) => {
      const other = right[index]
      return other !== undefined && sameType(field, other)
    })
  )
}

/** The type without modifiers: what a value has once it was computed. */
export function withoutModifiers(type: SqlType): SqlType {
  switch (type.kind) {
    case 'Scalar':
      return scalar(type.name)
    case 'Array':
      return arrayOf(scalar(type.element.name))
    case 'Record':
      return type
    default:
      return unreachable(type)
  }
}

const scalarTypeNames = {
  bool: true,
  int2: true,
  int4: true,
  int8: true,
  float4: true,
  float8: true,
  numeric: true,
  text: true,
  varchar: true,
  bpchar: true,
  bytea: true,
  date: true,
  time: true,
  timestamp: true,
  timestamptz: true,
  interval: true,
  uuid: true,
  json: true,
  oid: true,
  name: true,
} as const satisfies Record<ScalarTypeName, true>

/** Whether the text is the name of a scalar type. */
export function isScalarTypeName(text: string): text is ScalarTypeName {
  return Object.hasOwn(scalarTypeNames, text)
}

/** The type of a key; `record` has no fields that a key could tell. */
export function typeOfKey(key: TypeKey): SqlType {
  if (key === 'record') return { kind: 'Record', fields: [] }
  if (isScalarTypeName(key)) return scalar(key)
  const element = key.slice(0, -2)
  if (!isScalarTypeName(element)) throw new Error(`no type of key ${key}`)
  return arrayOf(scalar(element))
}
