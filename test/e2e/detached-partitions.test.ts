/** DETACH PARTITION and ATTACH PARTITION: rows in the table or in a file, never both, never neither. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import { failure } from './failure.ts'
import type { Grantd } from './grantd.ts'
import { admin, connect, startGrantd } from './grantd.ts'

async function rows(client: Client, sql: string): Promise<unknown[][]> {
  return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows
}

async function column(client: Client, sql: string): Promise<unknown[]> {
  return (await rows(client, sql)).map((row) => row[0])
}

/** The files of all tables. */
function files(grantd: Grantd): readonly string[] {
  const root = join(grantd.dataDir, 'store', 'files', 'detached')
  if (!existsSync(root)) return []
  return readdirSync(root).flatMap((table) => readdirSync(join(root, table)))
}

const detach = `ALTER TABLE t DETACH PARTITION LIST '2024-01-01'`
const attach = `ALTER TABLE t ATTACH PARTITION LIST '2024-01-01'`
const values = 'SELECT v FROM t ORDER BY v'

async function createDays(client: Client): Promise<void> {
  await client.query('CREATE TABLE t (ts TIMESTAMP, v INT) TIMESTAMP(ts) PARTITION BY DAY')
  await client.query(`INSERT INTO t VALUES ('2024-01-01 00:00:00', 1), ('2024-01-01 23:59:59', 2),
    ('2024-01-02 12:00:00', 3), ('2024-01-04 00:00:00', 4)`)
}

