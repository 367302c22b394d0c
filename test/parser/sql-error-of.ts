import { SqlError } from '../../errors/sql-error.ts'

/** The SqlError that `action` throws; anything else thrown, or nothing, fails the test. */
export function sqlErrorOf(action: () => unknown): SqlError {
  try {
    action()
  } catch (error) {
    if (error instanceof SqlError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
