import { principals } from './0001-principals.ts'
import { access } from './0002-access.ts'
import { relations } from './0003-relations.ts'
import { accessLog } from './0004-access-log.ts'
import { countersAndPreparedTransactions } from './0005-counters-and-prepared-transactions.ts'
import type { Migration } from './migration.ts'

/** All steps in order; the last one's version is the version of a catalog of this program. */
export const migrations: readonly Migration[] = [
  principals,
  access,
  relations,
  accessLog,
  countersAndPreparedTransactions,
]

/** The version of a catalog that this program writes, and the highest that it reads. */
export const latestVersion = migrations.length
