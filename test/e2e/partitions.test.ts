/** Partitions: SHOW PARTITIONS, table_partitions(), DROP PARTITION (questdb-rbac.md, section 11). */
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

const names = `SELECT name FROM table_partitions('t') ORDER BY "index"`

describe('partitions', () => {
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

  async function createDays(type = 'TIMESTAMP'): Promise<void> {
    await client.query(`CREATE TABLE t (ts ${type}, v INT) TIMESTAMP(ts) PARTITION BY DAY`)
    await client.query(`INSERT INTO t VALUES
      ('2024-01-01 00:00:00', 1), ('2024-01-01 23:59:59.999999', 2), ('2024-01-02 12:00:00', 3),
      ('2024-01-04 00:00:00', 4)`)
  }

  test('are listed with the least and the greatest timestamp and the rows of each', async () => {
    await createDays()
    const result = await client.query({ text: 'SHOW PARTITIONS FROM t', rowMode: 'array' })
    expect(result.command).toBe('SHOW')
    expect(result.fields.map(({ name }) => name)).toEqual([
      'index',
      'partitionBy',
      'name',
      'minTimestamp',
      'maxTimestamp',
      'numRows',
      'diskSize',
      'diskSizeHuman',
      'readOnly',
      'active',
      'attached',
      'detached',
      'attachable',
      'isParquet',
      'parquetFileSize',
    ])
    const shown = `SELECT "index", "partitionBy", name, "minTimestamp"::text, "maxTimestamp"::text,
      "numRows"::int, active, attached, detached FROM table_partitions('t')`
    expect(await rows(client, `${shown} ORDER BY 1`)).toEqual([
      [
        0,
        'DAY',
        '2024-01-01',
        '2024-01-01 00:00:00',
        '2024-01-01 23:59:59.999999',
        2,
        false,
        true,
        false,
      ],
      [1, 'DAY', '2024-01-02', '2024-01-02 12:00:00', '2024-01-02 12:00:00', 1, false, true, false],
      [2, 'DAY', '2024-01-04', '2024-01-04 00:00:00', '2024-01-04 00:00:00', 1, true, true, false],
    ])
    expect(await column(client, `${shown} WHERE "numRows" > 1`)).toEqual([0])
  })

  test.each([
    ['HOUR', ['2024-12-29T23', '2024-12-30T00', '2025-01-05T23', '2025-01-06T00']],
    ['DAY', ['2024-12-29', '2024-12-30', '2025-01-05', '2025-01-06']],
    ['WEEK', ['2024-W52', '2025-W01', '2025-W02']],
    ['MONTH', ['2024-12', '2025-01']],
    ['YEAR', ['2024', '2025']],
  ])('by %s have the names of QuestDB', async (unit, expected) => {
    await client.query(`CREATE TABLE t (ts TIMESTAMP) TIMESTAMP(ts) PARTITION BY ${unit}`)
    await client.query(`INSERT INTO t VALUES ('2024-12-29 23:00:00'), ('2024-12-30 00:00:00'),
      ('2025-01-05 23:59:00'), ('2025-01-06 00:00:00')`)
    expect(await column(client, names)).toEqual(expected)
    // Each name finds its partition again, and no row is lost on the way.
    for (const name of expected) {
      await client.query(`ALTER TABLE t DROP PARTITION LIST '${name}'`)
    }
    expect(await rows(client, 'SELECT ts FROM t')).toEqual([])
  })

  test('are of UTC, whatever the time zone of the session', async () => {
    await client.query(`SET TimeZone = 'America/New_York'`)
    await client.query('CREATE TABLE t (ts timestamptz) TIMESTAMP(ts) PARTITION BY DAY')
    await client.query(`INSERT INTO t VALUES ('2024-01-01 23:00:00-05'), ('2024-01-01 12:00:00Z')`)
    expect(await column(client, names)).toEqual(['2024-01-01', '2024-01-02'])
    await client.query(`ALTER TABLE t DROP PARTITION WHERE ts < '2024-01-02 00:00:00Z'`)
    expect(await column(client, names)).toEqual(['2024-01-02'])
  })

  test('of a table that is not partitioned are one, and cannot be dropped', async () => {
    await client.query('CREATE TABLE t (ts TIMESTAMP, v INT) TIMESTAMP(ts)')
    await client.query(`INSERT INTO t VALUES ('2024-01-01', 1), ('2025-01-01', 2)`)
    const shown = `SELECT "partitionBy", name, "minTimestamp", "numRows"::int FROM table_partitions('t')`
    expect(await rows(client, shown)).toEqual([['NONE', 'default', null, 2]])
    for (const action of ["DROP PARTITION LIST '2024'", 'SQUASH PARTITIONS']) {
      expect(await failure(client.query(`ALTER TABLE t ${action}`))).toMatchObject({
        code: '42809',
        message: 'table is not partitioned',
        position: '13',
      })
    }
  })

  test('are dropped by name, the last one too', async () => {
    await createDays()
    await client.query(`ALTER TABLE t DROP PARTITION LIST '2024-01-04', '2024-01-01'`)
    expect(await column(client, 'SELECT v FROM t')).toEqual([3])
  })

  test('are dropped by a condition on where they begin', async () => {
    await createDays()
    // 12:00 lies in a partition that begins before it.
    await client.query(`ALTER TABLE t DROP PARTITION WHERE ts = '2024-01-02'`)
    expect(await column(client, names)).toEqual(['2024-01-01', '2024-01-04'])
    await client.query(`ALTER TABLE t DROP PARTITION WHERE ts < now() AND ts > '2024-01-01'`)
    expect(await column(client, names)).toEqual(['2024-01-01'])
    expect(
      await failure(client.query(`ALTER TABLE t DROP PARTITION WHERE ts > '2024-01-01 05:00'`)),
    ).toMatchObject({
      code: '42704',
      message: 'no partitions matched WHERE clause',
      position: '36',
    })
  })

  test('that are not there are an error, and nothing is dropped', async () => {
    await createDays()
    const sql = `ALTER TABLE t DROP PARTITION LIST '2024-01-01', '2024-01-03'`
    expect(await failure(client.query(sql))).toMatchObject({
      code: '42704',
      message:
        'could not remove partition [table=t, partitionTimestamp=2024-01-03T00:00:00.000000Z, partitionBy=DAY]',
      position: '49',
    })
    expect(await column(client, names)).toHaveLength(3)
    const notices: unknown[] = []
    client.on('notice', ({ message }) => notices.push(message))
    await client.query(`ALTER TABLE t FORCE DROP PARTITION LIST '2024-01-01', '2024-01-03'`)
    expect(await column(client, names)).toEqual(['2024-01-02', '2024-01-04'])
    expect(notices).toHaveLength(1)
  })

  test.each([
    "'2024-01'",
    "'2024-01-01T00'",
    "'2024-02-30'",
    "'../../x'",
    "'2024-01-01''; DROP TABLE t --'",
    "' 2024-01-01'",
    "''",
    "'0000-01-01'",
    "'２０２４-01-01'",
  ])('are not found by the name %s', async (name) => {
    await createDays()
    const sql = `ALTER TABLE t DROP PARTITION LIST ${name}`
    expect(await failure(client.query(sql))).toMatchObject({
      code: '22007',
      message: expect.stringContaining("'yyyy-MM-dd' expected, found [ts="),
      position: '35',
    })
    expect(await column(client, names)).toHaveLength(3)
  })

  test.each([
    ['v > 1', '42703', 'Invalid column: v'],
    ['nothing > 1', '42703', 'Invalid column: nothing'],
    ['ts', '42804', 'argument of WHERE must be type boolean'],
    ['ts IN (SELECT ts FROM t)', '0A000', 'subqueries in partition conditions are not supported'],
    ['count(*) > 1', '42803', 'aggregate functions are not allowed in partition conditions'],
    ['ts > $1', '42P02', 'there is no parameter $1'],
  ])('are not chosen by %s', async (condition, code, message) => {
    await createDays()
    const sql = `ALTER TABLE t DROP PARTITION WHERE ${condition}`
    expect(await failure(client.query(sql))).toMatchObject({
      code,
      message: expect.stringContaining(message),
    })
    expect(await column(client, names)).toHaveLength(3)
  })

  test('that lie outside of the years of four digits have no name, but are found', async () => {
    await createDays()
    await client.query(`INSERT INTO t VALUES ('infinity', 5), ('-infinity', 6), ('12024-01-01', 7),
      ('0044-03-15 BC', 8)`)
    const nameless = `SELECT count(*)::int FROM table_partitions('t') WHERE name IS NULL`
    expect(await column(client, nameless)).toEqual([4])
    await client.query(
      `ALTER TABLE t DROP PARTITION WHERE ts < '0001-01-01' OR ts >= '10000-01-01'`,
    )
    expect(await column(client, 'SELECT v FROM t ORDER BY v')).toEqual([1, 2, 3, 4])
  })

  test('come back with ROLLBACK', async () => {
    await createDays()
    await client.query('BEGIN')
    await client.query(`ALTER TABLE t DROP PARTITION LIST '2024-01-01'`)
    expect(await column(client, names)).toEqual(['2024-01-02', '2024-01-04'])
    await client.query('ROLLBACK')
    expect(await column(client, names)).toHaveLength(3)
  })

  test('are never in parts, which SQUASH says', async () => {
    await createDays()
    const notices: unknown[] = []
    client.on('notice', ({ message }) => notices.push(message))
    await client.query('ALTER TABLE t SQUASH PARTITIONS')
    expect(notices).toEqual(['no partition is split: there is nothing to squash'])
  })

  test('of a view are none, and no view keeps those of a table', async () => {
    await createDays()
    await client.query('CREATE VIEW w AS (SELECT v FROM t)')
    expect(await failure(client.query('SHOW PARTITIONS FROM w'))).toMatchObject({ code: '42809' })
    expect(await failure(client.query('SHOW PARTITIONS FROM nothing'))).toMatchObject({
      code: '42P01',
      position: '22',
    })
    const view = `CREATE VIEW x AS (SELECT name FROM table_partitions('t'))`
    expect(await failure(client.query(view))).toMatchObject({ code: '0A000' })
  })

  test('are shown to who may SELECT a column, and to nobody else', async () => {
    await createDays()
    await client.query(`CREATE USER eve WITH PASSWORD 'eve-password'`)
    await client.query('GRANT PGWIRE TO eve')
    const eve = await connect(grantd, { user: 'eve', password: 'eve-password' })
    try {
      for (const sql of [
        'SHOW PARTITIONS FROM t',
        'SHOW PARTITIONS FROM nothing',
        `SELECT * FROM table_partitions('t')`,
        `SELECT * FROM table_partitions('nothing')`,
        `ALTER TABLE t DROP PARTITION LIST '2024-01-01'`,
        `ALTER TABLE t DROP PARTITION LIST '../x'`,
        `ALTER TABLE nothing DROP PARTITION LIST '2024-01-01'`,
        'ALTER TABLE t DROP PARTITION WHERE nonsense',
        'ALTER TABLE t SQUASH PARTITIONS',
      ]) {
        expect([sql, await failure(eve.query(sql))]).toMatchObject([sql, { code: '42501' }])
      }
      await client.query('GRANT SELECT ON t(v) TO eve')
      expect(await rows(eve, 'SHOW PARTITIONS FROM t')).toHaveLength(3)
      expect(await column(eve, `SELECT count(*)::int FROM table_partitions('t')`)).toEqual([3])
      await client.query('GRANT DROP PARTITION ON t TO eve')
      await eve.query(`ALTER TABLE t DROP PARTITION WHERE ts = '2024-01-01'`)
      await eve.query('ALTER TABLE t SQUASH PARTITIONS')
      expect(await column(eve, names)).toEqual(['2024-01-02', '2024-01-04'])
    } finally {
      await eve.end()
    }
  })
})
