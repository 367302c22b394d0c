/** An engine of one's own with the settings of duckdb-hardening.md, section 4, to run printed SQL on. */
import { DuckDBInstance } from '@duckdb/node-api'
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import { driverMessage } from '../../../errors/driver-code.ts'
import type { BoundExpression, BoundQuery, BoundStatement } from '../../../store/bound.ts'
import { printStatement } from '../../../store/print.ts'

export const database = 'd_0123456789abcdef'

export async function startEngine(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', {
    allow_community_extensions: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: '512MB',
    threads: '1',
    max_expression_depth: '250',
    catalog_error_max_schemas: '0',
    integer_division: 'true',
    ieee_floating_point_ops: 'false',
    default_null_order: 'nulls_last_on_asc_first_on_desc',
    lambda_syntax: 'DISABLE_SINGLE_ARROW',
  })
  const connection = await instance.connect()
  await connection.run(`ATTACH ':memory:' AS "${database}"`)
  await connection.run(`SET TimeZone = 'UTC'`)
  await connection.run('SET enable_external_access = false')
  await connection.run('SET lock_configuration = true')
  return connection
}

/** What a statement came to: its rows as JSON values, or the engine's message. */
export type EngineOutcome =
  | { readonly kind: 'Rows'; readonly rows: readonly (readonly unknown[])[] }
  | { readonly kind: 'Error'; readonly message: string }

/** Prints a statement and runs it, parameters bound in the order of the program's. */
export async function run(
  connection: DuckDBConnection,
  statement: BoundStatement,
  parameters: readonly DuckDBValue[] = [],
): Promise<EngineOutcome> {
  return runText(connection, printStatement(statement, { database }).sql, parameters)
}

export async function runText(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly DuckDBValue[] = [],
): Promise<EngineOutcome> {
  try {
    const prepared = await connection.prepare(sql)
    if (parameters.length > 0) prepared.bind([...parameters])
    const reader = await prepared.runAndReadAll()
    return { kind: 'Rows', rows: reader.getRowsJson() }
  } catch (error) {
    return { kind: 'Error', message: driverMessage(error) }
  }
}

/** The rows of a statement that must not fail. */
export async function rowsOf(
  connection: DuckDBConnection,
  statement: BoundStatement,
  parameters: readonly DuckDBValue[] = [],
): Promise<readonly (readonly unknown[])[]> {
  const outcome = await run(connection, statement, parameters)
  if (outcome.kind === 'Error') throw new Error(outcome.message)
  return outcome.rows
}

/** `SELECT targets`. */
export function selectOf(
  targets: readonly BoundExpression[],
  clauses: Partial<Extract<BoundQuery['body'], { kind: 'Select' }>> = {},
  rest: Partial<BoundQuery> = {},
): BoundQuery {
  return {
    kind: 'Query',
    with: [],
    recursive: false,
    body: {
      kind: 'Select',
      distinct: { kind: 'None' },
      targets,
      from: [],
      groupBy: [],
      ...clauses,
    },
    orderBy: [],
    columns: targets.map((target, index) => ({
      name: `column ${index}`,
      ...(target.type === undefined ? {} : { type: target.type }),
    })),
    ...rest,
  }
}
