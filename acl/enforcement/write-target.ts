import type { RangeVar } from '@pgsql/types'
import type { BoundTarget, RangeId } from '../../store/bound.ts'
import type { RelationName } from '../names.ts'
import type { PermissionName } from '../permission-registry.ts'
import type { Table } from '../schema.ts'
import { unknownRelation, wrongObject } from './binding-errors.ts'
import { visibleItem } from './from/from-item.ts'
import { itemName } from './from/relation.ts'
import { lookUpRelation } from './relation-lookup.ts'
import { permission } from '../permission-registry.ts'
import type { NamespaceItem, Scope } from './scope.ts'
import { refuseSuspended } from './suspended.ts'
import { tableRange } from './table-range.ts'

/** The table that an INSERT, UPDATE or DELETE writes to. */
export interface WriteTarget {
  readonly name: RelationName
  /** Absent: there is no such table, which is noted; the rest is bound for its requirements. */
  readonly table?: Table
  readonly range: RangeId
  readonly item: NamespaceItem
  readonly bound: BoundTarget
}

/** Finds the table; a view is refused, but permission is decided first (V9, G61). */
export function bindWriteTarget(
  range: RangeVar,
  scope: Scope,
  verb: 'INSERT' | 'UPDATE' | 'DELETE',
): WriteTarget {
  const { context } = scope
  const offset = context.offsetOf(range.location)
  const { name, relation } = lookUpRelation(context, range)
  const needed = permission(verb)
  if (relation?.kind !== 'Table') {
    context.requirements.addOwn(missingTarget(name, relation === undefined, needed))
    context.fail(
      relation === undefined
        ? unknownRelation(name, 'table', offset)
        : wrongObject(`${name.name} is a view`, offset),
    )
    return unknownTarget(range, name)
  }
  context.requirements.addTarget(name, range.location)
  refuseSuspended(context, relation, offset)
  const called = itemName(range, name)
  const id = context.newRange({
    name: called.text,
    scope,
    columnName: (attnum) => relation.columns.find((column) => column.attnum === attnum)?.name ?? '',
    table: relation,
    origin: (attnum) => ({ oid: relation.oid, attnum }),
  })
  scope.ownRanges.add(id)
  const item = visibleItem({
    name: called,
    ...(range.alias === undefined ? { relation: name } : {}),
    columns: tableRange(relation, { context, name, range: id }).columns,
    missing: (column) => context.requirements.addUnknownColumn(name, column),
  })
  return { name, table: relation, range: id, item, bound: boundTarget(relation, id) }
}

function missingTarget(
  relation: RelationName,
  isUnknown: boolean,
  needed: PermissionName,
): Parameters<Scope['context']['requirements']['addOwn']>[0] {
  return isUnknown
    ? { kind: 'UnknownRelation', permission: needed, relation }
    : { kind: 'Relation', permission: needed, relation }
}

function unknownTarget(range: RangeVar, name: RelationName): WriteTarget {
  const item = visibleItem({
    name: itemName(range, name),
    ...(range.alias === undefined ? { relation: name } : {}),
    columns: [],
    missing: () => undefined,
    unknown: true,
  })
  const bound = { range: 0, oid: 0, name: { schema: name.schema, name: name.name }, columns: [] }
  return { name, range: 0, item, bound }
}

/** The table as what writes to it has it. */
export function boundTarget(table: Table, range: RangeId): BoundTarget {
  return {
    range,
    oid: table.oid,
    name: { schema: table.schema, name: table.name },
    columns: table.columns.map(({ attnum, name }) => ({ attnum, name })),
    constraints: table.constraints.map(({ kind, name, attnums }) => ({ kind, name, attnums })),
  }
}
