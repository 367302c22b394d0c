import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Client, DatabaseError } from 'pg'
import { SqlError } from '../../errors/sql-error.ts'
import { loadParser } from '../../parser/parse.ts'
import { oidOf } from '../../store/type-oid.ts'
import { StoredWorld } from '../acl/enforcement/stored-world.ts'
import { startPostgres } from '../postgres.ts'
import type { Postgres } from '../postgres.ts'
import groups from './bind-statements.json' with { type: 'json' }
import { differences } from './bind-differences.ts'

/** What a statement comes to on either side, in a form that can be compared. */
interface Outcome {
  readonly code?: string
  readonly columns?: readonly string[]
  readonly rows?: readonly string[]
  readonly rowCount?: number
}

const isOrdered = (sql: string): boolean => /\border by\b/iu.test(sql)
const isWrite = (sql: string): boolean => /^(?:insert|update|delete)\b/iu.test(sql)

function outcomeOf(
  sql: string,
  given: {
    readonly columns: readonly string[]
    readonly rows: readonly (readonly (string | null)[])[]
    readonly rowCount: number
  },
): Outcome {
  const rows = given.rows.map((row) => JSON.stringify(row.map(plainNumber)))
  return {
    columns: given.columns,
    rows: isOrdered(sql) ? rows : rows.toSorted(),
    ...(isWrite(sql) ? { rowCount: given.rowCount } : {}),
  }
}

/** How many zeros a numeric shows at its end is not the binder's matter. */
function plainNumber(text: string | null): string | null {
  if (text === null || !/^-?\d+\.\d+$/u.test(text)) return text
  return String(Math.round(Number(text) * 1e9) / 1e9)
}

async function askPostgres(client: Client, sql: string): Promise<Outcome> {
  try {
    const { fields, rows, rowCount } = await client.query<(string | null)[]>({
      text: sql,
      rowMode: 'array',
    })
    const columns = fields.map(({ name, dataTypeID }) => `${name}:${dataTypeID}`)
    return outcomeOf(sql, { columns, rows, rowCount: rowCount ?? 0 })
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    return { code: error.code ?? '' }
  }
}

async function askOurs(world: StoredWorld, sql: string): Promise<Outcome> {
  try {
    const { columns, rows, rowCount } = await world.run(sql)
    const described = columns.map(({ name, type }) => `${name}:${type ? oidOf(type) : 'unknown'}`)
    return outcomeOf(sql, { columns: described, rows, rowCount })
  } catch (error) {
    if (!(error instanceof SqlError)) throw error
    return { code: error.sqlState }
  }
}

let postgres: Postgres

beforeAll(async () => {
  await loadParser()
  postgres = await startPostgres()
}, 60_000)

afterAll(() => postgres.stop())

describe('names, types, rows and errors are PostgreSQL’s', () => {
  for (const { name, setup, statements } of groups) {
    test(
      name,
      async () => {
        const client = new Client({
          ...postgres,
          types: { getTypeParser: () => (text: unknown) => text },
        })
        await client.connect()
        await client.query(
          'CREATE SCHEMA IF NOT EXISTS test; DROP SCHEMA public CASCADE; CREATE SCHEMA public',
        )
        const world = await StoredWorld.open()
        const found: unknown[] = []
        try {
          for (const sql of setup) {
            await client.query(sql)
            await world.run(sql)
          }
          for (const sql of statements) {
            const theirs = await askPostgres(client, sql)
            const ours = await askOurs(world, sql)
            const isSame = JSON.stringify(ours) === JSON.stringify(theirs)
            // A difference that is on purpose has its reason written down, and is still one.
            if (isSame === differences.has(sql)) found.push({ sql, ours, theirs })
          }
        } finally {
          await client.end()
          await world.close()
        }
        expect(found).toEqual([])
      },
      120_000,
    )
  }
})
