import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import type { BoundExpression } from '../../../store/bound.ts'
import { binary, constantValue, text } from '../expressions.ts'
import { patternBytesMax } from './length-guard.ts'
import { matchPattern } from './regexp-match.ts'

export type RegularExpressionOperator = '~' | '~*' | '!~' | '!~*'

/**
 * A match of any part of the operand; the pattern is a constant of at most 4 KiB (hardening 5.2).
 * @throws SqlError 0A000, 2201B, 54000
 */
export function matchRegularExpression(
  operator: RegularExpressionOperator,
  operand: BoundExpression,
  pattern: BoundExpression,
): BoundExpression {
  const plain = operator.startsWith('!') ? '!~' : '~'
  const value = constantValue(pattern)
  if (value === null) return binary(operand, plain, pattern)
  if (typeof value !== 'string') throw patternNotConstant(operator)
  if (Buffer.byteLength(value) > patternBytesMax) throw patternTooLong()
  return binary(operand, plain, text(matchPattern(value, operator.endsWith('*'))))
}

function patternNotConstant(operator: string): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    `a pattern of operator ${operator} that is not a constant is not supported`,
    { hint: 'Write the regular expression as a literal.' },
  )
}

function patternTooLong(): SqlError {
  return new SqlError(
    SqlState.ProgramLimitExceeded,
    `a regular expression must not exceed ${patternBytesMax} bytes`,
  )
}
