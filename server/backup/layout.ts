/** Where things are, in a backup as in a data directory: so that restoring is copying. */
import { join } from 'node:path'

/** Of a backup of the database, and of a data directory. */
export const catalogFile = 'catalog.sqlite'
export const storeFile = 'store/store.duckdb'
export const partitionFiles = 'store/files'

/** Of a backup of tables. */
export const tablesFile = 'tables.duckdb'
/** The statements that make them: for people, and for another database. */
export const definitionsFile = 'tables.sql'

/** What CHECKPOINT CREATE leaves for whoever copies the data directory. */
export function checkpointOf(dataDirectory: string): string {
  return join(dataDirectory, 'checkpoint')
}

/** QuestDB's trigger: a start that finds it restores the checkpoint beside it. */
export function triggerOf(dataDirectory: string): string {
  return join(dataDirectory, '_restore')
}

/** There while a restore is under way: what lies beside it is not whole. */
export function unfinishedOf(dataDirectory: string): string {
  return join(dataDirectory, '_restoring')
}

/** Files of rows beside the tables: partitions that were detached. */
export function filesOf(dataDirectory: string): string {
  return join(dataDirectory, partitionFiles)
}

/** Their second names while they are copied. */
export function heldFilesOf(dataDirectory: string): string {
  return join(dataDirectory, 'store', 'held')
}
