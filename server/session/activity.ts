/**
 * What runs now: every statement, from its start to its end, so that `query_activity()` can show it and
 * CANCEL QUERY can stop it (questdb-rbac.md, SQL ENGINE ADMIN). One a session at most, so that it is as
 * bounded as the sessions are.
 */
import type { Actor } from '../../acl/actor.ts'
import type { RunningStatement, StatementState } from '../../acl/server-relation.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { redactSecrets } from '../../parser/redact.ts'
import type { ParsedStatement } from '../../parser/statement.ts'

/** How many characters of a statement's text are shown. */
export const shownTextMax = 4096

/** Interrupts that come between two calls of the engine are lost, so they are said again (see below). */
const interruptAgainMs = 50

/** Waits for what is no work of the statement itself. @throws SqlError 57014 when it is cancelled meanwhile */
export type WaitFor = <T>(work: Promise<T>) => Promise<T>

export interface StatementOrigin {
  readonly parsed: ParsedStatement
  readonly actor: Actor
  readonly processId: number
  readonly endpoint: string
  /** Stops what the engine does for the statement at this moment; harmless when that is nothing. */
  readonly interrupt: () => void
}

/** The statements that run, by their numbers. */
export class Activity {
  readonly #nowMicros: () => bigint
  readonly #running = new Map<number, ActiveStatement>()
  /**
   * Numbers go on growing while the server runs, so that a CANCEL QUERY that comes late stops nobody
   * else: at a million a second they last for 285 years.
   */
  #lastId = 0

  constructor(nowMicros: () => bigint) {
    this.#nowMicros = nowMicros
  }

  /**
   * The statement runs from now on, until it is ended.
   * @param id of one that ran before and goes on: the next rows of a portal
   */
  start(origin: StatementOrigin, id: number = ++this.#lastId): ActiveStatement {
    const statement = new ActiveStatement({
      id,
      origin,
      nowMicros: this.#nowMicros,
      onEnd: () => this.#running.delete(id),
    })
    this.#running.set(id, statement)
    return statement
  }

  find(id: number): ActiveStatement | undefined {
    return this.#running.get(id)
  }

  /** In the order of their starts. */
  list(): readonly ActiveStatement[] {
    return [...this.#running.values()]
  }
}

interface ActiveStatementOptions {
  readonly id: number
  readonly origin: StatementOrigin
  readonly nowMicros: () => bigint
  readonly onEnd: () => void
}

/** One statement that runs. */
export class ActiveStatement implements RunningStatement {
  readonly id: number
  readonly startedMicros: bigint
  readonly #origin: StatementOrigin
  readonly #nowMicros: () => bigint
  readonly #onEnd: () => void
  #state: StatementState = 'active'
  #stateChangedMicros: bigint
  #onCancel: (() => void) | undefined
  #interruptions: NodeJS.Timeout | undefined
  #hasEnded = false

  constructor(options: ActiveStatementOptions) {
    this.id = options.id
    this.#origin = options.origin
    this.#nowMicros = options.nowMicros
    this.#onEnd = options.onEnd
    this.startedMicros = options.nowMicros()
    this.#stateChangedMicros = this.startedMicros
  }

  get processId(): number {
    return this.#origin.processId
  }

  get endpoint(): string {
    return this.#origin.endpoint
  }

  get actor(): Actor {
    return this.#origin.actor
  }

  get state(): StatementState {
    return this.#state
  }

  get stateChangedMicros(): bigint {
    return this.#stateChangedMicros
  }

  /** Made when somebody looks: statements are many, lookers few. Hidden first, cut afterwards (S16). */
  get text(): string {
    const text = redactSecrets(this.#origin.parsed)
    return text.length <= shownTextMax ? text : `${text.slice(0, shownTextMax)}...`
  }

  get isCancelled(): boolean {
    return this.#state === 'cancelled'
  }

  /** Waits for something that is no work of its own; `leave` is called if it is cancelled meanwhile. */
  wait(leave: () => void): void {
    if (this.isCancelled) {
      leave()
      return
    }
    this.#enter('waiting')
    this.#onCancel = leave
  }

  /** Without it the work goes on, and nobody looks at what comes of it. */
  readonly waitFor: WaitFor = async (work) => {
    try {
      return await new Promise((resolve, reject) => {
        work.then(resolve, reject)
        this.wait(() => reject(queryCanceled()))
      })
    } finally {
      this.goOn()
    }
  }

  /** The wait is over. */
  goOn(): void {
    this.#onCancel = undefined
    if (this.#state === 'waiting') this.#enter('active')
  }

  /**
   * Lets the statement end with 57014 at the next place where that can be: while it waits, while the
   * engine works for it, before its transaction is committed. One that is past these ends well.
   */
  cancel(): void {
    if (this.isCancelled || this.#hasEnded) return
    this.#enter('cancelled')
    this.#onCancel?.()
    const { interrupt } = this.#origin
    interrupt()
    // The engine may not have been asked yet, or may be asked again for the next step.
    this.#interruptions = setInterval(interrupt, interruptAgainMs)
    this.#interruptions.unref()
  }

  /** @throws SqlError 57014 */
  throwIfCancelled(): void {
    if (this.isCancelled) throw queryCanceled()
  }

  end(): void {
    this.#hasEnded = true
    clearInterval(this.#interruptions)
    this.#onEnd()
  }

  #enter(state: StatementState): void {
    this.#state = state
    this.#stateChangedMicros = this.#nowMicros()
  }
}

export function queryCanceled(): SqlError {
  return new SqlError(SqlState.QueryCanceled, 'canceling statement due to user request')
}
