/** Guards against results that outgrow the engine's memory (duckdb-hardening.md, section 5.2). */
import { SqlState } from '../../../errors/sql-state.ts'
import type { BoundExpression } from '../../../store/bound.ts'
import { argumentTooLarge } from '../errors.ts'
import { binary, call, constant, constantValue, or, raise, when } from '../expressions.ts'
import { scalar } from '../scalar.ts'
import { repeatable } from './repeatable.ts'

/** Longest text that functions search, split and replace in, in bytes. */
export const subjectBytesMax = 1_048_576

/** Longest pattern, delimiter or replacement, in bytes. */
export const patternBytesMax = 4096

interface LimitedText {
  readonly value: BoundExpression
  readonly what: string
  readonly bytesMax: number
}

/** `body`, or 54000 if one of the texts is too long: told now for constants, else when it runs. */
export function limitLengths(
  name: string,
  texts: readonly LimitedText[],
  body: BoundExpression,
): BoundExpression {
  const open = texts.filter((one) => !isConstantWithin(name, one))
  if (open.length === 0) return body
  repeatable(
    name,
    open.map(({ value }) => value),
  )
  const tooLong = open.map(({ value, bytesMax }) =>
    binary(byteLength(value), '>', constant(BigInt(bytesMax), scalar('int8'))),
  )
  const type = body.type ?? scalar('text')
  return when(
    [
      [
        or(...tooLong),
        raise(SqlState.ProgramLimitExceeded, `an argument of function ${name} is too long`),
      ],
    ],
    body,
    type,
  )
}

function isConstantWithin(name: string, { value, what, bytesMax }: LimitedText): boolean {
  const text = constantValue(value)
  if (text === null) return true
  if (typeof text !== 'string') return false
  if (Buffer.byteLength(text) > bytesMax) throw argumentTooLarge(name, `the ${what}`, bytesMax)
  return true
}

/** Bytes of a text as int8. */
export function byteLength(value: BoundExpression): BoundExpression {
  return call('strlen', [value], scalar('int8'))
}
