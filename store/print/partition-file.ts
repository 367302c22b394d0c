/** Rows of a partition into a Parquet file, and back. */
import { invariant } from '../../errors/invariant.ts'
import type { ExportPartition, ImportPartition } from '../bound.ts'
import { partitionPath } from '../partition-files.ts'
import type { SqlType } from '../sql-type.ts'
import { printLiteral } from './literal.ts'
import { columnName, qualifiedTableName } from './names.ts'
import type { Printer } from './printer.ts'
import { textLiteral } from './text-literal.ts'
import { engineType } from './type.ts'

/** Both ends of the span are values of the table, so that each row of the partition lies between. */
export function printExport(printer: Printer, change: ExportPartition): string {
  const { oid, columns, timestamp, min, max, file } = change
  const names = columns.map(({ attnum, type }) => {
    const name = columnName(attnum)
    return `${written(name, type)} AS ${name}`
  })
  const column = columnName(timestamp.attnum)
  const [from, to] = [min, max].map((value) => printLiteral(value, timestamp.type))
  const rows = `SELECT ${names.join(', ')} FROM ${qualifiedTableName(printer.database, oid)} WHERE ${column} >= ${from} AND ${column} <= ${to}`
  const path = partitionPath(directoryOf(printer), file, 'Written')
  // The file gets its name when it is on disk for good, which the engine does not see to.
  return `COPY (${rows}) TO ${textLiteral(path)} (FORMAT parquet, USE_TMP_FILE false)`
}

/** The defaults of the table stand for columns that are not in the file. */
export function printImport(printer: Printer, change: ImportPartition): string {
  const { target, columns, file } = change
  const names = columns.map(({ attnum }) => columnName(attnum))
  const values = columns.map(({ attnum, type }) => read(columnName(attnum), type))
  const path = partitionPath(directoryOf(printer), file, 'Published')
  const table = qualifiedTableName(printer.database, target.oid)
  return `INSERT INTO ${table} (${names.join(', ')}) SELECT ${values.join(', ')} FROM read_parquet(${textLiteral(path)})`
}

function directoryOf(printer: Printer): string {
  invariant(printer.filesDirectory !== undefined, 'whoever writes files knows where')
  return printer.filesDirectory
}

/** Parquet's own intervals have no microseconds, and none that are negative: they go as three numbers. */
function written(name: string, type: SqlType): string {
  return throughParts(name, type, (value) => {
    const part = (unit: string): string => `datepart('${unit}', ${value})`
    const months = `${part('year')} * 12 + ${part('month')}`
    const hours = `${part('hour')} * 3600000000 + ${part('minute')} * 60000000`
    return `CASE WHEN ${value} IS NOT NULL THEN struct_pack(m := ${months}, d := ${part('day')}, u := ${hours} + ${part('microsecond')}) END`
  })
}

function read(name: string, type: SqlType): string {
  const value = throughParts(
    name,
    type,
    (parts) =>
      `(to_months(CAST(${parts}.m AS INTEGER)) + to_days(CAST(${parts}.d AS INTEGER)) + to_microseconds(${parts}.u))`,
  )
  return `CAST(${value} AS ${engineType(type)})`
}

function throughParts(name: string, type: SqlType, convert: (value: string) => string): string {
  if (type.kind === 'Scalar' && type.name === 'interval') return convert(name)
  if (type.kind === 'Array' && type.element.name === 'interval') {
    return `list_transform(${name}, lambda x: ${convert('x')})`
  }
  return name
}
