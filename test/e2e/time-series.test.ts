/**
 * SAMPLE BY, LATEST ON, ASOF JOIN and LT JOIN through the wire: what they give, and that the columns which
 * they alone use are asked about (questdb-rbac.md, section 11, G37).
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import { failure } from './failure.ts'
import type { Grantd } from './grantd.ts'
import { admin, connect, startGrantd } from './grantd.ts'

const setup = `
  CREATE TABLE trades (ts TIMESTAMP, sym SYMBOL, price DOUBLE, qty INT, secret INT) TIMESTAMP(ts);
  INSERT INTO trades VALUES
    ('2024-01-01 00:10', 'A', 1, 1, 1), ('2024-01-01 00:30', 'B', 5, 1, 2),
    ('2024-01-01 00:50', 'A', 2, 2, 3), ('2024-01-01 03:10', 'A', 4, 4, 4),
    ('2024-01-01 05:59:59', 'B', 9, 9, 5);
  CREATE TABLE quotes (ts TIMESTAMP, sym SYMBOL, bid DOUBLE) TIMESTAMP(ts);
  INSERT INTO quotes VALUES
    ('2024-01-01 00:10', 'A', 10), ('2024-01-01 00:20', 'B', 20), ('2024-01-01 02:00', 'A', 11);
  CREATE TABLE plain (at TIMESTAMP, x INT);
  INSERT INTO plain VALUES ('2024-01-01 00:15', 1), ('2024-01-01 04:00', 2);
  CREATE VIEW hourly AS
    SELECT ts, sym, last(price) AS close FROM trades SAMPLE BY 1h FILL(PREV) ALIGN TO CALENDAR;
  CREATE VIEW newest AS SELECT * FROM trades LATEST ON ts PARTITION BY secret;
  CREATE VIEW priced AS
    SELECT t.ts, t.price, q.bid FROM trades t ASOF JOIN quotes q ON (sym) TOLERANCE 1h;
  CREATE USER nobody WITH PASSWORD 'pw';
  CREATE USER reader WITH PASSWORD 'pw';
  CREATE USER viewer WITH PASSWORD 'pw';
  GRANT PGWIRE TO nobody;
  GRANT PGWIRE TO reader;
  GRANT PGWIRE TO viewer;
  GRANT SELECT ON trades(price) TO reader;
  GRANT SELECT ON quotes(bid) TO reader;
  GRANT SELECT ON hourly, newest, priced TO viewer`

let grantd: Grantd
let clients: ReadonlyMap<string, Client>

beforeAll(async () => {
  grantd = await startGrantd()
  const root = await connect(grantd, admin)
  await root.query(setup)
  clients = new Map([['admin', root]])
  for (const user of ['nobody', 'reader', 'viewer']) {
    clients = new Map([...clients, [user, await connect(grantd, { user, password: 'pw' })]])
  }
}, 60_000)

afterAll(async () => {
  for (const client of clients.values()) await client.end()
  await grantd.remove()
})

function as(user: string): Client {
  const client = clients.get(user)
  if (client === undefined) throw new Error(user)
  return client
}

/** Rows with timestamps as hours and minutes of the day. */
async function rows(user: string, sql: string, values: unknown[] = []): Promise<unknown[][]> {
  const result = await as(user).query<unknown[]>({ text: sql, values, rowMode: 'array' })
  return result.rows.map((row) => row.map((cell) => (cell instanceof Date ? clock(cell) : cell)))
}

function clock(date: Date): string {
  const two = [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, '0'))
  return two.join(':')
}

