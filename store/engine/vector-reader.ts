import duckdb from '@duckdb/node-bindings'
import type { Type, Vector } from '@duckdb/node-bindings'
import { unreachable } from '../../errors/unreachable.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { ScalarType, ScalarTypeName, SqlType, SqlValue } from '../sql-type.ts'
import { decimalText, trimmedDecimalText } from '../values/decimal-text.ts'
import { engineFault } from './engine-fault.ts'
import { TypeId } from './engine-type.ts'
import type { EngineType } from './engine-type.ts'
import { VectorView } from './vector-view.ts'

/** Reads the value of a row; the vector's chunk must be kept alive by the caller meanwhile. */
export type ValueReader = (row: number) => SqlValue

/**
 * A reader of one column, any type; the fast columns of `columns/` do not go through it.
 * @throws what the engine holds cannot stand for the declared type: a bug of ours
 */
export function valueReader(
  vector: Vector,
  rows: number,
  given: { readonly engineType: EngineType; readonly sqlType: SqlType },
): ValueReader {
  const view = new VectorView(vector, rows)
  const read = notNullReader(view, given.engineType, given.sqlType)
  return (row) => (view.isNull(row) ? null : read(row))
}

/** The same where the caller knows of NULLs. */
export function notNullReader(view: VectorView, engine: EngineType, type: SqlType): ValueReader {
  switch (engine.kind) {
    case 'List':
      return listReader(view, engine.element, type)
    case 'FixedArray':
      return fixedArrayReader(view, engine, type)
    case 'Struct':
      return structReader(view, engine.fields, type)
    case 'Decimal':
      return decimalReader(view, engine, scalarOf(type))
    case 'Enum':
      return enumReader(view, engine)
    case 'Plain':
      return plainReader(view, engine.id, scalarOf(type))
    default:
      return unreachable(engine)
  }
}

function listReader(view: VectorView, element: EngineType, type: SqlType): ValueReader {
  const child = duckdb.list_vector_get_child(view.vector)
  const size = duckdb.list_vector_get_size(view.vector)
  const entries = view.words(4)
  const read = valueReader(child, size, {
    engineType: element,
    sqlType: elementType(element, type),
  })
  return (row) => {
    const start = entries[row * 4] ?? 0
    return Array.from({ length: entries[row * 4 + 2] ?? 0 }, (_, index) => read(start + index))
  }
}

function fixedArrayReader(
  view: VectorView,
  engine: EngineType & { readonly kind: 'FixedArray' },
  type: SqlType,
): ValueReader {
  const child = duckdb.array_vector_get_child(view.vector)
  const read = valueReader(child, view.rows * engine.size, {
    engineType: engine.element,
    sqlType: elementType(engine.element, type),
  })
  return (row) => Array.from({ length: engine.size }, (_, index) => read(row * engine.size + index))
}

/** Lists in lists are dimensions of one array type. */
function elementType(element: EngineType, type: SqlType): SqlType {
  if (type.kind !== 'Array') throw mismatch('a list', type)
  return element.kind === 'List' || element.kind === 'FixedArray' ? type : type.element
}

function structReader(view: VectorView, fields: readonly EngineType[], type: SqlType): ValueReader {
  if (type.kind !== 'Record') throw mismatch('a struct', type)
  const readers = fields.map((engineType, index) => {
    const sqlType = type.fields[index]
    if (sqlType === undefined) throw mismatch('a struct with more fields', type)
    const child = duckdb.struct_vector_get_child(view.vector, index)
    return valueReader(child, view.rows, { engineType, sqlType })
  })
  return (row) => readers.map((read) => read(row))
}

function enumReader(view: VectorView, engine: EngineType & { readonly kind: 'Enum' }): ValueReader {
  const data = view.data(engine.bytes)
  const width = engine.bytes
  return (row) => {
    const at = row * width
    const index =
      width === 1
        ? data.getUint8(at)
        : width === 2
          ? data.getUint16(at, true)
          : data.getUint32(at, true)
    return engine.labels[index] ?? null
  }
}

function decimalReader(
  view: VectorView,
  engine: EngineType & { readonly kind: 'Decimal' },
  type: ScalarType,
): ValueReader {
  const unscaled = unscaledReader(view, engine.width)
  if (type.name === 'numeric') {
    const text = numericTextOf(type, engine.scale)
    return (row) => text(unscaled(row))
  }
  if (type.name === 'float8' || type.name === 'float4') {
    return (row) => Number(decimalText(unscaled(row), engine.scale))
  }
  if (engine.scale !== 0) throw mismatch('a decimal', type)
  const convert = integerConverter(type)
  return (row) => convert(unscaled(row))
}

