import duckdb from '@duckdb/node-bindings'
import type { Connection } from '@duckdb/node-bindings'
import { identifier, queryValues, runQuietly, textOf } from './query-values.ts'

export const commitsTableName = 'grantd_commits'

/**
 * Where a transaction that writes tables and catalog leaves its number, so that a crash between the two
 * commits can be told (architecture.md, "The life of a statement").
 */
export function commitsTable(databaseAlias: string): string {
  return `${identifier(databaseAlias)}."main".${identifier(commitsTableName)}`
}

export async function recordCommit(
  connection: Connection,
  databaseAlias: string,
  transactionNumber: number,
): Promise<void> {
  await runQuietly(
    connection,
    `INSERT INTO ${commitsTable(databaseAlias)} VALUES (${BigInt(transactionNumber)})`,
  )
}

/** Has the engine take its snapshot, which it puts off to the first statement that looks at the tables. */
export async function takeSnapshot(connection: Connection, databaseAlias: string): Promise<void> {
  await runQuietly(connection, `SELECT 1 FROM ${commitsTable(databaseAlias)} LIMIT 1`)
}

export async function hasCommitted(
  connection: Connection,
  databaseAlias: string,
  transactionNumber: number,
): Promise<boolean> {
  const table = commitsTable(databaseAlias)
  const sql = `SELECT 1 FROM ${table} WHERE n = ${BigInt(transactionNumber)}`
  return (await queryValues(connection, sql)).length > 0
}

export async function forgetCommitsBelow(
  connection: Connection,
  databaseAlias: string,
  transactionNumber: number,
): Promise<void> {
  await runQuietly(
    connection,
    `DELETE FROM ${commitsTable(databaseAlias)} WHERE n < ${BigInt(transactionNumber)}`,
  )
}

/** Drops `t<oid>` tables whose oid is not wanted; nothing else is ever dropped. */
export async function sweepTables(
  connection: Connection,
  databaseAlias: string,
  wanted: ReadonlySet<number>,
): Promise<readonly number[]> {
  const present = await physicalTables(connection, databaseAlias)
  const swept = present.filter((oid) => !wanted.has(oid))
  for (const oid of swept) {
    await runQuietly(connection, `DROP TABLE ${identifier(databaseAlias)}."main"."t${oid}"`)
  }
  return swept
}

export async function physicalTables(
  connection: Connection,
  databaseAlias: string,
): Promise<readonly number[]> {
  const rows = await queryValues(
    connection,
    `SELECT database_name, table_name FROM duckdb_tables() WHERE schema_name = 'main'`,
  )
  return rows
    .filter(([database]) => database === databaseAlias)
    .map(([, table]) => /^t(\d+)$/.exec(textOf(table))?.[1])
    .filter((oid) => oid !== undefined)
    .map(Number)
}

/** Writes everything into the data file and empties the write-ahead log. */
export async function checkpoint(connection: Connection, databaseAlias: string): Promise<void> {
  await duckdb.query(connection, `CHECKPOINT ${identifier(databaseAlias)}`)
}
