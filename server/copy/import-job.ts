/**
 * One COPY t FROM: the file is read in pieces and put in by INSERTs of many rows, all in one transaction of
 * its own, so that the table has all of it or nothing whatever happens. Whose right it needs is decided
 * at the start, before each piece, and before the commit (R4): one that was taken away meanwhile ends it.
 */
import type { FileHandle } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Actor } from '../../acl/actor.ts'
import type { AuditRecord } from '../../acl/effect.ts'
import { bind } from '../../acl/enforcement/bind.ts'
import { bindCopyTarget, insertOfRows } from '../../acl/enforcement/copy.ts'
import { relationChanged } from '../../acl/access-errors.ts'
import { foldName } from '../../acl/names.ts'
import type { CopyImport } from '../../acl/server-relation.ts'
import type { Column, Table } from '../../acl/schema.ts'
import { driverMessage } from '../../errors/driver-code.ts'
import { invariant } from '../../errors/invariant.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { parseStatements } from '../../parser/parse.ts'
import type { CopyFrom } from '../../parser/statement.ts'
import { printStatement } from '../../store/print.ts'
import type { SqlValue } from '../../store/sql-type.ts'
import type { Program, StoreSession } from '../../store/store.ts'
import { queryCanceled } from '../session/activity.ts'
import { requireInForce } from '../session/in-force.ts'
import { requirePermissionsOf } from '../session/run-data.ts'
import { runProgram } from '../session/run-program.ts'
import type { Services } from '../session/services.ts'
import type { LockRequest, TableLockHolder } from '../session/table-locks.ts'
import { Transaction } from '../session/transaction.ts'
import type { CsvRecord } from './csv-parser.ts'
import { createTableText, inferColumns, sampledRecordsMax } from './infer-columns.ts'
import { RecordSource } from './record-source.ts'
import { filledColumns, RowReader } from './row-reader.ts'

/** Rows and characters that are put in at once. */
const batchRowsMax = 5000
const batchLengthMax = 4_194_304
const rowsPerTurn = 250

export interface ImportJobOptions {
  readonly id: string
  readonly statement: CopyFrom
  readonly table: string
  readonly actor: Actor
  readonly audit: AuditRecord
  readonly searchPath: readonly string[]
  readonly file: FileHandle
  readonly services: Omit<Services, 'imports'>
}

/** Where the rows go, once the table is there. */
interface Target {
  readonly table: Table
  readonly columns: readonly Column[]
  readonly reader: RowReader
  readonly program: Program
}

export class ImportJob implements CopyImport {
  readonly id: string
  readonly table: string
  readonly file: string
  readonly actor: Actor
  readonly startedMicros: bigint
  status: CopyImport['status'] = 'started'
  message: string | undefined
  rowsHandled = 0
  rowsImported = 0
  errors = 0
  endedMicros: bigint | undefined
  readonly #options: ImportJobOptions
  readonly #cancellation = new AbortController()
  readonly #store: StoreSession
  readonly #locks: TableLockHolder
  readonly #transaction: Transaction

