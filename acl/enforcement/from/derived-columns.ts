import type { RangeId } from '../../../store/bound.ts'
import { foldName } from '../../names.ts'
import type { BindContext } from '../bind-context.ts'
import type { ScopeColumn } from '../scope.ts'
import type { KnownType } from '../typed-expression.ts'
import { typeField } from '../typed-expression.ts'

/** The columns of anything in FROM that is no table, by position from 1. */
export function derivedColumns(
  columns: readonly { readonly name: string; readonly type?: KnownType }[],
  { context, range }: { readonly context: BindContext; readonly range: RangeId },
): readonly ScopeColumn[] {
  return columns.map(({ name, type }, index): ScopeColumn => ({
    name,
    key: foldName(name),
    type,
    reference: { range, column: index + 1 },
    read: ({ location }) => {
      const expression = {
        kind: 'ColumnReference',
        range,
        column: index + 1,
        ...typeField(type),
      } as const
      if (location !== undefined) context.locations.set(expression, location)
      return { expression, type, location }
    },
  }))
}
