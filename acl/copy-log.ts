/** Who sees and who stops an import (questdb-rbac.md, CANCEL ANY COPY). */
import type { Actor } from './actor.ts'
import { requirePermissions } from './authorize.ts'
import { decide } from './decide.ts'
import { bigintColumn, instantColumn, textColumn, type ListingRow } from './listing.ts'
import type { AccessModel } from './model.ts'
import { permission } from './permission-registry.ts'
import { isSamePrincipal } from './query-activity.ts'
import type { CopyImport, ServerRelation } from './server-relation.ts'

const cancelAnyCopy = permission('CANCEL ANY COPY')
const sqlEngineAdmin = permission('SQL ENGINE ADMIN')

/**
 * `copy_log()`: the imports of the running server, the newest last. QuestDB keeps such a log in the table
 * sys.text_import_log; here it ends with the server, and each sees its own unless it may stop all.
 */
export const copyLog: ServerRelation = {
  columns: [
    textColumn('id'),
    textColumn('table_name'),
    textColumn('file'),
    textColumn('username'),
    textColumn('status'),
    textColumn('message'),
    bigintColumn('rows_handled'),
    bigintColumn('rows_imported'),
    bigintColumn('errors'),
    instantColumn('start_time'),
    instantColumn('end_time'),
  ],
  arity: [0, 0],
  rows: ({ model, actor, facts }) =>
    facts
      .imports()
      .filter((each) => isVisible(model, actor, each))
      .map(importRow),
  guard: () => undefined,
}

function isVisible(model: AccessModel, actor: Actor, each: CopyImport): boolean {
  return (
    isOwn(actor, each) ||
    [cancelAnyCopy, sqlEngineAdmin].some(
      (needed) =>
        decide(model, actor, [{ kind: 'Database', permission: needed }]).kind === 'Allowed',
    )
  )
}

function importRow(each: CopyImport): ListingRow {
  return [
    each.id,
    each.table,
    each.file,
    each.actor.effective.name,
    each.status,
    each.message ?? null,
    BigInt(each.rowsHandled),
    BigInt(each.rowsImported),
    BigInt(each.errors),
    each.startedMicros,
    each.endedMicros ?? null,
  ]
}

/**
 * Whether the actor may stop the import of an id that it said. Without CANCEL ANY COPY the answer is the same
 * for another's import and for an id that there is not (rule R9).
 * @throws SqlError 42501
 */
export function requireCopyCancellable(
  model: AccessModel,
  actor: Actor,
  found: CopyImport | undefined,
): void {
  if (found !== undefined && isOwn(actor, found)) return
  requirePermissions(model, actor, [cancelAnyCopy])
}

function isOwn(actor: Actor, each: CopyImport): boolean {
  return isSamePrincipal(actor.effective, each.actor.effective)
}
