/** Statements that change principals and their access (questdb-rbac.md, sections 6 to 8). */
import { authorizeChange } from '../../acl/authorize.ts'
import type { ChangeMaterial } from '../../acl/change-of.ts'
import { changeOf, secretOf } from '../../acl/change-of.ts'
import type { AccessStatement, ParsedStatement } from '../../parser/statement.ts'
import type { ColumnDescription } from '../pgwire/session-handler.ts'
import { auditRecord } from './audit-record.ts'
import { commandTags } from './command-tag.ts'
import type { Execution, ExecutionContext } from './execution.ts'
import { makeSecret, pendingSecret, secretColumns } from './secret-material.ts'
import { ServerRows } from './server-rows.ts'
import { settingValue } from './settings.ts'

/** The columns of what is shown once (S7, S10); most statements give nothing back. */
export function accessResultColumns(
  statement: AccessStatement,
): readonly ColumnDescription[] | undefined {
  const secret = secretOf(statement)
  return secret === undefined ? undefined : secretColumns(secret)
}

/**
 * Decides over a change of access, makes the secrets that it needs, and makes the change. The commit is
 * the session's: alone at once, in a transaction with the rest of it.
 */
export async function runAccessStatement(
  context: ExecutionContext,
  parsed: ParsedStatement & { readonly statement: AccessStatement },
): Promise<Execution> {
  const { statement } = parsed
  const transaction = context.transactionForChange()
  transaction.requireWritable(commandTags[statement.kind])
  const secret = secretOf(statement)
  const material: ChangeMaterial = { ...numbers(context, statement), ...pendingSecret(secret) }
  // Before the work of hashing, so that only who may change a password costs a core.
  authorizeChange(transaction.model(), context.actor, changeOf(statement, material))
  const made = await context.waitFor(makeSecret(context.services, secret))
  const change = changeOf(statement, { ...material, ...made.material })
  const notices = transaction.changeAccess(context.actor, change, auditRecord(context, parsed))
  for (const notice of notices) context.notice(notice)
  const tag = (): string => commandTags[statement.kind]
  if (secret === undefined || made.row === undefined) return { tag }
  const columns = secretColumns(secret) ?? []
  // The name as stored, not as written here (S7).
  const name = transaction.storedName(change)
  const source = new ServerRows({
    types: columns.map((column) => column.type),
    rows: [[name ?? null, ...made.row]],
    formats: context.formats,
    timeZone: settingValue(context.settings, 'TimeZone'),
  })
  return { source, columns, tag }
}

/** The number of who is created: taken before, wasted if nobody is. */
function numbers(context: ExecutionContext, statement: AccessStatement): ChangeMaterial {
  const nowMicros = context.services.nowMicros()
  const isCreation =
    statement.kind === 'CreateUser' ||
    statement.kind === 'CreateServiceAccount' ||
    statement.kind === 'CreateGroup'
  return isCreation
    ? { id: context.services.catalog.allocatePrincipalId(), nowMicros }
    : { nowMicros }
}
