/** Assuming a service account, and what must still hold at every statement (questdb-rbac.md, section 8, E2, P3, M3). */
import { SqlError } from '../errors/sql-error.ts'
import { SqlState } from '../errors/sql-state.ts'
import { principalDoesNotExist } from './access-errors.ts'
import type { Actor, PrincipalReference } from './actor.ts'
import { accessDenied, principalDisabled } from './denial.ts'
import type { Principal } from './effect.ts'
import { effectiveList, holdsAtDatabase } from './effective-list.ts'
import { effectiveLinks } from './grant-option.ts'
import { principalById, principalNamed, storedPrincipal, type AccessModel } from './model.ts'
import { foldName } from './names.ts'
import type { PermissionName } from './permission-registry.ts'

/**
 * The account that `login` may assume (U3).
 * @throws SqlError 42501 alike for what may not be assumed and what is not there; only whoever may
 *   assume every account is told 42704
 */
export function checkAssume(
  model: AccessModel,
  login: PrincipalReference,
  accountName: string,
): PrincipalReference {
  const named = principalNamed(model, foldName(accountName))
  const account = named?.kind === 'ServiceAccount' ? named : undefined
  if (account === undefined && mayAssumeAll(model, login)) {
    throw principalDoesNotExist('ServiceAccount', { name: accountName })
  }
  if (account === undefined || !mayAssume(model, login, account)) {
    throw assumeDenied(login, accountName)
  }
  return { kind: 'Stored', id: account.id, name: account.name }
}

function assumeDenied(login: PrincipalReference, account: string): SqlError {
  return accessDenied(login.name, { requirement: { kind: 'Assume', account }, columns: [] })
}

/** The built-in admin, or a user with DATABASE ADMIN; never a service account (U6). */
function mayAssumeAll(model: AccessModel, login: PrincipalReference): boolean {
  const isUser = storedPrincipal(model, login)?.kind !== 'ServiceAccount'
  return isUser && effectiveList(model, login).holdsEverything
}

function mayAssume(model: AccessModel, login: PrincipalReference, account: Principal): boolean {
  if (!account.enabled) return false
  return mayAssumeAll(model, login) || effectiveLinks(model, login).has(account.id)
}

/**
 * Checks at every statement that the session may go on: its login principal (E2, P3, M3), and while
 * a service account is assumed the account and the right to it (U7).
 * @throws SqlError FATAL 57P01 if the login principal was dropped; else 42501
 */
export function checkStillInForce(
  model: AccessModel,
  actor: Actor,
  endpoint: PermissionName,
): void {
  checkLoginInForce(model, actor.login, endpoint)
  if (!actor.assuming) return
  const account = storedPrincipal(model, actor.effective)
  if (account === undefined || !mayAssume(model, actor.login, account)) {
    throw assumeDenied(actor.login, actor.effective.name)
  }
}

/** The part of {@link checkStillInForce} that EXIT SERVICE ACCOUNT needs (U5), and a login itself (S15). */
export function checkLoginInForce(
  model: AccessModel,
  login: PrincipalReference,
  endpoint: PermissionName,
): void {
  if (login.kind === 'BuiltInAdmin') return
  const principal = principalById(model, login.id)
  if (principal === undefined) throw principalWasDropped()
  if (!principal.enabled) {
    throw principalDisabled(principal.name, principal.kind === 'User' ? 'User' : 'ServiceAccount')
  }
  if (!holdsAtDatabase(effectiveList(model, login), endpoint)) {
    const requirement = { kind: 'Database', permission: endpoint } as const
    throw accessDenied(principal.name, { requirement, columns: [] })
  }
}

function principalWasDropped(): SqlError {
  return new SqlError(SqlState.AdminShutdown, 'principal was dropped', { severity: 'FATAL' })
}

/** U5: EXIT without an assumed account. */
export function noAccountAssumed(): SqlError {
  return new SqlError(SqlState.ObjectNotInPrerequisiteState, 'no service account is assumed')
}

/** U5: EXIT with the name of another account. */
export function accountNotAssumed(name: string): SqlError {
  const message = `service account ${name} is not assumed`
  return new SqlError(SqlState.ObjectNotInPrerequisiteState, message)
}

/** U6: ASSUME while an account is assumed. */
export function accountIsAssumed(name: string): SqlError {
  const message = `service account ${name} is assumed, exit it first`
  return new SqlError(SqlState.ObjectNotInPrerequisiteState, message)
}
