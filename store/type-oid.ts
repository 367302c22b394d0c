import { unreachable } from '../errors/unreachable.ts'
import type { ScalarType, ScalarTypeName, SqlType } from './sql-type.ts'

interface TypeRow {
  readonly oid: number
  readonly arrayOid: number
  /** `pg_type.typlen`: -1 is variable. */
  readonly size: number
}

/** PostgreSQL's numbers: drivers have them compiled in (client-compatibility.md, section 3). */
const rows = {
  bool: { oid: 16, arrayOid: 1000, size: 1 },
  bytea: { oid: 17, arrayOid: 1001, size: -1 },
  name: { oid: 19, arrayOid: 1003, size: 64 },
  int8: { oid: 20, arrayOid: 1016, size: 8 },
  int2: { oid: 21, arrayOid: 1005, size: 2 },
  int4: { oid: 23, arrayOid: 1007, size: 4 },
  text: { oid: 25, arrayOid: 1009, size: -1 },
  oid: { oid: 26, arrayOid: 1028, size: 4 },
  json: { oid: 114, arrayOid: 199, size: -1 },
  float4: { oid: 700, arrayOid: 1021, size: 4 },
  float8: { oid: 701, arrayOid: 1022, size: 8 },
  bpchar: { oid: 1042, arrayOid: 1014, size: -1 },
  varchar: { oid: 1043, arrayOid: 1015, size: -1 },
  date: { oid: 1082, arrayOid: 1182, size: 4 },
  time: { oid: 1083, arrayOid: 1183, size: 8 },
  timestamp: { oid: 1114, arrayOid: 1115, size: 8 },
  timestamptz: { oid: 1184, arrayOid: 1185, size: 8 },
  interval: { oid: 1186, arrayOid: 1187, size: 16 },
  numeric: { oid: 1700, arrayOid: 1231, size: -1 },
  uuid: { oid: 2950, arrayOid: 2951, size: 16 },
} as const satisfies Record<ScalarTypeName, TypeRow>

const recordOid = 2249

const typesByOid: ReadonlyMap<number, SqlType> = new Map(
  scalarNames().flatMap((name): [number, SqlType][] => {
    const element: ScalarType = { kind: 'Scalar', name }
    return [
      [rows[name].oid, element],
      [rows[name].arrayOid, { kind: 'Array', element }],
    ]
  }),
)

/** The OID that clients know the type by. */
export function oidOf(type: SqlType): number {
  switch (type.kind) {
    case 'Scalar':
      return rows[type.name].oid
    case 'Array':
      return rows[type.element.name].arrayOid
    case 'Record':
      return recordOid
    default:
      return unreachable(type)
  }
}

/** The type of an OID, without modifiers; `record` has no fields to tell, and so is not known here. */
export function typeOfOid(oid: number): SqlType | undefined {
  return typesByOid.get(oid)
}

/** RowDescription's type size (`pg_type.typlen`). */
export function typeSize(type: SqlType): number {
  return type.kind === 'Scalar' ? rows[type.name].size : -1
}

/** RowDescription's type modifier (`pg_attribute.atttypmod`): of an array, that of its elements. */
export function typeModifier(type: SqlType): number {
  switch (type.kind) {
    case 'Scalar':
      return scalarModifier(type)
    case 'Array':
      return scalarModifier(type.element)
    case 'Record':
      return -1
    default:
      return unreachable(type)
  }
}

/** The four added bytes are the length word that PostgreSQL counts in (`VARHDRSZ`). */
function scalarModifier(type: ScalarType): number {
  if (type.name === 'numeric' && type.precision !== undefined) {
    return ((type.precision << 16) | ((type.scale ?? 0) & 0x7ff)) + 4
  }
  const hasLength = type.name === 'varchar' || type.name === 'bpchar'
  return hasLength && type.length !== undefined ? type.length + 4 : -1
}

function scalarNames(): readonly ScalarTypeName[] {
  return [
    'bool',
    'bytea',
    'name',
    'int8',
    'int2',
    'int4',
    'text',
    'oid',
    'json',
    'float4',
    'float8',
    'bpchar',
    'varchar',
    'date',
    'time',
    'timestamp',
    'timestamptz',
    'interval',
    'numeric',
    'uuid',
  ]
}
