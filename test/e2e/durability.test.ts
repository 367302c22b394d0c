/** Rules R4 and R5 against kill -9: what was acknowledged is there, and a transaction is there whole or not at all. */
import { afterEach, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from 'pg'
import { admin, connect, startGrantd } from './grantd.ts'

/** What each writer was told is done. */
interface Acknowledged {
  readonly rows: number[]
  readonly users: string[]
  readonly grants: string[]
  readonly migrations: number[]
}

/** Writes until the connection breaks, noting each acknowledgement. */
async function untilBroken(client: Client, step: (n: number) => Promise<void>): Promise<void> {
  for (let n = 0; ; n += 1) {
    try {
      await step(n)
    } catch {
      await client.end().catch(() => undefined)
      return
    }
  }
}

async function columnOf(client: Client, sql: string): Promise<unknown[]> {
  const result = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
  return result.rows.map((row) => row[0])
}

describe('kill -9 in the middle of writes', () => {
  let dataDir: string
  afterEach(async () => {
    await rm(dataDir, { recursive: true, force: true })
  })

  test('loses nothing that was acknowledged, in three rounds on one directory', async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'grantd-kill-'))
    const done: Acknowledged = { rows: [], users: [], grants: [], migrations: [] }
    for (const round of [1, 2, 3]) {
      const grantd = await startGrantd({ dataDir })
      const clients = await Promise.all([1, 2, 3].map(() => connect(grantd, admin)))
      const [inserts, access, migrations] = clients
      if (inserts === undefined || access === undefined || migrations === undefined)
        throw new Error('three clients')
      await inserts.query('CREATE TABLE IF NOT EXISTS numbers (n bigint)')
      const writers = [
        untilBroken(inserts, async (n) => {
          const value = round * 1_000_000 + n
          await inserts.query('INSERT INTO numbers VALUES ($1)', [value])
          done.rows.push(value)
        }),
        untilBroken(access, async (n) => {
          const user = `u_${round}_${n}`
          await access.query(`CREATE USER ${user}`)
          done.users.push(user)
          await access.query(`GRANT SELECT ON numbers TO ${user}`)
          done.grants.push(user)
        }),
        // Table, rows and grant in one transaction: one commit point over both files.
        untilBroken(migrations, async (n) => {
          const id = round * 1_000_000 + n
          await migrations.query(
            `BEGIN; CREATE TABLE m_${id} (id bigint); INSERT INTO m_${id} VALUES (${id}); ` +
              `GRANT SELECT ON m_${id} TO reader_${id}; COMMIT`,
          )
          done.migrations.push(id)
        }),
      ]
      await until(
        () =>
          done.rows.length > 20 * round &&
          done.grants.length > 10 * round &&
          done.migrations.length > 5 * round,
      )
      await grantd.kill()
      await Promise.all(writers)
    }

    const grantd = await startGrantd({ dataDir })
    const client = await connect(grantd, admin)
    const rows = new Set((await columnOf(client, 'SELECT n FROM numbers')).map(Number))
    expect(done.rows.filter((row) => !rows.has(row))).toEqual([])
    const users = new Set(await columnOf(client, 'SHOW USERS'))
    expect(done.users.filter((user) => !users.has(user))).toEqual([])
    const lastGrant = done.grants.at(-1) ?? ''
    expect(await columnOf(client, `SHOW PERMISSIONS ${lastGrant}`)).toEqual(['SELECT'])
    // Each table that is there has its row; each that was acknowledged is there.
    const tables = (await columnOf(client, 'SHOW TABLES'))
      .map(String)
      .filter((name) => name.startsWith('m_'))
    expect(done.migrations.filter((id) => !tables.includes(`m_${id}`))).toEqual([])
    for (const table of tables) {
      expect(await columnOf(client, `SELECT id FROM ${table}`)).toEqual([table.slice(2)])
    }
    await client.end()
    expect(await grantd.stop()).toBe(0)
  }, 120_000)
})

/** Waits for progress that other turns of the loop make. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}
