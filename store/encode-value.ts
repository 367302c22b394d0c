import { unreachable } from '../errors/unreachable.ts'
import type { ArrayType, RecordType, ScalarType, SqlType, SqlValue } from './sql-type.ts'
import type { WireFormat } from './store.ts'
import { oidOf } from './type-oid.ts'
import { arrayShape } from './values/array-shape.ts'
import type { ArrayShape } from './values/array-shape.ts'
import { list } from './values/guards.ts'
import { int32 } from './values/integers.ts'
import { scalarBinary } from './values/scalar-binary.ts'
import { scalarText } from './values/scalar-text.ts'
import type { EncodeOptions } from './values/scalar-text.ts'

/**
 * A value that is not NULL as PostgreSQL prints it (its type's output function).
 * @throws SqlError 22021 for U+0000 in text, 22008 for a date beyond PostgreSQL's
 */
export function encodeText(value: SqlValue, type: SqlType, options: EncodeOptions): string {
  switch (type.kind) {
    case 'Scalar':
      return scalarText(value, type, options)
    case 'Array':
      return arrayText(value, type, options)
    case 'Record':
      return recordText(value, type, options)
    default:
      return unreachable(type)
  }
}

/** A value that is not NULL in PostgreSQL's binary format (its type's send function). */
export function encodeBinary(value: SqlValue, type: SqlType): Buffer {
  switch (type.kind) {
    case 'Scalar':
      return scalarBinary(value, type)
    case 'Array':
      return arrayBinary(value, type)
    case 'Record':
      return recordBinary(value, type)
    default:
      return unreachable(type)
  }
}

/** One whole DataRow message. `formats`: one a column, or one for all, or none (text), as Bind says. */
export function encodeDataRow(
  values: readonly SqlValue[],
  types: readonly SqlType[],
  formats: readonly WireFormat[],
  options: EncodeOptions,
): Buffer {
  const fields = types.map((type, column) => {
    const value = values[column]
    if (value === null || value === undefined) return undefined
    if (formatOf(formats, column) === 'binary') return encodeBinary(value, type)
    return Buffer.from(encodeText(value, type, options), 'utf8')
  })
  return dataRow(fields)
}

/** Bind's rule for format codes. */
export function formatOf(formats: readonly WireFormat[], column: number): WireFormat {
  return (formats.length === 1 ? formats[0] : formats[column]) ?? 'text'
}

function arrayText(value: SqlValue, type: ArrayType, options: EncodeOptions): string {
  const shape = arrayShape(list(value))
  const texts = shape.elements.map((element) =>
    element === null ? 'NULL' : quoteElement(encodeText(element, type.element, options)),
  )
  return bracedText(texts, shape.dimensions)
}

/** Groups flat texts by the dimensions, the innermost last: `{{1,2},{3,4}}`. */
function bracedText(texts: readonly string[], dimensions: readonly number[]): string {
  if (dimensions.length === 0) return '{}'
  let level = texts
  for (const size of dimensions.toReversed()) level = groupBraced(level, size)
  return level.join(',')
}

function groupBraced(items: readonly string[], size: number): readonly string[] {
  return Array.from(
    { length: items.length / size },
    (_, group) => `{${items.slice(group * size, (group + 1) * size).join(',')}}`,
  )
}

/** arrayfuncs.c, array_out: what must be quoted to be read back. */
function quoteElement(text: string): string {
  const isPlain = text !== '' && !/[{}",\\ \t-\r]/.test(text) && text.toUpperCase() !== 'NULL'
  return isPlain ? text : `"${text.replace(/["\\]/g, '\\$&')}"`
}

function recordText(value: SqlValue, type: RecordType, options: EncodeOptions): string {
  const values = list(value)
  const fields = type.fields.map((fieldType, index) => {
    const field = values[index] ?? null
    return field === null ? '' : quoteField(encodeText(field, fieldType, options))
  })
  return `(${fields.join(',')})`
}

/** rowtypes.c, record_out: quotes and backslashes are doubled. */
function quoteField(text: string): string {
  const isPlain = text !== '' && !/[(),"\\ \t-\r]/.test(text)
  return isPlain ? text : `"${text.replace(/["\\]/g, '$&$&')}"`
}

function arrayBinary(value: SqlValue, type: ArrayType): Buffer {
  const shape = arrayShape(list(value))
  const fields = shape.elements.map((element) =>
    element === null ? undefined : encodeBinary(element, type.element),
  )
  return Buffer.concat([arrayHeader(shape, type.element), ...fields.flatMap(lengthPrefixed)])
}

function arrayHeader(shape: ArrayShape, element: ScalarType): Buffer {
  const hasNull = shape.elements.includes(null) ? 1 : 0
  const lowerBound = 1
  return Buffer.concat([
    int32(shape.dimensions.length),
    int32(hasNull),
    int32(oidOf(element)),
    ...shape.dimensions.flatMap((size) => [int32(size), int32(lowerBound)]),
  ])
}

function recordBinary(value: SqlValue, type: RecordType): Buffer {
  const values = list(value)
  const fields = type.fields.flatMap((fieldType, index) => {
    const field = values[index] ?? null
    const encoded = field === null ? undefined : encodeBinary(field, fieldType)
    return [int32(oidOf(fieldType)), ...lengthPrefixed(encoded)]
  })
  return Buffer.concat([int32(type.fields.length), ...fields])
}

function lengthPrefixed(field: Buffer | undefined): readonly Buffer[] {
  return field === undefined ? [int32(-1)] : [int32(field.length), field]
}

function dataRow(fields: readonly (Buffer | undefined)[]): Buffer {
  const head = Buffer.allocUnsafe(7)
  const body = fields.flatMap(lengthPrefixed)
  head.write('D', 0, 'latin1')
  head.writeInt32BE(6 + body.reduce((sum, part) => sum + part.length, 0), 1)
  head.writeInt16BE(fields.length, 5)
  return Buffer.concat([head, ...body])
}
