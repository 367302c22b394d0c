/** Puts a changed configuration in force: what of it can change while the server runs. */
import type { PasswordVerifier } from '../authentication.ts'
import type { Configuration } from '../configuration.ts'
import type { LeveledLogger } from '../log.ts'
import type { ListenOptions, PgListener } from '../pgwire/listener.ts'
import type { PlanCache } from '../session/plan-cache.ts'
import type { PrincipalSlots } from '../session/principal-slots.ts'
import type { Store } from '../../store/store.ts'

/** The configured password of the built-in admin, hashed: kept with what it was made from in one place. */
interface AdminCredential {
  readonly password: string
  readonly hash: string
}

/** The parts of a running server that a changed configuration reaches. */
export interface Changeable {
  admin: AdminCredential
  /** Of sessions to come. */
  namedStatementsMax: number
  /** Absent: not open yet, or not enabled. */
  listener?: PgListener | undefined
  readonly logger: LeveledLogger
  readonly plans: PlanCache
  readonly slots: PrincipalSlots
  readonly store: Store
}

export async function adminCredential(
  verifier: PasswordVerifier,
  configuration: Configuration,
): Promise<AdminCredential> {
  const { password } = configuration.acl.admin
  return { password, hash: await verifier.hashPassword(password) }
}

/**
 * Makes what takes time; what it returns puts the values in force.
 * @throws SqlError 53300 when too many passwords wait to be hashed
 */
export async function prepareChange(
  changeable: Changeable,
  verifier: PasswordVerifier,
  configuration: Configuration,
): Promise<() => void> {
  const isSamePassword = changeable.admin.password === configuration.acl.admin.password
  const admin = isSamePassword ? changeable.admin : await adminCredential(verifier, configuration)
  return () => {
    const { query, pg } = configuration
    changeable.admin = admin
    changeable.namedStatementsMax = pg.namedStatementsMax
    changeable.logger.level = configuration.logLevel
    changeable.plans.resize(query.planCacheBytesMax)
    changeable.slots.perPrincipalMax = query.slotsPerPrincipal
    changeable.store.setStatementTimeout(query.timeoutMs === 0 ? undefined : query.timeoutMs)
    changeable.listener?.change(listenerRules(configuration))
  }
}

/** What the PostgreSQL endpoint asks of its clients. */
export function listenerRules(
  configuration: Configuration,
): Required<Pick<ListenOptions, 'limits' | 'cleartextPasswords'>> {
  const { pg, shutdownTimeoutMs } = configuration
  return {
    limits: {
      messageBytesMax: pg.messageBytesMax,
      loginTimeoutMs: pg.loginTimeoutMs,
      sessionsMax: pg.connectionsMax,
      shutdownGraceMs: shutdownTimeoutMs,
    },
    cleartextPasswords: pg.cleartextPasswordAllowed ? 'Everywhere' : 'OnLoopback',
  }
}
