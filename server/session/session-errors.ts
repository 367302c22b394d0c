/** Errors of the session's own: names, counts, places where a statement must not stand. */
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { Bind } from '../pgwire/messages/bind.ts'

export function unknownStatement(name: string): SqlError {
  const which = name === '' ? 'unnamed prepared statement' : `prepared statement "${name}"`
  return new SqlError(SqlState.InvalidSqlStatementName, `${which} does not exist`)
}

export function duplicateStatement(name: string): SqlError {
  return new SqlError(
    SqlState.DuplicatePreparedStatement,
    `prepared statement "${name}" already exists`,
  )
}

export function unknownPortal(name: string): SqlError {
  return new SqlError(SqlState.InvalidCursorName, `portal "${name}" does not exist`)
}

export function unknownCursor(name: string): SqlError {
  return new SqlError(SqlState.InvalidCursorName, `cursor "${name}" does not exist`)
}

export function duplicatePortal(name: string): SqlError {
  return new SqlError(SqlState.DuplicateCursor, `cursor "${name}" already exists`)
}

export function portalCannotRun(name: string): SqlError {
  return new SqlError(SqlState.ObjectNotInPrerequisiteState, `portal "${name}" cannot be run`)
}

export function tooManyNames(what: string, max: number): SqlError {
  return new SqlError(SqlState.ConfigurationLimitExceeded, `too many ${what} (at most ${max})`)
}

export function severalCommands(): SqlError {
  return new SqlError(
    SqlState.SyntaxError,
    'cannot insert multiple commands into a prepared statement',
  )
}

export function wrongParameterCount(message: Bind, wanted: number): SqlError {
  return new SqlError(
    SqlState.ProtocolViolation,
    `bind message supplies ${message.parameters.length} parameters, but prepared statement ` +
      `"${message.statement}" requires ${wanted}`,
  )
}

export function noSuchParameter(number: number): SqlError {
  return new SqlError(SqlState.UndefinedParameter, `there is no parameter $${number}`)
}

/** The schema changed so that a prepared statement would give other columns than it was described with. */
export function changedResultType(): SqlError {
  return new SqlError(SqlState.FeatureNotSupported, 'cached plan must not change result type', {
    hint: 'Prepare the statement again.',
  })
}

export function unsupportedParameterType(oid: number): SqlError {
  return new SqlError(SqlState.UndefinedObject, `type with OID ${oid} does not exist`)
}

/** @param action command tag, e.g. `ASSUME SERVICE ACCOUNT` (U11, M3) */
export function notInTransactionBlock(action: string): SqlError {
  return new SqlError(
    SqlState.ActiveSqlTransaction,
    `${action} cannot run inside a transaction block`,
  )
}
