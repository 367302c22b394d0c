/** Who may change what (questdb-rbac.md, 6.6 and section 7). Before existence, so that names cannot be probed (M2). */
import { unreachable } from '../errors/unreachable.ts'
import type { Actor } from './actor.ts'
import { refuseAdminGrantee } from './admin-fixed.ts'
import type {
  AccessChange,
  AlterPrincipal,
  CreatePrincipal,
  GrantAssumeChange,
  GrantChange,
  PasswordChange,
  PrincipalAction,
  RevokeAssumeChange,
  RevokeChange,
} from './change.ts'
import { decide } from './decide.ts'
import { accessDenied } from './denial.ts'
import type { PrincipalKind } from './effect.ts'
import { holdsAssumeOption, holdsGrantOption } from './grant-option.ts'
import { askedTargets, checkLevels, permissionsAt, type AskedTarget } from './grant-targets.ts'
import { missingGrantOption } from './missing-grant-option.ts'
import { entriesOf, principalNamed, storedPrincipal, type AccessModel } from './model.ts'
import { permission, type PermissionName } from './permission-registry.ts'
import type { Scope } from './requirement.ts'
import { touchedEntries } from './touched-entries.ts'

/** @throws SqlError 0LP01 (A3, levels), 42501 with what is missing */
export function authorizeChange(model: AccessModel, actor: Actor, change: AccessChange): void {
  refuseAdminGrantee(model, change)
  switch (change.kind) {
    case 'CreatePrincipal':
      return requirePermissions(model, actor, permissionsToCreate(change))
    case 'AlterPrincipal':
      if (isSelfService(model, actor, change)) return undefined
      return requirePermissions(model, actor, [permissionOf[change.action.kind]])
    case 'DropPrincipal':
      return requirePermissions(model, actor, [permissionToDrop[change.principalKind]])
    case 'ChangeMembership':
      return requirePermissions(model, actor, [change.action === 'Add' ? addUser : removeUser])
    case 'Grant':
      return authorizeGrant(model, actor, change)
    case 'Revoke':
      return authorizeRevoke(model, actor, change)
    case 'GrantAssume':
    case 'RevokeAssume':
      return authorizeAssume(model, actor, change)
    default:
      return unreachable(change)
  }
}

/** @throws SqlError 42501 naming the first database-level permission that the actor lacks */
export function requirePermissions(
  model: AccessModel,
  actor: Actor,
  needed: readonly PermissionName[],
): void {
  const requirements = needed.map((name) => ({ kind: 'Database', permission: name }) as const)
  const decision = decide(model, actor, requirements)
  if (decision.kind === 'Denied') throw accessDenied(actor.effective.name, decision.missing)
}

const addUser = permission('ADD USER')
const removeUser = permission('REMOVE USER')

const permissionToCreate = {
  User: permission('CREATE USER'),
  Group: permission('CREATE GROUP'),
  ServiceAccount: permission('CREATE SERVICE ACCOUNT'),
} as const satisfies Record<PrincipalKind, PermissionName>

const permissionToDrop = {
  User: permission('DROP USER'),
  Group: permission('DROP GROUP'),
  ServiceAccount: permission('DROP SERVICE ACCOUNT'),
} as const satisfies Record<PrincipalKind, PermissionName>

const permissionOf = {
  Enable: permission('ENABLE USER'),
  Disable: permission('DISABLE USER'),
  SetPassword: permission('ADD PASSWORD'),
  RemovePassword: permission('REMOVE PASSWORD'),
  SetJwk: permission('CREATE JWK'),
  DropJwk: permission('DROP JWK'),
  AddRestToken: permission('CREATE REST TOKEN'),
  DropRestToken: permission('DROP REST TOKEN'),
  AddExternalAlias: permission('ADD EXTERNAL ALIAS'),
  DropExternalAlias: permission('REMOVE EXTERNAL ALIAS'),
} as const satisfies Record<PrincipalAction['kind'], PermissionName>

