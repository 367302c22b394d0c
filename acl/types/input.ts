/** Text as PostgreSQL's input functions read it, into values. */
import type { SqlType, SqlValue } from '../../store/sql-type.ts'
import { unsupportedForm } from './errors.ts'

export interface InputOptions {
  /** The session's time zone, an IANA name or `UTC`; for timestamptz without a zone, `now`, `today`. */
  readonly timeZone?: string
  /** The moment that `now`, `today`, `tomorrow` and `yesterday` mean: microseconds since 1970 (UTC). */
  readonly nowMicros?: bigint
}

/**
 * Reads a value of the type as PostgreSQL reads it.
 * @throws SqlError 22P02, 22003, 22007, 22008 in PostgreSQL's words
 */
export function parseInput(text: string, type: SqlType, options: InputOptions = {}): SqlValue {
  if (type.kind === 'Scalar' && type.name === 'text') return text
  void options
  throw unsupportedForm('input', text)
}
