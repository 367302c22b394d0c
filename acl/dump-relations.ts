/** Relations as the statements that make them, each after those that it reads (questdb-rbac.md, W15, W17). */
import type { Actor } from './actor.ts'
import { dumpInvalidView } from './dump-invalid-view.ts'
import { effectiveList, holdsAtDatabase, type EffectiveList } from './effective-list.ts'
import type { AccessModel } from './model.ts'
import { permission } from './permission-registry.ts'
import { inOrderOfCreation } from './relation-order.ts'
import type { Relation } from './schema.ts'
import { definitionOf } from './show-definition.ts'
import { withoutColumns } from './schema-changes.ts'
import { invalidViews } from './view-reads.ts'
import { columnsHeld } from './visible.ts'

const select = permission('SELECT')

/** The relations of which the actor may SELECT a column; of a table, what it may (R9). */
export function dumpRelations(
  model: AccessModel,
  actor: Actor,
  shown: { readonly tables: boolean; readonly views: boolean },
): readonly string[] {
  const list = effectiveList(model, actor.effective)
  const relations = model.schema
    .relations()
    .filter(({ kind }) => (kind === 'Table' ? shown.tables : shown.views))
    .flatMap((relation) => readablePart(list, relation) ?? [])
  // Stand-ins tell what is inside a view, and need the names of what is not dumped with it.
  const isWhole = shown.tables && shown.views && holdsAtDatabase(list, select)
  const invalid = isWhole ? invalidViews(model.schema) : new Set()
  const ordered = inOrderOfCreation(relations)
  return [
    // The outer ones first: an inner one's name is its stand-in's until then.
    ...ordered
      .toReversed()
      .flatMap((one) => (one.kind === 'View' && invalid.has(one.key) ? dumpInvalidView(one) : [])),
    ...ordered.flatMap((one) => (invalid.has(one.key) ? [] : [definitionOf(one)])),
  ]
}

/** A table without the columns that may not be read, and without what is said about them. */
function readablePart(list: EffectiveList, relation: Relation): Relation | undefined {
  const held = new Set(columnsHeld(list, relation, select))
  if (held.size === 0) return undefined
  if (relation.kind === 'View') return relation
  const hidden = relation.columns.filter((column) => !held.has(column))
  return withoutColumns(
    relation,
    hidden.map(({ attnum }) => attnum),
  )
}
