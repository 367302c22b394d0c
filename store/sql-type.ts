/** PostgreSQL's names of the scalar types that a column or an expression can have. */
export type ScalarTypeName =
  | 'bool'
  | 'int2'
  | 'int4'
  | 'int8'
  | 'float4'
  | 'float8'
  | 'numeric'
  | 'text'
  | 'varchar'
  | 'bpchar'
  | 'bytea'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamptz'
  | 'interval'
  | 'uuid'
  | 'json'
  | 'oid'
  | 'name'

/** A scalar type with its modifiers. */
export interface ScalarType {
  readonly kind: 'Scalar'
  readonly name: ScalarTypeName
  /** n of varchar(n) and bpchar(n). */
  readonly length?: number
  /** p and s of numeric(p, s); absent: numeric without limits, held as DECIMAL(38, 18). */
  readonly precision?: number
  readonly scale?: number
}

/** An array of any number of dimensions over one scalar type, as PostgreSQL has them. */
export interface ArrayType {
  readonly kind: 'Array'
  readonly element: ScalarType
}

/** An anonymous row: a whole-row reference, ROW(...). */
export interface RecordType {
  readonly kind: 'Record'
  readonly fields: readonly SqlType[]
}

/** The type of a value as PostgreSQL would name it. */
export type SqlType = ScalarType | ArrayType | RecordType

/** A calendar interval as PostgreSQL holds it. */
export interface IntervalValue {
  readonly kind: 'Interval'
  readonly months: number
  readonly days: number
  readonly micros: bigint
}

/**
 * A value past the edge, by type: bool boolean; int2 int4 oid number; int8 bigint; float4 float8
 * number; numeric its decimal text (no exponent, or `NaN`); text varchar bpchar name uuid (lower-case
 * with hyphens) json string; bytea Uint8Array; date days since 1970-01-01 as number (±Infinity are
 * PostgreSQL's infinity); time microseconds since midnight as bigint; timestamp timestamptz
 * microseconds since 1970-01-01 (UTC) as bigint, or ±Infinity; interval {@link IntervalValue};
 * arrays nested readonly arrays. SQL's NULL is null.
 */
export type SqlValue =
  null | boolean | number | bigint | string | Uint8Array | IntervalValue | readonly SqlValue[]
