/** Aggregate functions (PostgreSQL 15, chapter "Aggregate Functions"). */
import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import type { BoundExpression } from '../../../store/bound.ts'
import type { ScalarTypeName } from '../../../store/sql-type.ts'
import { argumentNotConstant, unsupportedForm } from '../errors.ts'
import { binary, cast, constantNumber, constantValue, text } from '../expressions.ts'
import { scalar } from '../scalar.ts'
import { jsonText } from './json-text.ts'
import { aggregate } from './make-row.ts'
import type { AggregateRow } from './row.ts'

const textType = scalar('text')
const float8 = scalar('float8')

const counts: readonly AggregateRow[] = [
  {
    kind: 'Aggregate',
    name: 'count',
    arguments: [],
    star: true,
    result: 'int8',
    build: (_args, complete, { result }) =>
      complete({ function: 'count', arguments: [], star: true, type: result }),
  },
  aggregate('count', ['any'], 'int8'),
]

const sums: readonly AggregateRow[] = [
  aggregate('sum', ['int2'], 'int8'),
  aggregate('sum', ['int4'], 'int8'),
  aggregate('sum', ['int8'], 'numeric'),
  aggregate('sum', ['float4'], 'float4'),
  aggregate('sum', ['float8'], 'float8'),
  aggregate('sum', ['numeric'], 'numeric'),
  aggregate('avg', ['int2'], 'numeric'),
  aggregate('avg', ['int4'], 'numeric'),
  aggregate('avg', ['int8'], 'numeric'),
  aggregate('avg', ['numeric'], 'numeric'),
  aggregate('avg', ['float4'], 'float8'),
  aggregate('avg', ['float8'], 'float8'),
  // Chosen as PostgreSQL would choose them, then refused: the engine does not add up intervals.
  ...(['sum', 'avg'] as const).map((name): AggregateRow => ({
    ...aggregate(name, ['interval'], 'interval'),
    build: () => {
      throw unsupportedForm(name, 'an argument of type interval')
    },
  })),
]

/** What PostgreSQL 15 has min and max for: not bool, uuid, bytea, json. */
const ordered: readonly ScalarTypeName[] = [
  'int2',
  'int4',
  'int8',
  'float4',
  'float8',
  'numeric',
  'oid',
  'text',
  'bpchar',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'interval',
]

const extremes: readonly AggregateRow[] = (['min', 'max'] as const).flatMap((name) => [
  ...ordered.map((type) => aggregate(name, [type], type)),
  aggregate(name, ['anyarray'], 'anyarray'),
])

const collections: readonly AggregateRow[] = [
  {
    kind: 'Aggregate',
    name: 'string_agg',
    arguments: ['text', 'text'],
    result: 'text',
    build: ([value, delimiter], complete, { result }) => {
      const separator = constantValue(delimiter)
      if (value === undefined || delimiter === undefined || separator === undefined) {
        throw argumentNotConstant('string_agg', 'the delimiter')
      }
      // To PostgreSQL a delimiter that is NULL is none.
      const between = separator === null ? text('') : delimiter
      return complete({ function: 'string_agg', arguments: [value, between], type: result })
    },
  },
  aggregate('array_agg', ['anynonarray'], 'anyarray'),
  {
    ...aggregate('array_agg', ['anyarray'], 'anyarray'),
    build: () => {
      throw unsupportedForm('array_agg', 'an argument that is an array')
    },
  },
  {
    kind: 'Aggregate',
    name: 'json_agg',
    arguments: ['anyelement'],
    result: 'json',
    build: ([value], complete, { name, result }) => {
      const element: BoundExpression = {
        kind: 'ConditionalCall',
        function: 'coalesce',
        arguments: [jsonText(value ?? text(''), name), text('null')],
        type: textType,
      }
      const list = complete({
        function: 'string_agg',
        arguments: [element, text(', ')],
        type: textType,
      })
      const opened = binary(text('['), '||', list, textType)
      return cast(binary(opened, '||', text(']'), textType), result)
    },
  },
]

