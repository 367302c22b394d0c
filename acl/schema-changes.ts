/** Changes of what relations there are, and what they do to entries (questdb-rbac.md, G44 to G56). */
import { invariant } from '../errors/invariant.ts'
import {
  duplicateColumn,
  isAView,
  isNotAView,
  relationChanged,
  relationDoesNotExist,
  relationExists,
} from './access-errors.ts'
import { allEntriesOn, type RelationEntries } from './access-entries.ts'
import type { Actor } from './actor.ts'
import type {
  AddColumnsChange,
  CreateTableChange,
  CreateViewChange,
  DropColumnsChange,
  DropRelationChange,
  RenameColumnChange,
  RenameTableChange,
} from './change.ts'
import type { Draft } from './draft.ts'
import type { Entry } from './effect.ts'
import type { FoldedName, RelationKey } from './names.ts'
import { putColumnsOwner, putRelationOwner } from './owner.ts'
import { removeEntry } from './put-entry.ts'
import type { Column, Relation, Table, View } from './schema.ts'

/** @throws SqlError 42P07; IF NOT EXISTS takes only a table for what is there already */
export function applyCreateTable(
  draft: Draft,
  change: CreateTableChange,
  context: { readonly actor: Actor; readonly isReplay: boolean },
): void {
  const { table, ifNotExists, ownedBy } = change
  const existing = draft.model.schema.relation(table.key)
  if (existing !== undefined) {
    // At replay the rows went into a table of our own: another one of that name is a conflict.
    if (ifNotExists && existing.kind === 'Table' && !context.isReplay) return
    throw relationExists(existing, change.offset)
  }
  draft.emit({ kind: 'PutRelation', relation: table })
  putRelationOwner(draft, table, { actor: context.actor, ownedBy })
}

/** Entries stay at the name (G45), unless CASCADE PERMISSIONS takes everybody's away (G47). */
export function applyDropRelation(draft: Draft, change: DropRelationChange): void {
  const relation = boundRelation(draft, change, change.relationKind)
  draft.emit({ kind: 'DeleteRelation', key: relation.key, oid: relation.oid })
  if (change.cascadePermissions) removeEntriesOn(draft, relation.key, () => true)
}

/** Entries do not follow (G46, D25). */
export function applyRenameTable(draft: Draft, change: RenameTableChange): void {
  const table = boundTable(draft, change)
  const taken = draft.model.schema.relation(change.to.key)
  if (taken !== undefined) throw relationExists(taken)
  const { key, schema, name } = change.to
  draft.emit({ kind: 'DeleteRelation', key: table.key, oid: table.oid })
  draft.emit({ kind: 'PutRelation', relation: { ...table, key, schema, name } })
}

export function applyAddColumns(draft: Draft, change: AddColumnsChange, actor: Actor): void {
  const table = boundTable(draft, change)
  for (const column of change.columns) {
    if (table.columns.some(({ key }) => key === column.key)) throw duplicateColumn(column)
    if (column.attnum < table.nextAttnum) throw relationChanged(table)
  }
  const columns = [...table.columns, ...change.columns]
  const nextAttnum = Math.max(table.nextAttnum, ...columns.map(({ attnum }) => attnum + 1))
  draft.emit({ kind: 'PutRelation', relation: { ...table, columns, nextAttnum } })
  putColumnsOwner(draft, table, change.columns, { actor, ownedBy: change.ownedBy })
}

export function applyDropColumns(draft: Draft, change: DropColumnsChange): void {
  const table = boundTable(draft, change)
  const dropped = change.attnums.map((attnum) => boundColumn(table, attnum))
  draft.emit({ kind: 'PutRelation', relation: withoutColumns(table, change.attnums) })
  if (!change.cascadePermissions) return
  const keys = new Set<FoldedName>(dropped.map(({ key }) => key))
  removeEntriesOn(draft, table.key, ({ scope }) => {
    return scope.kind === 'Column' && keys.has(scope.column.key)
  })
}

/** Constraints go with the columns that they are about, as in PostgreSQL. */
export function withoutColumns(table: Table, attnums: readonly number[]): Table {
  const { designatedTimestamp, ...rest } = table
  const stays = (attnum: number): boolean => !attnums.includes(attnum)
  return {
    ...rest,
    ...(designatedTimestamp !== undefined && stays(designatedTimestamp)
      ? { designatedTimestamp }
      : {}),
    columns: table.columns.filter(({ attnum }) => stays(attnum)),
    dedupKeys: table.dedupKeys.filter(stays),
    constraints: table.constraints.filter((constraint) => constraint.attnums.every(stays)),
  }
}

export function applyRenameColumn(draft: Draft, change: RenameColumnChange): void {
  const table = boundTable(draft, change)
  const column = boundColumn(table, change.attnum)
  const { key, name } = change.to
  if (table.columns.some((other) => other.key === key)) throw duplicateColumn(change.to)
  const columns = table.columns.map((other) =>
    other === column ? { ...column, key, name } : other,
  )
  draft.emit({ kind: 'PutRelation', relation: { ...table, columns } })
}

/** Only a view that was not there before has an owner (G54). */
export function applyCreateView(draft: Draft, change: CreateViewChange, actor: Actor): void {
  const { oid, columns, text, definition, relation } = change
  const named = change.columnsNamed === true ? ({ columnsNamed: true } as const) : {}
  if (change.mode === 'Replace') {
    const old = boundRelation(draft, change, 'View')
    const { key, schema, name } = old
    const replaced: View = {
      kind: 'View',
      oid,
      key,
      schema,
      name,
      columns,
      text,
      definition,
      ...named,
    }
    draft.emit({ kind: 'PutRelation', relation: replaced })
    return
  }
  const { key, schema, name } = relation
  const existing = draft.model.schema.relation(key)
  if (existing !== undefined) throw relationExists(existing)
  const view: View = { kind: 'View', oid, key, schema, name, columns, text, definition, ...named }
  draft.emit({ kind: 'PutRelation', relation: view })
  putRelationOwner(draft, view, { actor, ownedBy: change.ownedBy })
}

export type BoundTo = Pick<DropRelationChange, 'relation' | 'oid'>

/** The relation that was bound, not a later one of its name; a view is no table, nor the reverse (V9). */
function boundRelation(draft: Draft, bound: BoundTo, kind: Relation['kind']): Relation {
  const relation = draft.model.schema.relation(bound.relation.key)
  if (relation?.oid !== bound.oid) throw relationDoesNotExist(kind, bound.relation)
  if (relation.kind !== kind) throw kind === 'Table' ? isAView(relation) : isNotAView(relation)
  return relation
}

export function boundTable(draft: Draft, bound: BoundTo): Table {
  const relation = boundRelation(draft, bound, 'Table')
  invariant(relation.kind === 'Table', 'a relation that was asked for as a table is one')
  return relation
}

export function boundColumn(table: Table, attnum: number): Column {
  const column = table.columns.find((one) => one.attnum === attnum)
  if (column === undefined) throw relationChanged(table)
  return column
}

function removeEntriesOn(
  draft: Draft,
  key: RelationKey,
  isRemoved: (entry: Entry) => boolean,
): void {
  for (const entries of draft.model.entries.values()) {
    const relation: RelationEntries | undefined = entries.relations.get(key)
    if (relation === undefined) continue
    for (const entry of allEntriesOn(relation)) if (isRemoved(entry)) removeEntry(draft, entry)
  }
}
