/** One expression or query, asked of PostgreSQL by its text and of the engine by its bound tree. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { Client } from 'pg'
import { driverCode } from '../../../errors/driver-code.ts'
import type { BoundExpression, BoundQuery, BoundSelect } from '../../../store/bound.ts'
import type { Postgres } from '../../postgres.ts'
import { startPostgres } from '../../postgres.ts'
import { run, selectOf, startEngine } from './engine.ts'
import { cast } from './tree.ts'

/** Rows of texts, or the class of the error's SQLSTATE. */
export type Answer =
  | { readonly kind: 'Rows'; readonly rows: readonly (readonly (string | null)[])[] }
  | { readonly kind: 'Error'; readonly sqlState: string }

export interface Judges {
  readonly engine: DuckDBConnection
  readonly client: Client
  stop(): Promise<void>
}

export async function startJudges(): Promise<Judges> {
  const postgres: Postgres = await startPostgres()
  const { host, port, user, database } = postgres
  const client = new Client({ host, port, user, database })
  await client.connect()
  const engine = await startEngine()
  return {
    engine,
    client,
    async stop() {
      engine.closeSync()
      await client.end()
      await postgres.stop()
    },
  }
}

/** What PostgreSQL says of a query all of whose columns are text. */
export async function askPostgres({ client }: Judges, text: string): Promise<Answer> {
  try {
    const { rows } = await client.query<(string | null)[]>({ text, rowMode: 'array' })
    return { kind: 'Rows', rows }
  } catch (error) {
    return { kind: 'Error', sqlState: driverCode(error) ?? '' }
  }
}

/** What the engine says of the printed query all of whose columns are text. */
export async function askEngine({ engine }: Judges, query: BoundQuery): Promise<Answer> {
  const outcome = await run(engine, query)
  if (outcome.kind === 'Error') return { kind: 'Error', sqlState: sqlStateOf(outcome.message) }
  return { kind: 'Rows', rows: outcome.rows.map((row) => row.map(textOrNull)) }
}

function textOrNull(value: unknown): string | null {
  if (value === null || typeof value === 'string') return value
  return JSON.stringify(value)
}

/** The part of duckdb-hardening.md, section 7, that values can come to; else the engine's message. */
function sqlStateOf(message: string): string {
  const marked = /^Invalid Input Error: grantd:([0-9A-Z]{5}):/.exec(message)
  if (marked?.[1] !== undefined) return marked[1]
  if (message.startsWith('Out of Range Error')) return '22003'
  if (message.startsWith('Conversion Error')) return '22P02'
  if (/More than one row returned by a subquery/.test(message)) return '21000'
  return message
}

/** `SELECT (text)::text` and its bound tree. */
export async function askBoth(
  judges: Judges,
  text: string,
  tree: BoundExpression,
  clauses: Partial<BoundSelect> = {},
): Promise<{ readonly postgres: Answer; readonly engine: Answer }> {
  const [postgres, engine] = await Promise.all([
    askPostgres(judges, `SELECT (${text})::text`),
    askEngine(judges, selectOf([cast(tree, 'text')], clauses)),
  ])
  return { postgres, engine }
}
