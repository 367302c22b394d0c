import { show } from '../../acl/show.ts'
import type { ShowStatement } from '../../parser/statement.ts'
import type { ColumnDescription } from '../pgwire/session-handler.ts'
import { commandTags } from './command-tag.ts'
import type { Execution, ExecutionContext } from './execution.ts'
import { ServerRows } from './server-rows.ts'
import { settingValue } from './settings.ts'

/** The columns of a SHOW, for Describe; decided like the statement itself (rule X2). */
export function showColumns(
  context: ExecutionContext,
  statement: ShowStatement,
): readonly ColumnDescription[] {
  return shown(context, statement).columns
}

/** SHOW USERS and the like: what the asking principal may see (questdb-rbac.md, section 9). */
export function startShow(context: ExecutionContext, statement: ShowStatement): Execution {
  const { columns, rows } = shown(context, statement)
  const source = new ServerRows({
    types: columns.map((column) => column.type),
    rows,
    formats: context.formats,
    timeZone: settingValue(context.settings, 'TimeZone'),
  })
  return {
    source,
    columns,
    tag: () => commandTags[statement.kind],
    recheck: (now) => void shown(now, statement),
  }
}

function shown(context: ExecutionContext, statement: ShowStatement): ReturnType<typeof show> {
  return show(context.model(), context.actor, statement, context.services.nowMicros())
}
