import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'

/** What is wrong with the configuration; stops the start. */
export function configurationError(message: string, cause?: unknown): SqlError {
  return new SqlError(SqlState.ConfigFileError, message, { severity: 'FATAL', cause })
}

/** What is shown of a value: nothing of one that is, or by its key's name may be, a secret (rule R6). */
export function shownValue(key: string, value: string): string {
  return /pass|pwd|secret|token|credential/i.test(key) ? '***' : value
}
