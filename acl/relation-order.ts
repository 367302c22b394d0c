/** The order in which relations can be made: each after those that it reads (questdb-rbac.md, W15). */
import type { BoundQuery } from '../store/bound.ts'
import { compareNames } from './compare-names.ts'
import { mapExpression, mapFromItem, mapQuery, type QueryMapper } from './enforcement/bound-tree.ts'
import { displayRelation, relationKey, type RelationKey } from './names.ts'
import type { Relation, View } from './schema.ts'

/** By name, but what a view reads stands before it. Views that read each other are invalid, in any order. */
export function inOrderOfCreation(relations: readonly Relation[]): readonly Relation[] {
  const byKey = new Map(relations.map((relation) => [relation.key, relation]))
  const seen = new Set<RelationKey>()
  const ordered: Relation[] = []
  const visit = (relation: Relation): void => {
    if (seen.has(relation.key)) return
    seen.add(relation.key)
    if (relation.kind === 'View') {
      const read = [...relationsReadBy(relation)].flatMap((key) => byKey.get(key) ?? [])
      for (const one of read.toSorted(compareRelations)) visit(one)
    }
    ordered.push(relation)
  }
  for (const relation of relations.toSorted(compareRelations)) visit(relation)
  return ordered
}

function compareRelations(a: Relation, b: Relation): number {
  return compareNames(displayRelation(a), displayRelation(b))
}

const known = new WeakMap<BoundQuery, ReadonlySet<RelationKey>>()

/** The names that a view's own definition reads; what an inner view reads is that view's matter. */
function relationsReadBy({ definition }: View): ReadonlySet<RelationKey> {
  const found = known.get(definition)
  if (found !== undefined) return found
  const keys = new Set<RelationKey>()
  const mapper: QueryMapper = {
    expression: (expression) => mapExpression(expression, mapper),
    query: (query) => mapQuery(query, mapper),
    fromItem: (item) => {
      if (item.kind === 'Relation') keys.add(relationKey(item.name))
      if (item.kind !== 'Derived' || item.view === undefined) return mapFromItem(item, mapper)
      keys.add(relationKey(item.view))
      return item
    },
  }
  mapQuery(definition, mapper)
  known.set(definition, keys)
  return keys
}
