/** DEDUP UPSERT KEYS: a row takes the place of those with equal keys, from DEDUP ENABLE on. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { Client } from 'pg'
import { failure } from './failure.ts'
import type { Grantd } from './grantd.ts'
import { admin, connect, startGrantd } from './grantd.ts'

let grantd: Grantd
let client: Client
beforeAll(async () => {
  grantd = await startGrantd({ environment: { GRANTD_PG_NAMED_STATEMENT_LIMIT: '1000' } })
  client = await connect(grantd, admin)
})
afterAll(async () => {
  await client.end()
  await grantd.remove()
})

const columns = '(ts TIMESTAMP, sym SYMBOL, v INT DEFAULT 7) TIMESTAMP(ts) PARTITION BY DAY WAL'
const keys = 'DEDUP UPSERT KEYS(ts, sym)'

beforeEach(async () => {
  await client.query('DROP TABLE IF EXISTS t')
  await client.query(`CREATE TABLE t ${columns} ${keys}`)
})

/** The rows as `day/symbol/value`, in order. */
async function rows(table = 't', who: Client = client): Promise<readonly string[]> {
  const result = await who.query<{ row: string }>(
    `SELECT extract(day FROM ts)::int::text || '/' || coalesce(sym, '-') || '/' || coalesce(v::text, '-') AS row
     FROM ${table} ORDER BY 1`,
  )
  return result.rows.map(({ row }) => row)
}

