import { parseInput } from '../../../acl/types/input.ts'
import { unreachable } from '../../../errors/unreachable.ts'
import type { IntervalValue, ScalarType, SqlValue } from '../../../store/sql-type.ts'
import type { MessageReader } from '../messages/message-reader.ts'
import { decodeUtf8 } from '../messages/utf8.ts'
import { decodeNumeric } from './decode-numeric.ts'
import { outOfRange } from './value-errors.ts'

/** The receive function of each scalar type (client-compatibility.md, section 3). */
export function decodeScalar(reader: MessageReader, type: ScalarType): SqlValue {
  switch (type.name) {
    case 'bool':
      return reader.byte() !== 0
    case 'int2':
      return reader.int16()
    case 'int4':
      return reader.int32()
    case 'int8':
      return int64(reader)
    case 'oid':
      return reader.uint32()
    case 'float4':
      return reader.bytes(4).readFloatBE()
    case 'float8':
      return reader.bytes(8).readDoubleBE()
    case 'numeric':
      return parseInput(decodeNumeric(reader), type)
    case 'text':
      return text(reader)
    case 'varchar':
    case 'bpchar':
    case 'name':
      return parseInput(text(reader), type)
    case 'json':
      return parseInput(jsonText(reader), type)
    case 'bytea':
      return reader.bytes(reader.remaining)
    case 'date':
      return date(reader)
    case 'time':
      return time(reader)
    case 'timestamp':
    case 'timestamptz':
      return timestamp(reader)
    case 'interval':
      return interval(reader)
    case 'uuid':
      return uuid(reader)
    default:
      return unreachable(type.name)
  }
}

function int64(reader: MessageReader): bigint {
  return reader.bytes(8).readBigInt64BE()
}

/** The rest, as text. */
function text(reader: MessageReader): string {
  return decodeUtf8(reader.bytes(reader.remaining))
}

/**
 * json is its text; jsonb is the version byte 1 and its text. No JSON text begins with that byte, so
 * both are told apart without asking which of the two types the client declared.
 */
function jsonText(reader: MessageReader): string {
  const json = reader.bytes(reader.remaining)
  return decodeUtf8(json[0] === jsonbVersion ? json.subarray(1) : json)
}

const jsonbVersion = 1

/** Days from 2000-01-01, the largest and smallest being the infinities. */
function date(reader: MessageReader): number {
  const days = reader.int32()
  if (days === int32Max) return Infinity
  if (days === int32Min) return -Infinity
  if (days < daysMin || days >= daysEnd) throw outOfRange('date')
  return days + daysTo2000
}

const int32Max = 0x7f_ff_ff_ff
const int32Min = -0x80_00_00_00

/** From 1970-01-01 to 2000-01-01. */
const daysTo2000 = 10_957

/** 4714-11-24 BC and 5874898-01-01 (PostgreSQL 15, datatype/timestamp.h), from 2000-01-01. */
const daysMin = -2_451_545
const daysEnd = 2_147_483_494 - 2_451_545

function time(reader: MessageReader): bigint {
  const micros = int64(reader)
  if (micros < 0n || micros > microsOfDay) throw outOfRange('time')
  return micros
}

const microsOfDay = 86_400_000_000n

/** Microseconds from 2000-01-01, the largest and smallest being the infinities. */
function timestamp(reader: MessageReader): bigint | number {
  const micros = int64(reader)
  if (micros === int64Max) return Infinity
  if (micros === int64Min) return -Infinity
  if (micros < microsMin || micros + microsTo2000 >= int64Max) throw outOfRange('timestamp')
  return micros + microsTo2000
}

const int64Max = 0x7f_ff_ff_ff_ff_ff_ff_ffn
const int64Min = -0x80_00_00_00_00_00_00_00n

/** From 1970-01-01 to 2000-01-01. */
const microsTo2000 = 946_684_800_000_000n

/** 4714-11-24 BC, from 2000-01-01 (PostgreSQL 15, datatype/timestamp.h: MIN_TIMESTAMP). */
const microsMin = -211_813_488_000_000_000n

function interval(reader: MessageReader): IntervalValue {
  const micros = int64(reader)
  const days = reader.int32()
  const months = reader.int32()
  return { kind: 'Interval', months, days, micros }
}

function uuid(reader: MessageReader): string {
  return reader
    .bytes(16)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
