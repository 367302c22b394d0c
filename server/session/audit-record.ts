import type { AuditRecord } from '../../acl/effect.ts'
import type { ParsedStatement } from '../../parser/statement.ts'
import { redactSecrets } from '../../parser/redact.ts'
import { commandTags } from './command-tag.ts'
import type { ExecutionContext } from './execution.ts'

/** The line for the append-only record: who did what, under which list, secrets left out (U10, S16). */
export function auditRecord(context: ExecutionContext, parsed: ParsedStatement): AuditRecord {
  return {
    atMicros: context.services.nowMicros(),
    loginPrincipal: context.actor.login.name,
    effectivePrincipal: context.actor.effective.name,
    action: commandTags[parsed.statement.kind],
    statement: redactSecrets(parsed),
  }
}
