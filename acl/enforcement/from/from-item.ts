import type { BoundFromItem } from '../../../store/bound.ts'
import { foldName } from '../../names.ts'
import { duplicateAlias, invalidColumnReference } from '../binding-errors.ts'
import type { NamespaceItem, Scope, ScopeColumn } from '../scope.ts'
import type { Alias } from '@pgsql/types'
import { aliasColumnNames } from '../syntax.ts'

/** A FROM item while its query is bound. */
export interface FromDraft {
  /** The item itself: its columns, in order, are what a join or `*` sees of it. */
  readonly item: NamespaceItem
  /** What names it brings into scope: itself, and under a join without alias what the join consists of. */
  readonly items: readonly NamespaceItem[]
  /** The bound item; asked when the whole query is bound and each column read is known. */
  readonly build: () => BoundFromItem
}

/** Two items of one FROM may not have one name (parse_relation.c, checkNameSpaceConflicts). */
export function checkNameConflicts(
  scope: Scope,
  left: readonly NamespaceItem[],
  right: readonly NamespaceItem[],
): void {
  for (const item of right) {
    if (!item.nameVisible) continue
    const clash = left.some(
      (other) =>
        other.nameVisible &&
        other.name?.key === item.name?.key &&
        // `a.t, b.t` are told apart by their schemas.
        (other.relation === undefined ||
          item.relation === undefined ||
          other.relation.key === item.relation.key),
    )
    if (clash) scope.context.fail(duplicateAlias(item.name?.text ?? '', undefined))
  }
}

/** Columns under the names that an alias list gives them: `t AS x (a, b)`. */
export function renameColumns(
  columns: readonly ScopeColumn[],
  alias: Alias | undefined,
  { scope, name }: { readonly scope: Scope; readonly name: string },
): readonly ScopeColumn[] {
  const names = aliasColumnNames(alias)
  // A column that gets a name here is referred to: how many there are is told to who may read so many.
  for (const column of columns.slice(0, names.length)) {
    column.read({ throughStar: true, location: undefined })
  }
  if (names.length > columns.length) {
    scope.context.fail(
      invalidColumnReference(
        `table "${name}" has ${columns.length} columns available but ${names.length} columns specified`,
        undefined,
      ),
    )
  }
  return columns.map((column, index) => {
    const renamed = names[index]
    if (renamed === undefined) return column
    return {
      ...column,
      name: renamed,
      key: foldName(renamed),
      // The statement does not say the column's own name, and no error tells it (Z2).
      read: ({ location }) => column.read({ throughStar: true, location }),
    }
  })
}

/** An item as it stands in FROM, all of it visible. */
export function visibleItem(
  given: Pick<NamespaceItem, 'name' | 'relation' | 'columns' | 'missing'> & {
    readonly unknown?: boolean
    /** Index of the designated timestamp among the columns; absent or not there: none. */
    readonly timestampIndex?: number
  },
): NamespaceItem {
  const { timestampIndex, ...fields } = given
  const timestamp = timestampIndex === undefined ? undefined : given.columns[timestampIndex]
  return {
    unknown: false,
    nameVisible: true,
    columnsVisible: true,
    lateralOnly: false,
    lateralAllowed: true,
    ...fields,
    ...(timestamp === undefined ? {} : { timestamp }),
  }
}

/** Of a query that hands on a designated timestamp at a position from 1, if it does. */
export function timestampField(position: number | undefined): { readonly timestampIndex?: number } {
  return position === undefined ? {} : { timestampIndex: position - 1 }
}
