import type { ErrorSeverity } from '../../../errors/sql-error.ts'
import type { SqlState } from '../../../errors/sql-state.ts'
import { MessageType, type MessageWriter } from './message-writer.ts'
import { addFields } from './response-fields.ts'

/** ErrorResponse, with the fields that grantd sends (protocol page "Error and Notice Message Fields"). */
export interface ErrorResponse {
  readonly kind: 'ErrorResponse'
  readonly severity: ErrorSeverity
  readonly sqlState: SqlState
  readonly message: string
  readonly detail?: string | undefined
  readonly hint?: string | undefined
  /** Where in the client's text, counted in characters from 1. */
  readonly position?: number | undefined
  readonly schema?: string | undefined
  readonly table?: string | undefined
  readonly column?: string | undefined
  readonly constraint?: string | undefined
}

export function encodeErrorResponse(writer: MessageWriter, message: ErrorResponse): Buffer {
  addFields(writer, {
    S: message.severity,
    V: message.severity,
    C: message.sqlState,
    M: message.message,
    D: message.detail,
    H: message.hint,
    P: message.position?.toString(),
    s: message.schema,
    t: message.table,
    c: message.column,
    n: message.constraint,
  })
  return writer.finish(MessageType.ErrorResponse)
}
