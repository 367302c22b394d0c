import type { TimeSpan } from '../../parser/query-clauses.ts'
import type { BoundExpression, Constant } from '../../store/bound.ts'
import type { SqlType } from '../../store/sql-type.ts'
import { binary, call, cast, constant, text, when } from './expressions.ts'
import { scalar } from './scalar.ts'
import { fixedMicros, monthsOf } from './time-unit.ts'

const timestampType = scalar('timestamp')
const timestamptzType = scalar('timestamptz')
const int8Type = scalar('int8')

/**
 * How moments are put into buckets. A bucket has a value that sorts and counts as its beginning does:
 * a local time if it has a fixed length, and months since the origin if it is one of months, since
 * those are counted and not measured.
 */
export interface Buckets {
  readonly valueType: SqlType
  /** The value of the bucket in which a moment (a timestamp of the table) lies. */
  readonly valueOf: (moment: BoundExpression) => BoundExpression
  /** The same of a local time, as FROM and TO say it. */
  readonly valueOfLocal: (local: BoundExpression) => BoundExpression
  /** The moment at which a bucket begins, in the type of the table's timestamps. */
  readonly startOf: (value: BoundExpression) => BoundExpression
  /** From one value to the next. */
  readonly step: Constant
  /** A local time as a moment in UTC without its zone. */
  readonly instantOf: (local: BoundExpression) => BoundExpression
  /** A moment of the table as one in UTC without its zone. */
  readonly utcOf: (moment: BoundExpression) => BoundExpression
}

/** The time zone of a calendar: fixed, or by a name that has rules. */
export type BucketZone =
  | { readonly kind: 'Offset'; readonly seconds: number }
  /** `standardSeconds`: its offset from UTC when no summer time is. */
  | { readonly kind: 'Named'; readonly name: string; readonly standardSeconds: number }

export interface BucketRule {
  readonly period: Pick<TimeSpan, 'count' | 'unit'>
  /** The type of the table's timestamps. */
  readonly type: SqlType
  readonly zone?: BucketZone
  readonly offsetMinutes?: number
  /** The local time at which some bucket begins (FROM, the first observation); absent: the calendar's. */
  readonly origin?: BoundExpression
}

/** A local time at which buckets are to begin, as their origin; WITH OFFSET comes on top of it. */
export function localOrigin(
  local: BoundExpression,
  rule: Pick<BucketRule, 'period' | 'type' | 'zone'>,
): BoundExpression {
  return calendarOf({ ...rule, offsetMinutes: 0 }).shiftedOfLocal(local)
}

/** The calendar's origin; of weeks it is the Monday of that week. */
const epoch = constant(0n, timestampType)
const epochMonday = constant(-259_200_000_000n, timestampType)

export function bucketsOf(rule: BucketRule): Buckets {
  const { period } = rule
  const months = monthsOf(period)
  const calendar = calendarOf(rule)
  const common = { instantOf: calendar.instantOf, utcOf: calendar.utcOf }
  if (months === undefined) {
    const micros = BigInt(period.count) * (fixedMicros[period.unit] ?? 0n)
    const step = constant({ kind: 'Interval', months: 0, days: 0, micros }, scalar('interval'))
    const origin = rule.origin ?? (period.unit === 'w' ? epochMonday : epoch)
    const bucket = (shifted: BoundExpression): BoundExpression =>
      call('time_bucket', [step, shifted, origin], timestampType)
    return {
      ...common,
      valueType: timestampType,
      valueOf: (moment) => bucket(calendar.shiftedOf(moment)),
      valueOfLocal: (local) => bucket(calendar.shiftedOfLocal(local)),
      startOf: calendar.momentOf,
      step,
    }
  }
  const bucket = monthBucket(rule.origin, months)
  const origin = rule.origin ?? epoch
  return {
    ...common,
    valueType: int8Type,
    valueOf: (moment) => bucket(calendar.shiftedOf(moment)),
    valueOfLocal: (local) => bucket(calendar.shiftedOfLocal(local)),
    startOf: (value) => calendar.momentOf(addMonths(origin, value)),
    step: constant(BigInt(months), int8Type),
  }
}

function addMonths(origin: BoundExpression, months: BoundExpression): BoundExpression {
  const interval = call('to_months', [cast(months, scalar('int4'))], scalar('interval'))
  return binary(origin, '+', interval, timestampType)
}

/**
 * Months since the origin, rounded down to whole buckets. The calendar's origin is a month's first, so
 * that months begun are months passed; another may lie anywhere in its month, but after no row.
 */
