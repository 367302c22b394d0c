import type { RangeVar } from '@pgsql/types'
import type { BoundDerived } from '../../../store/bound.ts'
import { foldName } from '../../names.ts'
import type { RelationName } from '../../names.ts'
import type { View } from '../../schema.ts'
import { derivedColumns } from '../from/derived-columns.ts'
import { renameColumns, timestampField, visibleItem } from '../from/from-item.ts'
import type { FromDraft } from '../from/from-item.ts'
import type { Scope } from '../scope.ts'
import { expandView } from './expand-view.ts'

/** A view in FROM: SELECT on it is all that is needed, what it reads is written out (V1). */
export function bindViewReference(
  view: View,
  given: { readonly name: RelationName; readonly range: RangeVar; readonly scope: Scope },
): FromDraft {
  const { name, range, scope } = given
  const { context } = scope
  context.requirements.addSource(name, 'View', range.location)
  const text = range.alias?.aliasname ?? range.relname ?? view.name
  const id = context.newRange({
    name: text,
    scope,
    columnName: (column) => view.columns[column - 1]?.name ?? '',
    origin: (column) => ({ oid: view.oid, attnum: column }),
  })
  scope.ownRanges.add(id)
  const query = context.attempt(
    () => expandView(view, { context, location: range.location }),
    undefined,
  )
  const item = visibleItem({
    name: { text, key: foldName(text) },
    ...(range.alias === undefined ? { relation: name } : {}),
    columns: renameColumns(derivedColumns(view.columns, { context, range: id }), range.alias, {
      scope,
      name: text,
    }),
    ...timestampField(view.definition.timestamp),
    missing: (column) => context.requirements.addUnknownColumn(name, column),
  })
  const build = (): BoundDerived => ({
    kind: 'Derived',
    range: id,
    query: query ?? view.definition,
    lateral: false,
    view: { schema: view.schema, name: view.name },
  })
  return { item, items: [item], build }
}
