import duckdb from '@duckdb/node-bindings'
import type { LogicalType, Type } from '@duckdb/node-bindings'
import { unreachable } from '../../errors/unreachable.ts'
import type { ScalarType, SqlType } from '../sql-type.ts'
import { engineFault } from './engine-fault.ts'

/** A type of the engine, read once from its handle, as far as values are laid out differently. */
export type EngineType =
  | { readonly kind: 'Plain'; readonly id: Type; readonly isJson: boolean }
  | { readonly kind: 'Decimal'; readonly width: number; readonly scale: number }
  | { readonly kind: 'Enum'; readonly bytes: 1 | 2 | 4; readonly labels: readonly string[] }
  | { readonly kind: 'List'; readonly element: EngineType }
  | { readonly kind: 'FixedArray'; readonly element: EngineType; readonly size: number }
  | { readonly kind: 'Struct'; readonly fields: readonly EngineType[] }

export const TypeId = duckdb.Type

/** Reads a type handle. */
export function engineTypeOf(handle: LogicalType): EngineType {
  const id = duckdb.get_type_id(handle)
  const readNested = nestedTypes.get(id)
  if (readNested !== undefined) return readNested(handle)
  return { kind: 'Plain', id, isJson: duckdb.logical_type_get_alias(handle) === 'JSON' }
}

const nestedTypes: ReadonlyMap<Type, (handle: LogicalType) => EngineType> = new Map([
  [TypeId.DECIMAL, decimalType],
  [TypeId.ENUM, enumType],
  [TypeId.LIST, listType],
  [TypeId.ARRAY, fixedArrayType],
  [TypeId.STRUCT, structType],
])

function decimalType(handle: LogicalType): EngineType {
  return {
    kind: 'Decimal',
    width: duckdb.decimal_width(handle),
    scale: duckdb.decimal_scale(handle),
  }
}

function listType(handle: LogicalType): EngineType {
  return { kind: 'List', element: engineTypeOf(duckdb.list_type_child_type(handle)) }
}

function fixedArrayType(handle: LogicalType): EngineType {
  return {
    kind: 'FixedArray',
    element: engineTypeOf(duckdb.array_type_child_type(handle)),
    size: duckdb.array_type_array_size(handle),
  }
}

function enumType(handle: LogicalType): EngineType {
  const size = duckdb.enum_dictionary_size(handle)
  const labels = Array.from({ length: size }, (_, index) =>
    duckdb.enum_dictionary_value(handle, index),
  )
  return { kind: 'Enum', bytes: size <= 0xff ? 1 : size <= 0xffff ? 2 : 4, labels }
}

function structType(handle: LogicalType): EngineType {
  const fields = Array.from({ length: duckdb.struct_type_child_count(handle) }, (_, index) =>
    engineTypeOf(duckdb.struct_type_child_type(handle, index)),
  )
  return { kind: 'Struct', fields }
}

/** The PostgreSQL type that stands for an engine's type where a program declares none. */
export function sqlTypeOf(type: EngineType): SqlType {
  switch (type.kind) {
    case 'Plain':
      return plainType(type.id, type.isJson)
    case 'Decimal':
      return scalar('numeric')
    case 'Enum':
      return scalar('text')
    case 'List':
    case 'FixedArray':
      return arrayOf(sqlTypeOf(type.element))
    case 'Struct':
      return { kind: 'Record', fields: type.fields.map(sqlTypeOf) }
    default:
      return unreachable(type)
  }
}

const plainNames: ReadonlyMap<Type, ScalarType['name']> = new Map([
  [TypeId.BOOLEAN, 'bool'],
  [TypeId.TINYINT, 'int2'],
  [TypeId.UTINYINT, 'int2'],
  [TypeId.SMALLINT, 'int2'],
  [TypeId.USMALLINT, 'int4'],
  [TypeId.INTEGER, 'int4'],
  [TypeId.UINTEGER, 'oid'],
  [TypeId.BIGINT, 'int8'],
  [TypeId.UBIGINT, 'numeric'],
  [TypeId.HUGEINT, 'numeric'],
  [TypeId.UHUGEINT, 'numeric'],
  [TypeId.FLOAT, 'float4'],
  [TypeId.DOUBLE, 'float8'],
  [TypeId.VARCHAR, 'text'],
  [TypeId.BLOB, 'bytea'],
  [TypeId.DATE, 'date'],
  [TypeId.TIME, 'time'],
  [TypeId.TIMESTAMP, 'timestamp'],
  [TypeId.TIMESTAMP_S, 'timestamp'],
  [TypeId.TIMESTAMP_MS, 'timestamp'],
  [TypeId.TIMESTAMP_NS, 'timestamp'],
  [TypeId.TIMESTAMP_TZ, 'timestamptz'],
  [TypeId.INTERVAL, 'interval'],
  [TypeId.UUID, 'uuid'],
  [TypeId.SQLNULL, 'text'],
])

function plainType(id: Type, isJson: boolean): SqlType {
  const name = isJson ? 'json' : plainNames.get(id)
  // Types that are not offered (duckdb-hardening.md, section 3.5).
  if (name === undefined) throw engineFault(`no type of ours stands for engine type ${id}`)
  return scalar(name)
}

function scalar(name: ScalarType['name']): SqlType {
  return { kind: 'Scalar', name }
}

function arrayOf(element: SqlType): SqlType {
  if (element.kind === 'Array') return element
  if (element.kind === 'Scalar') return { kind: 'Array', element }
  throw engineFault('a list of records has no array type of ours')
}
