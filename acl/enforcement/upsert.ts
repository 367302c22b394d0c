import type { InsertStmt } from '@pgsql/types'
import type { BoundInsert } from '../../store/bound.ts'
import type { Table } from '../schema.ts'
import { notSupported } from './binding-errors.ts'
import type { BindContext } from './bind-context.ts'
import type { WriteTarget } from './write-target.ts'

/**
 * What DEDUP UPSERT KEYS of the table makes of an INSERT. It needs INSERT alone: that rows take the place of
 * others is the table's doing, asked for by who held DEDUP ENABLE, and who inserts neither sees the old rows
 * nor chooses what is kept of them (questdb-rbac.md, section 11, names no more either).
 */
export function upsertField(table: Table): Pick<BoundInsert, 'upsert'> {
  const { designatedTimestamp: timestamp, dedupKeys, columns } = table
  if (timestamp === undefined || dedupKeys.length === 0) return {}
  const keys = columns
    .filter(({ attnum }) => dedupKeys.includes(attnum))
    .map(({ attnum, type, hasDefault }) => ({ attnum, type, hasDefault }))
  return { upsert: { timestamp, keys } }
}

/** Two rules of what a row does that meets another, and rows given back of a statement that may drop some. */
export function refuseBesideUpsert(
  tree: InsertStmt,
  { table }: WriteTarget,
  context: BindContext,
): void {
  if (table === undefined || table.dedupKeys.length === 0) return
  const refuse = (what: string, location: number | undefined): void => {
    const words = `${what} on a table with deduplication`
    context.fail(notSupported(words, context.offsetOf(location)))
  }
  if (tree.onConflictClause !== undefined) {
    refuse('ON CONFLICT', tree.onConflictClause.location)
  }
  if (tree.returningClause !== undefined) {
    refuse('RETURNING', tree.relation?.location)
  }
}
