import type { RangeVar } from '@pgsql/types'
import { foldName } from '../../names.ts'
import type { RelationName } from '../../names.ts'
import type { Table } from '../../schema.ts'
import { unknownRelation } from '../binding-errors.ts'
import { lookUpRelation } from '../relation-lookup.ts'
import type { Scope } from '../scope.ts'
import { tableRange } from '../table-range.ts'
import { bindViewReference } from '../view/view-reference.ts'
import { bindCteReference } from './cte-reference.ts'
import { renameColumns, visibleItem } from './from-item.ts'
import type { FromDraft } from './from-item.ts'
import { bindSystemRelation } from './server-relation.ts'

/** A name in FROM: a CTE, a table or a view. */
export function bindRangeVar(range: RangeVar, scope: Scope): FromDraft {
  const { context } = scope
  if (range.schemaname === undefined && range.catalogname === undefined) {
    const cte = scope.cte(range.relname ?? '')
    if (cte !== undefined) return bindCteReference(cte, range, scope)
  }
  const system = bindSystemRelation(range, scope)
  if (system !== undefined) return system
  const { name, relation } = lookUpRelation(context, range)
  if (relation === undefined) return unknownTable(name, range, scope)
  if (relation.kind === 'View') return bindViewReference(relation, { name, range, scope })
  context.requirements.addSource(name, 'Table', range.location)
  return tableDraft(relation, { name, range, scope })
}

/** The name by which the query may use a relation: its alias, else its own. */
export function itemName(
  range: RangeVar,
  relation: RelationName,
): { readonly text: string; readonly key: ReturnType<typeof foldName> } {
  const text = range.alias?.aliasname ?? range.relname ?? relation.name
  return { text, key: foldName(text) }
}

function tableDraft(
  table: Table,
  given: { readonly name: RelationName; readonly range: RangeVar; readonly scope: Scope },
): FromDraft {
  const { name, range, scope } = given
  const { context } = scope
  const called = itemName(range, name)
  const id = context.newRange({
    name: called.text,
    scope,
    columnName: (attnum) => table.columns.find((column) => column.attnum === attnum)?.name ?? '',
    table,
    origin: (attnum) => ({ oid: table.oid, attnum }),
  })
  scope.ownRanges.add(id)
  const cut = tableRange(table, { context, name, range: id })
  const item = visibleItem({
    name: called,
    ...(range.alias === undefined ? { relation: name } : {}),
    columns: renameColumns(cut.columns, range.alias, { scope, name: called.text }),
    timestampIndex: table.columns.findIndex(({ attnum }) => attnum === table.designatedTimestamp),
    missing: (column) => context.requirements.addUnknownColumn(name, column),
  })
  return { item, items: [item], build: cut.project }
}

/** Stands for a relation that is not there: the rest of the statement is bound for its requirements. */
function unknownTable(name: RelationName, range: RangeVar, scope: Scope): FromDraft {
  const { context } = scope
  context.requirements.addSource(name, 'Unknown', range.location)
  context.fail(unknownRelation(name, 'table', context.offsetOf(range.location)))
  const item = visibleItem({
    name: itemName(range, name),
    ...(range.alias === undefined ? { relation: name } : {}),
    columns: [],
    missing: () => undefined,
    unknown: true,
  })
  const build: FromDraft['build'] = () => ({
    kind: 'Relation',
    range: 0,
    oid: 0,
    name: { schema: name.schema, name: name.name },
    columns: [],
  })
  return { item, items: [item], build }
}
