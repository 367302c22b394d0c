import { invariant } from '../../errors/invariant.ts'
import type { IntervalValue, SqlValue } from '../sql-type.ts'
import { checkTimestamp } from './date-text.ts'

/** Integers of any width may come as number or bigint: their text is the same. */
export function integerText(value: SqlValue): string {
  invariant(typeof value === 'number' || typeof value === 'bigint', 'an integer value is a number')
  return String(value)
}

export function numeric(value: SqlValue): number {
  invariant(typeof value === 'number', 'the value of this type is a number')
  return value
}

export function big(value: SqlValue): bigint {
  invariant(typeof value === 'bigint', 'the value of this type is a bigint')
  return value
}

export function text(value: SqlValue): string {
  invariant(typeof value === 'string', 'the value of this type is a string')
  return value
}

export function bytes(value: SqlValue): Buffer {
  invariant(ArrayBuffer.isView(value), 'the value of bytea is bytes')
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
}

export function interval(value: SqlValue): IntervalValue {
  invariant(
    typeof value === 'object' && value !== null && 'kind' in value,
    'the value of interval has parts',
  )
  return value
}

export function list(value: SqlValue): readonly SqlValue[] {
  invariant(Array.isArray(value), 'the value of an array or record is a list')
  return value
}

/** A timestamp's microseconds within PostgreSQL's range, or ±Infinity. */
export function checkedInstant(value: SqlValue): bigint | number {
  if (typeof value === 'number') return value
  return checkTimestamp(big(value))
}
