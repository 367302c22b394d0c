import { unreachable } from '../../errors/unreachable.ts'
import type { ScalarType, SqlValue } from '../sql-type.ts'
import { checkText, padBlank } from './check-text.ts'
import { dateText, timestampText, timestampWithOffset, timeText } from './date-text.ts'
import { float4Text, float8Text } from './float-text.ts'
import { big, bytes, checkedInstant, integerText, interval, numeric, text } from './guards.ts'
import { intervalText } from './interval-text.ts'
import { offsetText, TimeZone } from './time-zone.ts'

export interface EncodeOptions {
  /** IANA name of the session's time zone, for timestamptz as text. */
  readonly timeZone: string
}

/** The output function of each scalar type. */
export function scalarText(value: SqlValue, type: ScalarType, options: EncodeOptions): string {
  switch (type.name) {
    case 'bool':
      return value === true ? 't' : 'f'
    case 'int2':
    case 'int4':
    case 'int8':
    case 'oid':
      return integerText(value)
    case 'float4':
      return float4Text(numeric(value))
    case 'float8':
      return float8Text(numeric(value))
    case 'bpchar':
      return padBlank(checkText(text(value)), type.length)
    case 'numeric':
    case 'uuid':
      return text(value)
    case 'text':
    case 'varchar':
    case 'name':
    case 'json':
      return checkText(text(value))
    case 'bytea':
      return `\\x${bytes(value).toString('hex')}`
    case 'date':
      return dateText(numeric(value))
    case 'time':
      return timeText(big(value))
    case 'timestamp':
      return timestampText(checkedInstant(value))
    case 'timestamptz':
      return zonedText(checkedInstant(value), options.timeZone)
    case 'interval':
      return intervalText(interval(value))
    default:
      return unreachable(type.name)
  }
}

function zonedText(micros: bigint | number, timeZone: string): string {
  if (typeof micros === 'number') return timestampText(micros)
  const offset = TimeZone.named(timeZone).offsetSeconds(micros)
  return timestampWithOffset(micros + BigInt(offset) * 1_000_000n, offsetText(offset))
}
