/** QuestDB's functions over time series, which PostgreSQL has not. */
import type { BoundExpression } from '../../../store/bound.ts'
import { argumentNotConstant, unsupportedForm } from '../errors.ts'
import { constantValue } from '../expressions.ts'
import { bucketsOf } from '../time-buckets.ts'
import { monthsOf } from '../time-unit.ts'
import { aggregate, built } from './make-row.ts'
import { repeatable } from './repeatable.ts'
import type { AggregateRow, CallContext, FunctionRow } from './row.ts'

/** By the designated timestamp; of rows with one timestamp it is one of them. first() can be NULL. */
const positions = [
  ['first', 'arg_min_null'],
  ['last', 'arg_max_null'],
  ['first_not_null', 'arg_min'],
  ['last_not_null', 'arg_max'],
] as const

const positional: readonly AggregateRow[] = positions.flatMap(([name, engineName]) =>
  (['anynonarray', 'anyarray'] as const).map((type) => ({
    ...aggregate(name, [type], type, engineName),
    byTimestamp: true,
  })),
)

const counts: readonly AggregateRow[] = [
  {
    kind: 'Aggregate',
    name: 'count',
    arguments: [],
    result: 'int8',
    build: (_args, complete, { result }) =>
      complete({ function: 'count', arguments: [], star: true, type: result }),
  },
  {
    kind: 'Aggregate',
    name: 'count_distinct',
    arguments: ['any'],
    result: 'int8',
    build: (args, complete, { result }) =>
      complete({ function: 'count', arguments: args, distinct: true, type: result }),
  },
]

/** `timestamp_floor('15m', ts)`: where the bucket of the calendar begins, as SAMPLE BY has it. */
function timestampFloor(
  [unit, value]: readonly BoundExpression[],
  { result }: CallContext,
): BoundExpression {
  const written = constantValue(unit)
  if (typeof written !== 'string') throw argumentNotConstant('timestamp_floor', 'the unit')
  if (value === undefined) throw new Error('timestamp_floor of no value')
  const [, digits = '', letter] = /^(\d{0,6})([UTsmhdwMy])$/.exec(written) ?? []
  const period = { count: digits === '' ? 1 : Number(digits), unit: unitOf(letter) }
  if (period.unit === undefined || period.count < 1) {
    throw unsupportedForm('timestamp_floor', `the unit "${written}"`)
  }
  const { count, unit: known } = period
  if (monthsOf({ count, unit: known }) !== undefined && count > 1) {
    repeatable('timestamp_floor', [value])
  }
  const buckets = bucketsOf({ period: { count, unit: known }, type: result })
  return buckets.startOf(buckets.valueOf(value))
}

const units = ['U', 'T', 's', 'm', 'h', 'd', 'w', 'M', 'y'] as const

function unitOf(letter: string | undefined): (typeof units)[number] | undefined {
  return units.find((unit) => unit === letter)
}

/** Functions over time series. */
export const seriesRows: readonly FunctionRow[] = [
  ...positional,
  ...counts,
  aggregate('ksum', ['float8'], 'float8', 'kahan_sum'),
  aggregate('nsum', ['float8'], 'float8', 'kahan_sum'),
  ...(['timestamp', 'timestamptz'] as const).map((type) =>
    built('timestamp_floor', ['text', type], type, timestampFloor),
  ),
]