function monthBucket(
  given: BoundExpression | undefined,
  width: number,
): (shifted: BoundExpression) => BoundExpression {
  const origin = given ?? epoch
  const one = constant(1n, int8Type)
  const whole = constant(BigInt(width), int8Type)
  const begun = (at: BoundExpression): BoundExpression =>
    call('date_diff', [text('month'), origin, at], int8Type)
  const passed = (at: BoundExpression): BoundExpression => {
    if (given === undefined) return begun(at)
    const isBefore = binary(addMonths(origin, begun(at)), '>', at)
    return when([[isBefore, binary(begun(at), '-', one, int8Type)]], begun(at), int8Type)
  }
  const remainder = (value: BoundExpression): BoundExpression => binary(value, '%', whole, int8Type)
  return (at) => {
    const count = passed(at)
    if (width === 1) return count
    // % has the sign of what is divided.
    const rest = remainder(binary(remainder(count), '+', whole, int8Type))
    return binary(count, '-', rest, int8Type)
  }
}

/** Between moments and the local times, less WITH OFFSET, in which buckets are cut. */
interface Calendar {
  readonly shiftedOf: (moment: BoundExpression) => BoundExpression
  readonly shiftedOfLocal: (local: BoundExpression) => BoundExpression
  readonly momentOf: (shifted: BoundExpression) => BoundExpression
  readonly instantOf: (local: BoundExpression) => BoundExpression
  readonly utcOf: (moment: BoundExpression) => BoundExpression
}

/**
 * Buckets of days and longer follow the clock of the zone, summer time included: a day may have 23 or 25
 * hours. Shorter ones are of one length in UTC, and the zone's standard time says where they begin, so
 * that an hour that the clock repeats stays two (QuestDB, SAMPLE BY, "Time zone transitions").
 */
function calendarOf({ period, type, zone, offsetMinutes = 0 }: BucketRule): Calendar {
  const hasZone = type.kind === 'Scalar' && type.name === 'timestamptz'
  const utcOf = (moment: BoundExpression): BoundExpression =>
    hasZone ? call('timezone', [text('UTC'), moment], timestampType) : moment
  const ofUtc = (utc: BoundExpression): BoundExpression =>
    hasZone ? call('timezone', [text('UTC'), utc], timestamptzType) : utc
  const offset = offsetMinutes * 60
  const isShort = monthsOf(period) === undefined && period.unit !== 'd' && period.unit !== 'w'
  if (zone?.kind === 'Named') {
    const { name, standardSeconds } = zone
    const instantOf = (local: BoundExpression): BoundExpression => inUtc(local, name)
    if (isShort) {
      return {
        shiftedOf: (moment) => moved(utcOf(moment), standardSeconds - offset),
        shiftedOfLocal: (local) => moved(instantOf(local), standardSeconds - offset),
        momentOf: (shifted) => ofUtc(moved(shifted, offset - standardSeconds)),
        instantOf,
        utcOf,
      }
    }
    return {
      shiftedOf: (moment) => moved(inZone(utcOf(moment), name), 0 - offset),
      shiftedOfLocal: (local) => moved(local, 0 - offset),
      momentOf: (shifted) => ofUtc(instantOf(moved(shifted, offset))),
      instantOf,
      utcOf,
    }
  }
  const seconds = zone?.seconds ?? 0
  return {
    shiftedOf: (moment) => moved(utcOf(moment), seconds - offset),
    shiftedOfLocal: (local) => moved(local, 0 - offset),
    momentOf: (shifted) => ofUtc(moved(shifted, offset - seconds)),
    instantOf: (local) => moved(local, 0 - seconds),
    utcOf,
  }
}

function inZone(utc: BoundExpression, zone: string): BoundExpression {
  const moment = call('timezone', [text('UTC'), utc], timestamptzType)
  return call('timezone', [text(zone), moment], timestampType)
}

function inUtc(local: BoundExpression, zone: string): BoundExpression {
  const moment = call('timezone', [text(zone), local], timestamptzType)
  return call('timezone', [text('UTC'), moment], timestampType)
}

function moved(value: BoundExpression, seconds: number): BoundExpression {
  if (seconds === 0) return value
  const micros = BigInt(seconds) * 1_000_000n
  const interval = constant({ kind: 'Interval', months: 0, days: 0, micros }, scalar('interval'))
  return binary(value, '+', interval, timestampType)
}