describe('an INSERT', () => {
  beforeEach(async () => {
    await client.query(
      "INSERT INTO t VALUES ('2020-01-01', 'a', 1), ('2020-01-02', NULL, 2), ('2020-01-03', 'c', 3)",
    )
  })

  test.each([
    ['of one row', "VALUES ('2020-01-01', 'a', 9)", 1, ['1/a/9', '2/-/2', '3/c/3']],
    ['of a new key', "VALUES ('2020-01-01', 'b', 9)", 1, ['1/a/1', '1/b/9', '2/-/2', '3/c/3']],
    ['with NULL in a key', "VALUES ('2020-01-02', NULL, 9)", 1, ['1/a/1', '2/-/9', '3/c/3']],
    [
      'of several rows, the last of which wins',
      "VALUES ('2020-01-01', 'a', 8), ('2020-01-04', NULL, 4), ('2020-01-01', 'a', 9), ('2020-01-04', NULL, 5)",
      4,
      ['1/a/9', '2/-/2', '3/c/3', '4/-/5'],
    ],
    ['of a query', 'SELECT ts, sym, v + 10 FROM t WHERE v > 1', 2, ['1/a/1', '2/-/12', '3/c/13']],
    [
      'of a query in order, the last row of which wins',
      "SELECT '2020-01-01'::timestamp, 'a', x FROM generate_series(1, 5000) AS g(x) ORDER BY x DESC",
      5000,
      ['1/a/1', '2/-/2', '3/c/3'],
    ],
    ['of nothing', 'SELECT ts, sym, v FROM t WHERE false', 0, ['1/a/1', '2/-/2', '3/c/3']],
    [
      'with DEFAULT in all rows',
      "VALUES ('2020-01-01', 'a', DEFAULT), ('2020-01-03', 'c', DEFAULT)",
      2,
      ['1/a/7', '2/-/2', '3/c/7'],
    ],
  ])('%s', async (_what, source, rowCount, expected) => {
    expect((await client.query(`INSERT INTO t ${source}`)).rowCount).toBe(rowCount)
    expect(await rows()).toEqual(expected)
  })

  test('replaces whole rows: what is not given is the default', async () => {
    await client.query("INSERT INTO t (sym, ts) VALUES ('a', '2020-01-01')")
    await client.query("INSERT INTO t (v, ts) VALUES (8, '2020-01-02')")
    expect(await rows()).toEqual(['1/a/7', '2/-/8', '3/c/3'])
  })

  test('has parameters and may be prepared', async () => {
    const text = 'INSERT INTO t VALUES ($1, $2, $3), ($1, $2, $3 + 1)'
    for (const value of [10, 20]) {
      const values = ['2020-01-01', 'a', value]
      expect((await client.query({ name: 'dedup', text, values })).rowCount).toBe(2)
    }
    const query = 'WITH w AS (SELECT ts, sym, v FROM t) INSERT INTO t SELECT ts, sym, v + $1 FROM w'
    expect((await client.query(query, [100])).rowCount).toBe(3)
    expect(await rows()).toEqual(['1/a/121', '2/-/102', '3/c/103'])
  })

  test('that fails changes nothing', async () => {
    const query = 'INSERT INTO t SELECT ts, sym, 1 / (v - 3) FROM t'
    expect(await failure(client.query(query))).toMatchObject({ code: '22012' })
    const value = "INSERT INTO t VALUES ('2020-01-01', 'a', 5), (NULL, 'a', 6)"
    expect(await failure(client.query(value))).toMatchObject({ code: '23502' })
    expect(await rows()).toEqual(['1/a/1', '2/-/2', '3/c/3'])
    // Nothing that it stored on its way is in the way of the next.
    expect((await client.query('INSERT INTO t SELECT ts, sym, 5 FROM t')).rowCount).toBe(3)
  })

  test('is taken back with its transaction', async () => {
    await client.query('BEGIN')
    await client.query("INSERT INTO t VALUES ('2020-01-01', 'a', 9)")
    await client.query('INSERT INTO t SELECT ts, sym, v + 1 FROM t')
    expect(await rows()).toEqual(['1/a/10', '2/-/3', '3/c/4'])
    await client.query('ROLLBACK')
    expect(await rows()).toEqual(['1/a/1', '2/-/2', '3/c/3'])
  })

  test.each([
    ["INSERT INTO t VALUES ('2020-01-01', 'a', 9) RETURNING v", '0A000', 13],
    ["INSERT INTO t VALUES ('2020-01-01', 'a', 9) ON CONFLICT DO NOTHING", '0A000', 45],
    [
      "INSERT INTO t VALUES ('2020-01-01', 'a', 9), ('2020-01-01', 'b', DEFAULT)",
      '0A000',
      undefined,
    ],
    ["UPDATE t SET sym = 'z'", '0A000', 14],
    ["UPDATE t SET ts = '2020-01-05'", '42809', 14],
    ['ALTER TABLE t DROP COLUMN sym', '0A000', 27],
    ['ALTER TABLE t ALTER COLUMN sym TYPE VARCHAR', '0A000', 28],
    ['INSERT INTO t DEFAULT VALUES', '23502', undefined],
  ])('%s is refused', async (sql, code, position) => {
    const error = await failure(client.query(sql))
    expect(error).toMatchObject({ code })
    if (position !== undefined) expect(error).toMatchObject({ position: String(position) })
    expect(await rows()).toEqual(['1/a/1', '2/-/2', '3/c/3'])
  })

  test('needs INSERT alone', async () => {
    await client.query("CREATE USER IF NOT EXISTS ida WITH PASSWORD 'pw'")
    await client.query('GRANT PGWIRE TO ida')
    const ida = await connect(grantd, { user: 'ida', password: 'pw' })
    const insert = "INSERT INTO t VALUES ('2020-01-01', 'a', 9)"
    expect(await failure(ida.query(insert))).toMatchObject({ code: '42501' })
    await client.query('GRANT INSERT ON t TO ida')
    await ida.query(insert)
    await ida.end()
    expect(await rows()).toEqual(['1/a/9', '2/-/2', '3/c/3'])
  })
})

