import type { Notice } from '../../../errors/notice.ts'
import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import type { IndexOptions, IntegerLiteral, SymbolOptions } from '../../../parser/statement.ts'
import { defaultSymbol, isSymbol } from '../../schema.ts'
import type { Column, ColumnIndex, SymbolStorage } from '../../schema.ts'
import { wrongObject } from '../binding-errors.ts'

/** What QuestDB keeps of a SYMBOL column; both are shown and dumped, and no result depends on them. */
export type ColumnStorage = Pick<Column, 'symbol' | 'index'>

/** CAPACITY, CACHE and INDEX behind the type of a column. */
export function defineColumnStorage(given: {
  readonly symbol?: SymbolOptions
  readonly index?: IndexOptions
}): ColumnStorage {
  const { symbol, index } = given
  return {
    ...(symbol === undefined ? {} : { symbol: symbolStorage(defaultSymbol, symbol) }),
    ...(index === undefined ? {} : { index: columnIndex(index.capacity) }),
  }
}

/** What a SYMBOL column is kept like after options that leave out what stays. */
export function symbolStorage(before: SymbolStorage, options: SymbolOptions): SymbolStorage {
  const { capacity, cached = before.cached } = options
  return {
    capacity: capacity === undefined ? before.capacity : powerOfTwo(capacity, 'symbol capacity'),
    cached,
  }
}

/** QuestDB's default of cairo.index.value.block.size. */
const indexCapacityDefault = 256

export function columnIndex(capacity: IntegerLiteral | undefined): ColumnIndex {
  if (capacity === undefined) return { capacity: indexCapacityDefault }
  return { capacity: powerOfTwo(capacity, 'index capacity') }
}

/** QuestDB's bounds of both (TableUtils). */
const capacityMin = 2
const capacityMax = 2 ** 30

/** QuestDB takes the next power of two. */
function powerOfTwo({ value, span }: IntegerLiteral, what: string): number {
  const offset = span.start
  if (value < capacityMin) throw invalidValue(`min ${what} is ${capacityMin}`, offset)
  if (value > capacityMax) throw invalidValue(`max ${what} is ${capacityMax}`, offset)
  return 2 ** Math.ceil(Math.log2(value))
}

export function invalidValue(message: string, offset: number): SqlError {
  return new SqlError(SqlState.InvalidParameterValue, message, { offset })
}

/** Indexes and caches are of SYMBOL columns only (QuestDB). */
export function requireSymbol(column: Column, what: string, offset: number): void {
  if (isSymbol(column)) return
  const type = column.declaredType
  throw wrongObject(
    `${what} only supported for symbol type [column=${column.name}, type=${type}]`,
    offset,
  )
}

/**
 * The engine's own index is not used: with changes of rows and of columns around it, it ends the engine
 * ("Failed to delete all rows from index", fatal) or cannot be read again after a crash (measured with
 * DuckDB 1.5.6, two sessions that insert, update, delete and alter beside each other). Rows are found by the
 * engine's statistics of each row group.
 */
export function indexIsDeclaredOnly(column: string): Notice {
  return {
    severity: 'NOTICE',
    sqlState: SqlState.SuccessfulCompletion,
    message: `the index of column "${column}" is kept as a property of the table: it is shown and dumped, and no query uses it`,
  }
}
