import { unreachable } from '../../errors/unreachable.ts'
import type { ScalarType, SqlValue } from '../sql-type.ts'
import { checkDate, postgresEpochDays, postgresEpochMicros } from './date-text.ts'
import { big, bytes, checkedInstant, interval, numeric, text } from './guards.ts'
import { float32, float64, int16, int32, int64 } from './integers.ts'
import { numericBinary } from './numeric-binary.ts'
import { scalarText } from './scalar-text.ts'

/** The send function of each scalar type (client-compatibility.md, section 3). */
export function scalarBinary(value: SqlValue, type: ScalarType): Buffer {
  switch (type.name) {
    case 'bool':
      return Buffer.of(value === true ? 1 : 0)
    case 'int2':
      return int16(numeric(value))
    case 'int4':
      return int32(numeric(value))
    case 'oid':
      return int32(numeric(value) | 0)
    case 'int8':
      return int64(big(value))
    case 'float4':
      return float32(numeric(value))
    case 'float8':
      return float64(numeric(value))
    case 'numeric':
      return numericBinary(text(value))
    case 'uuid':
      return Buffer.from(text(value).replaceAll('-', ''), 'hex')
    case 'bytea':
      return bytes(value)
    case 'text':
    case 'varchar':
    case 'bpchar':
    case 'name':
    case 'json':
      return Buffer.from(scalarText(value, type, { timeZone: 'UTC' }), 'utf8')
    case 'date':
      return int32(binaryDate(numeric(value)))
    case 'time':
      return int64(big(value))
    case 'timestamp':
    case 'timestamptz':
      return int64(binaryInstant(checkedInstant(value)))
    case 'interval':
      return intervalBinary(value)
    default:
      return unreachable(type.name)
  }
}

/** Days since 2000-01-01; the infinities are the ends of int32 (date.h). */
export function binaryDate(days: number): number {
  if (days === Infinity) return 0x7fff_ffff
  if (days === -Infinity) return -0x8000_0000
  return checkDate(days) - postgresEpochDays
}

/** Microseconds since 2000-01-01; the infinities are the ends of int64 (timestamp.h). */
function binaryInstant(micros: bigint | number): bigint {
  if (typeof micros === 'bigint') return micros - postgresEpochMicros
  return micros > 0 ? 0x7fff_ffff_ffff_ffffn : -0x8000_0000_0000_0000n
}

function intervalBinary(value: SqlValue): Buffer {
  const { months, days, micros } = interval(value)
  return Buffer.concat([int64(micros), int32(days), int32(months)])
}