describe('DEDUP ENABLE and DISABLE', () => {
  beforeEach(async () => {
    await client.query('ALTER TABLE t DEDUP DISABLE')
    await client.query("INSERT INTO t VALUES ('2020-01-01', 'a', 1), ('2020-01-01', 'a', 2)")
  })

  test('leave what is there; all of it is replaced by a row of equal keys', async () => {
    await client.query('ALTER TABLE t DEDUP ENABLE UPSERT KEYS(ts, sym)')
    expect(await rows()).toEqual(['1/a/1', '1/a/2'])
    await client.query("INSERT INTO t VALUES ('2020-01-01', 'a', 3)")
    expect(await rows()).toEqual(['1/a/3'])
    await client.query('ALTER TABLE t DEDUP DISABLE')
    await client.query('ALTER TABLE t DEDUP DISABLE')
    await client.query("INSERT INTO t VALUES ('2020-01-01', 'a', 3)")
    expect(await rows()).toEqual(['1/a/3', '1/a/3'])
  })

  test('ENABLE again replaces the keys', async () => {
    await client.query('ALTER TABLE t DEDUP ENABLE UPSERT KEYS(sym, ts)')
    await client.query('ALTER TABLE t DEDUP ENABLE UPSERT KEYS(ts)')
    await client.query("INSERT INTO t VALUES ('2020-01-01', 'b', 3)")
    expect(await rows()).toEqual(['1/b/3'])
  })

  test('are shown', async () => {
    const shown = async (): Promise<unknown> => {
      const { rows: found } = await client.query<{ column: string; upsertKey: boolean }>(
        'SHOW COLUMNS FROM t',
      )
      const { rows: tables } = await client.query<{ dedup: boolean }>(
        "SELECT dedup FROM tables() WHERE table_name = 't'",
      )
      return [
        found.filter(({ upsertKey }) => upsertKey).map(({ column }) => column),
        tables[0]?.dedup,
      ]
    }
    expect(await shown()).toEqual([[], false])
    await client.query('ALTER TABLE t DEDUP ENABLE UPSERT KEYS(ts, sym)')
    expect(await shown()).toEqual([['ts', 'sym'], true])
    const { rows: ddl } = await client.query<{ ddl: string }>('SHOW CREATE TABLE t')
    expect(ddl[0]?.ddl).toMatch(/DEDUP UPSERT KEYS\("?ts"?, ?"?sym"?\)/)
  })

  test('are taken back with their transaction', async () => {
    await client.query('BEGIN')
    await client.query('ALTER TABLE t DEDUP ENABLE UPSERT KEYS(ts, sym)')
    await client.query("INSERT INTO t VALUES ('2020-01-01', 'a', 3)")
    expect(await rows()).toEqual(['1/a/3'])
    await client.query('ROLLBACK')
    await client.query("INSERT INTO t VALUES ('2020-01-01', 'a', 3)")
    expect(await rows()).toEqual(['1/a/1', '1/a/2', '1/a/3'])
  })

  test.each([
    ['ALTER TABLE t DEDUP ENABLE UPSERT KEYS(sym)', '42P16', '40'],
    ['ALTER TABLE t DEDUP ENABLE UPSERT KEYS(ts, ts)', '42701', '44'],
    ['ALTER TABLE t DEDUP ENABLE UPSERT KEYS(ts, nope)', '42703', '44'],
    ['ALTER TABLE t DEDUP ENABLE', '42601', undefined],
    ['ALTER TABLE t DEDUP ENABLE UPSERT KEYS()', '42601', '40'],
    ['ALTER TABLE nowhere DEDUP DISABLE', '42P01', '13'],
    [
      'CREATE TABLE t2 (ts TIMESTAMP) TIMESTAMP(ts) PARTITION BY DAY BYPASS WAL DEDUP UPSERT KEYS(ts)',
      '42809',
      undefined,
    ],
    [
      'CREATE TABLE t2 (ts TIMESTAMP, a INT UNIQUE) TIMESTAMP(ts) PARTITION BY DAY WAL DEDUP UPSERT KEYS(ts)',
      '0A000',
      undefined,
    ],
  ])('%s is refused', async (sql, code, position) => {
    const error = await failure(client.query(sql))
    expect(error).toMatchObject({ code })
    if (position !== undefined) expect(error).toMatchObject({ position })
  })

  test('are for WAL tables', async () => {
    await client.query('ALTER TABLE t SET TYPE BYPASS WAL')
    const enable = 'ALTER TABLE t DEDUP ENABLE UPSERT KEYS(ts)'
    expect(await failure(client.query(enable))).toMatchObject({ code: '42809' })
  })
})

const typedRow = (n: string, x: string, w: number): string =>
  `('2020-01-01', ${n}, 'NaN', NULL, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '2020-01-01 00:00+02', ${x}, 0.1, '2020-01-01', ${w})`

