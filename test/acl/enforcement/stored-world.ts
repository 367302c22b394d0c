import { patchedColumn, patchedTable } from '../../../acl/alter-table-changes.ts'
import type { Binding } from '../../../acl/enforcement/binding.ts'
import type { SchemaChange } from '../../../acl/change.ts'
import { relationKey } from '../../../acl/names.ts'
import type { RelationKey } from '../../../acl/names.ts'
import type { Relation, Schema } from '../../../acl/schema.ts'
import type { SessionValueName } from '../../../store/bound.ts'
import { unreachable } from '../../../errors/unreachable.ts'
import { printStatement } from '../../../store/print.ts'
import type { SqlType, SqlValue } from '../../../store/sql-type.ts'
import type { Program, StoreSession } from '../../../store/store.ts'
import { databaseAlias, openTestStore } from '../../store/test-store.ts'
import type { TestStore } from '../../store/test-store.ts'
import { run } from '../../store/programs.ts'
import { bindText, optionsFor, schemaOf } from './bind-fixture.ts'

/** What a query gave, in text. */
export interface Answer {
  readonly columns: readonly { readonly name: string; readonly type?: SqlType }[]
  readonly rows: readonly (readonly (string | null)[])[]
  readonly rowCount: number
}

const sessionValues: Readonly<Record<SessionValueName, SqlValue>> = {
  current_user: 'bob',
  session_user: 'bob',
  current_schema: 'public',
  current_database: 'grantd',
  server_version: 'test',
  backend_pid: 1,
  transaction_timestamp: 1_700_000_000_000_000n,
  statement_timestamp: 1_700_000_000_000_000n,
  clock_timestamp: 1_700_000_000_000_000n,
  timezone: 'UTC',
}

/** A store and a schema that statements run against: binder, printer and engine together. */
export class StoredWorld {
  readonly #store: TestStore
  readonly #session: StoreSession
  readonly #relations = new Map<RelationKey, Relation>()
  #nextOid = 1_000

  private constructor(store: TestStore) {
    this.#store = store
    this.#session = store.store.connect()
  }

  static async open(): Promise<StoredWorld> {
    return new StoredWorld(await openTestStore())
  }

  get schema(): Schema {
    return schemaOf([...this.#relations.values()])
  }

  bind(sql: string, parameterTypes: readonly (SqlType | undefined)[] = []): Binding {
    return bindText(
      sql,
      optionsFor(this.schema, { parameterTypes, allocateOid: () => this.#nextOid++ }),
    )
  }

  /** Binds and runs; an error of either is thrown. */
  async run(sql: string, values: readonly SqlValue[] = []): Promise<Answer> {
    const binding = this.bind(sql)
    if (binding.kind === 'Unbindable') throw binding.error
    if (binding.kind === 'Data') {
      const program = printStatement(binding.statement, { database: databaseAlias })
      const { outcome, rows } = await this.#execute(program, values)
      return { columns: binding.columns, rows, rowCount: outcome }
    }
    for (const step of binding.steps) {
      if (step.kind === 'Partitions') throw new Error("partitions are the session's to find")
      const statement = step.kind === 'Physical' ? step.change : step.insert
      await this.#execute(printStatement(statement, { database: databaseAlias }), values)
    }
    for (const change of binding.changes) this.#apply(change)
    return { columns: [], rows: [], rowCount: 0 }
  }

  /** A query by one program, which the engine keeps prepared from the first run on. */
  kept(sql: string): () => Promise<Answer['rows']> {
    const binding = this.bind(sql)
    if (binding.kind !== 'Data') throw new Error(`${sql} is no query that can be bound`)
    const program = printStatement(binding.statement, { database: databaseAlias })
    return async () => (await this.#execute(program, [])).rows
  }

  async close(): Promise<void> {
    await this.#session.close()
    await this.#store.close()
  }

  async #execute(
    program: Program,
    values: readonly SqlValue[],
  ): Promise<{ readonly outcome: number; readonly rows: Answer['rows'] }> {
    const given = program.parameters.map((parameter): SqlValue => {
      switch (parameter.kind) {
        case 'Client':
          return values[parameter.number - 1] ?? null
        case 'Session':
          return sessionValues[parameter.name]
        case 'ServerColumn':
          return []
        default:
          return unreachable(parameter)
      }
    })
    const { outcome, rows } = await run(this.#session, program, given)
    return { outcome: outcome.rowCount, rows: rows.texts }
  }

  /** The little of the access model that statements here need. */
  #apply(change: SchemaChange): void {
    switch (change.kind) {
      case 'CreateTable':
        this.#relations.set(change.table.key, change.table)
        return
      case 'CreateView':
        this.#relations.set(change.relation.key, { ...change, kind: 'View', ...change.relation })
        return
      case 'DropRelation':
        this.#relations.delete(change.relation.key)
        return
      case 'RenameTable':
        this.#rename(change.relation.key, change.to)
        return
      case 'AddColumns':
      case 'DropColumns':
      case 'RenameColumn':
        this.#alter(change)
        return
      case 'AlterColumn':
      case 'AlterStorage':
        this.#patch(change)
        return
      default:
        unreachable(change)
    }
  }

  #rename(key: RelationKey, to: { readonly schema: string; readonly name: string }): void {
    const relation = this.#relations.get(key)
    if (relation === undefined) return
    this.#relations.delete(key)
    const renamed = relationKey(to)
    this.#relations.set(renamed, { ...relation, ...to, key: renamed })
  }

  #patch(change: Extract<SchemaChange, { readonly kind: 'AlterColumn' | 'AlterStorage' }>): void {
    const table = this.#relations.get(change.relation.key)
    if (table?.kind !== 'Table') return
    if (change.kind === 'AlterStorage') {
      this.#relations.set(table.key, patchedTable(table, change.patch))
      return
    }
    const columns = table.columns.map((column) =>
      column.attnum === change.attnum ? patchedColumn(column, change.patch) : column,
    )
    this.#relations.set(table.key, { ...table, columns })
  }

  #alter(
    change: Extract<SchemaChange, { readonly kind: 'AddColumns' | 'DropColumns' | 'RenameColumn' }>,
  ): void {
    const table = this.#relations.get(change.relation.key)
    if (table?.kind !== 'Table') return
    if (change.kind === 'AddColumns') {
      const columns = [...table.columns, ...change.columns]
      const nextAttnum = table.nextAttnum + change.columns.length
      this.#relations.set(table.key, { ...table, columns, nextAttnum })
      return
    }
    const columns =
      change.kind === 'DropColumns'
        ? table.columns.filter(({ attnum }) => !change.attnums.includes(attnum))
        : table.columns.map((column) =>
            column.attnum === change.attnum ? { ...column, ...change.to } : column,
          )
    this.#relations.set(table.key, { ...table, columns })
  }
}
