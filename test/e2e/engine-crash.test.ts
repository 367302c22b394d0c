/** The engine's process dies: access and sessions go on, and nothing that was acknowledged is lost. */
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import { failure } from './failure.ts'
import type { Grantd } from './grantd.ts'
import { admin, connect, startGrantd } from './grantd.ts'

let grantd: Grantd
let client: Client
beforeEach(async () => {
  grantd = await startGrantd()
  client = await connect(grantd, admin)
})
afterEach(async () => {
  await client.end()
  await grantd.remove()
})

/** The engine's process that was started last, as the log tells. */
function engineProcessId(): number {
  const found = [...grantd.log().matchAll(/"kind":"EngineStarted","processId":(\d+)/g)].at(-1)?.[1]
  if (found === undefined) throw new Error('no engine was started')
  return Number(found)
}

async function column(sql: string): Promise<unknown[]> {
  const result = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
  return result.rows.map((row) => row[0])
}

test('a statement that runs ends with 57P02, and the session goes on', async () => {
  await client.query('CREATE TABLE t (a int); INSERT INTO t VALUES (1)')
  const running = failure(
    client.query(
      'SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 1000000) b',
    ),
  )
  const other = await connect(grantd, admin)
  await other.query('SELECT a FROM t')
  process.kill(engineProcessId(), 'SIGKILL')
  expect(await running).toMatchObject({ code: '57P02' })
  // Access needs no engine; tables are back when the next one is.
  expect((await other.query('CREATE USER eve')).command).toBe('CREATE')
  expect(await column('SELECT a FROM t')).toEqual([1])
  await other.end()
})

test('a transaction that it held is gone, and says so', async () => {
  await client.query('CREATE TABLE t (a int)')
  await client.query('BEGIN; INSERT INTO t VALUES (1); CREATE USER eve')
  process.kill(engineProcessId(), 'SIGKILL')
  const { code } = await failure(client.query('COMMIT'))
  expect(code).toBe('57P02')
  expect(await column('SELECT a FROM t')).toEqual([])
  expect(await column('SHOW USERS')).toEqual(['admin'])
})

test('transactions over both files are whole, whenever it dies', async () => {
  const done: number[] = []
  for (let n = 0; n < 40; n += 1) {
    if (n % 8 === 4) setTimeout(() => process.kill(engineProcessId(), 'SIGKILL'), (n * 7) % 23)
    const sql =
      `BEGIN; CREATE TABLE m_${n} (id int); INSERT INTO m_${n} VALUES (${n}); ` +
      `GRANT SELECT ON m_${n} TO reader_${n}; COMMIT`
    try {
      await client.query(sql)
      done.push(n)
    } catch (error) {
      expect(error).toMatchObject({ code: '57P02' })
      await client.query('ROLLBACK')
    }
  }
  const tables = (await column('SHOW TABLES')).map(String)
  expect(done.filter((n) => !tables.includes(`m_${n}`))).toEqual([])
  for (const table of tables) {
    expect(await column(`SELECT id FROM ${table}`)).toEqual([Number(table.slice(2))])
    await client.query(`CREATE USER reader_${table.slice(2)}`)
    expect(await column(`SHOW PERMISSIONS reader_${table.slice(2)}`)).toEqual(['SELECT'])
  }
})
