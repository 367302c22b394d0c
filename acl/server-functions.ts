/** Functions that do something to the running server (questdb-rbac.md, W21, D42; section 11, cancel_query). */
import type { ServerFunctionName } from '../parser/statement.ts'
import type { ScalarTypeName } from '../store/sql-type.ts'
import { permission, type PermissionName } from './permission-registry.ts'

export interface ServerFunction {
  /** The type of each argument. */
  readonly argument: Extract<ScalarTypeName, 'int8' | 'text'>
  /** How many it takes, at least and at most. */
  readonly arity: readonly [number, number]
  /** Needed for the call whatever its arguments are; absent: it depends on them. */
  readonly needs: PermissionName | undefined
}

const systemAdmin = permission('SYSTEM ADMIN')

const withoutArguments: ServerFunction = { argument: 'text', arity: [0, 0], needs: systemAdmin }

/** PostgreSQL's own limit, FUNC_MAX_ARGS. */
const argumentsMax = 100

export const serverFunctions: Readonly<Record<ServerFunctionName, ServerFunction>> = {
  cancel_query: { argument: 'int8', arity: [1, 1], needs: undefined },
  reload_tls: withoutArguments,
  reload_config: withoutArguments,
  dump_memory_usage: withoutArguments,
  dump_thread_stacks: withoutArguments,
  flush_query_cache: withoutArguments,
  hydrate_table_metadata: { argument: 'text', arity: [1, argumentsMax], needs: systemAdmin },
}

/** Whether a function is one of these: no part of a query, but a statement by itself. */
export function isServerFunction(name: string): name is ServerFunctionName {
  return Object.hasOwn(serverFunctions, name)
}
