/**
 * Two migration tools of the npm world run scripts/migrations/: from nothing, again with nothing to do,
 * back, and into a step that fails in its middle.
 */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import Postgrator from 'postgrator'
import { Umzug } from 'umzug'
import { failure } from '../e2e/failure.ts'
import type { Grantd } from '../e2e/grantd.ts'
import { admin, connect, startGrantd } from '../e2e/grantd.ts'
import { psql } from '../e2e/psql.ts'

const migrations = fileURLToPath(new URL('../../scripts/migrations/', import.meta.url))
const steps = [
  '001.do.principals.sql',
  '002.do.trades.sql',
  '003.do.grants.sql',
  '004.do.venue.sql',
  '005.do.views.sql',
  '006.do.analysts-see-no-price.sql',
]

/** What of a tool the tests need: the steps done by a call, by their numbers. */
interface MigrationTool {
  readonly up: () => Promise<readonly number[]>
  readonly down: () => Promise<readonly number[]>
  /** The steps that it has noted as done. */
  readonly done: () => Promise<readonly number[]>
}

const numberOf = (name: string): number => Number(name.slice(0, 3))

/** Sends a file as one simple query: one transaction. */
function postgrator(client: Client, directory: string): MigrationTool {
  const tool = new Postgrator({
    driver: 'pg',
    database: 'grantd',
    migrationPattern: join(directory, '*.sql'),
    schemaTable: 'schemaversion',
    currentSchema: 'public',
    execQuery: (sql) => client.query(sql),
  })
  return {
    up: async () => (await tool.migrate()).map(({ version }) => version),
    down: async () => (await tool.migrate('000')).map(({ version }) => version),
    done: async () => {
      const last = await tool.getDatabaseVersion()
      return steps.map(numberOf).filter((number) => number <= last)
    },
  }
}

/** Asks for a storage of one's own: a table of names; a step runs in a transaction. */
function umzug(client: Client, directory: string): MigrationTool {
  const inTransaction = async (file: string): Promise<void> => {
    const sql = await readFile(file, 'utf8')
    try {
      await client.query('BEGIN')
      await client.query(sql)
      await client.query('COMMIT')
    } catch (error) {
      await client.query('ROLLBACK')
      throw error
    }
  }
  const ensureTable = (): Promise<unknown> =>
    client.query('CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY)')
  const tool = new Umzug({
    migrations: {
      glob: ['*.do.*.sql', { cwd: directory }],
      resolve: ({ name, path = '' }) => ({
        name,
        up: () => inTransaction(path),
        down: () => inTransaction(path.replace('.do.', '.undo.')),
      }),
    },
    storage: {
      logMigration: async ({ name }) => {
        await ensureTable()
        await client.query('INSERT INTO migrations (name) VALUES ($1)', [name])
      },
      unlogMigration: async ({ name }) => {
        await client.query('DELETE FROM migrations WHERE name = $1', [name])
      },
      executed: async () => {
        await ensureTable()
        const result = await client.query<{ name: string }>(
          'SELECT name FROM migrations ORDER BY name',
        )
        return result.rows.map(({ name }) => name)
      },
    },
    logger: undefined,
  })
  return {
    up: async () => (await tool.up()).map(({ name }) => numberOf(name)),
    down: async () => (await tool.down({ to: 0 })).map(({ name }) => numberOf(name)),
    done: async () => (await tool.executed()).map(({ name }) => numberOf(name)),
  }
}

/** The statements that make the server as it is, but for the tables of the tools themselves. */
async function dump(client: Client): Promise<readonly string[]> {
  const result = await client.query<[string]>({ text: 'SHOW CREATE DATABASE', rowMode: 'array' })
  return result.rows.map(([ddl]) => ddl).filter((ddl) => !/schemaversion|migrations/.test(ddl))
}

async function rowsOf(client: Client, sql: string): Promise<unknown[]> {
  return (await client.query(sql)).rows
}

const all = steps.map(numberOf)

test('every step has its way back', async () => {
  const files = (await readdir(migrations)).filter((name) => name.endsWith('.sql')).toSorted()
  expect(files.filter((name) => name.includes('.do.'))).toEqual(steps)
  expect(files.filter((name) => name.includes('.undo.'))).toEqual(
    steps.map((name) => name.replace('.do.', '.undo.')),
  )
})

describe.each([
  ['postgrator', postgrator],
  ['umzug', umzug],
])('%s', (_name, make) => {
  let grantd: Grantd
  let client: Client
  let directory: string
  beforeEach(async () => {
    grantd = await startGrantd()
    client = await connect(grantd, admin)
    directory = await mkdtemp(join(tmpdir(), 'grantd-migrations-'))
    await cp(migrations, directory, { recursive: true })
  })
  afterEach(async () => {
    await client.end()
    await grantd.remove()
    await rm(directory, { recursive: true, force: true })
  })

  test('runs all steps from nothing, and finds nothing to do afterwards', async () => {
    const tool = make(client, directory)
    expect(await tool.up()).toEqual(all)
    const made = await dump(client)
    expect(made.join('\n')).toContain("CREATE TABLE 'trades'")
    expect(await rowsOf(client, 'SELECT symbol FROM instruments ORDER BY symbol')).toEqual([
      { symbol: 'BTC-USD' },
      { symbol: 'ETH-USD' },
    ])
    expect(await tool.up()).toEqual([])
    // A new process of the tool knows what was done from the server alone.
    const again = make(client, directory)
    expect(await again.done()).toEqual(all)
    expect(await again.up()).toEqual([])
    expect(await dump(client)).toEqual(made)
  })

  test('leaves what psql leaves', async () => {
    await make(client, directory).up()
    const other = await startGrantd()
    try {
      const files = steps.flatMap((name) => ['-f', join(directory, name)])
      const options = ['-1', '-v', 'ON_ERROR_STOP=1', ...files]
      expect(await psql(other, admin, options)).toMatchObject({ exitCode: 0 })
      const second = await connect(other, admin)
      expect(await dump(second)).toEqual(await dump(client))
      await second.end()
    } finally {
      await other.remove()
    }
  })

  test('goes all the way back, and there again', async () => {
    const before = await dump(client)
    const tool = make(client, directory)
    await tool.up()
    const made = await dump(client)
    expect(await tool.down()).toEqual(all.toReversed())
    expect(await tool.done()).toEqual([])
    expect(await dump(client)).toEqual(before)
    expect(await tool.up()).toEqual(all)
    expect(await dump(client)).toEqual(made)
  })

  test('stops at a step that fails, of which nothing is left, and goes on once it is mended', async () => {
    await make(client, directory).up()
    const made = await dump(client)
    const file = join(directory, '007.do.more.sql')
    const good = `CREATE USER lin; CREATE TABLE orders (id int);
      INSERT INTO orders VALUES (1); ALTER TABLE trades ADD COLUMN fee DOUBLE; GRANT SELECT ON orders TO lin;`
    await writeFile(file, `${good} ALTER USER nobody ENABLE;`)
    await writeFile(join(directory, '008.do.never.sql'), 'CREATE USER never;')
    const failed = await failure(make(client, directory).up())
    expect(failed.message).toContain('user does not exist [name=nobody]')
    expect(await make(client, directory).done()).toEqual(all)
    expect(await dump(client)).toEqual(made)
    await writeFile(file, good)
    expect(await make(client, directory).up()).toEqual([7, 8])
    expect(await rowsOf(client, 'SELECT id FROM orders')).toEqual([{ id: 1 }])
  })
})
