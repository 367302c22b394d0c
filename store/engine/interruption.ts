import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { SessionConnection } from './session-connection.ts'

/** An interrupt that comes before the engine has begun is lost: say it again until it is heard. */
const intervalMs = 20

/** Interrupts a connection again and again until `task` has ended, well or not. */
export async function interruptUntil(
  connection: SessionConnection,
  task: Promise<unknown>,
): Promise<void> {
  connection.interrupt()
  const timer = setInterval(() => connection.interrupt(), intervalMs)
  await task.catch(() => undefined)
  clearInterval(timer)
}

export function queryCanceled(): SqlError {
  return new SqlError(SqlState.QueryCanceled, 'canceling statement due to user request')
}
