/** `audit_log()`: the record of changes of access, for who holds AUDIT VIEW (questdb-rbac.md, L10, U10, S16). */
import { SqlError } from '../errors/sql-error.ts'
import { SqlState } from '../errors/sql-state.ts'
import type { SqlValue } from '../store/sql-type.ts'
import type { Actor } from './actor.ts'
import { requirePermissions } from './authorize.ts'
import { textColumn, type ListingColumn } from './listing.ts'
import type { AccessModel } from './model.ts'
import { permission } from './permission-registry.ts'
import type { AuditPage, ServerRelation } from './server-relation.ts'

/** Records that `audit_log()` gives without an argument, and at most with one: they are held in memory. */
export const auditRecordsByDefault = 1_000
export const auditRecordsMax = 10_000

const idColumn: ListingColumn = { name: 'id', type: { kind: 'Scalar', name: 'int8' } }
const timeColumn: ListingColumn = { name: 'time', type: { kind: 'Scalar', name: 'timestamptz' } }

/**
 * `audit_log([count [, before]])`: the newest `count` records, of those whose id is below `before`; so that
 * all of it can be read, page by page, and none of it has to be held at once.
 */
export const auditLog: ServerRelation = {
  columns: [
    idColumn,
    timeColumn,
    textColumn('login_principal'),
    textColumn('effective_principal'),
    textColumn('action'),
    textColumn('statement'),
  ],
  arity: [0, 2],
  argument: 'Integer',
  rows: ({ model, actor, args, facts }) => {
    guard(model, actor)
    return facts
      .auditRecords(auditPage(args))
      .map((record) => [
        BigInt(record.id),
        record.atMicros,
        record.loginPrincipal,
        record.effectivePrincipal,
        record.action,
        record.statement,
      ])
  },
  guard,
}

function guard(model: AccessModel, actor: Actor): void {
  requirePermissions(model, actor, [permission('AUDIT VIEW')])
}

/** @throws SqlError 22023 for a count that is none, or too large */
function auditPage([first, second]: readonly SqlValue[]): AuditPage {
  const count = typeof first === 'number' ? first : auditRecordsByDefault
  const before = typeof second === 'number' ? second : undefined
  if (count < 1 || count > auditRecordsMax) {
    throw new SqlError(
      SqlState.InvalidParameterValue,
      `audit_log gives 1 to ${auditRecordsMax} records at a time [count=${count}]`,
      { hint: 'Read the ones before with audit_log(count, before).' },
    )
  }
  return { count, before }
}
