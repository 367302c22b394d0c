import type { RangeSubselect } from '@pgsql/types'
import { foldName } from '../../names.ts'
import { notSupported } from '../binding-errors.ts'
import type { Scope } from '../scope.ts'
import { derivedColumns } from './derived-columns.ts'
import { renameColumns, timestampField, visibleItem } from './from-item.ts'
import type { FromDraft } from './from-item.ts'

/** A subquery in FROM; with LATERAL it sees the items to its left. */
export function bindSubselect(node: RangeSubselect, scope: Scope): FromDraft {
  const { context } = scope
  const { subquery } = node
  if (subquery === undefined || !('SelectStmt' in subquery)) {
    throw notSupported('this kind of subquery in FROM', undefined)
  }
  const lateral = node.lateral ?? false
  const query = withLateral(scope, lateral, () => context.binders.query(subquery.SelectStmt, scope))
  const text = node.alias?.aliasname
  const id = context.newRange({
    name: text ?? 'unnamed_subquery',
    scope,
    columnName: (column) => query.columns[column - 1]?.name ?? '',
    origin: (column) => query.columns[column - 1]?.origin,
  })
  scope.ownRanges.add(id)
  const item = visibleItem({
    ...(text === undefined ? {} : { name: { text, key: foldName(text) } }),
    columns: renameColumns(derivedColumns(query.columns, { context, range: id }), node.alias, {
      scope,
      name: text ?? 'unnamed_subquery',
    }),
    ...timestampField(query.timestamp),
    missing: () => undefined,
  })
  return {
    item,
    items: [item],
    build: () => ({ kind: 'Derived', range: id, query, lateral }),
  }
}

/** Binds something in FROM while the items to its left are in reach, or not. */
export function withLateral<T>(scope: Scope, lateral: boolean, bind: () => T): T {
  const before = scope.lateralActive
  scope.lateralActive = lateral
  try {
    return bind()
  } finally {
    scope.lateralActive = before
  }
}