describe('what they give', () => {
  test.each([
    [
      'SELECT ts, first(price) o, max(price) h, min(price) l, last(price) c FROM trades SAMPLE BY 1h',
      [
        ['00:00', 1, 5, 1, 2],
        ['03:00', 4, 4, 4, 4],
        ['05:00', 9, 9, 9, 9],
      ],
    ],
    [
      'SELECT sum(qty) n, ts FROM trades SAMPLE BY 2h FILL(0) ORDER BY ts DESC LIMIT 2',
      [
        ['9', '04:00'],
        ['4', '02:00'],
      ],
    ],
    [
      "SELECT ts, count() FROM trades WHERE sym = 'A' SAMPLE BY 1h FROM '2024-01-01T02:00' TO '2024-01-01T05:00' FILL(NULL)",
      [
        ['02:00', null],
        ['03:00', '1'],
        ['04:00', null],
      ],
    ],
    [
      'SELECT sym, price FROM trades LATEST ON ts PARTITION BY sym ORDER BY sym',
      [
        ['A', 4],
        ['B', 9],
      ],
    ],
    [
      'SELECT t.ts, bid FROM trades t ASOF JOIN quotes q ON (sym) ORDER BY t.ts',
      [
        ['00:10', 10],
        ['00:30', 20],
        ['00:50', 10],
        ['03:10', 11],
        ['05:59', 20],
      ],
    ],
    [
      'SELECT t.ts, bid FROM trades t LT JOIN quotes q ON t.sym = q.sym TOLERANCE 40m ORDER BY 1',
      [
        ['00:10', null],
        ['00:30', 20],
        ['00:50', 10],
        ['03:10', null],
        ['05:59', null],
      ],
    ],
    [
      'SELECT x, bid FROM (SELECT at, x FROM plain) TIMESTAMP(at) p ASOF JOIN quotes ORDER BY x',
      [
        [1, 10],
        [2, 11],
      ],
    ],
    ['SELECT count(*) FROM hourly LATEST ON ts PARTITION BY sym', [['2']]],
    [
      "SELECT count_distinct(sym), last_not_null(sym), timestamp_floor('1d', max(ts)) FROM trades",
      [['2', 'B', '00:00']],
    ],
    ['SELECT ksum(price), nsum(price) FROM trades', [[21, 21]]],
    [
      `SELECT to_char(timestamp_floor('5M', at), 'YYYY-MM-DD'), to_char(timestamp_floor('w', at), 'MM-DD'),
        to_char(timestamp_floor('7h', at), 'MM-DD HH24') FROM plain WHERE x = 1`,
      [['2023-10-01', '01-01', '12-31 19']],
    ],
  ])('%s', async (sql, expected) => {
    expect(await rows('admin', sql)).toEqual(expected)
  })

  test('with parameters, in a prepared statement', async () => {
    const sql = `SELECT ts, sum(qty) FROM trades WHERE price > $1
      SAMPLE BY 1h FROM $2 TO $3 FILL($4) ORDER BY ts`
    const values = [4, '2024-01-01T04:00', '2024-01-01T07:00', -1]
    const expected = [
      ['04:00', '-1'],
      ['05:00', '9'],
      ['06:00', '-1'],
    ]
    expect(await rows('admin', sql, values)).toEqual(expected)
    expect(await rows('admin', sql, values)).toEqual(expected)
  })

  test('a clock that goes back repeats no hour, and makes a day of 25', async () => {
    const root = as('admin')
    await root.query(`
      CREATE TABLE night (ts TIMESTAMP, n INT) TIMESTAMP(ts);
      INSERT INTO night SELECT g, 1 FROM generate_series(
        timestamp '2021-10-30 22:10', timestamp '2021-11-01 05:10', interval '1 hour') x (g)`)
    const zone = "ALIGN TO CALENDAR TIME ZONE 'Europe/London'"
    const days = `SELECT to_char(ts, 'MM-DD HH24'), count(*) FROM night SAMPLE BY 1d ${zone}`
    expect(await rows('admin', days)).toEqual([
      ['10-29 23', '1'],
      ['10-30 23', '25'],
      ['11-01 00', '6'],
    ])
    const hours = `SELECT max(c) FROM (SELECT ts, count(*) AS c FROM night SAMPLE BY 1h ${zone}) x`
    expect(await rows('admin', hours)).toEqual([['1']])
  })

  test('EXPLAIN names no column and no constant', async () => {
    const plan = await rows('admin', 'EXPLAIN SELECT * FROM trades ASOF JOIN quotes ON (sym)')
    expect(plan).toEqual([
      ['Asof Join'],
      ['  ->  Seq Scan on trades'],
      ['  ->  Seq Scan on quotes'],
    ])
    const sampled = await rows(
      'admin',
      'EXPLAIN SELECT max(price) FROM trades SAMPLE BY 1h FILL(7)',
    )
    expect(JSON.stringify(sampled)).toContain('Seq Scan on trades')
    expect(JSON.stringify(sampled)).not.toMatch(/price|7/)
  })

  test('FILL makes no more buckets than a server can bear', async () => {
    const sql = 'SELECT count(*) FROM trades SAMPLE BY 1U FILL(0)'
    expect(await failure(rows('admin', sql))).toMatchObject({ code: '54000' })
  })
})

