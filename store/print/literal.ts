/** Constants, each type in one spelling that the engine reads back as the same value. */
import { invariant } from '../../errors/invariant.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type { IntervalValue, ScalarType, SqlType, SqlValue } from '../sql-type.ts'
import { notADecimal } from '../values/check-decimal.ts'
import { dateText, timeText, timestampText } from './datetime-text.ts'
import { decimalShape } from './decimal-shape.ts'
import { textLiteral } from './text-literal.ts'
import { engineType } from './type.ts'

/**
 * A value of a type; of a type that only the engine knows, NULL, booleans and text.
 * @throws SqlError 22003 for a number that the engine's types cannot hold
 */
export function printLiteral(value: SqlValue, type: SqlType | undefined): string {
  if (value === null) return type === undefined ? 'NULL' : `CAST(NULL AS ${engineType(type)})`
  if (type === undefined) return untypedLiteral(value)
  switch (type.kind) {
    case 'Scalar':
      return scalarLiteral(value, type)
    case 'Array':
      return arrayLiteral(value, type.element)
    case 'Record':
      return recordLiteral(value, type.fields)
    default:
      return unreachable(type)
  }
}

function untypedLiteral(value: SqlValue): string {
  if (typeof value === 'string') return textLiteral(value)
  invariant(typeof value === 'boolean', 'a constant without a type is NULL, a boolean or text')
  return value ? 'true' : 'false'
}

function arrayLiteral(value: SqlValue, element: ScalarType): string {
  invariant(Array.isArray(value), 'the value of an array is an array')
  const items = value.map((item: SqlValue) =>
    Array.isArray(item) ? arrayLiteral(item, element) : printLiteral(item, element),
  )
  const dimensions = '[]'.repeat(dimensionsOf(value))
  return `CAST([${items.join(', ')}] AS ${engineType(element)}${dimensions})`
}

function dimensionsOf(value: SqlValue): number {
  if (!Array.isArray(value)) return 0
  const [first = null]: readonly SqlValue[] = value
  return 1 + dimensionsOf(first)
}

function recordLiteral(value: SqlValue, fields: readonly SqlType[]): string {
  invariant(Array.isArray(value) && value.length === fields.length, 'a record has its fields')
  const items: readonly SqlValue[] = value
  return `ROW(${fields.map((field, index) => printLiteral(items[index] ?? null, field)).join(', ')})`
}

function scalarLiteral(value: SqlValue, type: ScalarType): string {
  switch (type.name) {
    case 'bool':
      invariant(typeof value === 'boolean', 'the value of a bool is a boolean')
      return value ? 'true' : 'false'
    case 'int2':
    case 'int4':
    case 'int8':
    case 'oid':
      return `CAST(${integerDigits(value)} AS ${engineType(type)})`
    case 'float4':
    case 'float8':
      return `CAST('${floatDigits(value)}' AS ${engineType(type)})`
    case 'numeric':
      return numericLiteral(value, type)
    case 'text':
    case 'varchar':
    case 'bpchar':
    case 'name':
    case 'uuid':
    case 'json':
      invariant(typeof value === 'string', 'the value of a text is a string')
      return `CAST(${textLiteral(value)} AS ${engineType(type)})`
    case 'bytea':
      invariant(value instanceof Uint8Array, 'the value of a bytea is bytes')
      return `unhex('${Buffer.from(value).toString('hex')}')`
    case 'date':
      invariant(typeof value === 'number', 'the value of a date is a number')
      return `CAST('${dateText(value)}' AS DATE)`
    case 'time':
      invariant(typeof value === 'bigint', 'the value of a time is a bigint')
      return `CAST('${timeText(value)}' AS TIME)`
    case 'timestamp':
      return `CAST('${timestampText(instant(value))}' AS TIMESTAMP)`
    case 'timestamptz':
      return timestamptzLiteral(instant(value))
    case 'interval':
      invariant(isInterval(value), 'the value of an interval is an interval')
      return intervalLiteral(value)
    default:
      return unreachable(type.name)
  }
}

function integerDigits(value: SqlValue): string {
  const isInteger =
    typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))
  invariant(isInteger, 'the value of an integer is integral')
  return String(value)
}

function floatDigits(value: SqlValue): string {
  invariant(typeof value === 'number', 'the value of a float is a number')
  return Object.is(value, -0) ? '-0' : String(value)
}

function numericLiteral(value: SqlValue, type: ScalarType): string {
  invariant(typeof value === 'string', 'the value of a numeric is its decimal text')
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(value)) throw notADecimal()
  if (type.precision !== undefined) return `CAST('${value}' AS ${engineType(type)})`
  const shape = decimalShape(value)
  if (shape === undefined) throw tooManyDigits()
  return `CAST('${value}' AS DECIMAL(${shape.precision}, ${shape.scale}))`
}

function tooManyDigits(): SqlError {
  return new SqlError(SqlState.NumericValueOutOfRange, 'value overflows numeric format', {
    detail: 'A numeric value can have 38 digits at most.',
  })
}

function instant(value: SqlValue): bigint | number {
  const isInstant = typeof value === 'bigint' || value === Infinity || value === -Infinity
  invariant(isInstant, 'the value of a timestamp is a bigint or infinite')
  return value
}

function timestamptzLiteral(value: bigint | number): string {
  const zone = typeof value === 'bigint' ? '+00' : ''
  return `CAST('${timestampText(value)}${zone}' AS TIMESTAMP WITH TIME ZONE)`
}

function isInterval(value: SqlValue): value is IntervalValue {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Interval'
}

function intervalLiteral({ months, days, micros }: IntervalValue): string {
  const parts = [integerDigits(months), integerDigits(days), integerDigits(micros)]
  return `(to_months(${parts[0]}) + to_days(${parts[1]}) + to_microseconds(${parts[2]}))`
}
