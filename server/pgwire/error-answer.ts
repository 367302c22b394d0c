import { randomUUID } from 'node:crypto'
import { driverMessage } from '../../errors/driver-code.ts'
import { SqlError, type ErrorSeverity } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { WireLogger } from './logger.ts'
import type { ErrorResponse } from './messages/error-response.ts'

/** What is known where an error is answered. */
export interface ErrorContext {
  readonly logger: WireLogger
  /** The text that `offset` of the error counts in. */
  readonly text?: string | undefined
  /** Given where every error ends the connection: before the login is complete. */
  readonly severity?: ErrorSeverity
}

/** The answer to anything thrown: what is not a SqlError is a bug, told by a number and logged. */
export function errorAnswer(error: unknown, context: ErrorContext): ErrorResponse {
  const told = error instanceof SqlError ? error : internalError(error, context.logger)
  return {
    kind: 'ErrorResponse',
    severity: context.severity ?? told.severity,
    sqlState: told.sqlState,
    message: told.message,
    detail: told.detail,
    hint: told.hint,
    position: positionOf(told.offset, context.text),
    schema: told.schema,
    table: told.table,
    column: told.column,
    constraint: told.constraint,
  }
}

function internalError(cause: unknown, logger: WireLogger): SqlError {
  const id = randomUUID()
  logger.error({ id, error: stackOf(cause) }, 'internal error')
  return new SqlError(SqlState.InternalError, 'internal error', {
    detail: `The server's log has the details under the id ${id}.`,
    cause,
  })
}

function stackOf(cause: unknown): string {
  const hasStack = typeof cause === 'object' && cause !== null && 'stack' in cause
  return hasStack && typeof cause.stack === 'string' ? cause.stack : driverMessage(cause)
}

/** Counts characters from 1 where `offset` counts UTF-16 code units from 0. */
function positionOf(offset: number | undefined, text: string | undefined): number | undefined {
  if (offset === undefined || text === undefined) return undefined
  let characters = 1
  for (const character of text.slice(0, offset)) characters += character.length > 0 ? 1 : 0
  return characters
}
