/** date_part and extract: the engine's parts by PostgreSQL's rules and with its digits. */
import type { SqlError } from '../../../errors/sql-error.ts'
import type { BoundExpression } from '../../../store/bound.ts'
import type { ScalarTypeName, SqlType } from '../../../store/sql-type.ts'
import {
  argumentNotConstant,
  invalidArgument,
  unsupportedForm,
  unsupportedUnit,
} from '../errors.ts'
import {
  binary,
  call,
  cast,
  constant,
  constantValue,
  numericOfScale,
  when,
} from '../expressions.ts'
import { scalar } from '../scalar.ts'
import { typeText } from '../type-name.ts'
import { repeatable } from './repeatable.ts'
import type { CallContext } from './row.ts'

const int8 = scalar('int8')
const float8 = scalar('float8')

const calendarUnits = ['isoyear', 'week', 'dow', 'isodow', 'doy', 'julian'] as const
const largeUnits = ['millennium', 'century', 'decade', 'year', 'quarter', 'month', 'day'] as const
const clockUnits = ['hour', 'minute', 'second', 'milliseconds', 'microseconds'] as const
const zoneUnits = ['timezone', 'timezone_hour', 'timezone_minute'] as const

type Unit =
  | (typeof calendarUnits)[number]
  | (typeof largeUnits)[number]
  | (typeof clockUnits)[number]
  | (typeof zoneUnits)[number]
  | 'epoch'

/** PostgreSQL's spellings of the units (datetime.c: deltatktbl and datetktbl). */
const spellings: Readonly<Record<string, Unit>> = {
  ...Object.fromEntries(
    [...calendarUnits, ...largeUnits, ...clockUnits, ...zoneUnits].map((unit) => [unit, unit]),
  ),
  epoch: 'epoch',
  millennia: 'millennium',
  mil: 'millennium',
  mils: 'millennium',
  centuries: 'century',
  cent: 'century',
  c: 'century',
  decades: 'decade',
  dec: 'decade',
  decs: 'decade',
  years: 'year',
  y: 'year',
  yr: 'year',
  yrs: 'year',
  qtr: 'quarter',
  months: 'month',
  mon: 'month',
  mons: 'month',
  weeks: 'week',
  w: 'week',
  days: 'day',
  d: 'day',
  hours: 'hour',
  h: 'hour',
  hr: 'hour',
  hrs: 'hour',
  minutes: 'minute',
  min: 'minute',
  mins: 'minute',
  m: 'minute',
  seconds: 'second',
  sec: 'second',
  secs: 'second',
  s: 'second',
  millisecond: 'milliseconds',
  msec: 'milliseconds',
  msecs: 'milliseconds',
  ms: 'milliseconds',
  microsecond: 'microseconds',
  usec: 'microseconds',
  usecs: 'microseconds',
  us: 'microseconds',
  jd: 'julian',
  j: 'julian',
}

const always: readonly Unit[] = ['epoch']

/** The units that each type has. */
const unitsOfType: Readonly<Record<string, readonly Unit[]>> = {
  timestamptz: [...always, ...calendarUnits, ...largeUnits, ...clockUnits, ...zoneUnits],
  timestamp: [...always, ...calendarUnits, ...largeUnits, ...clockUnits],
  date: [...always, ...calendarUnits, ...largeUnits],
  time: [...always, ...clockUnits],
  interval: [...always, ...largeUnits, ...clockUnits],
}

interface Part {
  readonly unit: Unit
  readonly value: BoundExpression
  readonly type: ScalarTypeName
  readonly name: string
}

/** `date_part(unit, value)`: float8. */
export function datePart(args: readonly BoundExpression[], context: CallContext): BoundExpression {
  const part = readPart(args, context)
  // PostgreSQL's date_part of a date is that of the midnight at its beginning.
  const asMoment: Part =
    part.type === 'date'
      ? { ...part, type: 'timestamp', value: cast(part.value, scalar('timestamp')) }
      : part
  requireUnit(asMoment)
  return floatPart(asMoment)
}

/** `extract(unit FROM value)`: numeric. */
export function extractPart(
  args: readonly BoundExpression[],
  context: CallContext,
): BoundExpression {
  const part = readPart(args, context)
  requireUnit(part)
  return numericPart(part)
}

function readPart([field, value]: readonly BoundExpression[], context: CallContext): Part {
  const written = constantValue(field)
  const [, type] = context.arguments
  if (typeof written !== 'string') throw argumentNotConstant(context.name, 'the unit')
  if (value === undefined || type?.kind !== 'Scalar') throw new Error('a part of no value')
  const word = written.toLowerCase()
  const unit = Object.hasOwn(spellings, word) ? spellings[word] : undefined
  if (unit === undefined) throw unknownUnit(written, type)
  return { unit, value, type: type.name, name: context.name }
}