function permissionsToCreate(change: CreatePrincipal): readonly PermissionName[] {
  const needed: (PasswordChange['kind'] | 'AddExternalAlias')[] = []
  if (change.password !== undefined) needed.push(change.password.kind)
  if (change.externalAlias !== undefined) needed.push('AddExternalAlias')
  return [permissionToCreate[change.principalKind], ...needed.map((kind) => permissionOf[kind])]
}

/** One's own secrets need no permission, unless a service account is assumed (S17, S18). */
function isSelfService(model: AccessModel, actor: Actor, change: AlterPrincipal): boolean {
  if (change.action.kind === 'Enable' || change.action.kind === 'Disable') return false
  const self = storedPrincipal(model, actor.effective)
  if (actor.assuming || self === undefined) return false
  return self.key === change.name.key && self.kind === change.principalKind
}

/** G29: the grant option of every permission at every target. */
function authorizeGrant(model: AccessModel, actor: Actor, change: GrantChange): void {
  checkLevels(change.permissions, change.scope, 'granted')
  for (const choice of change.permissions) {
    for (const target of askedTargets(model, change.scope)) {
      for (const name of selectFirst(permissionsAt(choice, target, 'granted'))) {
        requireOption(model, actor, name, target)
      }
    }
  }
}

const select = permission('SELECT')

/** So that the name of what is missing does not tell a table from a view, to which ALL means other things (R9). */
function selectFirst(names: readonly PermissionName[]): readonly PermissionName[] {
  return names.toSorted((a, b) => Number(b === select) - Number(a === select))
}

function requireOption(
  model: AccessModel,
  actor: Actor,
  name: PermissionName,
  target: AskedTarget,
): void {
  const missing = missingGrantOption(model, actor.effective, name, target)
  if (missing !== undefined) throw accessDenied(actor.effective.name, missing)
}

/** G32: the right at the target, and where an entry would be pushed down (D23). */
function authorizeRevoke(model: AccessModel, actor: Actor, change: RevokeChange): void {
  checkLevels(change.permissions, change.scope, 'revoked')
  const entries = entriesOf(model, change.grantee.key)
  for (const choice of change.permissions) {
    for (const target of askedTargets(model, change.scope)) {
      const names = permissionsAt(choice, target, 'revoked')
      if (choice.kind === 'All') requireSomeOption(model, actor, names, target)
      for (const name of names) {
        const { removed, pushedDown } = touchedEntries(entries, name, target)
        const isTouched = removed.length > 0 || pushedDown.length > 0
        if (choice.kind === 'One' || isTouched) requireOption(model, actor, name, target)
        for (const { scope } of pushedDown) requireOptionAt(model, actor, name, scope)
      }
    }
  }
}

/** G33: REVOKE ALL needs the right for what it touches, and for one permission of the set at least. */
function requireSomeOption(
  model: AccessModel,
  actor: Actor,
  names: readonly PermissionName[],
  target: AskedTarget,
): void {
  const holdsSome = names.some(
    (name) => missingGrantOption(model, actor.effective, name, target) === undefined,
  )
  if (!holdsSome) requireOption(model, actor, select, target)
}

function requireOptionAt(
  model: AccessModel,
  actor: Actor,
  name: PermissionName,
  scope: Scope,
): void {
  if (holdsGrantOption(model, actor.effective, name, scope)) return
  const requirement = { kind: 'GrantOption', permission: name, scope } as const
  throw accessDenied(actor.effective.name, { requirement, columns: [] })
}

/** G35: the option of the link to the account. */
function authorizeAssume(
  model: AccessModel,
  actor: Actor,
  change: GrantAssumeChange | RevokeAssumeChange,
): void {
  const account = principalNamed(model, change.account.key)
  if (holdsAssumeOption(model, actor.effective, account?.id)) return
  const requirement = { kind: 'AssumeGrantOption', account: change.account.name } as const
  throw accessDenied(actor.effective.name, { requirement, columns: [] })
}
