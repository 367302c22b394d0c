import { Map as PersistentMap } from 'immutable'
import type { RelationKey } from './names.ts'
import type { Relation, Schema } from './schema.ts'

/** A schema that can make its successor; each change has the next epoch. */
export interface SchemaSnapshot extends Schema {
  with(relation: Relation): SchemaSnapshot
  without(key: RelationKey): SchemaSnapshot
}

/** The schema of a new server. */
export const emptySchema: SchemaSnapshot = snapshot(0, PersistentMap())

function snapshot(epoch: number, byKey: PersistentMap<RelationKey, Relation>): SchemaSnapshot {
  let ordered: readonly Relation[] | undefined
  return {
    epoch,
    relation: (key) => byKey.get(key),
    relations: () => (ordered ??= [...byKey.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1))),
    with: (relation) => snapshot(epoch + 1, byKey.set(relation.key, relation)),
    without: (key) => snapshot(epoch + 1, byKey.delete(key)),
  }
}
