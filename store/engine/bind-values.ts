import duckdb from '@duckdb/node-bindings'
import type { LogicalType, PreparedStatement, Type, Value } from '@duckdb/node-bindings'
import { unreachable } from '../../errors/unreachable.ts'
import type { ProgramDefinition } from '../protocol/request.ts'
import type { ScalarType, SqlType, SqlValue } from '../sql-type.ts'
import { checkDecimal } from '../values/check-decimal.ts'
import { checkText } from '../values/check-text.ts'
import { big, bytes, interval, list, numeric, text } from '../values/guards.ts'
import { engineFault } from './engine-fault.ts'

/** The engine's infinities of dates and timestamps. */
const infiniteDays = 2_147_483_647
const infiniteMicros = 0x7fff_ffff_ffff_ffffn

/** Binds a program's values, each by its type; the printed SQL casts every parameter (section 6.1). */
export function bindValues(
  statement: PreparedStatement,
  parameters: ProgramDefinition['parameters'],
  values: readonly SqlValue[],
): void {
  parameters.forEach((parameter, index) => {
    const value = values[index] ?? null
    if (value === null) duckdb.bind_null(statement, index + 1)
    else duckdb.bind_value(statement, index + 1, parameterValue(value, parameter))
  })
}

function parameterValue(
  value: SqlValue,
  parameter: { readonly isList: boolean; readonly type: SqlType },
): Value {
  return parameter.isList ? listValue(value, parameter.type) : engineValue(value, parameter.type)
}

function engineValue(value: SqlValue, type: SqlType): Value {
  if (value === null) return duckdb.create_null_value()
  switch (type.kind) {
    case 'Scalar':
      return scalarValue(value, type)
    case 'Array':
      return arrayValue(value, type.element)
    case 'Record':
      throw engineFault('a record cannot be a parameter')
    default:
      return unreachable(type)
  }
}

/** A list whose elements are of `type`: a column of a server relation. */
function listValue(value: SqlValue, type: SqlType): Value {
  const items = list(value).map((item) => engineValue(item, type))
  return duckdb.create_list_value(logicalType(type), items)
}

/** An array of any depth: its elements' type is as deep as its first element. */
function arrayValue(value: SqlValue, element: ScalarType): Value {
  const items = list(value)
  const [first] = items
  if (!Array.isArray(first)) return listValue(items, element)
  const inner = items.map((item) => arrayValue(item, element))
  return duckdb.create_list_value(nestedType(first, element), inner)
}

function nestedType(value: SqlValue, element: ScalarType): LogicalType {
  if (!Array.isArray(value)) return logicalType(element)
  return duckdb.create_list_type(nestedType(value[0] ?? null, element))
}

function logicalType(type: SqlType): LogicalType {
  switch (type.kind) {
    case 'Scalar':
      return duckdb.create_logical_type(scalarTypeId(type))
    case 'Array':
      return duckdb.create_list_type(logicalType(type.element))
    case 'Record':
      throw engineFault('a record cannot be a parameter')
    default:
      return unreachable(type)
  }
}

/** As {@link scalarValue} makes them; what goes as text is cast by the printed SQL. */
function scalarTypeId(type: ScalarType): Type {
  const { Type } = duckdb
  switch (type.name) {
    case 'bool':
      return Type.BOOLEAN
    case 'int2':
    case 'int4':
      return Type.INTEGER
    case 'oid':
    case 'int8':
      return Type.BIGINT
    case 'float4':
      return Type.FLOAT
    case 'float8':
      return Type.DOUBLE
    case 'bytea':
      return Type.BLOB
    case 'date':
      return Type.DATE
    case 'time':
      return Type.TIME
    case 'timestamp':
      return Type.TIMESTAMP
    case 'timestamptz':
      return Type.TIMESTAMP_TZ
    case 'interval':
      return Type.INTERVAL
    case 'numeric':
    case 'text':
    case 'varchar':
    case 'bpchar':
    case 'name':
    case 'uuid':
    case 'json':
      return Type.VARCHAR
    default:
      return unreachable(type.name)
  }
}

function scalarValue(value: SqlValue, type: ScalarType): Value {
  switch (type.name) {
    case 'bool':
      return duckdb.create_bool(value === true)
    case 'int2':
    case 'int4':
      return duckdb.create_int32(numeric(value))
    case 'oid':
      return duckdb.create_int64(BigInt(numeric(value)))
    case 'int8':
      return duckdb.create_int64(big(value))
    case 'float4':
      return duckdb.create_float(numeric(value))
    case 'float8':
      return duckdb.create_double(numeric(value))
    case 'bytea':
      return duckdb.create_blob(bytes(value))
    case 'date':
      return duckdb.create_date({ days: finite(numeric(value), infiniteDays) })
    case 'time':
      return duckdb.create_time({ micros: big(value) })
    case 'timestamp':
      return duckdb.create_timestamp({ micros: instant(value) })
    case 'timestamptz':
      return duckdb.create_timestamp_tz({ micros: instant(value) })
    case 'interval':
      return duckdb.create_interval(interval(value))
    case 'numeric':
      return duckdb.create_varchar(checkDecimal(text(value), type))
    case 'text':
    case 'varchar':
    case 'bpchar':
    case 'name':
    case 'uuid':
    case 'json':
      return duckdb.create_varchar(checkText(text(value)))
    default:
      return unreachable(type.name)
  }
}

function finite(days: number, infinity: number): number {
  if (days === Infinity) return infinity
  return days === -Infinity ? -infinity : days
}

function instant(value: SqlValue): bigint {
  if (typeof value !== 'number') return big(value)
  return value > 0 ? infiniteMicros : -infiniteMicros
}
