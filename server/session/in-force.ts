import type { Actor } from '../../acl/actor.ts'
import { checkLoginInForce, checkStillInForce } from '../../acl/assume.ts'
import type { AccessModel } from '../../acl/model.ts'
import { permission } from '../../acl/permission-registry.ts'
import type { Statement } from '../../parser/statement.ts'

/** The permission of the PostgreSQL wire endpoint (questdb-rbac.md, section 5). */
export const pgwireEndpoint = permission('PGWIRE')

/**
 * Whether the session may still act (E2, P3, M3, U7), asked at every statement. Of EXIT SERVICE ACCOUNT
 * only the login principal is asked: whatever became of the account, one may leave it (U5, U7).
 * @throws SqlError 42501, or FATAL 57P01 if the login principal was dropped
 */
export function requireInForce(
  model: AccessModel,
  actor: Actor,
  statement: Statement | undefined,
): void {
  if (statement?.kind === 'ExitServiceAccount') {
    checkLoginInForce(model, actor.login, pgwireEndpoint)
  } else {
    checkStillInForce(model, actor, pgwireEndpoint)
  }
}
