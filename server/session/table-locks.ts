/**
 * Locks of tables, held by sessions until their transactions end. The engine's snapshots do not see rows that
 * another transaction has not committed, so that two sessions could insert equal deduplication keys and
 * neither replace the other's row. Therefore whoever inserts into a table with deduplication has it alone
 * until its commit, and so has whoever turns deduplication on or off; other INSERTs share it.
 *
 * Whoever comes first has its turn first, so that nobody starves. Waiting in a circle is noticed when the
 * circle closes: whoever would close it gets 40P01.
 */
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { queryCanceled } from './activity.ts'
import type { ActiveStatement } from './activity.ts'

export type LockMode = 'Shared' | 'Exclusive'

export interface LockRequest {
  readonly oid: number
  readonly mode: LockMode
}

interface Waiting {
  readonly holder: TableLockHolder
  readonly mode: LockMode
  readonly grant: () => void
}

interface LockedTable {
  readonly holders: Map<TableLockHolder, LockMode>
  readonly waiting: Waiting[]
  /** The moment at which it was last given back by one who had it alone and may have changed it; 0: never. */
  changed: number
}

/** All locks of a server. */
export class TableLocks {
  /** As many as there are tables that were ever locked by one alone, or are locked now. */
  readonly #tables = new Map<number, LockedTable>()
  #now = 0

  /** Grows with each lock that one alone gives back: a moment to compare snapshots with. */
  get now(): number {
    return this.#now
  }

  holder(): TableLockHolder {
    return new TableLockHolder(this)
  }

  /** Whether rows may have come since that moment that a snapshot of it does not show. */
  isChangedSince(oid: number, moment: number): boolean {
    return (this.#tables.get(oid)?.changed ?? 0) > moment
  }

  /** @returns whether it is held now, at least so */
  tryAcquire(holder: TableLockHolder, { oid, mode }: LockRequest): boolean {
    const table = this.#table(oid)
    if (isHeld(table, holder, mode)) return true
    // Whoever has a share already goes before those that wait for it to end.
    const isFree = table.holders.has(holder) || table.waiting.length === 0
    if (!isFree || blockersOf(table, holder, mode).length > 0) {
      this.#forgetUnused(oid, table)
      return false
    }
    table.holders.set(holder, mode)
    return true
  }

  /** Waits for its turn. @returns what ends the waiting without the lock */
  enqueue(
    holder: TableLockHolder,
    { oid, mode }: LockRequest,
    grant: () => void,
  ): { readonly isDeadlock: boolean; readonly leave: () => void } {
    const table = this.#table(oid)
    const waiting: Waiting = { holder, mode, grant }
    if (table.holders.has(holder)) table.waiting.unshift(waiting)
    else table.waiting.push(waiting)
    const leave = (): void => {
      table.waiting.splice(table.waiting.indexOf(waiting), 1)
      this.#handOn(oid, table)
    }
    return { isDeadlock: this.#waitsForItself(holder), leave }
  }

  release(holder: TableLockHolder, oid: number, isUnchanged: boolean): void {
    const table = this.#table(oid)
    const wasAlone = table.holders.get(holder) === 'Exclusive'
    if (wasAlone && !isUnchanged) table.changed = ++this.#now
    table.holders.delete(holder)
    this.#handOn(oid, table)
  }

  #handOn(oid: number, table: LockedTable): void {
    for (;;) {
      const [next] = table.waiting
      if (next === undefined) break
      if (blockersOf(table, next.holder, next.mode).length > 0) break
      table.waiting.shift()
      table.holders.set(next.holder, next.mode)
      next.grant()
    }
    this.#forgetUnused(oid, table)
  }

  /** Whether the chain of who waits for whom leads back to where it began. */
  #waitsForItself(start: TableLockHolder): boolean {
    const seen = new Set<TableLockHolder>()
    const next = [...this.#blockersOf(start)]
    for (let holder = next.pop(); holder !== undefined; holder = next.pop()) {
      if (holder === start) return true
      if (seen.has(holder)) continue
      seen.add(holder)
      next.push(...this.#blockersOf(holder))
    }
    return false
  }

  /** Whom a holder waits for; it waits for one table at most. */
  #blockersOf(holder: TableLockHolder): readonly TableLockHolder[] {
    for (const table of this.#tables.values()) {
      const place = table.waiting.findIndex((one) => one.holder === holder)
      const waiting = table.waiting[place]
      if (waiting === undefined) continue
      const before = table.waiting.slice(0, place).map((one) => one.holder)
      return [...blockersOf(table, holder, waiting.mode), ...before]
    }
    return []
  }

  #table(oid: number): LockedTable {
    const known = this.#tables.get(oid)
    if (known !== undefined) return known
    const table: LockedTable = { holders: new Map(), waiting: [], changed: 0 }
    this.#tables.set(oid, table)
    return table
  }

