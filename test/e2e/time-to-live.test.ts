/** TTL: partitions that are too old as a whole go after a write, and nothing else does. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import { failure } from './failure.ts'
import type { Grantd } from './grantd.ts'
import { admin, connect, startGrantd } from './grantd.ts'

describe('TTL', () => {
  let grantd: Grantd
  let client: Client
  beforeAll(async () => {
    grantd = await startGrantd()
  })
  afterAll(async () => {
    await grantd.remove()
  })
  beforeEach(async () => {
    client = await connect(grantd, admin)
  })
  afterEach(async () => {
    await client.query('DROP TABLE IF EXISTS t')
    await client.end()
  })

  async function values(): Promise<unknown[]> {
    const { rows } = await client.query<{ v: number }>('SELECT v FROM t ORDER BY v')
    return rows.map(({ v }) => v)
  }

  /** Removal is done beside the writer: asked until it is so, or the test's own time is over. */
  async function untilValues(expected: readonly number[]): Promise<void> {
    while (JSON.stringify(await values()) !== JSON.stringify(expected)) {
      await client.query('SELECT 1')
    }
  }

  test('removes partitions whose end lies before the newest timestamp less the period', async () => {
    await client.query(
      'CREATE TABLE t (ts TIMESTAMP, v INT) TIMESTAMP(ts) PARTITION BY DAY TTL 2 DAYS',
    )
    await client.query(`INSERT INTO t VALUES ('2024-01-01 23:59:59.999999', 1), ('2024-01-02', 2),
      ('2024-01-03', 3), ('2024-01-05 12:00', 5)`)
    // 2024-01-02 ends at 01-03 00:00, before 01-03 12:00; the next one does not.
    await untilValues([3, 5])
    await client.query(`INSERT INTO t VALUES ('2024-01-01', 1), ('2024-01-04', 4)`)
    await untilValues([3, 4, 5])
  })

  test('does not take a timestamp of the future for its measure', async () => {
    await client.query(
      'CREATE TABLE t (ts TIMESTAMP, v INT) TIMESTAMP(ts) PARTITION BY DAY TTL 1 WEEK',
    )
    await client.query(`INSERT INTO t VALUES (now()::timestamp, 2), ('2020-01-01', 1)`)
    await client.query(`INSERT INTO t VALUES ('9000-01-01', 3), ('infinity', 4)`)
    await untilValues([2, 3, 4])
  })

  test('is set and taken away, and a ROLLBACK takes nothing', async () => {
    await client.query('CREATE TABLE t (ts TIMESTAMP, v INT) TIMESTAMP(ts) PARTITION BY MONTH')
    await client.query(`INSERT INTO t VALUES ('2023-12-31', 1), ('2024-03-01', 2)`)
    await client.query('BEGIN')
    await client.query('ALTER TABLE t SET TTL 1 MONTH')
    await client.query('ROLLBACK')
    expect(await values()).toEqual([1, 2])
    await client.query('ALTER TABLE t SET TTL 1 MONTH')
    await untilValues([2])
    const shown = await client.query<unknown[]>({ text: 'SHOW CREATE TABLE t', rowMode: 'array' })
    expect(shown.rows[0]?.[0]).toContain('PARTITION BY MONTH TTL 1 MONTH')
    const ttl = `SELECT "ttlValue", "ttlUnit" FROM tables() WHERE table_name = 't'`
    expect((await client.query(ttl)).rows).toEqual([{ ttlValue: 1, ttlUnit: 'MONTH' }])
    await client.query('ALTER TABLE t SET TTL 0')
    expect((await client.query(ttl)).rows).toMatchObject([{ ttlValue: 0 }])
    await client.query(`INSERT INTO t VALUES ('2020-01-01', 0)`)
    expect(await values()).toEqual([0, 2])
  })

  test.each([
    [
      'PARTITION BY DAY',
      'SET TTL 25 HOURS',
      'TTL value must be an integer multiple of partition size',
    ],
    ['PARTITION BY MONTH', 'SET TTL 4w', 'TTL value must be an integer multiple of partition size'],
    [
      'PARTITION BY YEAR',
      'SET TTL 13 MONTHS',
      'TTL value must be an integer multiple of partition size',
    ],
    ['', 'SET TTL 1 DAY', 'cannot set TTL on a non-partitioned table'],
  ])('of a table %s is not %s', async (partition, action, message) => {
    await client.query(`CREATE TABLE t (ts TIMESTAMP, v INT) TIMESTAMP(ts) ${partition}`)
    expect(await failure(client.query(`ALTER TABLE t ${action}`))).toMatchObject({
      code: '22023',
      message,
      position: '23',
    })
    const create = `CREATE TABLE u (ts TIMESTAMP) TIMESTAMP(ts) ${partition} ${action.slice(4)}`
    expect(await failure(client.query(create))).toMatchObject({ code: '22023', message })
  })

  test('needs SET TABLE PARAM', async () => {
    await client.query('CREATE TABLE t (ts TIMESTAMP, v INT) TIMESTAMP(ts) PARTITION BY DAY')
    await client.query(`CREATE USER eve WITH PASSWORD 'eve-password'`)
    await client.query('GRANT PGWIRE TO eve')
    const eve = await connect(grantd, { user: 'eve', password: 'eve-password' })
    try {
      for (const sql of ['ALTER TABLE t SET TTL 1d', 'ALTER TABLE nothing SET TTL 1d']) {
        expect(await failure(eve.query(sql))).toMatchObject({ code: '42501' })
      }
      await client.query('GRANT SET TABLE PARAM ON t TO eve')
      await eve.query('ALTER TABLE t SET TTL 1d')
    } finally {
      await eve.end()
    }
  })
})
