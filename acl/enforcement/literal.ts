import { SqlError } from '../../errors/sql-error.ts'
import type { BoundExpression } from '../../store/bound.ts'
import type { SqlType, SqlValue } from '../../store/sql-type.ts'
import { parseInput } from '../types/input.ts'
import { arrayOf, scalar } from '../types/scalar.ts'
import type { BindContext } from './bind-context.ts'

interface Literal {
  readonly text: string
  readonly type: SqlType
  readonly location: number | undefined
}

/**
 * A string literal as a value of the type. A binding serves every session, so a timestamptz without
 * zone stays a timestamp that the store turns into one in the time zone of the session.
 */
export function bindLiteral(context: BindContext, literal: Literal): BoundExpression {
  const { type } = literal
  const value = readLiteral(context, literal, 'UTC')
  const local = localTypeOf(type)
  if (local === undefined) return { kind: 'Constant', value, type }
  // Read again an hour away: the same instant means that the text itself says where it is.
  if (sameValue(value, readLiteral(context, literal, 'Etc/GMT+1'))) {
    return { kind: 'Constant', value, type }
  }
  return { kind: 'Cast', operand: { kind: 'Constant', value, type: local }, type }
}

/** The type of the same value before a time zone is known. */
function localTypeOf(type: SqlType): SqlType | undefined {
  if (type.kind === 'Scalar') return type.name === 'timestamptz' ? scalar('timestamp') : undefined
  if (type.kind !== 'Array' || type.element.name !== 'timestamptz') return undefined
  return arrayOf(scalar('timestamp'))
}

function sameValue(left: SqlValue, right: SqlValue): boolean {
  if (!Array.isArray(left) || !Array.isArray(right)) return left === right
  return left.length === right.length && left.every((one, index) => sameValue(one, right[index]))
}

/** The error says where the literal stands. */
function readLiteral(context: BindContext, literal: Literal, timeZone: string): SqlValue {
  try {
    return parseInput(literal.text, literal.type, { timeZone })
  } catch (error) {
    if (!(error instanceof SqlError)) throw error
    throw located(error, context.offsetOf(literal.location))
  }
}

/** The same error with a place, where it has none. */
export function located(error: SqlError, offset: number | undefined): SqlError {
  if (error.offset !== undefined || offset === undefined) return error
  return new SqlError(error.sqlState, error.message, {
    offset,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    cause: error,
  })
}
