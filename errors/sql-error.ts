import type { SqlState } from './sql-state.ts'

/** PostgreSQL's severities of an ErrorResponse (protocol page "Error and Notice Message Fields"). */
export type ErrorSeverity = 'ERROR' | 'FATAL' | 'PANIC'

/** What a maker of errors may say beside code and message. */
export interface SqlErrorDetails {
  readonly severity?: ErrorSeverity
  readonly detail?: string
  readonly hint?: string
  /**
   * Where in the source text the error lies: a 0-based offset in UTF-16 code units of the text that
   * the client sent. The session turns it into the protocol's 1-based position in characters.
   */
  readonly offset?: number
  /** Names for the fields s, t, c and n of ErrorResponse; only what the principal may know. */
  readonly schema?: string
  readonly table?: string
  readonly column?: string
  readonly constraint?: string
  readonly cause?: unknown
}

/**
 * The one error that reaches a client. It is made by a named function of the room that understands
 * the situation, never from a bare code at the call site (code-style.md, section 6).
 */
export class SqlError extends Error {
  readonly sqlState: SqlState
  readonly severity: ErrorSeverity
  readonly detail: string | undefined
  readonly hint: string | undefined
  readonly offset: number | undefined
  readonly schema: string | undefined
  readonly table: string | undefined
  readonly column: string | undefined
  readonly constraint: string | undefined

  constructor(sqlState: SqlState, message: string, details: SqlErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'SqlError'
    this.sqlState = sqlState
    this.severity = details.severity ?? 'ERROR'
    this.detail = details.detail
    this.hint = details.hint
    this.offset = details.offset
    this.schema = details.schema
    this.table = details.table
    this.column = details.column
    this.constraint = details.constraint
  }
}
