/** PostgreSQL's pg_operator (version 15) for the types that are offered, as rows of a table. */
import type { BinaryOperator, BoundExpression, PrefixOperation } from '../../store/bound.ts'
import type { ScalarTypeName } from '../../store/sql-type.ts'
import { call } from './expressions.ts'
import { matchRegularExpression } from './functions/regexp-operator.ts'
import { scalar } from './scalar.ts'
import type { DeclaredType, Signature } from './select-candidate.ts'

export interface OperatorRow extends Signature {
  /** Absent where `build` makes something else. */
  readonly operator?: BinaryOperator
  readonly result: DeclaredType
  /** What the operands are cast to where that is not what the row declares. */
  readonly coerceTo?: readonly [DeclaredType, DeclaredType]
  /** The expression to run instead of the operator. */
  readonly build?: (left: BoundExpression, right: BoundExpression) => BoundExpression
}

export interface PrefixRow extends Signature {
  readonly operator?: PrefixOperation['operator']
  readonly result: DeclaredType
  readonly build?: (operand: BoundExpression) => BoundExpression
}

type Extra = Pick<OperatorRow, 'coerceTo' | 'build'>

function row(
  operator: BinaryOperator,
  left: DeclaredType,
  right: DeclaredType,
  result: DeclaredType,
  extra: Extra = {},
): OperatorRow {
  return { operator, arguments: [left, right], result, ...extra }
}

const integers = ['int2', 'int4', 'int8'] as const
const floats = ['float4', 'float8'] as const

/** Every pair of the names, with the wider one, which stands later. */
function pairs<T>(names: readonly T[]): readonly (readonly [T, T, T])[] {
  return names.flatMap((left, leftIndex) =>
    names.map((right, rightIndex): readonly [T, T, T] => [
      left,
      right,
      leftIndex < rightIndex ? right : left,
    ]),
  )
}

const arithmetic: readonly OperatorRow[] = (['+', '-', '*', '/'] as const).flatMap((operator) => [
  ...pairs(integers).map(([left, right, wider]) => row(operator, left, right, wider)),
  ...pairs(floats).map(([left, right, wider]) => row(operator, left, right, wider)),
  row(operator, 'numeric', 'numeric', 'numeric'),
])

const otherNumbers: readonly OperatorRow[] = [
  row('%', 'int2', 'int2', 'int2'),
  row('%', 'int4', 'int4', 'int4'),
  row('%', 'int8', 'int8', 'int8'),
  row('%', 'numeric', 'numeric', 'numeric'),
  row('^', 'float8', 'float8', 'float8'),
  row('^', 'numeric', 'numeric', 'numeric'),
  ...integers.flatMap((one) => [
    row('&', one, one, one),
    row('|', one, one, one),
    row('#', one, one, one),
    row('<<', one, 'int4', one),
    row('>>', one, 'int4', one),
  ]),
]

const datetimes: readonly OperatorRow[] = [
  row('+', 'date', 'int4', 'date'),
  row('+', 'int4', 'date', 'date'),
  row('-', 'date', 'int4', 'date'),
  row('-', 'date', 'date', 'int4'),
  row('+', 'date', 'time', 'timestamp'),
  row('+', 'time', 'date', 'timestamp'),
  row('+', 'date', 'interval', 'timestamp'),
  row('+', 'interval', 'date', 'timestamp'),
  row('-', 'date', 'interval', 'timestamp'),
  row('+', 'time', 'interval', 'time'),
  row('+', 'interval', 'time', 'time'),
  row('-', 'time', 'interval', 'time'),
  row('-', 'time', 'time', 'interval'),
  ...(['timestamp', 'timestamptz'] as const).flatMap((one) => [
    row('+', one, 'interval', one),
    row('+', 'interval', one, one),
    row('-', one, 'interval', one),
    row('-', one, one, 'interval'),
  ]),
  row('+', 'interval', 'interval', 'interval'),
  row('-', 'interval', 'interval', 'interval'),
  row('*', 'interval', 'float8', 'interval'),
  row('*', 'float8', 'interval', 'interval'),
  row('/', 'interval', 'float8', 'interval'),
]

const strings: readonly OperatorRow[] = [
  row('||', 'text', 'text', 'text'),
  row('||', 'bytea', 'bytea', 'bytea'),
  row('||', 'text', 'anynonarray', 'text', { coerceTo: ['text', 'text'] }),
  row('||', 'anynonarray', 'text', 'text', { coerceTo: ['text', 'text'] }),
]

const json: readonly OperatorRow[] = [
  row('->', 'json', 'text', 'json'),
  row('->', 'json', 'int4', 'json'),
  row('->>', 'json', 'text', 'text'),
  row('->>', 'json', 'int4', 'text'),
]

