/**
 * INSERT into a table with DEDUP UPSERT KEYS: a row takes the place of all rows with equal keys. One MERGE
 * deletes these and inserts the new ones, so that the statement stays one atomic unit, and columns that
 * are left out get their defaults as in any INSERT. No unique index is needed, and none would do: rows from
 * before the keys were chosen may break it, and the engine's ON CONFLICT loses rows that meet each
 * other (see insert-source.ts).
 *
 *     MERGE INTO t AS "d" USING (
 *       SELECT "s".*, "f"."new", CASE WHEN "f"."new" THEN NULL ELSE <timestamp> END AS "at"
 *       FROM (<rows, one a key>) AS "s", (VALUES (false), (true)) AS "f"("new")
 *     ) AS "s" ON (<timestamp of d> = "s"."at" AND <other keys> IS NOT DISTINCT FROM ...)
 *     WHEN MATCHED THEN DELETE WHEN NOT MATCHED AND "s"."new" THEN INSERT ...
 *
 * Each row is there twice: once to find what it replaces, once, without a timestamp to be found by, to be
 * inserted. The equality of timestamps lets the engine join by hash and skip row groups; a condition on
 * "new" in its place made it compare every row with every other (measured on 1.5.6).
 */
import { invariant } from '../../errors/invariant.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { BoundInsert, BoundQuery, BoundUpsert, UpsertKey } from '../bound.ts'
import { columnName, outputName, outputNames, qualifiedTableName } from './names.ts'
import type { Printer } from './printer.ts'
import { printWith } from './query.ts'
import { stageName } from './stage-name.ts'
import { engineType } from './type.ts'

export interface PrintedUpsert {
  readonly sql: string
  /**
   * Rows that the statement gives, where that is not written down in it: a query that is stored first
   * under {@link stageName}, so that it is run once, and its rows are counted.
   */
  readonly stage?: string
  /** Rows that the statement gives, where it is. INSERT says how many were given, as QuestDB does. */
  readonly rowCount?: number
}

/** @throws SqlError 0A000 for what only the physical table knows */
export function printUpsert(
  printer: Printer,
  insert: BoundInsert,
  upsert: BoundUpsert,
): PrintedUpsert {
  const written = writtenOut(insert)
  if (written === undefined) {
    if (upsert.keys.some(({ hasDefault }) => hasDefault)) throw keyByDefault()
    // The timestamp is left out, which the physical table refuses in its own words.
    const table = qualifiedTableName(printer.database, insert.target.oid)
    return { sql: `INSERT INTO ${table} DEFAULT VALUES`, rowCount: 1 }
  }
  const { rows, columns } = written
  const source = printRows(printer, insert, rows)
  const count = rows.body.kind === 'Values' && isWhole(rows) ? rows.body.rows.length : undefined
  const merge = (from: string): string => printMerge(printer, insert, { upsert, columns, from })
  if (count === 1) return { sql: merge(source), rowCount: 1 }
  const last = (from: string): string => lastOfEqualKeys(from, { upsert, columns })
  if (count !== undefined) return { sql: merge(last(source)), rowCount: count }
  return {
    stage: `CREATE TEMPORARY TABLE ${stageName} AS ${source}`,
    sql: merge(last(`SELECT * FROM ${stageName}`)),
  }
}

interface Rows {
  readonly rows: BoundQuery
  readonly columns: readonly number[]
}

/** A VALUES that is all of the query. */
function isWhole({ orderBy, limit, offset }: BoundQuery): boolean {
  return orderBy.length === 0 && limit === undefined && offset === undefined
}

/** The rows without DEFAULT, which stands only where an INSERT has its VALUES: its column is left out. */
function writtenOut({ columns, source }: BoundInsert): Rows | undefined {
  if (source === undefined) return undefined
  const { body } = source
  if (body.kind !== 'Values') return { rows: source, columns }
  const isDefault = columns.map((_, index) =>
    body.rows.map((row) => row[index]?.kind === 'DefaultValue'),
  )
  if (isDefault.some((column) => column.includes(true) && column.includes(false))) {
    throw defaultOfSomeRows()
  }
  const isKept = (_: unknown, index: number): boolean => isDefault[index]?.includes(true) !== true
  const kept = columns.filter(isKept)
  if (kept.length === 0) return undefined
  return {
    columns: kept,
    rows: {
      ...source,
      columns: source.columns.filter(isKept),
      body: { ...body, rows: body.rows.map((row) => row.filter(isKept)) },
    },
  }
}

function printRows(printer: Printer, insert: BoundInsert, rows: BoundQuery): string {
  const names = outputNames(rows.columns.length)
  const select = `SELECT ${names} FROM (${printer.query(rows)}) AS "s"(${names})`
  return [printWith(printer, insert), select].filter((part) => part !== '').join(' ')
}

interface UpsertPlace {
  readonly upsert: BoundUpsert
  readonly columns: readonly number[]
}

/** Later rows are further down: the engine keeps the order of what it reads. */
function lastOfEqualKeys(from: string, place: UpsertPlace): string {
  const keys = place.upsert.keys.map((key) => keyOfSource(key, place.columns)).join(', ')
  return (
    `SELECT * FROM (SELECT *, row_number() OVER () AS "o" FROM (${from}) AS "s") AS "s" ` +
    `QUALIFY row_number() OVER (PARTITION BY ${keys} ORDER BY "o" DESC) = 1`
  )
}

/** A key as it will be stored: rounded, for one, to the digits that the column has. */
function keyOfSource(key: UpsertKey, columns: readonly number[]): string {
  const index = columns.indexOf(key.attnum)
  if (index === -1 && key.hasDefault) throw keyByDefault()
  const value = index === -1 ? 'NULL' : `"s".${outputName(index + 1)}`
  return `CAST(${value} AS ${engineType(key.type)})`
}

function printMerge(
  printer: Printer,
  insert: BoundInsert,
  { upsert, columns, from }: UpsertPlace & { readonly from: string },
): string {
  const timestamp = upsert.keys.find(({ attnum }) => attnum === upsert.timestamp)
  invariant(timestamp, 'the designated timestamp is one of the keys')
  const found = upsert.keys
    .filter((key) => key !== timestamp)
    .map((key) => {
      const own = `"d".${columnName(key.attnum)}`
      return `${own} IS NOT DISTINCT FROM ${keyOfSource(key, columns)}`
    })
  const on = [`"d".${columnName(timestamp.attnum)} = "s"."at"`, ...found].join(' AND ')
  const names = columns.map(columnName).join(', ')
  const values = columns.map((_, index) => `"s".${outputName(index + 1)}`).join(', ')
  return [
    `MERGE INTO ${qualifiedTableName(printer.database, insert.target.oid)} AS "d"`,
    `USING (SELECT "s".*, "f"."new", CASE WHEN "f"."new" THEN NULL`,
    `ELSE ${keyOfSource(timestamp, columns)} END AS "at"`,
    `FROM (${from}) AS "s", (VALUES (false), (true)) AS "f"("new")) AS "s" ON (${on})`,
    'WHEN MATCHED THEN DELETE WHEN NOT MATCHED AND "s"."new" THEN INSERT',
    `(${names}) VALUES (${values})`,
  ].join(' ')
}

function keyByDefault(): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    'leaving out a deduplication key that has a default is not supported',
    { hint: 'Name the column in the list of columns, and give its value.' },
  )
}

function defaultOfSomeRows(): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    'DEFAULT in some rows of VALUES of an INSERT with deduplication is not supported',
    { hint: 'Insert these rows by themselves, or leave the column out of the list of columns.' },
  )
}
