/** The order in which relations can be made: each after those that it reads (questdb-rbac.md, W15). */
import { compareNames } from './compare-names.ts'
import { displayRelation, type RelationKey } from './names.ts'
import type { Relation } from './schema.ts'
import { readBy } from './view-reads.ts'

/** By name, but what a view reads stands before it. Views that read each other are invalid, in any order. */
export function inOrderOfCreation(relations: readonly Relation[]): readonly Relation[] {
  const byKey = new Map(relations.map((relation) => [relation.key, relation]))
  const seen = new Set<RelationKey>()
  const ordered: Relation[] = []
  const visit = (relation: Relation): void => {
    if (seen.has(relation.key)) return
    seen.add(relation.key)
    if (relation.kind === 'View') {
      const read = readBy(relation).flatMap(({ key }) => byKey.get(key) ?? [])
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
