/** Functions over numbers (PostgreSQL 15, chapter "Mathematical Functions and Operators"). */
import { SqlState } from '../../../errors/sql-state.ts'
import type { BoundExpression } from '../../../store/bound.ts'
import { argumentNotConstant } from '../errors.ts'
import {
  and,
  binary,
  call,
  cast,
  constant,
  constantInteger,
  integer,
  numericOfScale,
  or,
  raise,
  when,
} from '../expressions.ts'
import { scalar } from '../scalar.ts'
import { built, engine, refused } from './make-row.ts'
import { repeatable } from './repeatable.ts'
import type { ScalarRow } from './row.ts'

const float8 = scalar('float8')

function float(value: number): BoundExpression {
  return constant(value, float8)
}

function only([value]: readonly BoundExpression[]): BoundExpression {
  if (value === undefined) throw new Error('a function was given no argument')
  return value
}

const numbers = ['int2', 'int4', 'int8', 'float4', 'float8', 'numeric'] as const

const roundings: readonly ScalarRow[] = [
  ...(['ceil', 'ceiling', 'floor'] as const).flatMap((name) => {
    const engineName = name === 'floor' ? 'floor' : 'ceil'
    return [
      engine(name, ['float8'], 'float8', engineName),
      engine(name, ['numeric'], 'numeric', engineName),
    ]
  }),
  // Halves go to the even neighbour for floats, away from zero for numeric.
  built('round', ['float8'], 'float8', (args) =>
    call('round_even', [only(args), integer(0)], float8),
  ),
  engine('round', ['numeric'], 'numeric'),
  built('round', ['numeric', 'int4'], 'numeric', toScale('round')),
  engine('trunc', ['float8'], 'float8'),
  engine('trunc', ['numeric'], 'numeric'),
  built('trunc', ['numeric', 'int4'], 'numeric', toScale('trunc')),
]

/** Most decimals that the store's numeric has; asking for more changes nothing. */
const scaleMax = 18

/** Rounds to a number of decimals, which the engine wants to be a constant. */
function toScale(name: 'round' | 'trunc'): ScalarRow['build'] {
  return ([value, digits], { result }) => {
    const scale = constantInteger(digits)
    if (value === undefined || scale === undefined) {
      throw argumentNotConstant(name, 'the number of decimals')
    }
    return call(name, [value, integer(Math.min(scale, scaleMax))], result)
  }
}

/** Rows of PostgreSQL that would be chosen for a numeric and have no exact form here. */
const inexact: readonly ScalarRow[] = [
  ...['sqrt', 'exp', 'ln', 'log', 'log10'].map((name) =>
    refused(
      name,
      ['numeric'],
      'numeric',
      'an argument of type numeric; cast it to double precision',
    ),
  ),
  refused('log', ['numeric', 'numeric'], 'numeric', 'an argument of type numeric'),
]

/** An error where the condition holds, the function's value elsewhere. */
function unless(
  branches: readonly (readonly [BoundExpression, BoundExpression])[],
  body: BoundExpression,
): BoundExpression {
  return when(branches, body, float8)
}

const outOfRange = raise(SqlState.NumericValueOutOfRange, 'input is out of range')

/** A function that is defined between two bounds only; NaN passes, as in PostgreSQL. */
function within(name: string, min: number, max: number): ScalarRow {
  return built(name, ['float8'], 'float8', (args) => {
    const value = only(repeatable(name, args))
    const isOutside = or(
      binary(value, '<', float(min)),
      and(binary(value, '>', float(max)), binary(value, '<>', float(Number.NaN))),
    )
    return unless([[isOutside, outOfRange]], call(name, [value], float8))
  })
}

function logarithm(name: string, engineName: string): ScalarRow {
  return built(name, ['float8'], 'float8', (args) => {
    const value = only(repeatable(name, args))
    return unless(
      [
        [binary(value, '=', float(0)), noLogarithm('zero')],
        [binary(value, '<', float(0)), noLogarithm('a negative number')],
      ],
      call(engineName, [value], float8),
    )
  })
}

