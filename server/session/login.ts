/** Who may come in (questdb-rbac.md, sections 2.5 and 13.1: H1, H2, S14, S15). */
import type { Actor, PrincipalReference } from '../../acl/actor.ts'
import { decide } from '../../acl/decide.ts'
import { accessDenied } from '../../acl/denial.ts'
import type { AccessModel } from '../../acl/model.ts'
import { isAdminName, principalNamed } from '../../acl/model.ts'
import { foldName } from '../../acl/names.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { PasswordVerifier } from '../authentication.ts'
import type { Login, LoginOutcome, LoginRequest } from '../pgwire/session-handler.ts'
import { pgwireEndpoint } from './in-force.ts'
import type { Services } from './services.ts'
import { Session } from './session.ts'
import type { SettingValues } from './settings.ts'
import { loginSettings, reportedSettings, withSetting } from './settings.ts'

export interface LoginOptions {
  readonly services: Services
  readonly verifier: PasswordVerifier
  /** Of the configured password of the built-in admin. */
  readonly adminPasswordHash: () => string
}

/** A principal that can log in, and the hash that its password must match. */
interface Candidate {
  readonly reference: PrincipalReference
  readonly storedHash: string
}

/** Makes the function that decides over logins. */
export function createLogin(options: LoginOptions): Login {
  const { services, verifier } = options
  return async (request) => {
    const before = candidate(options, request.user)
    const matches = await verifier.verifyPassword({
      principal: verifierKey(before, request.user),
      storedHash: before?.storedHash,
      password: request.password,
    })
    // The principal may have been dropped, disabled or given another password meanwhile.
    const now = candidate(options, request.user)
    if (!matches || before === undefined || now?.storedHash !== before.storedHash) {
      services.logger.info({ user: request.user, from: request.remoteAddress }, 'login refused')
      return { kind: 'Refused', error: wrongPassword() }
    }
    return admit(services, now.reference, request)
  }
}

/** Unknown, a group, disabled, without a password: all alike, none (rule S14). */
function candidate(options: LoginOptions, user: string): Candidate | undefined {
  const { committer, catalog } = options.services
  const { model } = committer
  const key = foldName(user)
  if (isAdminName(model, key)) {
    if (!model.admin.enabled) return undefined
    return { reference: builtInAdmin(model), storedHash: options.adminPasswordHash() }
  }
  const principal = principalNamed(model, key)
  if (principal === undefined || principal.kind === 'Group' || !principal.enabled) return undefined
  const storedHash = catalog.passwordHash(principal.id)
  if (storedHash === undefined) return undefined
  return { reference: { kind: 'Stored', id: principal.id, name: principal.name }, storedHash }
}

function builtInAdmin(model: AccessModel): PrincipalReference {
  return { kind: 'BuiltInAdmin', name: model.admin.name }
}

function verifierKey(found: Candidate | undefined, user: string): string {
  if (found === undefined) return `unknown:${user}`
  return found.reference.kind === 'Stored' ? `stored:${found.reference.id}` : 'admin'
}

function admit(
  services: Services,
  reference: PrincipalReference,
  request: LoginRequest,
): LoginOutcome {
  const actor: Actor = { login: reference, effective: reference, assuming: false }
  const decision = decide(services.committer.model, actor, [
    { kind: 'Database', permission: pgwireEndpoint },
  ])
  if (decision.kind === 'Denied') {
    return { kind: 'Refused', error: fatal(accessDenied(reference.name, decision.missing)) }
  }
  let settings: SettingValues
  try {
    settings = startupSettings(reference, request)
  } catch (error) {
    if (error instanceof SqlError) return { kind: 'Refused', error: fatal(error) }
    throw error
  }
  const handler = new Session({ services, actor, settings, processId: request.processId })
  return { kind: 'Accepted', handler, parameters: reportedSettings(settings), notices: [] }
}

/** Any setting may come as a start-up key (client-compatibility.md, section 1). */
function startupSettings(reference: PrincipalReference, request: LoginRequest): SettingValues {
  let settings = loginSettings({
    name: reference.name,
    isBuiltInAdmin: reference.kind === 'BuiltInAdmin',
  })
  for (const [name, value] of request.settings) settings = withSetting(settings, name, value)
  return settings
}

function fatal(error: SqlError): SqlError {
  return new SqlError(error.sqlState, error.message, {
    severity: 'FATAL',
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    cause: error,
  })
}

function wrongPassword(): SqlError {
  return new SqlError(SqlState.InvalidPassword, 'invalid username/password', { severity: 'FATAL' })
}