describe('partitions that are detached', () => {
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

  test('leave the table, are listed last, and come back', async () => {
    await createDays(client)
    expect((await client.query(detach)).command).toBe('ALTER')
    expect(await column(client, values)).toEqual([3, 4])
    const listed = `SELECT "index", name, "minTimestamp"::text, "maxTimestamp"::text, "numRows"::int,
      active, attached, detached, attachable, "isParquet", "parquetFileSize" > 0, "diskSize" > 0
      FROM table_partitions('t')`
    expect(await rows(client, `${listed} WHERE "index" IS NULL`)).toEqual([
      [
        null,
        '2024-01-01.attachable',
        '2024-01-01 00:00:00',
        '2024-01-01 23:59:59',
        2,
        false,
        false,
        true,
        true,
        true,
        true,
        true,
      ],
    ])
    expect(await rows(client, 'SHOW PARTITIONS FROM t')).toHaveLength(3)
    expect(files(grantd)).toHaveLength(1)
    await client.query(attach)
    expect(await column(client, values)).toEqual([1, 2, 3, 4])
    expect(files(grantd)).toEqual([])
    expect(await rows(client, 'SHOW PARTITIONS FROM t')).toHaveLength(3)
  })

  test('are chosen by a condition as well', async () => {
    await createDays(client)
    await client.query(`ALTER TABLE t DETACH PARTITION WHERE ts < '2024-01-03'`)
    expect(await column(client, values)).toEqual([4])
    await client.query(`ALTER TABLE t ATTACH PARTITION LIST '2024-01-02', '2024-01-01'`)
    expect(await column(client, values)).toEqual([1, 2, 3, 4])
  })

  test.each([
    [[], `DETACH PARTITION LIST '2024-01-04'`, '55006', 'DETACH_ERR_ACTIVE', 37],
    [[], `DETACH PARTITION WHERE ts > '2024-01-03'`, '55006', 'DETACH_ERR_ACTIVE', 38],
    [[], `DETACH PARTITION LIST '2024-01-03'`, '42704', 'DETACH_ERR_MISSING_PARTITION', 37],
    [[detach], `DETACH PARTITION LIST '2024-01-01'`, '42710', 'DETACH_ERR_ALREADY_DETACHED', 37],
    [[], `ATTACH PARTITION LIST '2024-01-01'`, '42710', 'ATTACH_ERR_PARTITION_EXISTS', 37],
    [[], `ATTACH PARTITION LIST '2024-01-03'`, '42704', 'ATTACH_ERR_MISSING_PARTITION', 37],
    [[], `ATTACH PARTITION LIST '../../x'`, '22007', "'yyyy-MM-dd' expected", 37],
  ])('%j: %s fails', async (before, action, code, words, position) => {
    await createDays(client)
    for (const sql of before) await client.query(sql)
    const there = await column(client, values)
    expect(await failure(client.query(`ALTER TABLE t ${action}`))).toMatchObject({
      code,
      message: expect.stringContaining(words),
      position: String(position),
    })
    expect(await column(client, values)).toEqual(there)
    expect(files(grantd)).toHaveLength(before.length)
  })

  test('meet rows that came since, and are refused', async () => {
    await createDays(client)
    await client.query(detach)
    await client.query(`INSERT INTO t VALUES ('2024-01-01 05:00:00', 9)`)
    expect(await failure(client.query(attach))).toMatchObject({ code: '42710' })
    expect(await failure(client.query(detach))).toMatchObject({ code: '42710' })
    await client.query(`ALTER TABLE t DROP PARTITION LIST '2024-01-01'`)
    await client.query(attach)
    expect(await column(client, values)).toEqual([1, 2, 3, 4])
  })

  test('come back with ROLLBACK, and go back', async () => {
    await createDays(client)
    await client.query('BEGIN')
    await client.query(detach)
    expect(await column(client, values)).toEqual([3, 4])
    await client.query('ROLLBACK')
    expect(await column(client, values)).toEqual([1, 2, 3, 4])
    expect(files(grantd)).toEqual([])
    await client.query(detach)
    await client.query('BEGIN')
    await client.query(attach)
    expect(await column(client, values)).toEqual([1, 2, 3, 4])
    await client.query('ROLLBACK')
    expect(await column(client, values)).toEqual([3, 4])
    expect(files(grantd)).toHaveLength(1)
    await client.query(attach)
    expect(await column(client, values)).toEqual([1, 2, 3, 4])
  })

  test('are detached once when two do it', async () => {
    await createDays(client)
    const other = await connect(grantd, admin)
    try {
      const outcomes = await Promise.allSettled([client.query(detach), other.query(detach)])
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(await column(other, values)).toEqual([3, 4])
      expect(files(grantd)).toHaveLength(1)
    } finally {
      await other.end()
    }
  })

  test('come back under the names, and with the defaults, that columns have now', async () => {
    await client.query(
      `CREATE TABLE t (ts TIMESTAMP, a INT, b TEXT, c INT) TIMESTAMP(ts) PARTITION BY DAY`,
    )
    await client.query(
      `INSERT INTO t VALUES ('2024-01-01', 1, 'one', 10), ('2024-01-02', 2, 'two', 20)`,
    )
    await client.query(detach)
    await client.query('ALTER TABLE t RENAME COLUMN a TO aa')
    await client.query('ALTER TABLE t DROP COLUMN c')
    await client.query('ALTER TABLE t ADD COLUMN d INT DEFAULT 7')
    await client.query('ALTER TABLE t ADD COLUMN c TEXT')
    await client.query('RENAME TABLE t TO u')
    await client.query('RENAME TABLE u TO t')
    await client.query(attach)
    expect(await rows(client, 'SELECT aa, b, d, c FROM t ORDER BY aa')).toEqual([
      [1, 'one', 7, null],
      [2, 'two', 7, null],
    ])
  })

  test('stay outside when they break a rule of the table', async () => {
    await client.query(
      `CREATE TABLE t (ts TIMESTAMP, k INT, PRIMARY KEY (k)) TIMESTAMP(ts) PARTITION BY DAY`,
    )
    await client.query(`INSERT INTO t VALUES ('2024-01-01', 1), ('2024-01-02', 2)`)
    await client.query(detach)
    await client.query(`INSERT INTO t VALUES ('2024-01-03', 1)`)
    expect(await failure(client.query(attach))).toMatchObject({
      code: '23505',
      message: 'duplicate key value violates unique constraint "t_pkey"',
    })
    expect(files(grantd)).toHaveLength(1)
    await client.query('DELETE FROM t WHERE k = 1')
    await client.query(attach)
    expect(await column(client, 'SELECT k FROM t ORDER BY k')).toEqual([1, 2])
  })

  test('keep every value of every type exactly', async () => {
    const types =
      `bool, smallint, int, bigint, real, double precision, numeric, numeric(38,10), text, varchar(5),
      char(4), bytea, date, time, timestamp, timestamptz, interval, uuid, json, int[], text[], interval[], timestamptz[],
      numeric(10,2)[], bytea[], bool[]`.split(/,(?![0-9])/)
    const samples = [
      `true, -32768, 2147483647, -9223372036854775808, 'NaN', '-Infinity', 12345678901234567890.123456789012345678,
       9999999999999999999999999999.9999999999, '', 'é€', 'ab', '\\x00ff', 'infinity', '24:00:00', 'infinity',
       '-infinity', '-5 mons 40 days -00:00:01.234567', '00000000-0000-0000-0000-000000000000', '{"a": [1, null]}',
       '{1,NULL,3}', '{"",NULL,"a,b"}', '{"1 mon -00:00:00.000001",NULL}', '{infinity,NULL}', '{1.10,-0.01}',
       '{"\\\\x00",NULL}', '{t,NULL}'`,
      `false, 32767, -2147483648, 9223372036854775807, '-0', '4.9e-324', -0.000000000000000001, 0.0000000001, ' ''x'' ',
       NULL, NULL, '\\x', '0044-03-15 BC', '00:00:00', '0044-03-15 01:02:03 BC', '290000-12-31 23:59:59.999999Z',
       '2562047788:00:54.775807', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 'null', '{}', '{}', '{}', '{}', '{}', '{}', '{}'`,
      Array.from({ length: 26 }, () => 'NULL').join(', '),
    ]
    const columns = types.map((type, index) => `a${index} ${type}`).join(', ')
    await client.query(`CREATE TABLE t (ts timestamptz, ${columns}) TIMESTAMP(ts) PARTITION BY DAY`)
    for (const [index, sample] of samples.entries()) {
      await client.query(`INSERT INTO t VALUES ('2024-01-01 0${index}:00:00Z', ${sample})`)
    }
    await client.query(`INSERT INTO t (ts) VALUES ('2024-01-02')`)
    const all = {
      text: 'SELECT * FROM t ORDER BY ts',
      rowMode: 'array',
      types: { getTypeParser: () => String },
    }
    const before = (await client.query(all)).rows
    await client.query(detach)
    expect(await rows(client, 'SELECT ts FROM t')).toHaveLength(1)
    await client.query(attach)
    expect((await client.query(all)).rows).toEqual(before)
  })

  test('go with their table when it is dropped, and not before; TRUNCATE leaves them', async () => {
    await createDays(client)
    await client.query(detach)
    await client.query('TRUNCATE TABLE t')
    expect(files(grantd)).toHaveLength(1)
    await client.query('BEGIN')
    await client.query('DROP TABLE t')
    expect(files(grantd)).toHaveLength(1)
    await client.query('ROLLBACK')
    await client.query(attach)
    expect(await column(client, values)).toEqual([1, 2])
    await client.query(`INSERT INTO t VALUES ('2024-01-02', 3)`)
    await client.query(detach)
    await client.query('DROP TABLE t')
    expect(files(grantd)).toEqual([])
  })

  test('need the permission of their verb, on the table or the database', async () => {
    await createDays(client)
    await client.query(`CREATE USER eve WITH PASSWORD 'eve-password'`)
    await client.query('GRANT PGWIRE TO eve')
    await client.query('GRANT DROP PARTITION ON ALL TABLES TO eve')
    const eve = await connect(grantd, { user: 'eve', password: 'eve-password' })
    try {
      for (const sql of [
        detach,
        attach,
        `ALTER TABLE nothing DETACH PARTITION LIST '2024-01-01'`,
      ]) {
        expect([sql, await failure(eve.query(sql))]).toMatchObject([sql, { code: '42501' }])
      }
      await client.query('GRANT DETACH PARTITION ON t TO eve')
      await eve.query(detach)
      expect(await failure(eve.query(attach))).toMatchObject({ code: '42501' })
      await client.query('GRANT ATTACH PARTITION ON ALL TABLES TO eve')
      await eve.query(attach)
    } finally {
      await eve.end()
    }
    expect(await column(client, values)).toEqual([1, 2, 3, 4])
  })
})

