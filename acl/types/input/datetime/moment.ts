/** Values of date, time, timestamp and timestamptz from their text (PostgreSQL 15). */
import { datetimeOutOfRange, invalidDatetime, unsupportedForm } from '../../errors.ts'
import type { InputOptions } from '../options.ts'
import { decodeDatetime } from './decode.ts'
import type { DecodedDatetime } from './decode.ts'
import type { Moment } from './words.ts'
import { namedZone, offsetAt, offsetOfLocal } from './zone.ts'
import type { Zone } from './zone.ts'

const utc: Zone = { kind: 'Offset', seconds: 0 }
const dayMicros = 86_400_000_000n

/** 4713-01-01 BC on the Julian calendar, PostgreSQL's first day. */
const firstDay = -2_440_588

/** The day after PostgreSQL's last date, 5874897-12-31. */
const endDay = 2_145_042_906

/** The store's last timestamp is the largest int64 but one (the largest is its infinity). */
const timestampMicrosMax = 2n ** 63n - 2n

/** Reads a date: days since 1970-01-01. */
export function parseDate(text: string, options: InputOptions): number {
  const decoded = decodeDatetime({ text, typeText: 'date', timeOnly: false })
  if (decoded.kind === 'Fields') return checkedDays(decoded.days ?? 0, text)
  return fixedMoment(decoded.moment) ?? localDays(decoded.moment, options)
}

/** The moments that are the same for everybody; zero is the epoch in days and microseconds alike. */
function fixedMoment(moment: Moment): number | undefined {
  if (moment === 'infinity') return Infinity
  if (moment === '-infinity') return -Infinity
  return moment === 'epoch' ? 0 : undefined
}

function checkedDays(days: number, text: string): number {
  if (days < firstDay || days >= endDay) throw datetimeOutOfRange('date', text)
  return days
}

/** Reads a time: microseconds since midnight. A zone in the text plays no part. */
export function parseTime(text: string, options: InputOptions): bigint {
  const typeText = 'time'
  const decoded = decodeDatetime({ text, typeText, timeOnly: true })
  if (decoded.kind === 'Moment') {
    if (decoded.moment !== 'now') throw invalidDatetime(typeText, text)
    const local = localNow(options)
    return local - daysBefore(local) * dayMicros
  }
  const { days, timeMicros, zone } = decoded
  // The offset of a named zone depends on the day.
  if (zone?.kind === 'Named' && days === undefined) throw invalidDatetime(typeText, text)
  return timeMicros ?? 0n
}

/** Reads a timestamp: a zone in the text plays no part. */
export function parseTimestamp(text: string, options: InputOptions): bigint | number {
  const decoded = decodeDatetime({ text, typeText: 'timestamp', timeOnly: false })
  if (decoded.kind === 'Fields') return checkedMicros(localMicros(decoded), text)
  if (decoded.moment === 'now') return localNow(options)
  const fixed = fixedMoment(decoded.moment)
  if (fixed === 0) return 0n
  return fixed ?? BigInt(localDays(decoded.moment, options)) * dayMicros
}

/** Reads a timestamptz: without a zone in the text it is that of the session. */
export function parseTimestamptz(text: string, options: InputOptions): bigint | number {
  const decoded = decodeDatetime({
    text,
    typeText: 'timestamp with time zone',
    timeOnly: false,
  })
  if (decoded.kind === 'Moment') {
    const { moment } = decoded
    if (moment === 'now') return nowMicros(options)
    const fixed = fixedMoment(moment)
    if (fixed === 0) return 0n
    if (fixed !== undefined) return fixed
    return inZone(
      BigInt(localDays(moment, options)) * dayMicros,
      decoded.zone ?? sessionZone(options),
    )
  }
  const local = localMicros(decoded)
  // Checked before the zone is looked up, which has rules for a bounded time only.
  checkedMicros(local, text)
  return checkedMicros(inZone(local, decoded.zone ?? sessionZone(options)), text)
}

function localMicros(decoded: Extract<DecodedDatetime, { kind: 'Fields' }>): bigint {
  return BigInt(decoded.days ?? 0) * dayMicros + (decoded.timeMicros ?? 0n)
}

function checkedMicros(micros: bigint, text: string): bigint {
  const isBefore = micros < BigInt(firstDay) * dayMicros
  if (isBefore || micros > timestampMicrosMax) throw datetimeOutOfRange('timestamp', text)
  return micros
}

function inZone(localMicrosValue: bigint, zone: Zone): bigint {
  const seconds = offsetOfLocal(zone, Number(floorDivide(localMicrosValue, 1_000_000n)))
  return localMicrosValue - BigInt(seconds) * 1_000_000n
}

function sessionZone({ timeZone }: InputOptions): Zone {
  return (timeZone === undefined ? undefined : namedZone(timeZone)) ?? utc
}

function nowMicros(options: InputOptions): bigint {
  // A plan outlives its moment: who does not say what time it is cannot ask for it.
  if (options.nowMicros === undefined) throw unsupportedForm('input', 'the moment of asking')
  return options.nowMicros
}

function localNow(options: InputOptions): bigint {
  const now = nowMicros(options)
  const offset = offsetAt(sessionZone(options), Number(floorDivide(now, 1_000_000n)))
  return now + BigInt(offset) * 1_000_000n
}

function daysBefore(micros: bigint): bigint {
  return floorDivide(micros, dayMicros)
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor
  return value < 0n && quotient * divisor !== value ? quotient - 1n : quotient
}

/** The day that `today` and its like mean in the session's zone. */
function localDays(moment: Moment, options: InputOptions): number {
  const today = Number(daysBefore(localNow(options)))
  if (moment === 'tomorrow') return today + 1
  return moment === 'yesterday' ? today - 1 : today
}
