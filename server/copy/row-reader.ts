/** Records of a file as rows of a table: each cell by the text input of its column's type, as any client's text. */
import { parseInput } from '../../acl/types/input.ts'
import { foldName } from '../../acl/names.ts'
import type { Column, Table } from '../../acl/schema.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { CopyOptions } from '../../parser/statement.ts'
import type { SqlValue } from '../../store/sql-type.ts'
import type { CsvRecord } from './csv-parser.ts'
import { timestampReader } from './timestamp-format.ts'
import type { ReadTimestamp } from './timestamp-format.ts'

export interface ReadRow {
  /** Absent: the row is left out. */
  readonly values?: readonly SqlValue[]
  /** Cells and rows that could not be read. */
  readonly errors: number
}

export class RowReader {
  readonly #table: Table
  readonly #columns: readonly Column[]
  readonly #onError: NonNullable<CopyOptions['onError']>
  readonly #readTimestamp: ReadTimestamp | undefined

  constructor(table: Table, columns: readonly Column[], options: CopyOptions) {
    this.#table = table
    this.#columns = columns
    // QuestDB's default.
    this.#onError = options.onError ?? 'SKIP_COLUMN'
    this.#readTimestamp = options.format === undefined ? undefined : timestampReader(options.format)
  }

  /** @throws SqlError with ON ERROR ABORT. No message holds what the file holds: who imports may not read it (R7). */
  read({ line, cells, isMalformed }: CsvRecord): ReadRow {
    if (isMalformed) return this.#leaveOut(line, 'a quote stands where none can')
    if (cells.length !== this.#columns.length) {
      return this.#leaveOut(line, `${this.#columns.length} cells expected, not ${cells.length}`)
    }
    let errors = 0
    const values: SqlValue[] = []
    for (const [index, column] of this.#columns.entries()) {
      let value = this.#value(cells[index] ?? null, column)
      if (value === undefined) {
        const what = `column "${column.name}" has no value of its type`
        if (this.#onError !== 'SKIP_COLUMN') return this.#leaveOut(line, what)
        errors += 1
        value = null
      }
      if (value === null && column.notNull) {
        return this.#leaveOut(line, `column "${column.name}" may not be null`)
      }
      values.push(value)
    }
    return { values, errors }
  }

  #leaveOut(line: number, what: string): ReadRow {
    if (this.#onError !== 'ABORT') return { errors: 1 }
    throw new SqlError(SqlState.BadCopyFileFormat, `line ${line}: ${what}`)
  }

  /** Nothing at all is NULL; so is "" but for texts. @returns undefined for what is no such value */
  #value(cell: string | null, column: Column): SqlValue | undefined {
    if (cell === null || (cell === '' && !isText(column))) return null
    if (column.attnum === this.#table.designatedTimestamp && this.#readTimestamp !== undefined) {
      return this.#readTimestamp(cell)
    }
    try {
      return cell.includes('\0') ? undefined : parseInput(cell, column.type, { timeZone: 'UTC' })
    } catch (error) {
      if (error instanceof SqlError) return undefined
      throw error
    }
  }
}

function isText({ type }: Column): boolean {
  return type.kind === 'Scalar' && ['text', 'varchar', 'bpchar'].includes(type.name)
}

/**
 * The columns that the cells fill: by the header's names, else the first ones.
 * @throws SqlError 42703, 42701, 22P04
 */
export function filledColumns(
  table: Table,
  header: readonly (string | null)[] | undefined,
  width: number,
): readonly Column[] {
  if (header === undefined) {
    if (width > table.columns.length) {
      throw new SqlError(
        SqlState.BadCopyFileFormat,
        `the file has ${width} columns, the table ${table.columns.length}`,
      )
    }
    return table.columns.slice(0, width)
  }
  const columns = header.map((name, index) => {
    const key = foldName((name ?? '').trim())
    const column = table.columns.find((one) => one.key === key)
    if (column !== undefined) return column
    throw new SqlError(
      SqlState.UndefinedColumn,
      `the header's column ${index + 1} is not one of the table`,
    )
  })
  if (new Set(columns).size < columns.length) {
    throw new SqlError(SqlState.DuplicateColumn, 'the header has a column twice')
  }
  return columns
}
