/**
 * The default of a column that is added to a table: the engine takes nothing but a bare literal there
 * (anything else it splits into several statements, which cannot be prepared), and casts it to the
 * column's type.
 */
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { BoundExpression, PhysicalColumn } from '../bound.ts'
import type { ScalarType, SqlValue } from '../sql-type.ts'
import { dateText, timestampText, timeText } from './datetime-text.ts'
import { textLiteral } from './text-literal.ts'

/** @throws SqlError 0A000 for a default that is not a constant */
export function printAddedDefault({ type }: PhysicalColumn, expression: BoundExpression): string {
  const text = textOf(expression)
  if (text === undefined) return 'NULL'
  return textLiteral(type.kind === 'Scalar' ? fitted(text, type) : text)
}

/** What the engine reads as the constant's value; undefined for NULL. */
function textOf(expression: BoundExpression): string | undefined {
  if (expression.kind === 'Cast') return textOf(expression.operand)
  if (expression.kind === 'PrefixOperation' && expression.operator === '-') {
    const text = textOf(expression.operand)
    return text?.startsWith('-') === true ? text.slice(1) : text === undefined ? text : `-${text}`
  }
  if (expression.kind !== 'Constant') throw notConstant()
  const { value, type } = expression
  if (value === null) return undefined
  return type?.kind === 'Scalar' ? scalarText(value, type) : listText(value, type)
}

function scalarText(value: SqlValue, { name }: ScalarType): string {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (value instanceof Uint8Array) {
    return [...value]
      .map((byte) => `\\x${byte.toString(16).padStart(2, '0').toUpperCase()}`)
      .join('')
  }
  if (typeof value === 'number' || typeof value === 'bigint') return numberText(value, name)
  if (value !== null && 'kind' in value) {
    return `${value.months} months ${value.days} days ${value.micros} microseconds`
  }
  throw notConstant()
}

function numberText(value: number | bigint, name: ScalarType['name']): string {
  if (name === 'date') return dateText(Number(value))
  if (name === 'timestamp') return timestampText(value)
  if (name === 'timestamptz') {
    return typeof value === 'bigint' ? `${timestampText(value)}+00` : timestampText(value)
  }
  if (name === 'time' && typeof value === 'bigint') return timeText(value)
  return Object.is(value, -0) ? '-0' : String(value)
}

/** `["a", NULL]` in the engine's way of writing lists. */
function listText(value: SqlValue, type: BoundExpression['type']): string {
  if (!Array.isArray(value) || type?.kind !== 'Array') throw notConstant()
  const items = value.map((item: SqlValue) => {
    if (item === null) return 'NULL'
    const text = Array.isArray(item) ? listText(item, type) : scalarText(item, type.element)
    return Array.isArray(item) ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`
  })
  return `[${items.join(', ')}]`
}

/** Text held to the length of the column, as an assignment does. */
function fitted(text: string, { name, length }: ScalarType): string {
  if (length === undefined || (name !== 'varchar' && name !== 'bpchar')) return text
  const characters = Array.from(text)
  const isTooLong = characters.slice(length).some((character) => character !== ' ')
  if (isTooLong) throw tooLong(name === 'bpchar' ? 'character' : 'character varying', length)
  const cut = characters.slice(0, length).join('')
  return name === 'bpchar' ? cut + ' '.repeat(length - Array.from(cut).length) : cut
}

function tooLong(type: string, length: number): SqlError {
  return new SqlError(
    SqlState.StringDataRightTruncation,
    `value too long for type ${type}(${length})`,
  )
}

function notConstant(): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    'adding a column with a default that is not a constant is not supported',
  )
}