const arrays: readonly OperatorRow[] = [
  row('||', 'anycompatiblearray', 'anycompatiblearray', 'anycompatiblearray'),
  row('||', 'anycompatiblearray', 'anycompatible', 'anycompatiblearray'),
  row('||', 'anycompatible', 'anycompatiblearray', 'anycompatiblearray'),
  row('@>', 'anyarray', 'anyarray', 'bool'),
  row('<@', 'anyarray', 'anyarray', 'bool'),
  row('&&', 'anyarray', 'anyarray', 'bool'),
]

const comparisons = ['=', '<>', '<', '<=', '>', '>='] as const

/** Types that compare with themselves; json does not in PostgreSQL. */
const comparable: readonly ScalarTypeName[] = [
  'bool',
  'oid',
  'numeric',
  'text',
  'name',
  'bpchar',
  'bytea',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'interval',
  'uuid',
]

const comparisonRows: readonly OperatorRow[] = comparisons.flatMap((operator) => [
  ...comparable.map((one) => row(operator, one, one, 'bool')),
  ...pairs(integers).map(([left, right]) => row(operator, left, right, 'bool')),
  ...pairs(floats).map(([left, right]) => row(operator, left, right, 'bool')),
  row(operator, 'name', 'text', 'bool'),
  row(operator, 'text', 'name', 'bool'),
  ...pairs(['date', 'timestamp', 'timestamptz'] as const)
    .filter(([left, right]) => left !== right)
    .map(([left, right, wider]) =>
      row(operator, left, right, 'bool', { coerceTo: [wider, wider] }),
    ),
  row(operator, 'anyarray', 'anyarray', 'bool'),
  row(operator, 'record', 'record', 'bool'),
])

/** LIKE and its family by the names that PostgreSQL's grammar gives them. */
const likes: readonly NamedRow[] = [
  ...likeRows('~~', { caseInsensitive: false, negated: false }),
  ...likeRows('!~~', { caseInsensitive: false, negated: true }),
  ...likeRows('~~*', { caseInsensitive: true, negated: false }),
  ...likeRows('!~~*', { caseInsensitive: true, negated: true }),
]

type NamedRow = readonly [name: string, row: OperatorRow]

function likeRows(
  name: string,
  flags: { readonly caseInsensitive: boolean; readonly negated: boolean },
): readonly NamedRow[] {
  const build: OperatorRow['build'] = (operand, pattern) => ({
    kind: 'LikeMatch',
    operand,
    pattern,
    ...flags,
    type: scalar('bool'),
  })
  return (['text', 'name', 'bpchar'] as const).map((left) => [
    name,
    { arguments: [left, 'text'], result: 'bool', build },
  ])
}

/** Matches of a regular expression, whose pattern is a constant (hardening 5.2). */
const matches: readonly NamedRow[] = (['~', '~*', '!~', '!~*'] as const).flatMap((operator) =>
  (['text', 'name', 'bpchar'] as const).map((left): NamedRow => [
    operator,
    {
      arguments: [left, 'text'],
      result: 'bool',
      build: (operand, pattern) => matchRegularExpression(operator, operand, pattern),
    },
  ]),
)

const startsWith: NamedRow = [
  '^@',
  {
    arguments: ['text', 'text'],
    result: 'bool',
    build: (left, right) => call('starts_with', [left, right], scalar('bool')),
  },
]

/** All rows by the operator as it is written. */
export const operatorRows: ReadonlyMap<string, readonly OperatorRow[]> = grouped([
  ...[
    ...arithmetic,
    ...otherNumbers,
    ...datetimes,
    ...strings,
    ...json,
    ...arrays,
    ...comparisonRows,
  ].flatMap((one): readonly NamedRow[] =>
    one.operator === undefined ? [] : [[one.operator, one]],
  ),
  ...likes,
  ...matches,
  startsWith,
])

function grouped<T>(rows: readonly (readonly [string, T])[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const [name, one] of rows) {
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [one])
    else group.push(one)
  }
  return groups
}

const numbers = ['int2', 'int4', 'int8', 'float4', 'float8', 'numeric'] as const

function prefix(operator: PrefixOperation['operator'], operand: ScalarTypeName): PrefixRow {
  return { operator, arguments: [operand], result: operand }
}

/** The operators that stand before their only operand, by the operator as it is written. */
export const prefixRows: ReadonlyMap<string, readonly PrefixRow[]> = grouped([
  ...numbers.flatMap((one): readonly (readonly [string, PrefixRow])[] => [
    ['-', prefix('-', one)],
    ['+', prefix('+', one)],
    ['@', prefix('@', one)],
  ]),
  ['-', prefix('-', 'interval')],
  ...integers.map((one): readonly [string, PrefixRow] => ['~', prefix('~', one)]),
  ['|/', prefix('|/', 'float8')],
  [
    '||/',
    {
      arguments: ['float8'],
      result: 'float8',
      build: (operand) => call('cbrt', [operand], scalar('float8')),
    },
  ],
])
