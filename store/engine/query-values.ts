import duckdb from '@duckdb/node-bindings'
import type { Connection, Result } from '@duckdb/node-bindings'
import type { SqlValue } from '../sql-type.ts'
import { engineTypeOf, sqlTypeOf } from './engine-type.ts'
import { valueReader } from './vector-reader.ts'

/** Runs a small query of our own, with constants only, and reads all of its rows. */
export async function queryValues(
  connection: Connection,
  sql: string,
): Promise<readonly (readonly SqlValue[])[]> {
  const result = await duckdb.query(connection, sql)
  const types = Array.from({ length: duckdb.column_count(result) }, (_, column) =>
    engineTypeOf(duckdb.column_logical_type(result, column)),
  )
  const rows: SqlValue[][] = []
  for (;;) {
    const chunk = await duckdb.fetch_chunk(result)
    const count = chunk === null ? 0 : duckdb.data_chunk_get_size(chunk)
    if (chunk === null || count === 0) return rows
    const readers = types.map((engineType, column) =>
      valueReader(duckdb.data_chunk_get_vector(chunk, column), count, {
        engineType,
        sqlType: sqlTypeOf(engineType),
      }),
    )
    for (let row = 0; row < count; row++) rows.push(readers.map((read) => read(row)))
  }
}

/** Runs a statement of our own whose rows nobody wants. */
export async function runQuietly(connection: Connection, sql: string): Promise<Result> {
  return await duckdb.query(connection, sql)
}

/** What a query of our own gave as text. */
export function textOf(value: SqlValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}

/** A text of our own as a literal of the engine: only quotes need care (duckdb-hardening.md, 2.1). */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A name as an identifier of the engine. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