/**
 * Digits after the point: a declared scale's; else the vector's, without zeros at the end where the
 * vector is as wide as numeric without limits (DECIMAL(38, 18)), whose own scale nobody knows.
 */
export function numericTextOf(type: ScalarType, engineScale: number): (unscaled: bigint) => string {
  const declared = type.precision === undefined ? undefined : (type.scale ?? 0)
  if (declared === engineScale) return (unscaled) => decimalText(unscaled, engineScale)
  if (declared !== undefined) {
    return (unscaled) => trimmedDecimalText(unscaled, engineScale, declared)
  }
  if (engineScale >= 18) return (unscaled) => trimmedDecimalText(unscaled, engineScale, 0)
  return (unscaled) => decimalText(unscaled, engineScale)
}

function unscaledReader(view: VectorView, width: number): (row: number) => bigint {
  if (width <= 4) {
    const data = view.data(2)
    return (row) => BigInt(data.getInt16(row * 2, true))
  }
  if (width <= 9) {
    const data = view.data(4)
    return (row) => BigInt(data.getInt32(row * 4, true))
  }
  if (width <= 18) {
    const data = view.data(8)
    return (row) => data.getBigInt64(row * 8, true)
  }
  return hugeReader(view)
}

function hugeReader(view: VectorView): (row: number) => bigint {
  const data = view.data(16)
  return (row) => (data.getBigInt64(row * 16 + 8, true) << 64n) | data.getBigUint64(row * 16, true)
}

function plainReader(view: VectorView, id: Type, type: ScalarType): ValueReader {
  const integer = integerReaders.get(id)?.(view)
  if (integer !== undefined) {
    const convert = integerConverter(type)
    return (row) => convert(integer(row))
  }
  const row = plainReaders.get(id)
  if (row === undefined || !row.stands.includes(type.name)) throw mismatch(`type ${id}`, type)
  return row.reader(view)
}

/** Integers of every width may stand for every integer type, within its range. */
const integerReaders: ReadonlyMap<Type, (view: VectorView) => (row: number) => bigint> = new Map([
  [TypeId.TINYINT, (view) => scaled(view, 1, (data, at) => BigInt(data.getInt8(at)))],
  [TypeId.UTINYINT, (view) => scaled(view, 1, (data, at) => BigInt(data.getUint8(at)))],
  [TypeId.SMALLINT, (view) => scaled(view, 2, (data, at) => BigInt(data.getInt16(at, true)))],
  [TypeId.USMALLINT, (view) => scaled(view, 2, (data, at) => BigInt(data.getUint16(at, true)))],
  [TypeId.INTEGER, (view) => scaled(view, 4, (data, at) => BigInt(data.getInt32(at, true)))],
  [TypeId.UINTEGER, (view) => scaled(view, 4, (data, at) => BigInt(data.getUint32(at, true)))],
  [TypeId.BIGINT, (view) => scaled(view, 8, (data, at) => data.getBigInt64(at, true))],
  [TypeId.UBIGINT, (view) => scaled(view, 8, (data, at) => data.getBigUint64(at, true))],
  [TypeId.HUGEINT, hugeReader],
  [TypeId.UHUGEINT, unsignedHugeReader],
])

function unsignedHugeReader(view: VectorView): (row: number) => bigint {
  const huge = hugeReader(view)
  return (row) => BigInt.asUintN(128, huge(row))
}

function scaled<T>(
  view: VectorView,
  bytes: number,
  read: (data: DataView, at: number) => T,
): (row: number) => T {
  const data = view.data(bytes)
  return (row) => read(data, row * bytes)
}

function integerConverter(type: ScalarType): (value: bigint) => SqlValue {
  const convert = integerConverters[type.name]
  if (convert === undefined) throw mismatch('an integer', type)
  return convert
}

const int8Min = -0x8000_0000_0000_0000n
const int8Max = 0x7fff_ffff_ffff_ffffn

const integerConverters: Partial<Record<ScalarTypeName, (value: bigint) => SqlValue>> = {
  int2: (value) => Number(within(value, -0x8000n, 0x7fffn, 'smallint')),
  int4: (value) => Number(within(value, -0x8000_0000n, 0x7fff_ffffn, 'integer')),
  oid: (value) => Number(within(value, 0n, 0xffff_ffffn, 'OID')),
  int8: (value) => within(value, int8Min, int8Max, 'bigint'),
  numeric: String,
  float4: Number,
  float8: Number,
}

