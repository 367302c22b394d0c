/**
 * Statements about the running server (questdb-rbac.md, sections 9.5 and 11): CANCEL QUERY, calls of
 * functions that do something to it, SHOW PARAMETERS. What they do is done when they are executed, once,
 * and is not taken back with a transaction, as that of PostgreSQL's pg_cancel_backend() is not.
 */
import { requirePermissions } from '../../acl/authorize.ts'
import { effectiveList } from '../../acl/effective-list.ts'
import { relationName } from '../../acl/names.ts'
import { permission } from '../../acl/permission-registry.ts'
import { requireCancellable } from '../../acl/query-activity.ts'
import { serverFunctions } from '../../acl/server-functions.ts'
import { isRelationVisible } from '../../acl/visible.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type {
  CancelQuery,
  ServerArgument,
  ServerCall,
  ServerFunctionName,
  ServerStatement,
} from '../../parser/statement.ts'
import type { SqlType, SqlValue } from '../../store/sql-type.ts'
import type { ColumnDescription, StatementDescription } from '../pgwire/session-handler.ts'
import { commandTags, rowCountTag } from './command-tag.ts'
import type { Execution, ExecutionContext, ParameterValues } from './execution.ts'
import { noSuchParameter } from './session-errors.ts'
import { callParameters, requireSignature } from './server-call.ts'
import { ServerRows } from './server-rows.ts'
import { settingValue } from './settings.ts'

const text: SqlType = { kind: 'Scalar', name: 'varchar' }
const boolean: SqlType = { kind: 'Scalar', name: 'bool' }

/** D46: QuestDB's columns. */
const parameterColumns: readonly ColumnDescription[] = [
  { name: 'property_path', type: text },
  { name: 'env_var_name', type: text },
  { name: 'value', type: text },
  { name: 'value_source', type: text },
  { name: 'sensitive', type: boolean },
  { name: 'reloadable', type: boolean },
]

/** What such a statement takes and gives back; nothing is done. Decided like its execution (rule X2). */
export function describeServerStatement(
  context: ExecutionContext,
  statement: ServerStatement,
  declared: readonly (SqlType | undefined)[],
): StatementDescription {
  switch (statement.kind) {
    case 'CancelQuery':
      return { parameters: [], columns: undefined }
    case 'ServerCall':
      requirePermissionOf(context, statement)
      return { parameters: callParameters(statement, declared), columns: callColumns(statement) }
    case 'ShowParameters':
      requireSystemAdmin(context)
      return { parameters: [], columns: parameterColumns }
    default:
      return unreachable(statement)
  }
}

export async function runServerStatement(
  context: ExecutionContext,
  statement: ServerStatement,
  values: ParameterValues,
): Promise<Execution> {
  switch (statement.kind) {
    case 'CancelQuery':
      if (!cancelQuery(context, statement.queryId)) throw noSuchQuery(statement)
      return { tag: () => commandTags.CancelQuery }
    case 'ServerCall':
      return runCall(context, statement, values)
    case 'ShowParameters':
      return showParameters(context)
    default:
      return unreachable(statement)
  }
}

async function runCall(
  context: ExecutionContext,
  call: ServerCall,
  values: ParameterValues,
): Promise<Execution> {
  requirePermissionOf(context, call)
  requireSignature(call)
  const args = call.arguments.map((argument) => argumentValue(argument, values))
  const result = await perform(context, call.function, args)
  const columns = callColumns(call)
  return {
    source: rowsOf(context, columns, [[result]]),
    columns,
    tag: (rowCount) => rowCountTag('Query', rowCount),
  }
}