describe('columns that only a clause uses are asked about', () => {
  test.each([
    // By the grant on one column the designated timestamp may be read (G37).
    'SELECT ts, first(price) FROM trades SAMPLE BY 1h FILL(PREV)',
    'SELECT price FROM trades LATEST ON ts PARTITION BY price',
    'SELECT price, bid FROM trades ASOF JOIN quotes',
    'SELECT count(*) FROM (SELECT ts FROM trades) x LT JOIN quotes TOLERANCE 1h',
  ])('reader may %s', async (sql) => {
    await expect(rows('reader', sql)).resolves.toBeDefined()
  })

  test.each([
    ['SELECT count(*) FROM trades LATEST ON ts PARTITION BY secret', 'trades(secret)'],
    ['SELECT 1 FROM trades LATEST BY price, secret', 'trades(secret)'],
    ['SELECT count(*) FROM trades t ASOF JOIN quotes q ON (sym)', 'trades(sym)'],
    ['SELECT count(*) FROM quotes q LT JOIN trades t ON q.bid = t.secret', 'trades(secret)'],
    ['SELECT 1 WHERE EXISTS (SELECT 1 FROM trades LATEST BY secret)', 'trades(secret)'],
    ['SELECT first(secret) FROM trades SAMPLE BY 1h', 'trades(secret)'],
    ['SELECT count(*) FROM trades GROUP BY price HAVING last(secret) > 1', 'trades(secret)'],
    ['SELECT price FROM trades SAMPLE BY 1h ORDER BY max(secret)', 'trades(secret)'],
    ['WITH w AS (SELECT ts FROM trades LATEST BY secret) SELECT 1', 'trades(secret)'],
    ['EXPLAIN SELECT 1 FROM trades LATEST BY secret', 'trades(secret)'],
    ['SELECT 1 FROM trades LATEST BY nosuch', 'trades(nosuch)'],
    ['SELECT 1 FROM trades ASOF JOIN quotes ON (nosuch)', 'trades(nosuch)'],
    ['SELECT 1 FROM trades TIMESTAMP(nosuch)', 'trades(nosuch)'],
    ['SELECT 1 FROM plain TIMESTAMP(at)', 'plain'],
    ['SELECT count(*) FROM hourly SAMPLE BY 1d', 'hourly'],
  ])('reader may not %s', async (sql, object) => {
    expect(await failure(rows('reader', sql))).toMatchObject({
      code: '42501',
      message: `Access denied for reader [SELECT on ${object}]`,
    })
  })

  test.each([
    // Who holds nothing on a name is told nothing of it: no column, nor whether there is a timestamp.
    ['SELECT count(*) FROM trades SAMPLE BY 1h', 'trades'],
    ['SELECT ts, count(*) FROM trades SAMPLE BY 1h', 'trades'],
    ['SELECT first(price) FROM trades', 'trades'],
    ['SELECT 1 FROM trades LATEST ON ts PARTITION BY sym', 'trades'],
    ['SELECT 1 FROM trades ASOF JOIN quotes', 'trades'],
    ['SELECT count(*) FROM plain SAMPLE BY 1h', 'plain'],
    ['SELECT count(*) FROM nothing SAMPLE BY 1h', 'nothing'],
    ['SELECT 1 FROM nothing LATEST ON ts PARTITION BY sym', 'nothing'],
    ['SELECT 1 FROM nothing ASOF JOIN trades', 'nothing'],
    ['SELECT * FROM priced', 'priced'],
  ])('nobody may not %s', async (sql, object) => {
    expect(await failure(rows('nobody', sql))).toMatchObject({
      code: '42501',
      message: `Access denied for nobody [SELECT on ${object}]`,
    })
  })
})