function unknownUnit(unit: string, type: SqlType): SqlError {
  return invalidArgument(`unit "${unit}" not recognized for type ${typeText(type)}`)
}

function requireUnit({ unit, type }: Part): void {
  if (unitsOfType[type]?.includes(unit) !== true)
    throw unsupportedUnit(unit, typeText(scalar(type)))
}

function engineNumber({ value }: Part, name: string): BoundExpression {
  return call('date_part', [constant(name, scalar('text')), value], int8)
}

/** Whole numbers: everything but seconds with their fraction, epoch and julian. */
function wholePart(part: Part): BoundExpression {
  const { unit } = part
  if (part.type === 'interval') return engineNumber(part, unit)
  if (unit === 'year' || unit === 'isoyear') {
    const year = engineNumber(part, unit)
    repeatable(part.name, [part.value])
    // PostgreSQL has no year 0: the engine's 0 is 1 BC, which is -1.
    const shifted = binary(year, '-', constant(1n, int8), int8)
    return when([[binary(year, '<=', constant(0n, int8)), shifted]], year, int8)
  }
  if (unit === 'decade') return decade(part)
  return engineNumber(part, unit)
}

/** PostgreSQL's decades before Christ reach down: the floor of a tenth of the year. */
function decade(part: Part): BoundExpression {
  const year = cast(engineNumber(part, 'year'), float8)
  const tenth = binary(year, '/', constant(10, float8), float8)
  return cast(call('floor', [tenth], float8), int8)
}

/** Microseconds within the minute. */
function microsOfMinute(part: Part): BoundExpression {
  return engineNumber(part, 'microsecond')
}

function floatPart(part: Part): BoundExpression {
  const { unit } = part
  if (unit === 'second') return splitSeconds(part, { whole: 1, fraction: 1_000_000 })
  if (unit === 'milliseconds') return splitSeconds(part, { whole: 1000, fraction: 1000 })
  if (unit === 'microseconds') return cast(microsOfMinute(part), float8)
  if (unit === 'epoch' || unit === 'julian') return engineFloat(part, unit)
  return cast(wholePart(part), float8)
}

function engineFloat({ value }: Part, name: 'epoch' | 'julian'): BoundExpression {
  return call('date_part', [constant(name, scalar('text')), value], float8)
}

/** Adds whole seconds and fraction as floats, as PostgreSQL does: the last digit depends on it. */
function splitSeconds(
  part: Part,
  scales: { readonly whole: number; readonly fraction: number },
): BoundExpression {
  repeatable(part.name, [part.value])
  const micros = microsOfMinute(part)
  const million = constant(1_000_000n, int8)
  const whole = cast(binary(micros, '/', million, int8), float8)
  const fraction = cast(binary(micros, '%', million, int8), float8)
  return binary(
    binary(whole, '*', constant(scales.whole, float8), float8),
    '+',
    binary(fraction, '/', constant(scales.fraction, float8), float8),
    float8,
  )
}

function numericPart(part: Part): BoundExpression {
  const { unit } = part
  if (unit === 'second') return scaled(microsOfMinute(part), 6)
  if (unit === 'milliseconds') return scaled(microsOfMinute(part), 3)
  if (unit === 'microseconds') return cast(microsOfMinute(part), numericOfScale(0, 19))
  if (unit === 'epoch') return numericEpoch(part)
  if (unit !== 'julian') return cast(wholePart(part), numericOfScale(0, 19))
  if (part.type !== 'date') throw unsupportedForm('extract', 'the unit "julian" of a time')
  return cast(engineFloat(part, unit), numericOfScale(0, 19))
}

function numericEpoch(part: Part): BoundExpression {
  if (part.type === 'interval') {
    // Years have 365.25 days here; the engine's float is exact to the microsecond for any age.
    return cast(engineFloat(part, 'epoch'), numericOfScale(6))
  }
  const micros = call('epoch_us', [part.value], int8)
  if (part.type !== 'date') return scaled(micros, 6)
  return cast(binary(micros, '/', constant(1_000_000n, int8), int8), numericOfScale(0, 19))
}

/** A whole number as a numeric with so many decimals: 56789000 as 56.789000. */
function scaled(value: BoundExpression, scale: number): BoundExpression {
  const unit = constant(`0.${'1'.padStart(scale, '0')}`, scalar('numeric'))
  return binary(cast(value, numericOfScale(0, 19)), '*', unit, numericOfScale(scale))
}
