import type { RangeId } from '../../store/bound.ts'
import type { Table } from '../schema.ts'
import type { BindContext } from './bind-context.ts'
import type { ScopeColumn } from './scope.ts'

/**
 * The columns of the row that was to be inserted. They are the statement's own values, so that reading
 * them needs nothing; they have the table's attribute numbers.
 */
export function excludedColumns(
  table: Table | undefined,
  { context, range }: { readonly context: BindContext; readonly range: RangeId },
): readonly ScopeColumn[] {
  return (table?.columns ?? []).map(({ attnum, name, key, type }) => ({
    name,
    key,
    type,
    read: ({ location }) => {
      const expression = { kind: 'ColumnReference', range, column: attnum, type } as const
      if (location !== undefined) context.locations.set(expression, location)
      return { expression, type, location }
    },
  }))
}