  constructor(options: ImportJobOptions) {
    const { services } = options
    this.id = options.id
    this.table = options.table
    this.file = options.statement.file.value
    this.actor = options.actor
    this.startedMicros = services.nowMicros()
    this.#options = options
    this.#store = services.store.connect()
    this.#locks = services.locks.holder()
    this.#transaction = new Transaction({
      committer: services.committer,
      store: this.#store,
      locks: this.#locks,
      readOnly: false,
    })
  }

  /** Never fails: what became of it is its status. */
  async run(): Promise<void> {
    try {
      await this.#import()
      this.status = 'finished'
    } catch (error) {
      await this.#rollBack()
      this.rowsImported = 0
      this.status = this.#cancellation.signal.aborted ? 'cancelled' : 'failed'
      if (this.status === 'failed') this.message = this.#messageOf(error)
    } finally {
      this.endedMicros = this.#options.services.nowMicros()
      this.#locks.release()
      await this.#options.file.close().catch(() => undefined)
      await this.#store.close().catch(() => undefined)
    }
  }

  /** Lets it end at the next place where that can be; one that is committing ends well. */
  cancel(): void {
    this.#cancellation.abort()
    this.#store.cancel()
  }

  async #import(): Promise<void> {
    const { file, statement } = this.#options
    const source = new RecordSource(file, statement.options.delimiter ?? ',')
    const first = await source.take(sampledRecordsMax)
    const header = statement.options.header === true ? first[0]?.cells : undefined
    const sample = header === undefined ? first : first.slice(1)
    const target = await this.#prepareTarget(header, sample)
    for (let records = sample; records.length > 0; records = await source.take(batchRowsMax)) {
      await this.#put(target, records)
    }
    this.#requireRights()
    this.#throwIfCancelled()
    await this.#transaction.commit()
  }

  async #prepareTarget(
    header: CsvRecord['cells'] | undefined,
    sample: readonly CsvRecord[],
  ): Promise<Target> {
    const { statement, services } = this.#options
    const width = header?.length ?? sample[0]?.cells.length ?? 0
    if (width === 0) throw new SqlError(SqlState.BadCopyFileFormat, 'the file is empty')
    const table = (await this.#existingTable()) ?? (await this.#newTable(header, sample, width))
    this.#requireFitting(table)
    this.#transaction.onCommit(() => services.expiry.written(table.oid))
    const columns = filledColumns(table, header, width)
    const program = printStatement(insertOfRows(table, columns), { database: services.database })
    return { table, columns, program, reader: new RowReader(table, columns, statement.options) }
  }

  /** The table, locked as for any INSERT, before the snapshot that the rows go into. */
  async #existingTable(): Promise<Table | undefined> {
    for (;;) {
      const table = this.#requireRights()
      if (table === undefined) return undefined
      const mode = table.dedupKeys.length > 0 ? 'Exclusive' : 'Shared'
      if (this.#locks.tryAcquire({ oid: table.oid, mode })) {
        await this.#transaction.openEngine()
        return table
      }
      await this.#lock({ oid: table.oid, mode })
    }
  }

  async #lock(request: LockRequest): Promise<void> {
    const { signal } = this.#cancellation
    let stop: (() => void) | undefined
    const statement = {
      wait: (leave: () => void) => {
        stop = leave
        if (signal.aborted) leave()
        else signal.addEventListener('abort', leave, { once: true })
      },
      goOn: () => {
        if (stop !== undefined) signal.removeEventListener('abort', stop)
      },
    }
    await this.#locks.acquire(request, { timeoutMs: 0, statement })
  }

  /** CREATE TABLE as its author would have written it: with the same owner and the same checks. */
  async #newTable(
    header: CsvRecord['cells'] | undefined,
    sample: readonly CsvRecord[],
    width: number,
  ): Promise<Table> {
    const { statement, services, searchPath, actor, audit } = this.#options
    const names = Array.from({ length: width }, (_, index) => header?.[index] ?? `f${index}`)
    const { name } = this.#target()
    const text = createTableText(name, inferColumns(names, sample), statement.options)
    const [parsed] = parseStatements(text)
    invariant(parsed?.statement.kind === 'CreateTable', 'the statement makes a table')
    await this.#transaction.openEngine()
    const binding = bind(parsed.statement, {
      schema: this.#transaction.model().schema,
      parameterTypes: [],
      searchPath,
      allocateOid: () => services.catalog.allocateOid(),
    })
    // Offsets in it are none of the client's text.
    if (binding.kind === 'Unbindable')
      throw new SqlError(binding.error.sqlState, binding.error.message)
    invariant(binding.kind === 'SchemaChange', 'CREATE TABLE changes the schema')
    this.#transaction.changeSchema(actor, binding.changes, audit)
    const { database } = services
    for (const step of binding.steps) {
      invariant(step.kind === 'Physical', 'the definition of a table has no query')
      await runProgram({ store: this.#store }, printStatement(step.change, { database }), [])
    }
    const made = this.#transaction.model().schema.relation(name.key)
    invariant(made?.kind === 'Table', 'the table was made')
    return made
  }

  /** What the options say of the table, where it was there before. @throws SqlError 22023, 42809 */
  #requireFitting(table: Table): void {
    const { timestamp, partitionBy, format } = this.#options.statement.options
    const designated = table.columns.find(({ attnum }) => attnum === table.designatedTimestamp)
    const isOther =
      (timestamp !== undefined && foldName(timestamp.text) !== designated?.key) ||
      (partitionBy !== undefined && partitionBy !== (table.partitionBy ?? 'NONE'))
    if (isOther) {
      throw new SqlError(
        SqlState.WrongObjectType,
        'the table has another designated timestamp, or is partitioned by another unit',
      )
    }
    if (format !== undefined && designated === undefined) {
      throw new SqlError(SqlState.WrongObjectType, 'FORMAT is for the designated timestamp')
    }
    if (table.suspended === true) {
      throw new SqlError(SqlState.ObjectNotInPrerequisiteState, 'table is suspended')
    }
  }

  async #put(target: Target, records: readonly CsvRecord[]): Promise<void> {
    let batch: (readonly SqlValue[])[] = []
    let length = 0
    for (const record of records) {
      const { values, errors } = target.reader.read(record)
      this.rowsHandled += 1
      // Other sessions have their turn in between (R8).
      if (this.rowsHandled % rowsPerTurn === 0) await nextTurn()
      this.errors += errors
      if (values === undefined) continue
      batch.push(values)
      length += record.cells.reduce((sum, cell) => sum + (cell?.length ?? 0), 0)
      if (batch.length < batchRowsMax && length < batchLengthMax) continue
      await this.#insert(target, batch)
      batch = []
      length = 0
    }
    if (batch.length > 0) await this.#insert(target, batch)
  }

  async #insert(
    { table, columns, program }: Target,
    rows: readonly (readonly SqlValue[])[],
  ): Promise<void> {
    const { slots } = this.#options.services
    await slots.run(this.actor.login.name, async () => {
      this.#throwIfCancelled()
      if (this.#requireRights()?.oid !== table.oid) throw relationChanged(table)
      this.#transaction.requireVisible([table.oid])
      if (table.dedupKeys.length > 0) this.#transaction.requireNewest(table.oid)
      const lists = program.parameters.map((parameter): SqlValue => {
        invariant(parameter.kind === 'ServerColumn', 'rows come in as lists')
        return rows.map((row) => row[parameter.column - 1] ?? null)
      })
      invariant(lists.length === columns.length, 'one list a column')
      await runProgram({ store: this.#store }, program, lists)
    })
    this.rowsImported += rows.length
  }

  #target(): ReturnType<typeof bindCopyTarget> {
    const { statement, searchPath } = this.#options
    return bindCopyTarget(statement, { schema: this.#transaction.model().schema, searchPath })
  }

  /** The table as it is now, if it is there. @throws SqlError 42501 when it may not be written any more */
  #requireRights(): Table | undefined {
    const model = this.#transaction.model()
    requireInForce(model, this.actor, undefined)
    const { requirements, error, table } = this.#target()
    requirePermissionsOf(model, this.actor, requirements)
    if (error !== undefined) throw error
    return table
  }

  #throwIfCancelled(): void {
    if (this.#cancellation.signal.aborted) throw queryCanceled()
  }

  async #rollBack(): Promise<void> {
    this.#locks.discard()
    try {
      await this.#transaction.rollback()
    } catch (error) {
      this.#options.services.logger.warn(
        { error: driverMessage(error) },
        'an import was not rolled back by itself',
      )
    }
  }

  #messageOf(error: unknown): string {
    if (error instanceof SqlError) return error.message
    this.#options.services.logger.error({ err: error }, 'an import failed')
    return 'internal error'
  }
}
