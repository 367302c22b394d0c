/** The decision: are a statement's requirements in a principal's effective list (questdb-rbac.md, G6, Q2, Z2, G61)? */
import { unreachable } from '../errors/unreachable.ts'
import { allEntriesOn } from './access-entries.ts'
import type { Actor } from './actor.ts'
import { addBit, bitsFor, includesBits, type Bits } from './bits.ts'
import {
  effectiveList,
  holdsAtDatabase,
  holdsOnTable,
  rightsOn,
  type EffectiveList,
  type RelationRights,
} from './effective-list.ts'
import type { AccessModel } from './model.ts'
import type { RelationKey, RelationName } from './names.ts'
import { permission, type PermissionName } from './permission-registry.ts'
import type { Decision, MissingPermission, RequiredColumn, Requirement } from './requirement.ts'
import { inTableOrder, namedColumn } from './required-column.ts'
import type { Relation } from './schema.ts'
import { isRelationVisible, spokenName } from './visible.ts'

type ColumnsRequirement = Extract<Requirement, { readonly kind: 'Columns' }>

const allowed: Decision = { kind: 'Allowed' }
const createTable = permission('CREATE TABLE')

/** Allowed if every requirement is met by the effective principal's list; else the first that is not. */
export function decide(
  model: AccessModel,
  actor: Actor,
  requirements: readonly Requirement[],
): Decision {
  const list = effectiveList(model, actor.effective)
  const unmet = requirements.find((requirement) => !isMet(list, requirement))
  if (unmet === undefined) return allowed
  return { kind: 'Denied', missing: describeMissing(list, unmet, requirements) }
}

function isMet(list: EffectiveList, requirement: Requirement): boolean {
  if (holdsAtDatabase(list, requirement.permission)) return true
  if (requirement.kind === 'Database') return false
  if (requirement.kind === 'EveryTable') return firstNotHeld(list, requirement) === undefined
  const rights = rightsOn(list, requirement.relation.key)
  switch (requirement.kind) {
    case 'Relation':
    case 'UnknownColumn':
      return holdsOnTable(list, rights, requirement.permission)
    case 'Columns':
      return holdsOnTable(list, rights, requirement.permission) || holdsColumns(rights, requirement)
    case 'AnyColumn':
      return holdsAny(list, rights, requirement.permission)
    case 'UnknownRelation':
      return (
        (requirement.cannotBeMade !== true && holdsAtDatabase(list, createTable)) ||
        isGranted(list, requirement.permission, requirement.relation.key)
      )
    default:
      return unreachable(requirement)
  }
}

type EveryTable = Extract<Requirement, { readonly kind: 'EveryTable' }>

function firstNotHeld(
  list: EffectiveList,
  { permission: needed, relations }: EveryTable,
): RelationName | undefined {
  return relations.find(({ key }) => !holdsOnTable(list, rightsOn(list, key), needed))
}

/** A table that is missing and can be seen is named; one that cannot is not (R9). */
function describeEveryTable(list: EffectiveList, unmet: EveryTable): MissingPermission {
  const seen = unmet.relations.filter(({ key }) => isRelationVisible(list, key))
  const relation = firstNotHeld(list, { ...unmet, relations: seen })
  if (relation === undefined) return { requirement: unmet, columns: [] }
  const { permission: needed } = unmet
  return { requirement: { kind: 'Relation', permission: needed, relation }, columns: [] }
}

function holdsColumns(rights: RelationRights, requirement: ColumnsRequirement): boolean {
  const held = rights.columns.get(requirement.permission)
  if (held === undefined || rights.relation === undefined) return false
  const needed = placesOf(requirement, rights.relation)
  return needed !== undefined && includesBits(held, needed)
}

const placesOfRequirement = new WeakMap<
  ColumnsRequirement,
  { readonly relation: Relation; readonly places: Bits | undefined }
>()

/** Where the required columns stand in the relation; none if one is not there. Kept with the requirement. */
function placesOf(requirement: ColumnsRequirement, relation: Relation): Bits | undefined {
  const known = placesOfRequirement.get(requirement)
  if (known?.relation === relation) return known.places
  const places = findPlaces(requirement, relation)
  placesOfRequirement.set(requirement, { relation, places })
  return places
}

function findPlaces(requirement: ColumnsRequirement, relation: Relation): Bits | undefined {
  const places = bitsFor(relation.columns.length)
  for (const { key } of requirement.columns) {
    const place = relation.columns.findIndex((column) => column.key === key)
    if (place < 0) return undefined
    addBit(places, place)
  }
  return places
}

/** SELECT on at least one column: the table is held, or a column of it that exists (G6). */
function holdsAny(list: EffectiveList, rights: RelationRights, name: PermissionName): boolean {
  return holdsOnTable(list, rights, name) || rights.columns.has(name)
}

/** Whether any entry of the permission is at that name, dormant ones included (G61). */
function isGranted(list: EffectiveList, name: PermissionName, key: RelationKey): boolean {
  return list.sources.some((source) => {
    const entries = source.relations.get(key)
    if (entries === undefined) return false
    return [...allEntriesOn(entries)].some((entry) => entry.permission === name)
  })
}

function describeMissing(
  list: EffectiveList,
  unmet: Requirement,
  requirements: readonly Requirement[],
): MissingPermission {
  if (unmet.kind === 'Database') return { requirement: unmet, columns: [] }
  if (unmet.kind === 'EveryTable') return describeEveryTable(list, unmet)
  const requirement = { ...unmet, relation: spokenName(list, unmet.relation) }
  const rights = rightsOn(list, unmet.relation.key)
  // Z2: columns are named if at least one is held; a whole relation has none to name.
  if (unmet.kind === 'Relation' || !holdsAny(list, rights, unmet.permission)) {
    return { requirement, columns: [] }
  }
  // An unknown column and one that is not held are told alike (G61), so both are looked for.
  const missing = requirements
    .filter((other) => isAlike(unmet, other))
    .flatMap((other) => missingColumns(rights, other))
  return { requirement, columns: inTableOrder(rights.relation, missing) }
}

function isAlike(
  unmet: Exclude<Requirement, { readonly kind: 'Database' | 'EveryTable' }>,
  other: Requirement,
): boolean {
  return (
    other.kind !== 'Database' &&
    other.kind !== 'EveryTable' &&
    other.permission === unmet.permission &&
    other.relation.key === unmet.relation.key
  )
}

function missingColumns(
  rights: RelationRights,
  requirement: Requirement,
): readonly RequiredColumn[] {
  if (requirement.kind === 'Columns') {
    return requirement.columns.filter(
      (column) => !holdsColumns(rights, { ...requirement, columns: [column] }),
    )
  }
  if (requirement.kind !== 'UnknownColumn') return []
  return [namedColumn(rights.relation, requirement.column)]
}
