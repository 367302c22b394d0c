/** Functions over arrays (PostgreSQL 15, chapter "Array Functions and Operators"). */
import { SqlState } from '../../../errors/sql-state.ts'
import type { BoundExpression } from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import { argumentNotConstant, unsupportedForm } from '../errors.ts'
import {
  binary,
  call,
  cast,
  constant,
  constantInteger,
  constantValue,
  integer,
  isNull,
  raise,
  text,
  when,
} from '../expressions.ts'
import { arrayOf, scalar } from '../scalar.ts'
import { limitLengths, patternBytesMax, subjectBytesMax } from './length-guard.ts'
import { built, engine } from './make-row.ts'
import { repeatable } from './repeatable.ts'
import type { CallContext, ScalarRow } from './row.ts'

const int4 = scalar('int4')
const textType = scalar('text')
const noInteger = constant(null, int4)

/** Longest list that is joined to a text (duckdb-hardening.md, section 5.2). */
const joinedElementsMax = 100_000

function lengthOf(array: BoundExpression): BoundExpression {
  return call('len', [array], int4)
}

/** Arrays of the store have one dimension; asked for another one, PostgreSQL says NULL. */
function inFirstDimension(
  name: string,
  make: (array: BoundExpression) => BoundExpression,
): ScalarRow {
  return built(name, ['anyarray', 'int4'], 'int4', ([array, dimension]) => {
    const number = constantInteger(dimension)
    if (array === undefined || number === undefined) {
      throw argumentNotConstant(name, 'the dimension')
    }
    return number === 1 ? make(array) : noInteger
  })
}

/** An empty array has no dimension: NULL, not 0. */
function nullIfZero(value: BoundExpression): BoundExpression {
  return {
    kind: 'ConditionalCall',
    function: 'nullif',
    arguments: [value, integer(0)],
    type: int4,
  }
}

const sizes: readonly ScalarRow[] = [
  engine('cardinality', ['anyarray'], 'int4', 'len'),
  inFirstDimension('array_length', (array) => nullIfZero(lengthOf(array))),
  inFirstDimension('array_upper', (array) => nullIfZero(lengthOf(array))),
  inFirstDimension('array_lower', (array) =>
    when([[binary(lengthOf(array), '>', integer(0)), integer(1)]], noInteger, int4),
  ),
  built('array_ndims', ['anyarray'], 'int4', ([array]) =>
    when([[binary(lengthOf(array ?? noInteger), '>', integer(0)), integer(1)]], noInteger, int4),
  ),
]

function joined(
  [left, right]: readonly BoundExpression[],
  { result }: CallContext,
): BoundExpression {
  if (left === undefined || right === undefined) throw new Error('two arrays are joined')
  return binary(left, '||', right, result)
}

const joins: readonly ScalarRow[] = [
  built('array_append', ['anycompatiblearray', 'anycompatible'], 'anycompatiblearray', joined),
  built('array_prepend', ['anycompatible', 'anycompatiblearray'], 'anycompatiblearray', joined),
  built('array_cat', ['anycompatiblearray', 'anycompatiblearray'], 'anycompatiblearray', joined),
  engine('array_position', ['anycompatiblearray', 'anycompatible'], 'int4', 'list_position'),
]

/** Element types whose text in an array is that of a cast; a bool's is not. */
function joinedElements(array: BoundExpression): BoundExpression {
  const element = array.type?.kind === 'Array' ? array.type.element.name : undefined
  if (element === 'bool' || element === 'bpchar') {
    throw unsupportedForm('array_to_string', `an array of ${element}`)
  }
  return element === 'text' ? array : cast(array, arrayOf(textType))
}

function arrayToString([array, delimiter]: readonly BoundExpression[]): BoundExpression {
  if (array === undefined || delimiter === undefined) throw new Error('array_to_string of nothing')
  repeatable('array_to_string', [array])
  repeatable('array_to_string', [delimiter])
  const body = call('array_to_string', [joinedElements(array), delimiter], textType)
  return when(
    [
      // The engine takes no delimiter for an empty one.
      [isNull(delimiter), constant(null, textType)],
      [
        binary(lengthOf(array), '>', integer(joinedElementsMax)),
        raise(SqlState.ProgramLimitExceeded, 'an argument of function array_to_string is too long'),
      ],
    ],
    body,
    textType,
  )
}

/** An empty text has no fields. A delimiter that is empty or NULL splits otherwise: refused. */
function stringToArray([value, delimiter]: readonly BoundExpression[]): BoundExpression {
  const name = 'string_to_array'
  const separator = constantValue(delimiter)
  if (value === undefined || delimiter === undefined) throw new Error('string_to_array of nothing')
  if (typeof separator !== 'string') throw argumentNotConstant(name, 'the delimiter')
  if (separator === '') throw unsupportedForm(name, 'an empty delimiter')
  repeatable(name, [value])
  const type: SqlType = arrayOf(textType)
  return limitLengths(
    name,
    [
      { value, what: 'text', bytesMax: subjectBytesMax },
      { value: delimiter, what: 'delimiter', bytesMax: patternBytesMax },
    ],
    when(
      [[binary(value, '=', text('')), constant([], type)]],
      call('string_split', [value, delimiter], type),
      type,
    ),
  )
}

/** Functions over arrays. */
export const arrayRows: readonly ScalarRow[] = [
  ...sizes,
  ...joins,
  built('array_to_string', ['anyarray', 'text'], 'text', arrayToString),
  built('string_to_array', ['text', 'text'], 'text[]', stringToArray),
]
