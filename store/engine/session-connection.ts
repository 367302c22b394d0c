import duckdb from '@duckdb/node-bindings'
import type { Connection, PreparedStatement, Result } from '@duckdb/node-bindings'
import type { ProgramDefinition } from '../protocol/request.ts'
import type { SqlType, SqlValue } from '../sql-type.ts'
import type { Program } from '../store.ts'
import { bindValues } from './bind-values.ts'
import { stageName } from '../print/stage-name.ts'
import { engineFault } from './engine-fault.ts'
import { engineTypeOf, sqlTypeOf } from './engine-type.ts'
import { literal, queryValues, runQuietly } from './query-values.ts'

/** Prepared statements kept per connection: a hot text saves its parse (section 6.2). */
const preparedMax = 32

const { StatementType } = duckdb

/** What the engine may say a program is: a printer's bug ends here (section 2.3). */
const statementTypes: Readonly<Record<Program['kind'], readonly number[]>> = {
  Query: [StatementType.SELECT],
  // What takes the place of rows with equal keys is a MERGE (print/upsert.ts).
  Insert: [StatementType.INSERT, StatementType.MERGE_INTO],
  Update: [StatementType.UPDATE],
  Delete: [StatementType.DELETE],
  Export: [StatementType.COPY],
  // TRUNCATE is a DELETE to the engine.
  PhysicalChange: [
    StatementType.CREATE,
    StatementType.DROP,
    StatementType.ALTER,
    StatementType.DELETE,
  ],
}

/** One connection to the engine with its prepared statements and its time zone. */
export class SessionConnection {
  readonly handle: Connection
  readonly #prepared = new Map<ProgramDefinition, PreparedStatement>()
  #timeZone = 'UTC'
  #isBroken = false

  constructor(handle: Connection) {
    this.handle = handle
  }

  /** Prepares and starts a program; rows of a query come as they are made, those of others are all there. */
  async execute(
    program: ProgramDefinition,
    values: readonly SqlValue[],
    timeZone: string,
  ): Promise<Result> {
    await this.#useTimeZone(timeZone)
    const statement = await this.#prepare(program)
    bindValues(statement, program.parameters, values)
    return program.kind === 'Query'
      ? await duckdb.execute_prepared_streaming(statement)
      : await duckdb.execute_prepared(statement)
  }

  /**
   * Stores the rows of a program that has a stage, then does with them what it says.
   * @returns how many rows the stage took; within a transaction, so that all of it happens or nothing
   */
  async executeStaged(
    program: ProgramDefinition & { readonly stage: string },
    values: readonly SqlValue[],
    timeZone: string,
  ): Promise<number> {
    await this.#useTimeZone(timeZone)
    await this.#runOnce(program.stage, program.parameters, values, [StatementType.CREATE])
    const [counted] = await queryValues(this.handle, `SELECT count(*) FROM ${stageName}`)
    await this.#runOnce(program.sql, [], [], statementTypes[program.kind])
    await this.run(`DROP TABLE ${stageName}`)
    return Number(counted?.[0])
  }

  async #runOnce(
    sql: string,
    parameters: ProgramDefinition['parameters'],
    values: readonly SqlValue[],
    types: readonly number[],
  ): Promise<void> {
    const statement = await duckdb.prepare(this.handle, sql)
    try {
      requireType(statement, types)
      bindValues(statement, parameters, values)
      await duckdb.execute_prepared(statement)
    } finally {
      duckdb.destroy_prepare_sync(statement)
    }
  }

  /** The types of a program's output columns. */
  async describe(program: ProgramDefinition, timeZone: string): Promise<readonly SqlType[]> {
    await this.#useTimeZone(timeZone)
    const statement = await this.#prepare(program)
    return program.columns.map(
      (column, index) =>
        column.type ??
        sqlTypeOf(engineTypeOf(duckdb.prepared_statement_column_logical_type(statement, index))),
    )
  }

  async run(sql: string): Promise<void> {
    await runQuietly(this.handle, sql)
  }

  /** Nobody knows what it would do next: it is to be closed, not used again. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  /**
   * A stream that is not read to its end holds its snapshot until the next statement. In a transaction
   * that the engine has aborted any statement fails, and ends it all the same.
   */
  async endStream(): Promise<void> {
    await this.run('SELECT 1').catch(() => undefined)
  }

  /** Never fails: a connection that cannot roll back is broken. */
  async rollback(): Promise<void> {
    await this.run('ROLLBACK').catch(() => {
      this.#isBroken = true
    })
  }

  interrupt(): void {
    duckdb.interrupt(this.handle)
  }

  close(): void {
    for (const statement of this.#prepared.values()) duckdb.destroy_prepare_sync(statement)
    this.#prepared.clear()
    duckdb.disconnect_sync(this.handle)
  }

  /** The setting is the connection's own, and the only one that the lock leaves open (section 3.3). */
  async #useTimeZone(name: string): Promise<void> {
    if (name === this.#timeZone) return
    await this.run(`SET TimeZone = ${literal(name)}`)
    this.#timeZone = name
  }

  async #prepare(program: ProgramDefinition): Promise<PreparedStatement> {
    const kept = this.#prepared.get(program)
    if (kept !== undefined) {
      this.#prepared.delete(program)
      this.#prepared.set(program, kept)
      return kept
    }
    const statement = await duckdb.prepare(this.handle, program.sql)
    checkStatement(statement, program)
    this.#prepared.set(program, statement)
    this.#dropOldest()
    return statement
  }

  #dropOldest(): void {
    if (this.#prepared.size <= preparedMax) return
    const [oldest] = this.#prepared
    if (oldest === undefined) return
    this.#prepared.delete(oldest[0])
    duckdb.destroy_prepare_sync(oldest[1])
  }
}

function checkStatement(statement: PreparedStatement, program: ProgramDefinition): void {
  try {
    requireType(statement, statementTypes[program.kind])
  } catch (error) {
    duckdb.destroy_prepare_sync(statement)
    throw error
  }
}

function requireType(statement: PreparedStatement, types: readonly number[]): void {
  const type: number = duckdb.prepared_statement_type(statement)
  if (!types.includes(type)) {
    throw engineFault(`a program is a statement of type ${type} to the engine`)
  }
}