function within(value: bigint, min: bigint, max: bigint, name: string): bigint {
  if (value < min || value > max) throw outOfRange(name)
  return value
}

interface PlainReader {
  readonly stands: readonly ScalarType['name'][]
  readonly reader: (view: VectorView) => ValueReader
}

const strings: readonly ScalarType['name'][] = ['text', 'varchar', 'bpchar', 'name', 'json']

const plainReaders: ReadonlyMap<Type, PlainReader> = new Map<Type, PlainReader>([
  [
    TypeId.BOOLEAN,
    { stands: ['bool'], reader: (view) => scaled(view, 1, (data, at) => data.getUint8(at) !== 0) },
  ],
  [
    TypeId.FLOAT,
    {
      stands: ['float4', 'float8'],
      reader: (view) => scaled(view, 4, (data, at) => data.getFloat32(at, true)),
    },
  ],
  [
    TypeId.DOUBLE,
    {
      stands: ['float8'],
      reader: (view) => scaled(view, 8, (data, at) => data.getFloat64(at, true)),
    },
  ],
  [
    TypeId.VARCHAR,
    { stands: strings, reader: (view) => (row) => view.bytes(row).toString('utf8') },
  ],
  [TypeId.BLOB, { stands: ['bytea'], reader: (view) => (row) => Uint8Array.from(view.bytes(row)) }],
  [TypeId.DATE, { stands: ['date'], reader: dateReader }],
  [
    TypeId.TIME,
    {
      stands: ['time'],
      reader: (view) => scaled(view, 8, (data, at) => data.getBigInt64(at, true)),
    },
  ],
  [TypeId.TIMESTAMP, { stands: ['timestamp'], reader: (view) => instantReader(view, microsOf) }],
  [
    TypeId.TIMESTAMP_TZ,
    { stands: ['timestamptz'], reader: (view) => instantReader(view, microsOf) },
  ],
  [
    TypeId.TIMESTAMP_S,
    { stands: ['timestamp'], reader: (view) => instantReader(view, (s) => s * 1_000_000n) },
  ],
  [
    TypeId.TIMESTAMP_MS,
    { stands: ['timestamp'], reader: (view) => instantReader(view, (ms) => ms * 1000n) },
  ],
  [
    TypeId.TIMESTAMP_NS,
    {
      stands: ['timestamp'],
      reader: (view) =>
        instantReader(view, (ns) => (ns - (((ns % 1000n) + 1000n) % 1000n)) / 1000n),
    },
  ],
  [TypeId.INTERVAL, { stands: ['interval'], reader: intervalReader }],
  [TypeId.UUID, { stands: ['uuid'], reader: uuidReader }],
  [TypeId.SQLNULL, { stands: strings, reader: () => () => null }],
])

function dateReader(view: VectorView): ValueReader {
  return scaled(view, 4, (data, at) => {
    const days = data.getInt32(at, true)
    if (days === 2_147_483_647) return Infinity
    return days === -2_147_483_647 ? -Infinity : days
  })
}

function microsOf(micros: bigint): bigint {
  return micros
}

function instantReader(view: VectorView, toMicros: (ticks: bigint) => bigint): ValueReader {
  return scaled(view, 8, (data, at) => {
    const ticks = data.getBigInt64(at, true)
    if (ticks === int8Max) return Infinity
    return ticks === -int8Max ? -Infinity : toMicros(ticks)
  })
}

function intervalReader(view: VectorView): ValueReader {
  return scaled(view, 16, (data, at) => ({
    kind: 'Interval' as const,
    months: data.getInt32(at, true),
    days: data.getInt32(at + 4, true),
    micros: data.getBigInt64(at + 8, true),
  }))
}

/** The engine keeps a UUID as a 128-bit integer whose sign bit is turned, so that it sorts. */
function uuidReader(view: VectorView): ValueReader {
  return scaled(view, 16, (data, at) => {
    const upper = BigInt.asUintN(64, data.getBigUint64(at + 8, true) ^ (1n << 63n))
    const hex =
      upper.toString(16).padStart(16, '0') +
      data.getBigUint64(at, true).toString(16).padStart(16, '0')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  })
}

function scalarOf(type: SqlType): ScalarType {
  if (type.kind !== 'Scalar') throw mismatch('a scalar', type)
  return type
}

function mismatch(what: string, type: SqlType): Error {
  return engineFault(`the engine gave ${what} for ${JSON.stringify(type)}`)
}

function outOfRange(name: string): SqlError {
  return new SqlError(SqlState.NumericValueOutOfRange, `${name} out of range`)
}
