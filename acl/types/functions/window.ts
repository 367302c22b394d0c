/** Functions that need OVER (PostgreSQL 15, chapter "Window Functions"). */
import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import type { BoundExpression } from '../../../store/bound.ts'
import { argumentNotConstant } from '../errors.ts'
import { cast, constantInteger, numericOfScale } from '../expressions.ts'
import type { DeclaredType } from '../select-candidate.ts'
import type { WindowRow } from './row.ts'

function windowRow(
  name: string,
  args: readonly DeclaredType[],
  result: DeclaredType,
  check: (args: readonly BoundExpression[]) => void = () => {},
): WindowRow {
  return {
    kind: 'Window',
    name,
    arguments: args,
    result,
    build: (given, complete, context) => {
      check(given)
      return complete({ function: name, arguments: given, type: context.result })
    },
  }
}

/** Functions that need OVER. */
export const windowRows: readonly WindowRow[] = [
  windowRow('row_number', [], 'int8'),
  windowRow('rank', [], 'int8'),
  windowRow('dense_rank', [], 'int8'),
  windowRow('percent_rank', [], 'float8'),
  windowRow('cume_dist', [], 'float8'),
  windowRow('ntile', ['int4'], 'int4', ([buckets]) => {
    requirePositive('ntile', 'the number of buckets', buckets)
  }),
  ...(['lag', 'lead'] as const).flatMap((name) => [
    windowRow(name, ['anyelement'], 'anyelement'),
    windowRow(name, ['anyelement', 'int4'], 'anyelement'),
    withDefault(name),
  ]),
  windowRow('first_value', ['anyelement'], 'anyelement'),
  windowRow('last_value', ['anyelement'], 'anyelement'),
  windowRow('nth_value', ['anyelement', 'int4'], 'anyelement', ([, position]) => {
    requirePositive('nth_value', 'the position', position)
  }),
]

/** The engine casts the default to the value's own digits; so both get those of numeric first. */
function withDefault(name: 'lag' | 'lead'): WindowRow {
  return {
    kind: 'Window',
    name,
    arguments: ['anycompatible', 'int4', 'anycompatible'],
    result: 'anycompatible',
    build: (args, complete, { result }) => {
      const isNumeric = result.kind === 'Scalar' && result.name === 'numeric'
      const given = isNumeric
        ? args.map((one, index) => (index === 1 ? one : cast(one, numericOfScale(18))))
        : args
      return complete({ function: name, arguments: given, type: result })
    },
  }
}

/** The engine takes 0 for NULL where PostgreSQL raises; so the number is to be known here. */
function requirePositive(
  name: 'ntile' | 'nth_value',
  what: string,
  value: BoundExpression | undefined,
): void {
  if (value?.kind === 'Constant' && value.value === null) return
  const number = constantInteger(value)
  if (number === undefined) throw argumentNotConstant(name, what)
  if (number <= 0) {
    throw new SqlError(
      name === 'ntile' ? SqlState.InvalidArgumentForNtile : SqlState.InvalidArgumentForNthValue,
      `argument of ${name} must be greater than zero`,
    )
  }
}