/** @returns what the function says of itself */
async function perform(
  context: ExecutionContext,
  name: ServerFunctionName,
  args: readonly SqlValue[],
): Promise<boolean> {
  const { control } = context.services
  switch (name) {
    case 'cancel_query':
      return cancelQuery(context, Number(args[0] ?? Number.NaN))
    case 'reload_tls':
      return control.reloadTls()
    case 'reload_config':
      return control.reloadConfiguration()
    case 'dump_memory_usage':
      return control.dumpMemoryUsage()
    case 'dump_thread_stacks':
      return control.dumpActivity()
    case 'flush_query_cache':
      return control.flushPlans()
    case 'hydrate_table_metadata':
      return hydrate(context, args)
    default:
      return unreachable(name)
  }
}

/**
 * Stops a statement that runs. @returns whether one runs under that number
 * @throws SqlError 42501 for one of somebody else, and for none (see {@link requireCancellable})
 */
function cancelQuery(context: ExecutionContext, queryId: number): boolean {
  const { services, actor } = context
  const statement = services.activity.find(queryId)
  requireCancellable(context.model(), actor, statement)
  if (statement === undefined) return false
  statement.cancel()
  services.logger.info(
    { queryId, login: actor.login.name, effective: actor.effective.name },
    'a running statement is cancelled',
  )
  return true
}

/** QuestDB's words. */
function noSuchQuery({ queryId, span }: CancelQuery): SqlError {
  return new SqlError(
    SqlState.UndefinedObject,
    `query to cancel not found in registry [id=${queryId}]`,
    { offset: span.start },
  )
}

/**
 * `'*'`, or names of tables and views; false if one of them is not there. SYSTEM ADMIN shows no table to
 * anybody: one that the principal cannot see is not there (rule R9, G60).
 */
async function hydrate(context: ExecutionContext, args: readonly SqlValue[]): Promise<boolean> {
  const { control } = context.services
  if (args.length === 1 && args[0] === '*') return control.verifyRelations(undefined)
  const { model } = context.services.committer
  const list = effectiveList(model, context.actor.effective)
  const oids = new Set<number>()
  for (const name of args) {
    const key = typeof name === 'string' ? relationName({ name }).key : undefined
    const isVisible = key !== undefined && isRelationVisible(list, key)
    const relation = isVisible ? model.schema.relation(key) : undefined
    if (relation === undefined) return false
    oids.add(relation.oid)
  }
  return control.verifyRelations(oids)
}

function requirePermissionOf(context: ExecutionContext, call: ServerCall): void {
  const { needs } = serverFunctions[call.function]
  if (needs !== undefined) requirePermissions(context.model(), context.actor, [needs])
}

function requireSystemAdmin(context: ExecutionContext): void {
  requirePermissions(context.model(), context.actor, [permission('SYSTEM ADMIN')])
}

function callColumns(call: ServerCall): readonly ColumnDescription[] {
  return [{ name: call.label, type: boolean }]
}

/** @throws SqlError 42P02 */
function argumentValue(argument: ServerArgument, values: ParameterValues): SqlValue {
  switch (argument.kind) {
    case 'Integer':
    case 'Text':
      return argument.value
    case 'Null':
      return null
    case 'Parameter': {
      const value = values[argument.number - 1]
      if (value === undefined) throw noSuchParameter(argument.number)
      return value
    }
    default:
      return unreachable(argument)
  }
}

function showParameters(context: ExecutionContext): Execution {
  requireSystemAdmin(context)
  const rows = context.services.control
    .parameters()
    .map(({ key, environmentName, value, source, sensitive, reloadable }) => [
      key,
      environmentName,
      sensitive && value !== null ? '****' : value,
      source,
      sensitive,
      reloadable,
    ])
  return {
    source: rowsOf(context, parameterColumns, rows),
    columns: parameterColumns,
    tag: () => commandTags.ShowParameters,
    recheck: requireSystemAdmin,
  }
}

function rowsOf(
  context: ExecutionContext,
  columns: readonly ColumnDescription[],
  rows: readonly (readonly SqlValue[])[],
): ServerRows {
  return new ServerRows({
    types: columns.map((column) => column.type),
    rows,
    formats: context.formats,
    timeZone: settingValue(context.settings, 'TimeZone'),
  })
}
