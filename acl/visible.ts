/** What a principal can see of the schema (questdb-rbac.md, G60). */
import { hasBit } from './bits.ts'
import { compareNames } from './compare-names.ts'
import {
  holdsAtDatabase,
  holdsOnTable,
  rightsOn,
  type EffectiveList,
  type RelationRights,
} from './effective-list.ts'
import { displayRelation, type RelationKey, type RelationName } from './names.ts'
import { relationPermissions, type PermissionName } from './permission-registry.ts'
import type { Column, Relation, Schema } from './schema.ts'

/** Whether any permission on relations is held on a whole relation, of whatever kind. */
function holdsTableWide(list: EffectiveList, rights: RelationRights): boolean {
  return relationPermissions.some(
    ({ name, index }) => holdsAtDatabase(list, name) || hasBit(rights.table, index),
  )
}

/** Whether a principal sees a relation: any permission reaches it or a column of it. */
export function isRelationVisible(list: EffectiveList, key: RelationKey): boolean {
  const rights = rightsOn(list, key)
  return rights.columns.size > 0 || holdsTableWide(list, rights)
}

/** The relations that a principal sees, by name (W1). */
export function visibleRelations(list: EffectiveList, schema: Schema): readonly Relation[] {
  return schema
    .relations()
    .filter(({ key }) => isRelationVisible(list, key))
    .toSorted((a, b) => compareNames(displayRelation(a), displayRelation(b)))
}

/** The columns of a relation that a principal sees: any permission covers them, implicit ones included. */
export function visibleColumns(list: EffectiveList, relation: Relation): readonly Column[] {
  const rights = rightsOn(list, relation.key)
  if (holdsTableWide(list, rights)) return relation.columns
  return relation.columns.filter((_column, place) =>
    [...rights.columns.values()].some((held) => hasBit(held, place)),
  )
}

/** The columns of a relation on which a permission is held, implicit ones included; of a view all or none. */
export function columnsHeld(
  list: EffectiveList,
  relation: Relation,
  permission: PermissionName,
): readonly Column[] {
  const rights = rightsOn(list, relation.key)
  if (holdsOnTable(list, rights, permission)) return relation.columns
  const held = rights.columns.get(permission)
  return held === undefined ? [] : relation.columns.filter((_column, place) => hasBit(held, place))
}

/**
 * How an error says a relation's name: as stored for whoever can see it (G60, Z1), else as the
 * statement wrote it, so that not even the spelling tells that it exists (R9).
 */
export function spokenName(list: EffectiveList, said: RelationName): RelationName {
  const { relation } = rightsOn(list, said.key)
  if (relation === undefined || !isRelationVisible(list, said.key)) return said
  return { key: relation.key, schema: relation.schema, name: relation.name }
}
