/** Functions over dates and times (PostgreSQL 15, chapter "Date/Time Functions and Operators"). */
import { SqlState } from '../../../errors/sql-state.ts'
import type { BoundExpression } from '../../../store/bound.ts'
import type { ScalarTypeName } from '../../../store/sql-type.ts'
import { argumentNotConstant, unsupportedForm } from '../errors.ts'
import { binary, call, cast, constantValue, integer, raise, when } from '../expressions.ts'
import { scalar } from '../scalar.ts'
import { datePart, extractPart } from './date-part.ts'
import { dateTrunc } from './date-trunc.ts'
import { built, engine, refused } from './make-row.ts'
import { repeatable } from './repeatable.ts'
import type { ScalarRow } from './row.ts'
import { sessionValue } from './session-value.ts'
import { atTimeZone } from './time-zone.ts'
import { toChar } from './to-char.ts'

const partTypes = ['timestamp', 'timestamptz', 'date', 'time', 'interval'] as const

const fields: readonly ScalarRow[] = [
  ...partTypes.flatMap((type) => [
    built('date_part', ['text', type], 'float8', datePart),
    built('extract', ['text', type], 'numeric', extractPart),
  ]),
  ...(['timestamp', 'timestamptz', 'interval'] as const).map((type) =>
    built('date_trunc', ['text', type], type, dateTrunc),
  ),
]

const makers: readonly ScalarRow[] = [
  built('make_date', ['int4', 'int4', 'int4'], 'date', (args, context) =>
    withEra('make_date', args, (fixed) => call('make_date', fixed, context.result)),
  ),
  engine('make_time', ['int4', 'int4', 'float8'], 'time'),
  built(
    'make_timestamp',
    ['int4', 'int4', 'int4', 'int4', 'int4', 'float8'],
    'timestamp',
    (args, context) =>
      withEra('make_timestamp', args, (fixed) => call('make_timestamp', fixed, context.result)),
  ),
  built(
    'make_timestamptz',
    ['int4', 'int4', 'int4', 'int4', 'int4', 'float8'],
    'timestamptz',
    (args, context) =>
      withEra('make_timestamptz', args, (fixed) =>
        cast(call('make_timestamp', fixed, scalar('timestamp')), context.result),
      ),
  ),
  engine('to_timestamp', ['float8'], 'timestamptz'),
]

/** PostgreSQL's years before Christ are negative and there is no year 0; the engine counts through. */
function withEra(
  name: string,
  args: readonly BoundExpression[],
  make: (args: readonly BoundExpression[]) => BoundExpression,
): BoundExpression {
  const [year, ...rest] = args
  if (year === undefined) throw new Error(`${name} without arguments`)
  const number = constantValue(year)
  if (typeof number === 'number' && number > 0) return make(args)
  repeatable(name, [year])
  const int4 = scalar('int4')
  const shifted = when(
    [
      [
        binary(year, '=', integer(0)),
        raise(SqlState.DatetimeFieldOverflow, 'date field value out of range'),
      ],
      [binary(year, '<', integer(0)), binary(year, '+', integer(1), int4)],
    ],
    year,
    int4,
  )
  return make([shifted, ...rest])
}

const moments = ['timestamp', 'timestamptz'] as const

const differences: readonly ScalarRow[] = [
  ...moments.map((type) => engine('age', [type, type], 'interval')),
  ...moments.map((type) =>
    built('age', [type], 'interval', ([value], { result }) => {
      // PostgreSQL measures from the midnight at which today began.
      const today = cast(sessionValue('transaction_timestamp', 'timestamptz'), scalar('date'))
      return call('age', [cast(today, scalar(type)), value ?? today], result)
    }),
  ),
  ...moments.map((type) => built('date_bin', ['interval', type, type], type, dateBin)),
  ...(['date', 'timestamp', 'timestamptz'] as const).map((type) =>
    engine('isfinite', [type], 'bool'),
  ),
  refused('isfinite', ['interval'], 'bool', 'an argument of type interval'),
]

/** `date_bin(stride, source, origin)`: strides have no months in PostgreSQL. */
function dateBin(
  [stride, source, origin]: readonly BoundExpression[],
  { result }: { readonly result: Parameters<typeof cast>[1] },
): BoundExpression {
  const width = constantValue(stride)
  if (stride === undefined || source === undefined || origin === undefined) {
    throw new Error('date_bin without arguments')
  }
  if (typeof width !== 'object' || width === null || !('months' in width)) {
    throw argumentNotConstant('date_bin', 'the stride')
  }
  if (width.months !== 0) {
    throw unsupportedForm('date_bin', 'a stride that contains months or years')
  }
  const micros = BigInt(width.days) * 86_400_000_000n + width.micros
  if (micros <= 0n) throw unsupportedForm('date_bin', 'a stride that is not greater than zero')
  return call('time_bucket', [stride, source, origin], result)
}

const zones: readonly ScalarRow[] = [
  built('timezone', ['text', 'timestamp'], 'timestamptz', atTimeZone),
  built('timezone', ['text', 'timestamptz'], 'timestamp', atTimeZone),
]

const texts: readonly ScalarRow[] = [
  ...moments.map((type) => built('to_char', [type, 'text'], 'text', toChar)),
  ...(['int4', 'int8', 'float4', 'float8', 'numeric', 'interval'] as const).map((type) =>
    refused('to_char', [type, 'text'], 'text', `an argument of type ${type}`),
  ),
]

/** Units of QuestDB's dateadd, by the functions of the engine that make intervals of them. */
const addedUnits: Readonly<Record<string, string>> = {
  u: 'to_microseconds',
  T: 'to_milliseconds',
  s: 'to_seconds',
  m: 'to_minutes',
  h: 'to_hours',
  d: 'to_days',
  w: 'to_weeks',
  M: 'to_months',
  y: 'to_years',
}

/** QuestDB's `dateadd(unit, number, timestamp)`. */
const additions: readonly ScalarRow[] = moments.map((type: ScalarTypeName) =>
  built('dateadd', ['text', 'int4', type], type, ([unit, number, value], { result }) => {
    const letter = constantValue(unit)
    if (typeof letter !== 'string') throw argumentNotConstant('dateadd', 'the unit')
    const maker = Object.hasOwn(addedUnits, letter) ? addedUnits[letter] : undefined
    if (maker === undefined) throw unsupportedForm('dateadd', `the unit "${letter}"`)
    if (number === undefined || value === undefined) throw new Error('dateadd without arguments')
    return binary(value, '+', call(maker, [number], scalar('interval')), result)
  }),
)

/** Functions over dates and times. */
export const datetimeRows: readonly ScalarRow[] = [
  ...fields,
  ...makers,
  ...differences,
  ...zones,
  ...texts,
  ...additions,
]
