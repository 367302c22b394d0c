/** GRANT of permissions (questdb-rbac.md, 6.3 and 6.10). */
import {
  doesNotApply,
  invalidColumn,
  principalDoesNotExist,
  relationDoesNotExist,
} from './access-errors.ts'
import type { GrantChange, NamedKey } from './change.ts'
import type { Draft } from './draft.ts'
import {
  askedTargets,
  checkLevels,
  checkTargets,
  permissionsAt,
  scopesOf,
  type AskedTarget,
} from './grant-targets.ts'
import { principalNamed, type AccessModel } from './model.ts'
import { displayRelation } from './names.ts'
import { appliesTo } from './permission-registry.ts'
import { putEntry } from './put-entry.ts'
import type { Relation } from './schema.ts'

/** @throws SqlError for levels, columns and kinds that do not fit, and what verification finds missing */
export function applyGrant(draft: Draft, change: GrantChange): void {
  checkLevels(change.permissions, change.scope, 'granted')
  checkTargets(draft.model, change.scope)
  const targets = askedTargets(draft.model, change.scope)
  checkKinds(change, targets)
  if (change.verification) verify(draft.model, change.grantee, targets)
  else notifyWaiting(draft, change.grantee, targets)
  makeEntries(draft, change, targets)
}

/** The permission must have a meaning for what exists now (G12); ALL takes only those that have (L6). */
function checkKinds(change: GrantChange, targets: readonly AskedTarget[]): void {
  for (const choice of change.permissions) {
    for (const target of targets) {
      if (choice.kind === 'All' || target.kind === 'Database') continue
      const { existing } = target
      if (existing !== undefined && !appliesTo(choice.permission, existing.kind)) {
        throw doesNotApply(choice.permission, existing)
      }
    }
  }
}

function makeEntries(draft: Draft, change: GrantChange, targets: readonly AskedTarget[]): void {
  const { grantOption } = change
  const grantee = change.grantee.key
  const granteeName = storedOrSaid(draft.model, change.grantee)
  for (const choice of change.permissions) {
    for (const target of targets) {
      for (const permission of permissionsAt(choice, target, 'granted')) {
        for (const scope of scopesOf(target)) {
          putEntry(draft, { grantee, granteeName, permission, scope, grantOption })
        }
      }
    }
  }
}

/** A grantee's name as stored, or as written while it does not exist. */
export function storedOrSaid(model: AccessModel, grantee: NamedKey): string {
  return principalNamed(model, grantee.key)?.name ?? grantee.name
}

/** Everything that the statement names must exist (G57, D29). */
function verify(model: AccessModel, grantee: NamedKey, targets: readonly AskedTarget[]): void {
  verifyGrantee(model, grantee)
  for (const target of targets) {
    if (target.kind === 'Database') continue
    if (target.existing === undefined) {
      throw relationDoesNotExist('Table', target.relation, target.offset)
    }
    const unknown = unknownColumns(target, target.existing)[0]
    if (unknown !== undefined) throw invalidColumn(unknown)
  }
}

/** WITH VERIFICATION: the grantee must exist (G57, G58). */
export function verifyGrantee(model: AccessModel, grantee: NamedKey): void {
  if (!model.ids.has(grantee.key)) throw principalDoesNotExist('Entity', grantee)
}

/** Says what the grant has to wait for (G59). */
function notifyWaiting(draft: Draft, grantee: NamedKey, targets: readonly AskedTarget[]): void {
  notifyWaitingGrantee(draft, grantee)
  for (const target of targets) {
    if (target.kind === 'Database') continue
    const table = displayRelation(target.relation)
    if (target.existing === undefined) {
      draft.notify(`table ${table} does not exist yet, the grant waits for it`)
      continue
    }
    for (const { name } of unknownColumns(target, target.existing)) {
      draft.notify(`column ${table}(${name}) does not exist yet, the grant waits for it`)
    }
  }
}

export function notifyWaitingGrantee(draft: Draft, grantee: NamedKey): void {
  if (draft.model.ids.has(grantee.key)) return
  draft.notify(`entity ${grantee.name} does not exist yet, the grant waits for it`)
}

/** Columns that a target names and its table lacks. */
export function unknownColumns(target: AskedTarget, table: Relation): readonly NamedKey[] {
  if (target.kind !== 'Columns') return []
  return target.columns.filter(({ key }) => !table.columns.some((column) => column.key === key))
}
