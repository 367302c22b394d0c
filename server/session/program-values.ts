import type { SessionValueName } from '../../store/bound.ts'
import type { RowsRequest } from '../../acl/server-relation.ts'
import { serverRelationRows } from '../../acl/server-relations.ts'
import { invariant } from '../../errors/invariant.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type { SqlValue } from '../../store/sql-type.ts'
import type { ProgramParameter } from '../../store/store.ts'
import type { ExecutionContext, ParameterValues } from './execution.ts'
import type { Program } from '../../store/store.ts'
import type { Touched } from './bound-walk.ts'
import { searchPathOf, serverVersion, settingValue } from './settings.ts'

/** The name that `current_database()` gives (architecture.md, "Starting, stopping, configuring"). */
export const databaseName = 'grantd'

/** What `version()` gives; the words in front are what clients parse. */
export const versionText = `PostgreSQL ${serverVersion} (grantd 0.1.0)`

/**
 * The values of the engine's parameters, in its order: the client's, the session's own, and the
 * rows of server relations, computed for who asks now.
 * @throws SqlError 42501 where the asking principal may not see such a relation's rows
 */
export function programValues(
  plan: { readonly program: Program; readonly touched: Touched },
  values: ParameterValues,
  context: ExecutionContext,
): readonly SqlValue[] {
  const relationRows = new Map<number, readonly (readonly SqlValue[])[]>()
  for (const relation of plan.touched.serverRelations) {
    const rows = serverRelationRows(relation.relation, rowsRequest(context, relation.arguments))
    relationRows.set(relation.range, rows)
  }
  return plan.program.parameters.map((parameter) =>
    parameterValue(parameter, values, relationRows, context),
  )
}

/** What the rows of a server relation are made of, for who asks now. */
export function rowsRequest(context: ExecutionContext, args: readonly SqlValue[]): RowsRequest {
  return { model: context.model(), actor: context.actor, args, facts: context.services.facts }
}

function parameterValue(
  parameter: ProgramParameter,
  values: ParameterValues,
  relationRows: ReadonlyMap<number, readonly (readonly SqlValue[])[]>,
  context: ExecutionContext,
): SqlValue {
  switch (parameter.kind) {
    case 'Client': {
      const value = values[parameter.number - 1]
      invariant(value !== undefined, 'every parameter of the program was bound')
      return value
    }
    case 'Session':
      return sessionValue(parameter.name, context)
    case 'ServerColumn': {
      const rows = relationRows.get(parameter.range)
      invariant(rows, 'every server relation of the program was computed')
      return rows.map((row) => row[parameter.column - 1] ?? null)
    }
    default:
      return unreachable(parameter)
  }
}

function sessionValue(name: SessionValueName, context: ExecutionContext): SqlValue {
  switch (name) {
    case 'current_user':
      return context.actor.effective.name
    case 'session_user':
      return context.actor.login.name
    case 'current_schema':
      return searchPathOf(context.settings)[0] ?? null
    case 'current_database':
      return databaseName
    case 'server_version':
      return versionText
    case 'backend_pid':
      return context.processId
    case 'transaction_timestamp':
      return context.transactionMicros
    case 'statement_timestamp':
      return context.statementMicros
    case 'clock_timestamp':
      return context.services.nowMicros()
    case 'timezone':
      return settingValue(context.settings, 'TimeZone')
    default:
      return unreachable(name)
  }
}
