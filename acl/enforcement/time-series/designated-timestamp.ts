import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import type { BoundExpression, ColumnReference } from '../../../store/bound.ts'
import { datatypeMismatch } from '../binding-errors.ts'
import type { Offset } from '../binding-errors.ts'
import type { Scope } from '../scope.ts'
import type { KnownType } from '../typed-expression.ts'

/** Whether a column of the type can order rows in time. */
export function isTimestampType(type: KnownType): boolean {
  if (type === undefined || type === 'unknown' || type.kind !== 'Scalar') return false
  return type.name === 'timestamp' || type.name === 'timestamptz'
}

/**
 * The designated timestamp of a SELECT's rows: that of what stands first in FROM. It counts as read
 * (questdb-rbac.md, section 11), by nobody's naming it: an error does not tell its name (Z2).
 * @throws SqlError where there is none
 */
export function readTimestamp(scope: Scope, user: string, offset: Offset): ColumnReference {
  const { timestamp } = scope
  if (timestamp === undefined) throw noTimestamp(user, offset)
  const { expression } = timestamp.read({ throughStar: true, location: undefined })
  if (expression.kind !== 'ColumnReference') throw noTimestamp(user, offset)
  return expression
}

/** Whether an expression is the designated timestamp as it is; one that nothing reads is not asked for. */
export function readsTimestamp(expression: BoundExpression, { timestamp }: Scope): boolean {
  if (expression.kind !== 'ColumnReference' || timestamp === undefined) return false
  const known = timestamp.reference
  return (
    known !== undefined && known.range === expression.range && known.column === expression.column
  )
}

/** 42809: what a clause of QuestDB's needs is a time series. */
export function noTimestamp(user: string, offset: Offset): SqlError {
  return new SqlError(
    SqlState.WrongObjectType,
    `${user} needs a designated timestamp, and there is none in FROM`,
    {
      hint: 'Write TIMESTAMP(column) behind the table or subquery.',
      ...(offset === undefined ? {} : { offset }),
    },
  )
}

export function notATimestamp(name: string, offset: Offset): SqlError {
  return datatypeMismatch(`column "${name}" is not a timestamp`, offset)
}
