/** REVOKE of permissions and re-adjustment (questdb-rbac.md, 6.5). */
import {
  allEntriesOn,
  entriesOn,
  entryAt,
  narrowerEntries,
  type GranteeEntries,
} from './access-entries.ts'
import { invalidColumn, principalDoesNotExist, relationDoesNotExist } from './access-errors.ts'
import type { RevokeChange } from './change.ts'
import type { Draft } from './draft.ts'
import type { Entry } from './effect.ts'
import {
  askedTargets,
  checkLevels,
  checkTargets,
  permissionsAt,
  type AskedTarget,
} from './grant-targets.ts'
import { unknownColumns } from './grant.ts'
import { entriesOf, type AccessModel } from './model.ts'
import { appliesTo, type PermissionName } from './permission-registry.ts'
import { removeEntry, uniteEntry } from './put-entry.ts'
import { notifyStillHeld } from './still-held.ts'

/** @throws SqlError for levels and columns that do not fit, and names that match nothing (D21) */
export function applyRevoke(draft: Draft, change: RevokeChange): void {
  checkLevels(change.permissions, change.scope, 'revoked')
  checkTargets(draft.model, change.scope)
  const asked = askedOf(draft.model, change)
  checkNames(draft.model, change, asked)
  for (const { permission, target } of asked) {
    revokeAt(draft, change.grantee.key, permission, target)
  }
  for (const { permission, target } of asked) {
    notifyStillHeld(draft, change.grantee.key, permission, target)
  }
}

interface Asked {
  readonly permission: PermissionName
  readonly target: AskedTarget
}

function askedOf(model: AccessModel, change: RevokeChange): readonly Asked[] {
  const targets = askedTargets(model, change.scope)
  return change.permissions.flatMap((choice) =>
    targets.flatMap((target) =>
      permissionsAt(choice, target, 'revoked').map((permission) => ({ permission, target })),
    ),
  )
}

/** A name that is neither there nor waited for is a slip of the pen (G26). */
function checkNames(model: AccessModel, change: RevokeChange, asked: readonly Asked[]): void {
  const entries = entriesOf(model, change.grantee.key)
  if (!model.ids.has(change.grantee.key) && !model.entries.has(change.grantee.key)) {
    throw principalDoesNotExist('Entity', change.grantee)
  }
  const isNamed = (entry: Entry, target: AskedTarget): boolean =>
    asked.some((one) => one.target === target && one.permission === entry.permission)
  for (const target of new Set(asked.map((one) => one.target))) {
    if (target.kind === 'Database') continue
    const waiting = entriesAtName(entries, target).filter((entry) => isNamed(entry, target))
    if (target.existing === undefined && waiting.length === 0) {
      throw relationDoesNotExist('Table', target.relation, target.offset)
    }
    if (target.existing === undefined) continue
    const slip = unknownColumns(target, target.existing).find(
      ({ key }) => !waiting.some(isAtColumn(key)),
    )
    if (slip !== undefined) throw invalidColumn(slip)
  }
}

const isAtColumn =
  (key: string) =>
  ({ scope }: Entry): boolean =>
    scope.kind === 'Column' && scope.column.key === key

/** Entries at a target's name: of a table with its columns, of columns the table's and theirs. */
function entriesAtName(
  entries: GranteeEntries,
  target: Exclude<AskedTarget, { readonly kind: 'Database' }>,
): readonly Entry[] {
  const relation = entries.relations.get(target.relation.key)
  if (relation === undefined) return []
  const all = [...allEntriesOn(relation)]
  if (target.kind === 'Table') return all
  return all.filter(
    (entry) =>
      entry.scope.kind === 'Table' || target.columns.some(({ key }) => isAtColumn(key)(entry)),
  )
}

/** Takes one permission away at one target (G17 to G19). */
function revokeAt(
  draft: Draft,
  grantee: Entry['grantee'],
  permission: PermissionName,
  target: AskedTarget,
): void {
  const atDatabase = entryAt(entriesOf(draft.model, grantee), permission, { kind: 'Database' })
  if (target.kind === 'Database') {
    const below = narrowerEntries(entriesOf(draft.model, grantee), permission, { kind: 'Database' })
    for (const entry of [...(atDatabase === undefined ? [] : [atDatabase]), ...below]) {
      removeEntry(draft, entry)
    }
    return
  }
  if (atDatabase !== undefined) pushDownToRelations(draft, atDatabase, target)
  if (target.kind === 'Columns') pushDownToColumns(draft, grantee, permission, target)
  const remaining = entriesOf(draft.model, grantee).relations.get(target.relation.key)
  if (remaining === undefined) return
  for (const entry of entriesOn(remaining, permission)) {
    const isTarget =
      target.kind === 'Table' || target.columns.some(({ key }) => isAtColumn(key)(entry))
    if (isTarget) removeEntry(draft, entry)
  }
}

/** Instead of at the database: at every relation that exists now, but the one revoked as a whole (G18). */
function pushDownToRelations(
  draft: Draft,
  entry: Entry,
  target: Exclude<AskedTarget, { readonly kind: 'Database' }>,
): void {
  removeEntry(draft, entry)
  for (const { key, schema, name, kind } of draft.model.schema.relations()) {
    const isRevoked = target.kind === 'Table' && key === target.relation.key
    if (isRevoked || !appliesTo(entry.permission, kind)) continue
    uniteEntry(draft, { ...entry, scope: { kind: 'Table', relation: { key, schema, name } } })
  }
}

/** Instead of at the table: at every column that it has now, but those revoked (G19, D52). */
function pushDownToColumns(
  draft: Draft,
  grantee: Entry['grantee'],
  permission: PermissionName,
  target: Extract<AskedTarget, { readonly kind: 'Columns' }>,
): void {
  const { relation, existing } = target
  const entries = entriesOf(draft.model, grantee)
  const entry = entryAt(entries, permission, { kind: 'Table', relation })
  if (entry === undefined) return
  removeEntry(draft, entry)
  for (const column of existing?.columns ?? []) {
    if (target.columns.some(({ key }) => key === column.key)) continue
    const { key, name } = column
    uniteEntry(draft, { ...entry, scope: { kind: 'Column', relation, column: { key, name } } })
  }
}