describe('a view with them needs SELECT on the view alone', () => {
  test('and gives its rows, after a restart too', async () => {
    const second = await startGrantd()
    const before = await connect(second, admin)
    await before.query(setup)
    await before.end()
    await second.stop()
    const again = await startGrantd({ dataDir: second.dataDir })
    const client = await connect(again, { user: 'viewer', password: 'pw' })
    const read = async (sql: string): Promise<unknown> =>
      (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows
    const counts =
      'SELECT (SELECT count(*) FROM hourly), (SELECT count(*) FROM newest), (SELECT count(bid) FROM priced)'
    expect(await read(counts)).toEqual([['12', '5', '3']])
    expect(await read('SELECT count(*) FROM hourly SAMPLE BY 1d')).toEqual([['12']])
    expect(await read('SELECT count(*) FROM hourly h ASOF JOIN priced p')).toEqual([['12']])
    await client.end()
    await again.remove()
  }, 60_000)

  test('and nothing of what it reads can be had besides', async () => {
    expect(await failure(rows('viewer', 'SELECT ts FROM trades SAMPLE BY 1h'))).toMatchObject({
      code: '42501',
    })
    expect(await failure(rows('viewer', 'SELECT sym FROM priced'))).toMatchObject({ code: '42703' })
  })

  test('SHOW CREATE VIEW gives it back as it was written', async () => {
    const [[text] = []] = await rows('viewer', 'SHOW CREATE VIEW hourly')
    expect(text).toContain('FROM trades SAMPLE BY 1h FILL(PREV) ALIGN TO CALENDAR')
    const [[joined] = []] = await rows('viewer', 'SHOW CREATE VIEW priced')
    expect(joined).toContain('trades t ASOF JOIN quotes q ON (sym) TOLERANCE 1h')
  })

  test('and what a revoked grant held open is closed', async () => {
    const sql = 'SELECT price FROM trades LATEST ON ts PARTITION BY sym'
    const root = as('admin')
    await root.query('GRANT SELECT ON trades(sym) TO reader')
    expect(await rows('reader', sql)).toHaveLength(2)
    await root.query('REVOKE SELECT ON trades(sym) FROM reader')
    expect(await failure(rows('reader', sql))).toMatchObject({ code: '42501' })
  })
})

test('they write: CREATE TABLE AS, INSERT, UPDATE, DELETE', async () => {
  const root = as('admin')
  await root.query(`
    CREATE TABLE bars AS (SELECT ts, sym, max(price) AS high FROM trades SAMPLE BY 1h) TIMESTAMP(ts);
    INSERT INTO bars SELECT ts, sym, first(price) FROM trades SAMPLE BY 1d;
    UPDATE bars SET high = n.price FROM (SELECT * FROM trades LATEST BY sym) n WHERE n.sym = bars.sym;
    DELETE FROM bars USING (SELECT sym FROM trades LATEST BY sym) n WHERE n.sym = bars.sym AND n.sym = 'B'`)
  expect(await rows('admin', 'SELECT sym, high, count(*) FROM bars GROUP BY sym, high')).toEqual([
    ['A', 4, '3'],
  ])
})
