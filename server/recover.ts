import type { AccessModel, ModelOptions } from '../acl/model.ts'
import { applyEffects, emptyModel, principalNamed, withEpoch } from '../acl/model.ts'
import type { Relation } from '../acl/schema.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { SqlError } from '../errors/sql-error.ts'
import { SqlState } from '../errors/sql-state.ts'
import type { PartitionFile } from '../store/partition-files.ts'
import type { Store } from '../store/store.ts'
import type { Logger } from './log.ts'
import { fileOf } from './session/detach-partitions.ts'

export interface RecoverParts {
  readonly catalog: Catalog
  readonly store: Store
  readonly logger: Logger
  readonly options: ModelOptions
}

/**
 * Brings catalog and store to one state after a crash, and builds the model from what was committed.
 * @throws SqlError FATAL, for whoever starts the server
 */
export async function recover({
  catalog,
  store,
  logger,
  options,
}: RecoverParts): Promise<AccessModel> {
  if (catalog.isNew && (await store.tables()).length > 0) throw catalogIsMissing()
  for (const { transactionNumber } of catalog.openTransactions()) {
    const happened = await store.hasCommitted(transactionNumber)
    if (happened) catalog.complete(transactionNumber)
    else catalog.forget(transactionNumber)
    logger.info({ transactionNumber, happened }, 'a transaction that was under way is decided')
  }
  await store.forgetCommitsBelow(catalog.nextTransactionNumber())
  const model = loadModel(options, catalog)
  const oids = new Set(model.schema.relations().map((relation) => Number(relation.oid)))
  const swept = await store.sweep(oids)
  if (swept.length > 0) logger.info({ tables: swept.length }, 'tables without a name were removed')
  const files = store.files.sweep(model.schema.relations().flatMap(detachedFiles))
  if (files > 0) logger.info({ files }, 'files of partitions that no table has were removed')
  return model
}

function detachedFiles(relation: Relation): readonly PartitionFile[] {
  const detached = relation.kind === 'Table' ? (relation.detached ?? []) : []
  return detached.map((lying) => fileOf(relation.oid, lying))
}

function loadModel(options: ModelOptions, catalog: Catalog): AccessModel {
  const empty = emptyModel(options)
  const model = withEpoch(applyEffects(empty, catalog.load()), catalog.epoch)
  if (principalNamed(model, empty.admin.key) !== undefined) throw adminNameInUse(options.adminName)
  return model
}

/** Rule A6, D7: two identities under one name. */
function adminNameInUse(name: string): SqlError {
  return new SqlError(
    SqlState.ConfigFileError,
    `acl.admin.user is the name of a stored principal [name=${name}]`,
    { severity: 'FATAL', hint: 'Choose another name for the built-in admin.' },
  )
}

/** Sweeping beside a catalog that was lost would remove every table. */
function catalogIsMissing(): SqlError {
  return new SqlError(
    SqlState.DataCorrupted,
    'the store has tables, but the catalog is missing: nothing says whose they are',
    { severity: 'FATAL', hint: 'Restore catalog.sqlite, or move the store directory away.' },
  )
}