  #forgetUnused(oid: number, { holders, waiting, changed }: LockedTable): void {
    if (holders.size === 0 && waiting.length === 0 && changed === 0) this.#tables.delete(oid)
  }
}

/** The locks of one session. */
export class TableLockHolder {
  readonly #locks: TableLocks
  readonly #held = new Set<number>()
  #isUnchanged = false

  constructor(locks: TableLocks) {
    this.#locks = locks
  }

  /** See {@link TableLocks.now}. */
  get now(): number {
    return this.#locks.now
  }

  isChangedSince(oid: number, moment: number): boolean {
    return this.#locks.isChangedSince(oid, moment)
  }

  /** @returns whether it is held now, without having waited */
  tryAcquire(request: LockRequest): boolean {
    if (!this.#locks.tryAcquire(this, request)) return false
    this.#held.add(request.oid)
    return true
  }

  /** @throws SqlError 57014 when it was cancelled meanwhile, 55P03 after `timeoutMs` (0: never), 40P01 */
  async acquire(
    request: LockRequest,
    given: {
      readonly timeoutMs: number
      readonly statement: Pick<ActiveStatement, 'wait' | 'goOn'> | undefined
    },
  ): Promise<void> {
    const { timeoutMs, statement } = given
    await new Promise<void>((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined
      const end = (): void => {
        clearTimeout(timer)
        statement?.goOn()
      }
      const { isDeadlock, leave } = this.#locks.enqueue(this, request, () => {
        end()
        resolve()
      })
      const giveUp = (error: SqlError): void => {
        end()
        leave()
        reject(error)
      }
      if (isDeadlock) {
        giveUp(deadlockDetected())
        return
      }
      if (timeoutMs > 0) timer = setTimeout(() => giveUp(lockTimedOut()), timeoutMs)
      statement?.wait(() => giveUp(queryCanceled()))
    })
    this.#held.add(request.oid)
  }

  /** What was done under the locks is rolled back: nobody who began before need be refused for it. */
  discard(): void {
    this.#isUnchanged = true
  }

  /** Gives back all of them: what was done under them is committed, or is not, by now. */
  release(): void {
    for (const oid of this.#held) this.#locks.release(this, oid, this.#isUnchanged)
    this.#held.clear()
    this.#isUnchanged = false
  }
}

function isHeld(table: LockedTable, holder: TableLockHolder, mode: LockMode): boolean {
  const held = table.holders.get(holder)
  return held === 'Exclusive' || held === mode
}

/** Who holds the table in a way that leaves no room. */
function blockersOf(
  { holders }: LockedTable,
  holder: TableLockHolder,
  mode: LockMode,
): readonly TableLockHolder[] {
  return [...holders]
    .filter(([other, held]) => other !== holder && (mode === 'Exclusive' || held === 'Exclusive'))
    .map(([other]) => other)
}

function deadlockDetected(): SqlError {
  return new SqlError(SqlState.DeadlockDetected, 'deadlock detected', {
    hint: 'Run the transaction again.',
  })
}

/** PostgreSQL 15, postgres.c, ProcessInterrupts. */
function lockTimedOut(): SqlError {
  return new SqlError(SqlState.LockNotAvailable, 'canceling statement due to lock timeout')
}
