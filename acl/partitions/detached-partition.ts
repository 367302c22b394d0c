import type { SqlType } from '../../store/sql-type.ts'

/**
 * A partition that was taken out of its table, as the table's document has it: this alone says that the file
 * counts. It is written and taken away by the commit that takes the rows out or brings them back.
 */
export interface DetachedPartition {
  /** Where it begins: microseconds since 1970-01-01 (UTC). */
  readonly start: bigint
  readonly name: string
  /** Of the file's name; never given twice. */
  readonly file: number
  readonly rows: bigint
  readonly bytes: number
  /** Its least and its greatest timestamp. */
  readonly min: bigint
  readonly max: bigint
  /** The columns in the file, by what they were then. */
  readonly columns: readonly { readonly attnum: number; readonly type: SqlType }[]
}

/** What a statement adds to those that lie detached, and which it takes away, by their file. */
export interface DetachedPatch {
  readonly added: readonly DetachedPartition[]
  readonly removed: readonly number[]
}

/**
 * The list after a patch, in order.
 * @returns undefined where it does not fit: another statement detached the same, or attached it
 */
export function patchedDetached(
  old: readonly DetachedPartition[],
  { added, removed }: DetachedPatch,
): readonly DetachedPartition[] | undefined {
  const rest = old.filter(({ file }) => !removed.includes(file))
  if (rest.length + removed.length !== old.length) return undefined
  const taken = new Set(rest.map(({ start }) => start))
  if (added.some(({ start }) => taken.has(start))) return undefined
  return [...rest, ...added].toSorted((a, b) => (a.start < b.start ? -1 : 1))
}
