import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'

/** Ends a statement that runs longer than `statement_timeout` (PostgreSQL 15, 20.11). */
export class StatementTimer {
  readonly #cancel: () => void
  #timer: NodeJS.Timeout | undefined
  #expired = false

  constructor(cancel: () => void) {
    this.#cancel = cancel
  }

  /** `ms` 0: no limit. */
  start(ms: number): void {
    this.stop()
    this.#expired = false
    if (ms === 0) return
    this.#timer = setTimeout(() => {
      this.#expired = true
      this.#cancel()
    }, ms)
    this.#timer.unref()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** A cancellation that this timer caused says so, in PostgreSQL's words; any other error is left as it is. */
  explain(error: unknown): unknown {
    if (this.#expired && error instanceof SqlError && error.sqlState === SqlState.QueryCanceled) {
      return new SqlError(SqlState.QueryCanceled, 'canceling statement due to statement timeout', {
        cause: error,
      })
    }
    return error
  }
}
