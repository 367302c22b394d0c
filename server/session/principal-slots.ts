import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { ActiveStatement } from './activity.ts'
import { queryCanceled } from './activity.ts'

export interface PrincipalSlotsOptions {
  /** Statements of one principal that may be in the engine at once; fewer than the engine takes. */
  readonly perPrincipalMax: number
  /** How long one may wait for its turn, milliseconds. */
  readonly waitMs: number
}

interface Lane {
  running: number
  readonly waiting: (() => void)[]
}

/** The place of a statement that runs. */
export interface PrincipalSlot {
  /**
   * Gives the place away while it waits for another statement, which may need it to go on.
   * @throws SqlError like {@link PrincipalSlots.run}
   */
  stepAside(wait: () => Promise<void>): Promise<void>
}

/**
 * Keeps one principal, in however many sessions, from taking every place in the engine
 * (duckdb-hardening.md, section 5.4; rule R8). First come, first served.
 */
export class PrincipalSlots {
  #options: PrincipalSlotsOptions
  readonly #lanes = new Map<string, Lane>()

  constructor(options: PrincipalSlotsOptions) {
    this.#options = options
  }

  /** Those that run go on; whoever waits may enter as soon as there are fewer than that. */
  set perPrincipalMax(perPrincipalMax: number) {
    this.#options = { ...this.#options, perPrincipalMax }
    for (const lane of this.#lanes.values()) {
      while (lane.running < perPrincipalMax && lane.waiting.length > 0) {
        lane.running += 1
        lane.waiting.shift()?.()
      }
    }
  }

  /**
   * Runs the work when the principal has a place.
   * @throws SqlError 53300 when it had none in time, 57014 when it was cancelled meanwhile
   */
  async run<T>(
    principal: string,
    work: (slot: PrincipalSlot) => Promise<T>,
    statement?: Pick<ActiveStatement, 'wait' | 'goOn'>,
  ): Promise<T> {
    let lane: Lane | undefined = await this.#enter(principal, statement)
    const leave = (): void => {
      if (lane !== undefined) this.#leave(principal, lane)
      lane = undefined
    }
    try {
      return await work({
        stepAside: async (wait) => {
          leave()
          await wait()
          lane = await this.#enter(principal, statement)
        },
      })
    } finally {
      leave()
    }
  }

  async #enter(
    principal: string,
    statement: Pick<ActiveStatement, 'wait' | 'goOn'> | undefined,
  ): Promise<Lane> {
    const lane = this.#lanes.get(principal) ?? { running: 0, waiting: [] }
    this.#lanes.set(principal, lane)
    if (lane.running >= this.#options.perPrincipalMax) await this.#turn(lane, statement)
    else lane.running += 1
    return lane
  }

  /** Whoever leaves hands its place on, so that `running` stays as it is. */
  async #turn(
    lane: Lane,
    statement: Pick<ActiveStatement, 'wait' | 'goOn'> | undefined,
  ): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const enter = (): void => {
        clearTimeout(timer)
        statement?.goOn()
        resolve()
      }
      const giveUp = (error: SqlError): void => {
        clearTimeout(timer)
        lane.waiting.splice(lane.waiting.indexOf(enter), 1)
        statement?.goOn()
        reject(error)
      }
      const timer = setTimeout(() => giveUp(tooManyStatements()), this.#options.waitMs)
      lane.waiting.push(enter)
      statement?.wait(() => giveUp(queryCanceled()))
    })
  }

  #leave(principal: string, lane: Lane): void {
    const isOneTooMany = lane.running > this.#options.perPrincipalMax
    const next = isOneTooMany ? undefined : lane.waiting.shift()
    if (next !== undefined) {
      next()
      return
    }
    lane.running -= 1
    if (lane.running === 0) this.#lanes.delete(principal)
  }
}

function tooManyStatements(): SqlError {
  return new SqlError(
    SqlState.TooManyConnections,
    'too many statements of this principal are running',
    { hint: 'Try again later.' },
  )
}