describe('a crash', () => {
  test('leaves the rows in the table or in the file', async () => {
    let grantd = await startGrantd()
    try {
      let client = await connect(grantd, admin)
      await createDays(client)
      // Not committed: the rows are in the table, and the file that was written goes.
      await client.query('BEGIN')
      await client.query(detach)
      expect(files(grantd)).toHaveLength(1)
      await grantd.kill()
      grantd = await startGrantd({ dataDir: grantd.dataDir })
      client = await connect(grantd, admin)
      expect(files(grantd)).toEqual([])
      expect(await column(client, values)).toEqual([1, 2, 3, 4])
      // Committed: they are in the file, and what is beside it goes.
      await client.query(detach)
      await grantd.kill()
      const [table = ''] = readdirSync(join(grantd.dataDir, 'store', 'files', 'detached'))
      const beside = join(
        grantd.dataDir,
        'store',
        'files',
        'detached',
        table,
        '2024-01-02.9.parquet.tmp',
      )
      writeFileSync(beside, 'half')
      grantd = await startGrantd({ dataDir: grantd.dataDir })
      client = await connect(grantd, admin)
      expect(files(grantd)).toHaveLength(1)
      expect(await column(client, values)).toEqual([3, 4])
      // Attached and not committed: still in the file.
      await client.query('BEGIN')
      await client.query(attach)
      await grantd.kill()
      grantd = await startGrantd({ dataDir: grantd.dataDir })
      client = await connect(grantd, admin)
      expect(await column(client, values)).toEqual([3, 4])
      await client.query(attach)
      await grantd.kill()
      grantd = await startGrantd({ dataDir: grantd.dataDir })
      client = await connect(grantd, admin)
      expect(await column(client, values)).toEqual([1, 2, 3, 4])
      expect(files(grantd)).toEqual([])
      await client.end()
    } finally {
      await grantd.remove()
    }
  })
})