function noLogarithm(what: string): BoundExpression {
  return raise(SqlState.InvalidArgumentForLogarithm, `cannot take logarithm of ${what}`)
}

const exponential: ScalarRow = built('exp', ['float8'], 'float8', (args) => {
  const value = only(repeatable('exp', args))
  const result = call('exp', [value], float8)
  const isFinite = call('isfinite', [value], scalar('bool'))
  const tooLarge = and(isFinite, binary(result, '=', float(Infinity)))
  const tooSmall = and(isFinite, binary(result, '=', float(0)))
  return unless(
    [
      [tooLarge, raise(SqlState.NumericValueOutOfRange, 'value out of range: overflow')],
      [tooSmall, raise(SqlState.NumericValueOutOfRange, 'value out of range: underflow')],
    ],
    result,
  )
})

const squareRoot: ScalarRow = built('sqrt', ['float8'], 'float8', (args) => ({
  kind: 'PrefixOperation',
  operator: '|/',
  operand: only(args),
  type: float8,
}))

const plainFloats = [
  'degrees',
  'radians',
  'sin',
  'cos',
  'tan',
  'cot',
  'atan',
  'cbrt',
  'sinh',
] as const

const floats: readonly ScalarRow[] = [
  ...plainFloats.map((name) => engine(name, ['float8'], 'float8')),
  ...(['cosh', 'tanh', 'asinh'] as const).map((name) => engine(name, ['float8'], 'float8')),
  engine('atan2', ['float8', 'float8'], 'float8'),
  engine('pi', [], 'float8'),
  engine('random', [], 'float8'),
  within('asin', -1, 1),
  within('acos', -1, 1),
  within('acosh', 1, Infinity),
  within('atanh', -1, 1),
  logarithm('ln', 'ln'),
  logarithm('log', 'log10'),
  logarithm('log10', 'log10'),
  exponential,
  squareRoot,
]

const powers: readonly ScalarRow[] = ['power', 'pow'].flatMap((name) =>
  (['float8', 'numeric'] as const).map((type) =>
    built(name, [type, type], type, ([base, exponent], { result }) =>
      binary(base ?? float(0), '^', exponent ?? float(0), result),
    ),
  ),
)

const remainders: readonly ScalarRow[] = [
  ...(['int2', 'int4', 'int8', 'numeric'] as const).map((type) =>
    built('mod', [type, type], type, ([value, divisor], { result }) =>
      binary(value ?? integer(0), '%', divisor ?? integer(0), result),
    ),
  ),
  // The quotient without its fraction: what is left after the remainder divides evenly.
  built('div', ['numeric', 'numeric'], 'numeric', (args, { result }) => {
    const [value, divisor] = repeatable('div', args)
    if (value === undefined || divisor === undefined) throw new Error('div without arguments')
    const remainder = binary(value, '%', divisor, result)
    const quotient = binary(binary(value, '-', remainder, result), '/', divisor, result)
    return call('trunc', [quotient], result)
  }),
  ...(['int4', 'int8'] as const).flatMap((type) => [
    engine('gcd', [type, type], type),
    engine('lcm', [type, type], type),
  ]),
  built('factorial', ['int8'], 'numeric', (args) =>
    cast(
      call('factorial', [cast(only(args), scalar('int4'))], scalar('numeric')),
      numericOfScale(0),
    ),
  ),
]

/** Functions over numbers. */
export const mathRows: readonly ScalarRow[] = [
  ...numbers.map((type) => engine('abs', [type], type)),
  engine('sign', ['float8'], 'float8'),
  built('sign', ['numeric'], 'numeric', (args) =>
    cast(call('sign', [only(args)], scalar('int4')), numericOfScale(0)),
  ),
  ...roundings,
  ...floats,
  ...inexact,
  ...powers,
  ...remainders,
]
