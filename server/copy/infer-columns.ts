/** The columns of a table that COPY makes, from the first records of the file. */
import type { RelationName } from '../../acl/names.ts'
import { foldName } from '../../acl/names.ts'
import { quotedColumn } from '../../acl/sql-text.ts'
import type { CopyFrom } from '../../parser/statement.ts'
import type { CsvRecord } from './csv-parser.ts'

/** Records that are looked at; QuestDB looks at as many lines. */
export const sampledRecordsMax = 1000

export interface InferredColumn {
  readonly name: string
  readonly type: 'BOOLEAN' | 'LONG' | 'DOUBLE' | 'TIMESTAMP' | 'STRING'
}

/** Types by what every cell of the column looks like; cells without anything say nothing. */
const shapes = [
  ['BOOLEAN', (cell: string) => /^(?:true|false)$/i.test(cell)],
  ['LONG', (cell: string) => /^[+-]?\d{1,19}$/.test(cell) && isLong(BigInt(cell))],
  ['DOUBLE', (cell: string) => /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(cell)],
  [
    'TIMESTAMP',
    (cell: string) => /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?Z?$/.test(cell),
  ],
] as const

function isLong(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value
}

export function inferColumns(
  names: readonly string[],
  records: readonly CsvRecord[],
): readonly InferredColumn[] {
  return names.map((name, index) => {
    const cells = records
      .map(({ cells: all }) => all[index] ?? null)
      .filter((cell) => cell !== null)
    const shape = shapes.find(([, isOfShape]) => cells.length > 0 && cells.every(isOfShape))
    return { name, type: shape?.[0] ?? 'STRING' }
  })
}

/** The statement that makes the table: the same as if its author had written it. */
export function createTableText(
  name: RelationName,
  columns: readonly InferredColumn[],
  { timestamp, partitionBy }: CopyFrom['options'],
): string {
  const definitions = columns.map((column) => {
    const isDesignated =
      timestamp !== undefined && foldName(column.name) === foldName(timestamp.text)
    return `${quotedColumn(column.name)} ${isDesignated ? 'TIMESTAMP' : column.type}`
  })
  const designated = timestamp === undefined ? '' : ` TIMESTAMP(${quotedColumn(timestamp.text)})`
  const partition = partitionBy === undefined ? '' : ` PARTITION BY ${partitionBy}`
  const table = `${quotedColumn(name.schema)}.${quotedColumn(name.name)}`
  return `CREATE TABLE ${table} (${definitions.join(', ')})${designated}${partition}`
}
