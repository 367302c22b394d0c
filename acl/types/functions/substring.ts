/** substring and overlay by PostgreSQL's rules: positions before the first character count. */
import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import type { BoundExpression } from '../../../store/bound.ts'
import {
  binary,
  call,
  cast,
  concat,
  constant,
  constantInteger,
  integer,
  raise,
  when,
} from '../expressions.ts'
import { scalar } from '../scalar.ts'
import { repeatable } from './repeatable.ts'

const textType = scalar('text')
const int8 = scalar('int8')
const negativeLength = 'negative substring length not allowed'

/** `substring(value, start[, length])`. */
export function substring(args: readonly BoundExpression[]): BoundExpression {
  const [value, start, length] = args
  if (value === undefined || start === undefined) throw new Error('substring without arguments')
  const first = constantInteger(start)
  if (length === undefined) {
    // Nothing stands before the first character.
    if (first !== undefined)
      return call('substring', [value, integer(Math.max(1, first))], textType)
    return call('substring', [value, atLeast(start, 1)], textType)
  }
  const count = constantInteger(length)
  if (count !== undefined && count < 0) throw negativeSubstringLength()
  if (first !== undefined && count !== undefined) {
    const from = Math.max(1, first)
    const taken = Math.max(0, Math.min(first + count, 2 ** 31 - 1) - from)
    return call('substring', [value, integer(from), integer(taken)], textType)
  }
  return openSubstring(value, start, length)
}

function openSubstring(
  value: BoundExpression,
  start: BoundExpression,
  length: BoundExpression,
): BoundExpression {
  repeatable('substring', [start, length])
  const from = atLeast(start, 1)
  const end = binary(cast(start, int8), '+', cast(length, int8), int8)
  const taken = atLeast(binary(end, '-', from, int8), 0)
  return when(
    [[binary(length, '<', integer(0)), raise(SqlState.SubstringError, negativeLength)]],
    call('substring', [value, from, taken], textType),
    textType,
  )
}

/** The number as int8, or `least` if it is less; NULL stays NULL. */
function atLeast(value: BoundExpression, least: number): BoundExpression {
  repeatable('substring', [value])
  const number = cast(value, int8)
  const bound = constant(BigInt(least), int8)
  return when([[binary(number, '<', bound), bound]], number, int8)
}

/** `overlay(value placing other from start [for length])`. */
export function overlay(args: readonly BoundExpression[]): BoundExpression {
  const [value, other, start, length] = args
  if (value === undefined || other === undefined || start === undefined) {
    throw new Error('overlay without arguments')
  }
  const first = constantInteger(start)
  if (first === undefined || first <= 0) repeatable('overlay', [start])
  repeatable('overlay', [value, other])
  const count = length ?? call('length', [other], scalar('int4'))
  const before = call('substring', [value, integer(1), less(start, 1)], textType)
  const next = binary(cast(start, int8), '+', cast(count, int8), int8)
  const after = call('substring', [value, atLeast(next, 1)], textType)
  // A NULL among the arguments makes the whole NULL, which concat would not.
  const joined = joinStrictly([before, other, after])
  return when(
    [[binary(start, '<=', integer(0)), raise(SqlState.SubstringError, negativeLength)]],
    joined,
    textType,
  )
}

function joinStrictly(parts: readonly BoundExpression[]): BoundExpression {
  const [first, ...rest] = parts
  if (first === undefined) return concat([])
  let joined = first
  for (const part of rest) joined = binary(joined, '||', part, textType)
  return joined
}

function less(value: BoundExpression, by: number): BoundExpression {
  return binary(cast(value, int8), '-', constant(BigInt(by), int8), int8)
}

function negativeSubstringLength(): SqlError {
  return new SqlError(SqlState.SubstringError, negativeLength)
}
