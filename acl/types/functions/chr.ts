import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import type { BoundExpression } from '../../../store/bound.ts'
import { and, binary, call, constantInteger, integer, raise, when } from '../expressions.ts'
import { scalar } from '../scalar.ts'
import { repeatable } from './repeatable.ts'

const codePointMax = 0x10ffff
const surrogateMin = 0xd800
const surrogateMax = 0xdfff

/** `chr(n)`: PostgreSQL's text has no U+0000 and no surrogates. */
export function chr([code]: readonly BoundExpression[]): BoundExpression {
  if (code === undefined) throw new Error('chr without arguments')
  const textType = scalar('text')
  const body = call('chr', [code], textType)
  const number = constantInteger(code)
  if (number !== undefined) {
    const problem = problemOf(number)
    if (problem !== undefined) throw new SqlError(problem.sqlState, problem.message)
    return body
  }
  repeatable('chr', [code])
  const isSurrogate = and(
    binary(code, '>=', integer(surrogateMin)),
    binary(code, '<=', integer(surrogateMax)),
  )
  return when(
    [
      [binary(code, '<', integer(0)), raised(-1)],
      [binary(code, '=', integer(0)), raised(0)],
      [binary(code, '>', integer(codePointMax)), raised(codePointMax + 1)],
      [isSurrogate, raised(surrogateMin)],
    ],
    body,
    textType,
  )
}

interface Problem {
  readonly sqlState: typeof SqlState.InvalidParameterValue | typeof SqlState.ProgramLimitExceeded
  readonly message: string
}

function problemOf(number: number): Problem | undefined {
  if (number < 0) {
    return {
      sqlState: SqlState.InvalidParameterValue,
      message: 'character number must be positive',
    }
  }
  const limit = SqlState.ProgramLimitExceeded
  if (number === 0) return { sqlState: limit, message: 'null character not permitted' }
  if (number > codePointMax) {
    return { sqlState: limit, message: 'requested character too large for encoding' }
  }
  return number >= surrogateMin && number <= surrogateMax
    ? { sqlState: limit, message: 'requested character not valid for encoding' }
    : undefined
}

function raised(example: number): BoundExpression {
  const problem = problemOf(example)
  if (problem === undefined) throw new Error('an example of a problem has none')
  return raise(problem.sqlState, problem.message)
}