test('keys are compared as they are stored, whatever their types are', async () => {
  await client.query(
    `CREATE TABLE typed (ts TIMESTAMP DEFAULT now(), n NUMERIC(10,2), f DOUBLE PRECISION, b BOOLEAN, u UUID,
       z TIMESTAMPTZ, x NUMERIC, r REAL, d DATE, w INT) TIMESTAMP(ts) PARTITION BY DAY WAL
     DEDUP UPSERT KEYS(ts, n, f, b, u, z, x, r, d)`,
  )
  const given = [
    typedRow('1.001', '1.10', 1),
    typedRow('1.004', '1.1', 2),
    typedRow('1', '1.100', 3),
  ]
  await client.query(`INSERT INTO typed VALUES ${given.join(', ')}`)
  await client.query(
    'INSERT INTO typed SELECT ts, n + 0.001, f, b, u, z, x, r, d, w + 1 FROM typed',
  )
  expect((await client.query('SELECT n, w FROM typed')).rows).toEqual([{ n: '1.00', w: 4 }])
  for (const text of ['(w) VALUES (1)', '(ts, w) VALUES (DEFAULT, 1)', 'DEFAULT VALUES']) {
    const error = await failure(client.query(`INSERT INTO typed ${text}`))
    expect(error).toMatchObject({ code: '0A000' })
  }
})

test('CREATE TABLE AS keeps the last row of equal keys', async () => {
  await client.query('DROP TABLE IF EXISTS made')
  await client.query(
    `CREATE TABLE made AS (
       SELECT '2020-01-01'::timestamp AS ts, 'a' AS sym, x AS v FROM generate_series(1, 5) g(x) ORDER BY x
     ) TIMESTAMP(ts) PARTITION BY DAY WAL ${keys}`,
  )
  expect(await rows('made')).toEqual(['1/a/5'])
})

/** What the table should hold: rows in order of their making, in the plainest words. */
interface Row {
  readonly day: number
  readonly sym: string | null
  readonly v: number
}

const row = fc.record({
  day: fc.integer({ min: 1, max: 3 }),
  sym: fc.constantFrom('a', 'b', null),
  v: fc.integer({ min: 0, max: 99 }),
})

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('Insert'),
      given: fc.array(row, { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('Copy'), add: fc.integer({ min: 1, max: 9 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('Enable'), withSymbol: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('Disable') }) },
) as fc.Arbitrary<
  | { readonly kind: 'Insert'; readonly given: readonly Row[] }
  | { readonly kind: 'Copy'; readonly add: number }
  | { readonly kind: 'Enable'; readonly withSymbol: boolean }
  | { readonly kind: 'Disable' }
>

type KeyOf = ((one: Row) => string) | undefined

function insertInto(table: readonly Row[], given: readonly Row[], keyOf: KeyOf): readonly Row[] {
  if (keyOf === undefined) return [...table, ...given]
  return given.reduce(
    (before, one) => [...before.filter((other) => keyOf(other) !== keyOf(one)), one],
    table,
  )
}

const text = ({ day, sym, v }: Row): string => `${day}/${sym ?? '-'}/${v}`

test('any sequence of statements leaves what a list of rows would hold', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      await client.query('DROP TABLE IF EXISTS p')
      await client.query(`CREATE TABLE p ${columns}`)
      let table: readonly Row[] = []
      let keyOf: KeyOf
      for (const one of steps) {
        switch (one.kind) {
          case 'Insert': {
            const values = one.given.map(
              ({ day, sym, v }) =>
                `('2020-01-0${day}', ${sym === null ? 'NULL' : `'${sym}'`}, ${v})`,
            )
            await client.query(`INSERT INTO p VALUES ${values.join(', ')}`)
            table = insertInto(table, one.given, keyOf)
            break
          }
          case 'Copy': {
            // Ordered by all that is told, so that the last of equal keys is the same here and there.
            const query = 'SELECT ts, sym, v + $1 FROM p ORDER BY ts, sym NULLS FIRST, v'
            await client.query(`INSERT INTO p ${query}`, [one.add])
            const given = table
              .toSorted(
                (a, b) => a.day - b.day || (a.sym ?? '').localeCompare(b.sym ?? '') || a.v - b.v,
              )
              .map((each) => ({ ...each, v: each.v + one.add }))
            table = insertInto(table, given, keyOf)
            break
          }
          case 'Enable':
            await client.query(
              `ALTER TABLE p DEDUP ENABLE UPSERT KEYS(${one.withSymbol ? 'sym, ts' : 'ts'})`,
            )
            keyOf = one.withSymbol
              ? ({ day, sym }) => `${day}/${sym ?? '-'}`
              : ({ day }) => `${day}`
            break
          case 'Disable':
            await client.query('ALTER TABLE p DEDUP DISABLE')
            keyOf = undefined
            break
        }
        expect(await rows('p')).toEqual(table.map(text).toSorted())
      }
    }),
    { numRuns: 25 },
  )
}, 120_000)
