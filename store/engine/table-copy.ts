import duckdb from '@duckdb/node-bindings'
import type { Connection, Database } from '@duckdb/node-bindings'
import { invariant } from '../../errors/invariant.ts'
import { commitsTable, commitsTableName } from './commits.ts'
import { queryCanceled } from './interruption.ts'
import { identifier, literal, queryValues, runQuietly, textOf } from './query-values.ts'

/** Another file's alias beside the store's own, which is `d_...`; no name of a program can mean it. */
const copyAlias = 'grantd_copy'

/** An interrupt that comes between two statements is lost: it is said again until the work has ended. */
const interruptEveryMs = 20

export interface TableCopyOptions {
  readonly database: Database
  /** The store's own database. */
  readonly databaseAlias: string
  /** The new file; its directory is one of those that the engine may write. */
  readonly file: string
}

interface PhysicalTable {
  readonly name: string
  readonly sql: string
}

/**
 * Copies tables into a file of their own as they were at one moment, while others go on writing. Not COPY FROM
 * DATABASE, which inside a transaction wants to change a locked setting (measured with 1.5.6), and outside of one
 * would choose its moment itself.
 */
export class TableCopy {
  readonly #connection: Connection
  readonly #source: string
  readonly #databaseAlias: string
  #ended: Promise<unknown> = Promise.resolve()
  #isCancelled = false
  #isClosed = false

  private constructor(connection: Connection, databaseAlias: string) {
    this.#connection = connection
    this.#databaseAlias = databaseAlias
    this.#source = `${identifier(databaseAlias)}."main"`
  }

  /** The moment is when this resolves. */
  static async begin({ database, databaseAlias, file }: TableCopyOptions): Promise<TableCopy> {
    const connection = await duckdb.connect(database)
    const copy = new TableCopy(connection, databaseAlias)
    try {
      await runQuietly(connection, `ATTACH ${literal(file)} AS ${identifier(copyAlias)}`)
      await runQuietly(connection, 'BEGIN TRANSACTION')
      // BEGIN alone chooses no snapshot; the first look at the database does.
      await queryValues(connection, `SELECT 1 FROM ${commitsTable(databaseAlias)} LIMIT 0`)
      return copy
    } catch (error) {
      await copy.close()
      throw error
    }
  }

  /**
   * Writes the tables of the moment into the file, all of it.
   * @param oids which; absent: all
   * @returns the oids of those that were there
   */
  write(oids: readonly number[] | undefined): Promise<readonly number[]> {
    const work = this.#write(oids)
    this.#ended = work.catch(() => undefined)
    return work
  }

  async #write(oids: readonly number[] | undefined): Promise<readonly number[]> {
    try {
      const present = await this.#tables(this.#databaseAlias)
      const names = oids?.map((oid) => `t${BigInt(oid)}`)
      const wanted = present.filter(({ name }) => names === undefined || names.includes(name))
      for (const table of wanted) await this.#copyTable(table)
      await this.#run('COMMIT')
      await this.#run(`CHECKPOINT ${identifier(copyAlias)}`)
      await this.#requireSame(wanted)
      return wanted.flatMap(({ name }) => oidOf(name) ?? [])
    } catch (error) {
      throw this.#isCancelled ? queryCanceled() : error
    }
  }

  /** Ends what runs with 57014. */
  cancel(): void {
    if (this.#isCancelled || this.#isClosed) return
    this.#isCancelled = true
    duckdb.interrupt(this.#connection)
    const timer = setInterval(() => duckdb.interrupt(this.#connection), interruptEveryMs)
    void this.#ended.finally(() => clearInterval(timer))
  }

  /** Lets go of the moment and of the file. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#ended
    // After COMMIT, or before BEGIN, there is nothing to roll back; and the file may never have been attached.
    for (const sql of ['ROLLBACK', `DETACH ${identifier(copyAlias)}`]) {
      await runQuietly(this.#connection, sql).catch(() => undefined)
    }
    duckdb.disconnect_sync(this.#connection)
  }

  async #copyTable({ name, sql }: PhysicalTable): Promise<void> {
    const start = [`CREATE TABLE ${name}(`, `CREATE TABLE ${identifier(name)}(`].find((text) =>
      sql.startsWith(text),
    )
    invariant(start, 'the engine says how it would make a table of that name')
    const target = `${identifier(copyAlias)}."main".${identifier(name)}`
    await this.#run(`CREATE TABLE ${target}(${sql.slice(start.length)}`)
    await this.#run(`INSERT INTO ${target} SELECT * FROM ${this.#source}.${identifier(name)}`)
  }

  /** What the engine says of its tables it must say of the copies. */
  async #requireSame(wanted: readonly PhysicalTable[]): Promise<void> {
    const copied = await this.#tables(copyAlias)
    const found = new Map(copied.map(({ name, sql }) => [name, sql]))
    for (const { name, sql } of wanted) {
      invariant(found.get(name) === sql, 'a copied table is defined as its original')
    }
    invariant(copied.length === wanted.length, 'the copy has the tables that were to be copied')
  }

  /** All but the store's own table, with the definition as the engine prints it, from what our printer made (rule R1). */
  async #tables(alias: string): Promise<readonly PhysicalTable[]> {
    const rows = await queryValues(
      this.#connection,
      `SELECT database_name, table_name, sql FROM duckdb_tables() WHERE schema_name = 'main'`,
    )
    return rows
      .filter(([database]) => database === alias)
      .map(([, table, sql]) => ({ name: textOf(table), sql: textOf(sql) }))
      .filter(({ name }) => name !== commitsTableName)
  }

  async #run(sql: string): Promise<void> {
    if (this.#isCancelled) throw queryCanceled()
    await runQuietly(this.#connection, sql)
  }
}

function oidOf(name: string): number | undefined {
  const digits = /^t(\d+)$/.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

export interface RowsToTake {
  readonly database: Database
  readonly databaseAlias: string
  /** A file that {@link TableCopy} wrote. */
  readonly file: string
  readonly from: number
  readonly to: number
  /** Attribute numbers: of the copy, and of the table that is filled. */
  readonly columns: readonly { readonly from: number; readonly to: number }[]
}

/** Fills a table with the rows of a copied one, in one transaction. */
export async function takeRows(given: RowsToTake): Promise<void> {
  const { database, databaseAlias, file, from, to, columns } = given
  const connection = await duckdb.connect(database)
  try {
    const copy = identifier(copyAlias)
    await runQuietly(connection, `ATTACH ${literal(file)} AS ${copy} (READ_ONLY)`)
    const targets = columns.map((column) => `"c${BigInt(column.to)}"`).join(', ')
    const sources = columns.map((column) => `"c${BigInt(column.from)}"`).join(', ')
    await runQuietly(
      connection,
      `INSERT INTO ${identifier(databaseAlias)}."main"."t${BigInt(to)}" (${targets}) ` +
        `SELECT ${sources} FROM ${copy}."main"."t${BigInt(from)}"`,
    )
    await runQuietly(connection, `DETACH ${copy}`)
  } finally {
    duckdb.disconnect_sync(connection)
  }
}
