import type { TimestampClause } from '../../../parser/query-clauses.ts'
import { foldName } from '../../names.ts'
import { unknownColumn } from '../binding-errors.ts'
import type { NamespaceItem, Scope, ScopeColumn } from '../scope.ts'
import { isTimestampType, notATimestamp } from '../time-series/designated-timestamp.ts'
import type { FromDraft } from './from-item.ts'

/** TIMESTAMP(column) behind an item of FROM: the column is its designated timestamp. It is read so. */
export function withTimestampClause(
  draft: FromDraft,
  clause: TimestampClause | undefined,
  scope: Scope,
): FromDraft {
  if (clause === undefined) return draft
  const timestamp = chosenColumn(draft.item, clause, scope)
  if (timestamp === undefined) return draft
  const item = { ...draft.item, timestamp }
  return { ...draft, item, items: draft.items.map((one) => (one === draft.item ? item : one)) }
}

function chosenColumn(
  item: NamespaceItem,
  { column: { text, span } }: TimestampClause,
  { context }: Scope,
): ScopeColumn | undefined {
  const key = foldName(text)
  const [column] = item.columns.filter((one) => one.key === key)
  if (column === undefined) {
    if (item.unknown) return undefined
    item.missing(text)
    context.fail(unknownColumn(text, span.start))
    return undefined
  }
  column.read({ throughStar: false, location: undefined, written: text })
  if (isTimestampType(column.type)) return column
  context.fail(notATimestamp(text, span.start))
  return undefined
}
