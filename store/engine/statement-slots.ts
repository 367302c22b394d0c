import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { queryCanceled } from './interruption.ts'

interface Waiter {
  readonly start: () => void
}

/**
 * At most so many calls are in the engine at once: each occupies a thread of libuv's pool
 * (duckdb-hardening.md, section 5.4). Statements wait in a queue that is bounded in length and time;
 * what must go on (the next rows of a running statement, the end of a transaction) waits in one that is not.
 */
export class StatementSlots {
  readonly #queueMax: number
  readonly #queueTimeoutMs: number
  #free: number
  readonly #waiting: Waiter[] = []
  readonly #urgent: Waiter[] = []
  #isUrgentTurn = false

  constructor(options: {
    readonly slots: number
    readonly queueMax: number
    readonly queueTimeoutMs: number
  }) {
    this.#free = options.slots
    this.#queueMax = options.queueMax
    this.#queueTimeoutMs = options.queueTimeoutMs
  }

  /**
   * Runs the start of a statement.
   * @throws SqlError 53300 when too many wait, or it waited too long; 57014 when cancelled meanwhile
   */
  async admit<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#free > 0) this.#free--
    else {
      if (this.#waiting.length >= this.#queueMax) throw tooManyWaiting()
      await wait(this.#waiting, signal, this.#queueTimeoutMs)
    }
    return await this.#finish(task)
  }

  /** Runs the next step of something admitted before. */
  async proceed<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#free > 0) this.#free--
    else await wait(this.#urgent, signal)
    return await this.#finish(task)
  }

  async #finish<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task()
    } finally {
      // A free slot is handed on, never counted twice.
      const next = this.#next()
      if (next === undefined) this.#free++
      else next.start()
    }
  }

  /** The two queues take turns, so that long streams cannot starve short statements. */
  #next(): Waiter | undefined {
    this.#isUrgentTurn = !this.#isUrgentTurn
    return this.#isUrgentTurn
      ? (this.#urgent.shift() ?? this.#waiting.shift())
      : (this.#waiting.shift() ?? this.#urgent.shift())
  }
}

/** Waits in a queue until started; leaves it when cancelled or after the time-out. */
function wait(queue: Waiter[], signal: AbortSignal | undefined, timeoutMs?: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (error: SqlError): void => {
      queue.splice(queue.indexOf(waiter), 1)
      settle()
      reject(error)
    }
    const onAbort = (): void => leave(queryCanceled())
    const timer =
      timeoutMs === undefined ? undefined : setTimeout(() => leave(waitedTooLong()), timeoutMs)
    const settle = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
    const waiter: Waiter = {
      start: () => {
        settle()
        resolve()
      },
    }
    signal?.addEventListener('abort', onAbort)
    queue.push(waiter)
  })
}

function tooManyWaiting(): SqlError {
  return new SqlError(SqlState.TooManyConnections, 'too many statements are waiting to run')
}

function waitedTooLong(): SqlError {
  return new SqlError(SqlState.TooManyConnections, 'the server is too busy to run the statement')
}
