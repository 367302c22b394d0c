/** lpad, rpad and repeat: results have a bound (duckdb-hardening.md, section 5.2). */
import { SqlState } from '../../../errors/sql-state.ts'
import type { BoundExpression } from '../../../store/bound.ts'
import { argumentTooLarge } from '../errors.ts'
import {
  and,
  binary,
  call,
  cast,
  constant,
  constantInteger,
  constantValue,
  integer,
  raise,
  text,
  when,
} from '../expressions.ts'
import { scalar } from '../scalar.ts'
import { byteLength } from './length-guard.ts'
import { repeatable } from './repeatable.ts'
import type { ScalarRow } from './row.ts'

const textType = scalar('text')
const int8 = scalar('int8')

/** Longest result of lpad and rpad, in characters. */
const paddedLengthMax = 1_000_000

/** Longest result of repeat, in bytes. */
const repeatedBytesMax = 10_485_760

/** `lpad(value, length[, fill])` or rpad. An empty fill only cuts. */
export function pad(name: 'lpad' | 'rpad'): ScalarRow['build'] {
  return ([value, length, fill = text(' ')]) => {
    if (value === undefined || length === undefined) throw new Error(`${name} without arguments`)
    const count = constantInteger(length)
    if (count !== undefined && count > paddedLengthMax) {
      throw argumentTooLarge(name, 'the length', paddedLengthMax)
    }
    const filler = constantValue(fill)
    const branches: (readonly [BoundExpression, BoundExpression])[] = []
    if (count === undefined) {
      repeatable(name, [length])
      const isTooLong = binary(length, '>', integer(paddedLengthMax))
      branches.push([isTooLong, raise(SqlState.ProgramLimitExceeded, tooLong(name))])
    }
    if (typeof filler !== 'string' || filler === '') {
      repeatable(name, [value, length, fill])
      const isNegative = binary(length, '<', integer(0))
      const kept = when([[isNegative, integer(0)]], length, scalar('int4'))
      branches.push([binary(fill, '=', text('')), call('left', [value, kept], textType)])
    }
    const body = call(name, [value, length, fill], textType)
    return branches.length === 0 ? body : when(branches, body, textType)
  }
}

/** `repeat(value, count)`. */
export function repeat([value, count]: readonly BoundExpression[]): BoundExpression {
  if (value === undefined || count === undefined) throw new Error('repeat without arguments')
  const body = call('repeat', [value, count], textType)
  const times = constantInteger(count)
  const repeated = constantValue(value)
  if (times !== undefined && typeof repeated === 'string') {
    if (times * Buffer.byteLength(repeated) > repeatedBytesMax) {
      throw argumentTooLarge('repeat', 'the length in bytes of the result', repeatedBytesMax)
    }
    return body
  }
  repeatable('repeat', [value, count])
  const bytes = binary(byteLength(value), '*', cast(count, int8), int8)
  const isTooLong = and(
    binary(count, '>', integer(0)),
    binary(bytes, '>', constant(BigInt(repeatedBytesMax), int8)),
  )
  return when(
    [[isTooLong, raise(SqlState.ProgramLimitExceeded, tooLong('repeat'))]],
    body,
    textType,
  )
}

function tooLong(name: string): string {
  return `the result of function ${name} is too long`
}
