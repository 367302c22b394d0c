import type { Database, Statement } from 'better-sqlite3'
import type { Epoch, Oid, PrincipalId } from '../acl/names.ts'
import { invariant } from '../errors/invariant.ts'

export type CounterName = 'epoch' | 'principal id' | 'oid' | 'transaction number'

/**
 * How many numbers are set aside with one write: a crash loses what is left of them, a write (and its
 * sync) is saved for all but the first.
 */
const blockLength = 64

/** The catalog's counters. */
export class Counters {
  readonly #select: Statement<[CounterName], { value: number }>
  readonly #update: Statement<[number, CounterName, number]>

  constructor(database: Database) {
    this.#select = database.prepare('SELECT value FROM counters WHERE name = ?')
    this.#update = database.prepare('UPDATE counters SET value = ? WHERE name = ? AND value = ?')
  }

  read(name: CounterName): number {
    const row = this.#select.get(name)
    invariant(row, `the catalog has the counter "${name}"`)
    return row.value
  }

  /** Moves a counter on from a value that it must have: nobody else wrote in between. */
  advance(name: CounterName, from: number, to: number): void {
    const { changes } = this.#update.run(to, name, from)
    invariant(changes === 1, `the counter "${name}" was ${from}`)
  }
}

/** Hands out numbers that are never handed out again, by this process or a later one. */
export class NumberSource {
  readonly #counters: Counters
  readonly #name: CounterName
  #last = 0
  #blockEnd = 0

  constructor(counters: Counters, name: CounterName) {
    this.#counters = counters
    this.#name = name
  }

  /** Durable before it returns. Not inside a transaction: a rollback would take the block back. */
  next(): number {
    if (this.#last === this.#blockEnd) {
      const start = this.#counters.read(this.#name)
      this.#counters.advance(this.#name, start, start + blockLength)
      this.#last = start
      this.#blockEnd = start + blockLength
    }
    this.#last += 1
    return this.#last
  }
}

/** The makers of the numbers that the catalog gives out. */
export function principalId(number: number): PrincipalId {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the maker of the brand
  return number as PrincipalId
}

export function oid(number: number): Oid {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the maker of the brand
  return number as Oid
}

export function epoch(number: number): Epoch {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the maker of the brand
  return number as Epoch
}
