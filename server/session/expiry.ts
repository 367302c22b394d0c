/**
 * TTL: after a write to a table that keeps its partitions for a time only, those that lie wholly before that time
 * are removed. It is done beside the writer, in a transaction of its own: a write never waits for it nor
 * fails by it. Writes that come meanwhile share the next round, so that there is one at a time, of two
 * statements a table, however many write. What a crash leaves undone is done at the next start.
 */
import { keptFrom } from '../../acl/partitions/time-to-live.ts'
import { partitionUnit } from '../../acl/partitions/partition-unit.ts'
import type { Relation, Table } from '../../acl/schema.ts'
import { printStatement } from '../../store/print.ts'
import type { Store, StoreSession } from '../../store/store.ts'
import type { Logger } from '../log.ts'
import type { Committer } from './committer.ts'
import { expireRows, newestTimestamp } from '../../acl/partitions/expired-rows.ts'
import { readRows } from './read-rows.ts'
import { runProgram } from './run-program.ts'

export interface ExpiryOptions {
  readonly committer: Pick<Committer, 'model'>
  readonly store: Pick<Store, 'connect'>
  /** The alias under which the store knows its database. */
  readonly database: string
  readonly nowMicros: () => bigint
  readonly logger: Logger
}

export class Expiry {
  readonly #options: ExpiryOptions
  /** Tables that were written to since their last round began. */
  readonly #written = new Set<number>()
  #session: StoreSession | undefined
  #round: Promise<void> | undefined
  #isClosed = false

  constructor(options: ExpiryOptions) {
    this.#options = options
  }

  /** All tables that there are: at start. */
  start(): void {
    for (const relation of this.#options.committer.model.schema.relations()) {
      if (expires(relation)) this.written(relation.oid)
    }
  }

  /** A write to this table is committed. */
  written(oid: number): void {
    if (this.#isClosed) return
    this.#written.add(oid)
    this.#round ??= this.#run()
  }

  /** Ends when no round runs any more; none begins afterwards. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#written.clear()
    await this.#round
    await this.#session?.close()
  }

  async #run(): Promise<void> {
    for (const oid of this.#written) {
      this.#written.delete(oid)
      try {
        await this.#expire(oid)
      } catch (error) {
        // Another transaction was in the way, or the engine: the next write asks again.
        this.#options.logger.debug({ err: error, oid }, 'rows past their TTL could not be removed')
      }
    }
    this.#round = undefined
  }

  async #expire(oid: number): Promise<void> {
    const table = this.#table(oid)
    const unit = table === undefined ? undefined : partitionUnit(table)
    if (table?.timeToLive === undefined || unit === undefined) return
    const { store, database, nowMicros } = this.#options
    this.#session ??= store.connect()
    const newest = newestTimestamp(table)
    const rows = await readRows(this.#session, printStatement(newest, { database }), [])
    const value = rows[0]?.[0]
    const now = nowMicros()
    // What is infinite is later than now, or the only row there is.
    if (value === null || value === undefined || value === -Infinity) return
    const reference = typeof value === 'bigint' && value < now ? value : now
    const statement = expireRows(table, keptFrom(table.timeToLive, unit, reference))
    const program = printStatement(statement, { database })
    await runProgram({ store: this.#session }, program, [])
  }

  /** A table that expires; one that is suspended is left as it is. */
  #table(oid: number): Table | undefined {
    const { schema } = this.#options.committer.model
    const relation = schema.relations().find((one) => one.oid === oid)
    return relation !== undefined && expires(relation) ? relation : undefined
  }
}

function expires(relation: Relation): relation is Table {
  return (
    relation.kind === 'Table' && relation.timeToLive !== undefined && relation.suspended !== true
  )
}
