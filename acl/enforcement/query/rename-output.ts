import type { BoundQuery } from '../../../store/bound.ts'
import type { BindContext } from '../bind-context.ts'
import { invalidColumnReference } from '../binding-errors.ts'

/** Column names given outside: `WITH x (a, b) AS`, `CREATE VIEW v (a, b) AS`. */
export function renameOutput(
  query: BoundQuery,
  names: readonly string[],
  context: BindContext,
): BoundQuery {
  if (names.length === 0) return query
  if (names.length > query.columns.length) {
    context.fail(
      invalidColumnReference(
        `query has ${query.columns.length} columns available but ${names.length} columns specified`,
        undefined,
      ),
    )
  }
  return {
    ...query,
    columns: query.columns.map((column, index) => ({
      ...column,
      name: names[index] ?? column.name,
    })),
  }
}
