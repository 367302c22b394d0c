/**
 * `scripts/restore --table`: adds the tables of a BACKUP TABLE to a database that no server uses now. Each is made by
 * the statement that the backup holds, with a number of its own, and filled; no grants come with it.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Actor } from '../../acl/actor.ts'
import { bind } from '../../acl/enforcement/bind.ts'
import type { BoundSchemaChange } from '../../acl/enforcement/binding.ts'
import { relationName } from '../../acl/names.ts'
import type { Table } from '../../acl/schema.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import { openCatalog } from '../../catalog/catalog.ts'
import { invariant } from '../../errors/invariant.ts'
import { loadParser, parseStatements } from '../../parser/parse.ts'
import type { SchemaStatement } from '../../parser/statement.ts'
import { openStore } from '../../store/open-store.ts'
import { printStatement } from '../../store/print.ts'
import type { Store } from '../../store/store.ts'
import type { Logger } from '../log.ts'
import { recover } from '../recover.ts'
import { Committer } from '../session/committer.ts'
import { TableLocks } from '../session/table-locks.ts'
import { Transaction } from '../session/transaction.ts'
import { backupDamaged, cannotRestore } from './backup-errors.ts'
import { digestFile } from './files.ts'
import { catalogFile, checkpointOf, tablesFile, triggerOf, unfinishedOf } from './layout.ts'
import type { Manifest, ManifestTable } from './manifest.ts'
import { readManifest } from './manifest.ts'
import { pairedColumns, withStorage } from './table-document.ts'

/** Under which the record of changes has it; stored principals are not asked. */
const restorer = 'scripts/restore'

export interface RestoreTablesOptions {
  readonly backup: string
  readonly dataDirectory: string
  /** Names as SHOW TABLES has them; absent: all that the backup holds. */
  readonly only?: readonly string[]
  readonly logger: Logger
  readonly nowMicros: () => bigint
}

/**
 * All of the tables, or none of them.
 * @returns what was restored
 * @throws SqlError when the backup is damaged, the directory is in use, or a name is taken
 */
export async function restoreTables(
  options: RestoreTablesOptions,
): Promise<readonly ManifestTable[]> {
  const backup = resolve(options.backup)
  const dataDirectory = resolve(options.dataDirectory)
  const manifest = await readManifest(backup)
  if (manifest.kind !== 'Tables') throw cannotRestore('it is a backup of a whole database')
  await requireWhole(manifest, backup)
  requireUsable(dataDirectory)
  const tables = chosen(manifest, options.only)
  await loadParser()
  const catalog = openCatalog({ path: join(dataDirectory, catalogFile) })
  try {
    const databaseAlias = `d_${randomBytes(8).toString('hex')}`
    const store = await openStore({
      directory: join(dataDirectory, 'store'),
      copyDirectories: [backup],
      databaseAlias,
    })
    try {
      const { logger, nowMicros } = options
      await addTables({ backup, catalog, store, databaseAlias, logger, nowMicros }, tables)
    } finally {
      await store.close()
    }
  } finally {
    catalog.close()
  }
  return tables
}

interface Parts {
  readonly backup: string
  readonly catalog: Catalog
  readonly store: Store
  readonly databaseAlias: string
  readonly logger: Logger
  readonly nowMicros: () => bigint
}

/**
 * Physical tables first, names last and all at once: a table without a name is removed at the next start, so that a
 * crash leaves all or nothing.
 */
