import type { RangeVar } from '@pgsql/types'
import { foldName } from '../../names.ts'
import type { CteEntry, Scope } from '../scope.ts'
import { derivedColumns } from './derived-columns.ts'
import { renameColumns, timestampField, visibleItem } from './from-item.ts'
import type { FromDraft } from './from-item.ts'

/** A CTE's name in FROM. */
export function bindCteReference(cte: CteEntry, range: RangeVar, scope: Scope): FromDraft {
  const { context } = scope
  const text = range.alias?.aliasname ?? range.relname ?? ''
  cte.use(range.location, scope)
  const id = context.newRange({
    name: text,
    scope,
    columnName: (column) => cte.columns[column - 1]?.name ?? '',
  })
  scope.ownRanges.add(id)
  const item = visibleItem({
    name: { text, key: foldName(text) },
    columns: renameColumns(derivedColumns(cte.columns, { context, range: id }), range.alias, {
      scope,
      name: text,
    }),
    ...timestampField(cte.timestamp),
    missing: () => undefined,
    unknown: cte.failed ?? false,
  })
  return {
    item,
    items: [item],
    build: () => ({
      kind: 'CteReference',
      range: id,
      cte: cte.id,
      columnCount: cte.columns.length,
    }),
  }
}
