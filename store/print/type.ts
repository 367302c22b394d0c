/** The engine's types: a fixed table, so that no type name of a user is printed. */
import { unreachable } from '../../errors/unreachable.ts'
import type { ScalarType, ScalarTypeName, SqlType } from '../sql-type.ts'

const engineTypes = {
  bool: 'BOOLEAN',
  int2: 'SMALLINT',
  int4: 'INTEGER',
  int8: 'BIGINT',
  float4: 'FLOAT',
  float8: 'DOUBLE',
  numeric: 'DECIMAL(38, 18)',
  text: 'VARCHAR',
  varchar: 'VARCHAR',
  bpchar: 'VARCHAR',
  bytea: 'BLOB',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMP WITH TIME ZONE',
  interval: 'INTERVAL',
  uuid: 'UUID',
  json: 'JSON',
  oid: 'UINTEGER',
  name: 'VARCHAR',
} as const satisfies Record<ScalarTypeName, string>

/** The engine's type for values of a type. */
export function engineType(type: SqlType): string {
  switch (type.kind) {
    case 'Scalar':
      return scalarType(type)
    case 'Array':
      return `${scalarType(type.element)}[]`
    case 'Record':
      return `STRUCT(${type.fields.map((field, index) => `"f${index + 1}" ${engineType(field)}`).join(', ')})`
    default:
      return unreachable(type)
  }
}

function scalarType(type: ScalarType): string {
  if (type.name === 'numeric' && type.precision !== undefined) {
    return `DECIMAL(${type.precision}, ${type.scale ?? 0})`
  }
  return engineTypes[type.name]
}

/** The name of a scalar type; undefined for arrays, records and what only the engine knows. */
export function scalarName(type: SqlType | undefined): ScalarTypeName | undefined {
  return type?.kind === 'Scalar' ? type.name : undefined
}

/** A scalar type without modifiers. */
export function scalar(name: ScalarTypeName): ScalarType {
  return { kind: 'Scalar', name }
}

/** What a type is to operators and casts. */
export type TypeFamily =
  | 'Boolean'
  | 'Integer'
  | 'Float'
  | 'Numeric'
  | 'Text'
  | 'Padded'
  | 'Bytes'
  | 'Date'
  | 'Time'
  | 'Timestamp'
  | 'Interval'
  | 'Uuid'
  | 'Json'
  | 'Array'
  | 'Record'

const families = {
  bool: 'Boolean',
  int2: 'Integer',
  int4: 'Integer',
  int8: 'Integer',
  oid: 'Integer',
  float4: 'Float',
  float8: 'Float',
  numeric: 'Numeric',
  text: 'Text',
  varchar: 'Text',
  name: 'Text',
  bpchar: 'Padded',
  bytea: 'Bytes',
  date: 'Date',
  time: 'Time',
  timestamp: 'Timestamp',
  timestamptz: 'Timestamp',
  interval: 'Interval',
  uuid: 'Uuid',
  json: 'Json',
} as const satisfies Record<ScalarTypeName, TypeFamily>

/** The family of a type; undefined where only the engine knows the type. */
export function familyOf(type: SqlType | undefined): TypeFamily | undefined {
  if (type === undefined) return undefined
  return type.kind === 'Scalar' ? families[type.name] : type.kind
}