const logicals: readonly AggregateRow[] = [
  aggregate('bool_and', ['bool'], 'bool'),
  aggregate('every', ['bool'], 'bool', 'bool_and'),
  aggregate('bool_or', ['bool'], 'bool'),
  ...(['int2', 'int4', 'int8'] as const).flatMap((type) =>
    ['bit_and', 'bit_or', 'bit_xor'].map((name) => aggregate(name, [type], type)),
  ),
]

const deviations = [
  ['stddev', 'stddev_samp'],
  ['stddev_samp', 'stddev_samp'],
  ['stddev_pop', 'stddev_pop'],
  ['variance', 'var_samp'],
  ['var_samp', 'var_samp'],
  ['var_pop', 'var_pop'],
] as const

/** For exact types PostgreSQL gives a numeric; computed as a float it has 15 significant digits. */
const spreads: readonly AggregateRow[] = deviations.flatMap(([name, engineName]) => [
  ...(['float4', 'float8'] as const).map((type) => aggregate(name, [type], 'float8', engineName)),
  ...(['int2', 'int4', 'int8', 'numeric'] as const).map((type): AggregateRow => ({
    kind: 'Aggregate',
    name,
    arguments: [type],
    result: 'numeric',
    build: (args, complete, { result }) =>
      cast(
        complete({
          function: engineName,
          arguments: args.map((one) => cast(one, float8)),
          type: float8,
        }),
        result,
      ),
  })),
])

const regressions = [
  'covar_pop',
  'covar_samp',
  'regr_avgx',
  'regr_avgy',
  'regr_intercept',
  'regr_r2',
  'regr_slope',
  'regr_sxx',
  'regr_sxy',
  'regr_syy',
] as const

/** Where PostgreSQL has no value (a slope over one x) the engine says NaN. */
const nanIsNull: ReadonlySet<string> = new Set(['corr', 'regr_intercept', 'regr_r2', 'regr_slope'])

const pairs: readonly AggregateRow[] = [
  ...(['corr', ...regressions] as const).map((name): AggregateRow => ({
    kind: 'Aggregate',
    name,
    arguments: ['float8', 'float8'],
    result: 'float8',
    build: (args, complete, { result }) => {
      const value = complete({ function: name, arguments: args, type: result })
      return nanIsNull.has(name) ? nullIfNan(value) : value
    },
  })),
  aggregate('regr_count', ['float8', 'float8'], 'int8'),
]

function nullIfNan(value: BoundExpression): BoundExpression {
  const nan: BoundExpression = { kind: 'Constant', value: Number.NaN, type: float8 }
  return { kind: 'ConditionalCall', function: 'nullif', arguments: [value, nan], type: float8 }
}

const orderedSets: readonly AggregateRow[] = [
  percentile('percentile_cont', 'float8'),
  percentile('percentile_disc', 'anyelement'),
]

/** The sort key is the second argument; it reaches the engine in WITHIN GROUP. */
function percentile(name: string, type: 'float8' | 'anyelement'): AggregateRow {
  return {
    kind: 'Aggregate',
    name,
    arguments: ['float8', type],
    directArguments: 1,
    result: type,
    build: ([fraction], complete, { result }) =>
      complete({ function: name, arguments: [checkedFraction(name, fraction)], type: result }),
  }
}

/** The engine wants the fraction to be a constant; it is one between 0 and 1. */
function checkedFraction(name: string, fraction: BoundExpression | undefined): BoundExpression {
  const value = constantNumber(fraction)
  if (value === undefined) throw argumentNotConstant(name, 'the fraction')
  if (!(value >= 0 && value <= 1)) throw fractionOutOfRange(value)
  return { kind: 'Constant', value, type: float8 }
}

function fractionOutOfRange(value: number): SqlError {
  return new SqlError(
    SqlState.NumericValueOutOfRange,
    `percentile value ${value} is not between 0 and 1`,
  )
}

/** Aggregate functions. */
export const aggregateRows: readonly AggregateRow[] = [
  ...counts,
  ...sums,
  ...extremes,
  ...collections,
  ...logicals,
  ...spreads,
  ...pairs,
  ...orderedSets,
]
