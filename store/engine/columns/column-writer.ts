import type { VectorView } from '../vector-view.ts'

/**
 * Writes the values of one column of one chunk in one wire format. Made per chunk by the column's
 * {@link ColumnEncoder}, so that a row costs one call a column and no object
 * (performance.md, section 4, "Rows").
 */
export interface ColumnWriter {
  /** One bit a row, set where there is a value; absent where all rows have one. */
  readonly validity: Uint8Array | undefined
  /** No more bytes than this are written for the rows asked for. */
  readonly bytesMax: number
  /** Writes the value of `row` at `at`; gives the offset behind it. */
  write(row: number, out: Buffer, at: number): number
}

/** Rows of a chunk that are to be written: `from` up to, not including, `to`. */
export interface RowRange {
  readonly from: number
  readonly to: number
}

/** Chosen once a result, by the column's types and format. */
export type ColumnEncoder = (view: VectorView, range: RowRange) => ColumnWriter
