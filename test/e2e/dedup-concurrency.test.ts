/** Sessions that insert into a table with deduplication at the same time never leave two rows of equal keys. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import { failure } from './failure.ts'
import type { Grantd } from './grantd.ts'
import { admin, connect, startGrantd } from './grantd.ts'

let grantd: Grantd
let first: Client
let second: Client
beforeAll(async () => {
  grantd = await startGrantd()
  first = await connect(grantd, admin)
})
afterAll(async () => {
  await first.end()
  await grantd.remove()
})
beforeEach(async () => {
  await first.query('ROLLBACK')
  await first.query('DROP TABLE IF EXISTS t, u')
  for (const name of ['t', 'u']) {
    await first.query(
      `CREATE TABLE ${name} (ts TIMESTAMP, sym SYMBOL, v INT)
       TIMESTAMP(ts) PARTITION BY DAY WAL DEDUP UPSERT KEYS(ts, sym)`,
    )
  }
  second = await connect(grantd, admin)
  return async () => second.end().catch(() => undefined)
})

const insert = (v: number, table = 't'): string =>
  `INSERT INTO ${table} VALUES ('2020-01-01', 'a', ${v})`

async function values(client: Client, table = 't'): Promise<readonly number[]> {
  const { rows } = await client.query<{ v: number }>(`SELECT v FROM ${table} ORDER BY v`)
  return rows.map(({ v }) => v)
}

/** Resolves when a statement waits for a lock, as query_activity() tells. */
async function waitingStatement(observer: Client): Promise<void> {
  for (;;) {
    const { rows } = await observer.query("SELECT 1 FROM query_activity() WHERE state = 'waiting'")
    if (rows.length > 0) return
  }
}

test('many sessions that insert the same keys leave one row of each', async () => {
  const clients = await Promise.all(Array.from({ length: 6 }, () => connect(grantd, admin)))
  let failures = 0
  await Promise.all(
    clients.map(async (client, number) => {
      for (let round = 0; round < 15; round += 1) {
        const isBlock = (round + number) % 3 === 0
        try {
          if (isBlock) await client.query('BEGIN')
          if (isBlock && number % 2 === 0) await client.query('SELECT count(*) FROM t')
          await client.query(
            `INSERT INTO t SELECT '2020-01-01'::timestamp + x * interval '1 second', 'a', ${number} FROM generate_series(1, 5) g(x)`,
          )
          await client.query(insert(number))
          if (isBlock) await client.query(round % 2 === 0 ? 'COMMIT' : 'ROLLBACK')
        } catch (error) {
          // A block that began before another's commit is refused, not let through.
          expect(error).toMatchObject({ code: '40001' })
          failures += 1
          await client.query('ROLLBACK')
        }
      }
    }),
  )
  await Promise.all(clients.map(async (client) => client.end()))
  const { rows } = await first.query('SELECT ts FROM t GROUP BY ts, sym HAVING count(*) > 1')
  expect(rows).toEqual([])
  expect(await values(first)).toHaveLength(6)
  expect(failures).toBeLessThan(6 * 15)
}, 60_000)

test('an INSERT waits for a transaction that inserted, and replaces its row', async () => {
  await first.query('BEGIN')
  await first.query(insert(1))
  const waiting = second.query(insert(2))
  await waitingStatement(first)
  await first.query('COMMIT')
  await waiting
  expect(await values(first)).toEqual([2])
})

test('an INSERT waits for one that is rolled back', async () => {
  await first.query('BEGIN')
  await first.query(insert(1))
  const waiting = second.query(`BEGIN; ${insert(2)}; COMMIT`)
  await waitingStatement(first)
  await first.query('ROLLBACK')
  await waiting
  expect(await values(first)).toEqual([2])
})

test('a transaction whose snapshot is older than the other row is refused', async () => {
  await second.query('BEGIN')
  await second.query('SELECT * FROM t')
  await first.query(insert(1))
  expect(await failure(second.query(insert(2)))).toMatchObject({ code: '40001' })
  await second.query('ROLLBACK')
  expect(await values(first)).toEqual([1])
})

test('waiting in a circle is ended with 40P01', async () => {
  await first.query('BEGIN')
  await first.query(insert(1, 't'))
  await second.query('BEGIN')
  await second.query(insert(2, 'u'))
  const waiting = second.query(insert(2, 't'))
  const third = await connect(grantd, admin)
  await waitingStatement(third)
  await third.end()
  expect(await failure(first.query(insert(1, 'u')))).toMatchObject({ code: '40P01' })
  await first.query('ROLLBACK')
  await waiting
  await second.query('COMMIT')
  expect(await values(first, 't')).toEqual([2])
  expect(await values(first, 'u')).toEqual([2])
})

test('a dropped connection gives its lock back', async () => {
  await second.query('BEGIN')
  await second.query(insert(2))
  const waiting = first.query(insert(1))
  const third = await connect(grantd, admin)
  await waitingStatement(third)
  await third.end()
  await second.end()
  await waiting
  expect(await values(first)).toEqual([1])
})

test('who waits may be cancelled, time out, and is not in the way afterwards', async () => {
  await first.query('BEGIN')
  await first.query(insert(1))
  await second.query("SET lock_timeout = '10ms'")
  expect(await failure(second.query(insert(2)))).toMatchObject({ code: '55P03' })
  await second.query("SET lock_timeout = 0; SET statement_timeout = '10ms'")
  expect(await failure(second.query(insert(2)))).toMatchObject({ code: '57014' })
  await second.query('SET statement_timeout = 0')
  const waiting = failure(second.query(insert(2)))
  await waitingStatement(first)
  await first.query(
    'CANCEL QUERY ' +
      String(
        (
          await first.query<{ query_id: string }>(
            "SELECT query_id FROM query_activity() WHERE state = 'waiting'",
          )
        ).rows[0]?.query_id,
      ),
  )
  expect(await waiting).toMatchObject({ code: '57014' })
  await first.query('COMMIT')
  await second.query(insert(3))
  expect(await values(first)).toEqual([3])
})

test('more waiting sessions of one user than it has places do not stop who they wait for', async () => {
  await first.query("CREATE USER IF NOT EXISTS ida WITH PASSWORD 'pw'")
  await first.query('GRANT PGWIRE TO ida')
  await first.query('GRANT INSERT, SELECT ON t TO ida')
  const ida = { user: 'ida', password: 'pw' }
  const clients = await Promise.all(Array.from({ length: 12 }, () => connect(grantd, ida)))
  const [holder, ...others] = clients
  await holder?.query('BEGIN')
  await holder?.query(insert(0))
  const waiting = others.map(async (client, number) => client.query(insert(number + 1)))
  await waitingStatement(first)
  await holder?.query(insert(100))
  await holder?.query('COMMIT')
  await Promise.all(waiting)
  await Promise.all(clients.map(async (client) => client.end()))
  expect(await values(first)).toHaveLength(1)
})

test('DEDUP ENABLE waits for rows that are being put in, and they are from before it', async () => {
  await first.query('ALTER TABLE t DEDUP DISABLE')
  await first.query('BEGIN')
  await first.query(insert(1))
  await first.query(insert(2))
  const enabling = second.query('ALTER TABLE t DEDUP ENABLE UPSERT KEYS(ts, sym)')
  await waitingStatement(first)
  await first.query('COMMIT')
  await enabling
  expect(await values(first)).toEqual([1, 2])
  await first.query(insert(3))
  expect(await values(first)).toEqual([3])
})