async function addTables(parts: Parts, tables: readonly ManifestTable[]): Promise<void> {
  const { catalog, store, databaseAlias, logger } = parts
  const options = { adminName: restorer, adminEnabled: true, nameLengthMax: 255 }
  const model = await recover({ catalog, store, logger, options })
  const committer = new Committer({ model, catalog, store, logger, onUndecided })
  const session = store.connect()
  const locks = new TableLocks().holder()
  const transaction = new Transaction({ committer, store: session, locks, readOnly: false })
  const self = { kind: 'BuiltInAdmin', name: restorer } as const
  const actor: Actor = { login: self, effective: self, assuming: false }
  const made: { readonly from: ManifestTable; readonly to: Table }[] = []
  for (const from of tables) {
    const bound = bindDefinition(from, transaction, catalog)
    transaction.changeSchema(actor, withStorageOf(bound, from), {
      atMicros: parts.nowMicros(),
      loginPrincipal: restorer,
      effectivePrincipal: restorer,
      action: 'CREATE TABLE',
      statement: from.definition,
    })
    for (const step of bound.steps) {
      invariant(step.kind === 'Physical', 'the definition of a table has no query')
      const program = printStatement(step.change, { database: databaseAlias })
      const portal = session.open({ program, values: [], formats: [] })
      await portal.fetch(0, { rows: () => invariant(false, 'a physical change gives no rows') })
    }
    made.push({ from, to: tableNamed(transaction, from) })
  }
  for (const { from, to } of made) {
    await store.takeRows({
      file: join(parts.backup, tablesFile),
      from: from.oid,
      to: to.oid,
      columns: pairedColumns(from, to),
    })
  }
  await transaction.commit()
  await session.close()
}

/** The engine takes no part in the commit, so that there is nothing to be undecided about. */
function onUndecided(error: unknown): void {
  throw error
}

/** As the server would on CREATE TABLE. @throws SqlError 42P07 for a name that is taken */
function bindDefinition(
  table: ManifestTable,
  transaction: Transaction,
  catalog: Catalog,
): BoundSchemaChange {
  const [parsed, ...others] = parseStatements(table.definition)
  invariant(parsed !== undefined && others.length === 0, 'a definition is one statement')
  const { statement } = parsed
  if (!isCreateTable(statement)) throw backupDamaged(`${table.name} is not defined by CREATE TABLE`)
  const { schema } = transaction.model()
  const name = relationName({ schema: table.schema, name: table.name })
  if (schema.relation(name.key) !== undefined) {
    throw cannotRestore(`there is a table or view "${table.name}" already`)
  }
  const binding = bind(statement, {
    schema,
    parameterTypes: [],
    searchPath: [table.schema],
    allocateOid: () => catalog.allocateOid(),
  })
  if (binding.kind === 'Unbindable') throw binding.error
  invariant(binding.kind === 'SchemaChange', 'CREATE TABLE changes the schema')
  return binding
}

function withStorageOf(
  { changes }: BoundSchemaChange,
  from: ManifestTable,
): BoundSchemaChange['changes'] {
  return changes.map((change) =>
    change.kind === 'CreateTable' ? { ...change, table: withStorage(change.table, from) } : change,
  )
}

function isCreateTable(statement: {
  readonly kind: string
}): statement is Extract<SchemaStatement, { readonly kind: 'CreateTable' }> {
  return statement.kind === 'CreateTable'
}

function tableNamed(transaction: Transaction, { schema, name }: ManifestTable): Table {
  const found = transaction.model().schema.relation(relationName({ schema, name }).key)
  invariant(found?.kind === 'Table', 'the table was just made')
  return found
}

function chosen(
  { tables }: Manifest,
  only: readonly string[] | undefined,
): readonly ManifestTable[] {
  if (only === undefined) return tables
  return only.map((wanted) => {
    const found = tables.find(
      ({ schema, name }) => name === wanted || `${schema}.${name}` === wanted,
    )
    if (found === undefined) throw cannotRestore(`the backup has no table "${wanted}"`)
    return found
  })
}

async function requireWhole({ files }: Manifest, backup: string): Promise<void> {
  for (const file of files) {
    const { bytes, sha256 } = await digestFile(backup, file.path)
    if (file.bytes !== bytes || file.sha256 !== sha256) {
      throw backupDamaged(`${file.path} is not as it was written`)
    }
  }
}

/** A new database is made by a server; one that waits for a restore has to be started first. */
function requireUsable(dataDirectory: string): void {
  if (!existsSync(join(dataDirectory, catalogFile))) {
    throw cannotRestore(`"${dataDirectory}" is not a data.dir: it has no ${catalogFile}`)
  }
  const waiting = [unfinishedOf, triggerOf, checkpointOf].some((of) =>
    existsSync(of(dataDirectory)),
  )
  if (waiting)
    throw cannotRestore(
      'data.dir has a checkpoint or an unfinished restore: start a server on it first',
    )
}
