/** Relations as the statements that make them, each after those that it reads (questdb-rbac.md, W15, W17). */
import type { Actor } from './actor.ts'
import { effectiveList, type EffectiveList } from './effective-list.ts'
import type { AccessModel } from './model.ts'
import { permission } from './permission-registry.ts'
import { inOrderOfCreation } from './relation-order.ts'
import type { Relation } from './schema.ts'
import { definitionOf } from './show-definition.ts'
import { withoutColumns } from './schema-changes.ts'
import { columnsHeld } from './visible.ts'

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
  return inOrderOfCreation(relations).map(definitionOf)
}

/** A table without the columns that may not be read, and without what is said about them. */
function readablePart(list: EffectiveList, relation: Relation): Relation | undefined {
  const held = new Set(columnsHeld(list, relation, permission('SELECT')))
  if (held.size === 0) return undefined
  if (relation.kind === 'View') return relation
  const hidden = relation.columns.filter((column) => !held.has(column))
  return withoutColumns(
    relation,
    hidden.map(({ attnum }) => attnum),
  )
}
