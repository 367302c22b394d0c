/**
 * Effective lists (questdb-rbac.md, G5 to G7, G37): what counts for one principal, own entries and
 * those of its groups united, as bits. A list is made once per principal and model, when it is first
 * asked for; what it says about one relation is made when that relation is first asked about. A list
 * is kept over changes that touch neither its entries nor the schema.
 */
import type { GranteeEntries, RelationEntries } from './access-entries.ts'
import type { PrincipalReference } from './actor.ts'
import { addBit, bitsFor, hasBit, type Bits } from './bits.ts'
import type { Principal } from './effect.ts'
import { entriesOf, groupsOf, storedPrincipal, type AccessModel } from './model.ts'
import type { RelationKey } from './names.ts'
import {
  databaseAdmin,
  describePermission,
  permission,
  permissions,
  type PermissionName,
} from './permission-registry.ts'
import { emptySchema } from './schema-snapshot.ts'
import type { Relation, Schema } from './schema.ts'

export interface EffectiveList {
  /** The built-in admin (A2) and whoever has DATABASE ADMIN (L8). */
  readonly holdsEverything: boolean
  /** Permissions at database scope, by their number in the registry. */
  readonly database: Bits
  /** What is united here: the own entries first, then those of each group. */
  readonly sources: readonly GranteeEntries[]
  readonly schema: Schema
  readonly byRelation: Map<RelationKey, RelationRights>
}

/** What a list says about one relation's name, beside what it holds at the database. */
export interface RelationRights {
  /** The relation of that name, if there is one. */
  readonly relation: Relation | undefined
  /** Permissions at table scope. */
  readonly table: Bits
  /** Permissions at a column that exists: by permission, the columns by their place in the relation. */
  readonly columns: ReadonlyMap<PermissionName, Bits>
}

/** The permissions that spread from any column to the designated timestamp (G37). */
export const implicitPermissions: readonly PermissionName[] = [
  permission('SELECT'),
  permission('UPDATE'),
]

const nothingAtAll: EffectiveList = listOf([], emptySchema)
const everything: EffectiveList = { ...nothingAtAll, holdsEverything: true }
const noRights: RelationRights = {
  relation: undefined,
  table: bitsFor(permissions.length),
  columns: new Map(),
}

const listsOfModel = new WeakMap<AccessModel, Map<Principal, EffectiveList>>()
const latestList = new WeakMap<Principal, EffectiveList>()

/** The list of a principal; of one that does not exist any more, a list that holds nothing. */
export function effectiveList(model: AccessModel, reference: PrincipalReference): EffectiveList {
  if (reference.kind === 'BuiltInAdmin') return everything
  const principal = storedPrincipal(model, reference)
  if (principal === undefined) return nothingAtAll
  let lists = listsOfModel.get(model)
  if (lists === undefined) listsOfModel.set(model, (lists = new Map()))
  let list = lists.get(principal)
  if (list === undefined) lists.set(principal, (list = makeList(model, principal)))
  return list
}

/** Entries that count for a principal: its own and those of its groups (G5). */
export function effectiveSources(
  model: AccessModel,
  principal: Principal,
): readonly GranteeEntries[] {
  return [principal, ...groupsOf(model, principal.id)].map(({ key }) => entriesOf(model, key))
}

function makeList(model: AccessModel, principal: Principal): EffectiveList {
  const sources = effectiveSources(model, principal)
  const latest = latestList.get(principal)
  if (latest !== undefined && latest.schema === model.schema && isSame(latest.sources, sources)) {
    return latest
  }
  const list = listOf(sources, model.schema)
  latestList.set(principal, list)
  return list
}

function isSame(a: readonly GranteeEntries[], b: readonly GranteeEntries[]): boolean {
  return a.length === b.length && a.every((source, index) => source === b[index])
}

function listOf(sources: readonly GranteeEntries[], schema: Schema): EffectiveList {
  const database = bitsFor(permissions.length)
  for (const source of sources) {
    for (const name of source.database.keys()) addBit(database, describePermission(name).index)
  }
  return {
    holdsEverything: hasBit(database, describePermission(databaseAdmin).index),
    database,
    sources,
    schema,
    byRelation: new Map(),
  }
}

/** Whether a permission is held at database scope. */
export function holdsAtDatabase(list: EffectiveList, name: PermissionName): boolean {
  return list.holdsEverything || hasBit(list.database, describePermission(name).index)
}

/** What the list says about a relation's name. */
export function rightsOn(list: EffectiveList, key: RelationKey): RelationRights {
  const known = list.byRelation.get(key)
  if (known !== undefined) return known
  const entries = list.sources.flatMap((source) => source.relations.get(key) ?? [])
  const relation = list.schema.relation(key)
  // A name that is neither granted nor there is not remembered: anybody can make up any number.
  if (entries.length === 0 && relation === undefined) return noRights
  const rights = makeRights(entries, relation)
  list.byRelation.set(key, rights)
  return rights
}

function makeRights(
  sources: readonly RelationEntries[],
  relation: Relation | undefined,
): RelationRights {
  const table = bitsFor(permissions.length)
  for (const source of sources) {
    for (const name of source.table.keys()) addBit(table, describePermission(name).index)
  }
  const columns = relation?.kind === 'Table' ? columnBits(sources, relation) : new Map()
  return { relation, table, columns }
}

function columnBits(
  sources: readonly RelationEntries[],
  relation: Relation,
): ReadonlyMap<PermissionName, Bits> {
  const bits = new Map<PermissionName, Bits>()
  for (const [place, column] of relation.columns.entries()) {
    for (const source of sources) {
      for (const name of source.columns.get(column.key)?.keys() ?? []) {
        let held = bits.get(name)
        if (held === undefined) bits.set(name, (held = bitsFor(relation.columns.length)))
        addBit(held, place)
      }
    }
  }
  addImplicit(bits, relation)
  return bits
}

/** Any column brings the designated timestamp with it, for SELECT and UPDATE (G37). */
function addImplicit(bits: ReadonlyMap<PermissionName, Bits>, relation: Relation): void {
  const place = designatedPlace(relation)
  if (place === undefined) return
  for (const name of implicitPermissions) {
    const held = bits.get(name)
    if (held !== undefined) addBit(held, place)
  }
}

/** Where the designated timestamp stands among the columns. */
export function designatedPlace(relation: Relation): number | undefined {
  if (relation.kind === 'View') return undefined
  for (const [place, { attnum }] of relation.columns.entries()) {
    if (attnum === relation.designatedTimestamp) return place
  }
  return undefined
}

/** Whether a permission is held on a whole relation. */
export function holdsOnTable(
  list: EffectiveList,
  rights: RelationRights,
  name: PermissionName,
): boolean {
  return holdsAtDatabase(list, name) || hasBit(rights.table, describePermission(name).index)
}
