/**
 * Attempts to obtain a value, or the fact that something exists, without a right to it (rules R2, R7, R9;
 * questdb-rbac.md, G61, V8), and to hold up the server with one small statement (rule R8). One server for
 * all of them; nobody holds PGWIRE alone, the reader two columns of a table and a view.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import { failure } from './failure.ts'
import type { Failure } from './failure.ts'
import { admin, connect, startGrantd } from './grantd.ts'
import type { Grantd } from './grantd.ts'

const setUp = [
  'CREATE TABLE people (id INT PRIMARY KEY, name TEXT, ssn TEXT UNIQUE, salary INT)',
  'CREATE TABLE hidden (h INT, secret TEXT)',
  'CREATE TABLE sales (id INT, region TEXT, amount INT, note TEXT)',
  "CREATE VIEW emea AS SELECT id, amount, note FROM sales WHERE region = 'EMEA'",
  'CREATE VIEW hiddenview AS SELECT secret FROM hidden',
  "INSERT INTO people VALUES (1, 'ann', 'SSN-1', 100), (2, 'ben', 'SSN-2', 200)",
  "INSERT INTO hidden VALUES (7, 'TOPSECRET')",
  "INSERT INTO sales VALUES (1, 'EMEA', 10, '5'), (2, 'US', 0, 'SECRETNOTE'), (3, 'EMEA', 30, '7')",
  "CREATE USER nobody WITH PASSWORD 'pw'",
  'GRANT PGWIRE TO nobody',
  "CREATE USER reader WITH PASSWORD 'pw'",
  'GRANT PGWIRE TO reader',
  'GRANT SELECT ON people(id, name) TO reader',
  'GRANT SELECT ON emea TO reader',
  "CREATE USER writer WITH PASSWORD 'pw'",
  'GRANT PGWIRE TO writer',
  'GRANT SELECT, UPDATE ON people(id, name) TO writer WITH GRANT OPTION',
]

const users = ['nobody', 'reader', 'writer'] as const
type User = (typeof users)[number]

let grantd: Grantd
let clients: ReadonlyMap<User, Client>

beforeAll(async () => {
  grantd = await startGrantd()
  const setter = await connect(grantd, admin)
  for (const sql of setUp) await setter.query(sql)
  await setter.end()
  const connected = await Promise.all(
    users.map(async (user) => [user, await connect(grantd, { user, password: 'pw' })] as const),
  )
  clients = new Map(connected)
}, 60_000)

afterAll(async () => {
  for (const client of clients.values()) await client.end()
  await grantd.remove()
})

function clientOf(user: User): Client {
  const client = clients.get(user)
  if (client === undefined) throw new Error(`${user} is not connected`)
  return client
}

async function refusal(user: User, sql: string): Promise<Failure> {
  return failure(clientOf(user).query(sql))
}

function bare(name: string): string {
  return name.replaceAll('"', '')
}

/** An answer with a name in it taken out, so that two can be compared. */
async function answerWithout(user: User, sql: string, name: string): Promise<string> {
  const without = (text: string): string => text.replaceAll(new RegExp(name, 'giu'), '@')
  try {
    const { rows } = await clientOf(user).query(sql)
    return without(`rows ${JSON.stringify(rows)}`)
  } catch (error) {
    const { code, message, hint, detail } = await failure(Promise.reject(error))
    return without([code, message, hint, detail].join(' | '))
  }
}

describe('a column that is not granted is read by no clause (42501)', () => {
  test.each([
    'SELECT ssn FROM people',
    'SELECT * FROM people',
    'SELECT people.* FROM people',
    'SELECT people FROM people',
    'SELECT (people).ssn FROM people',
    'SELECT p::text FROM people p',
    'SELECT row_to_json(p) FROM people p',
    'SELECT count(p) FROM people p',
    'SELECT ROW(p.*) FROM people p',
    'SELECT x FROM (SELECT p FROM people p) x',
    'TABLE people',
    'SELECT id FROM people WHERE ssn IS NOT NULL',
    'SELECT id FROM people ORDER BY ssn',
    'SELECT 1 FROM people GROUP BY ssn',
    'SELECT 1 FROM people HAVING max(ssn) > $$$$',
    'SELECT DISTINCT ON (ssn) id FROM people',
    'SELECT count(*) FILTER (WHERE salary > 1) FROM people',
    'SELECT array_agg(name ORDER BY salary) FROM people',
    'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY salary) FROM people',
    'SELECT rank() OVER (ORDER BY ssn) FROM people',
    'SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN (SELECT max(salary) FROM people) PRECEDING AND CURRENT ROW) FROM people',
    'SELECT 1 FROM people WINDOW w AS (PARTITION BY ssn)',
    'SELECT 1 LIMIT (SELECT max(salary) FROM people)',
    'SELECT 1 OFFSET (SELECT max(salary) FROM people)',
    'VALUES ((SELECT max(ssn) FROM people))',
    'SELECT q.id FROM people p NATURAL JOIN people q',
    'SELECT p.id FROM people p JOIN people q USING (ssn)',
    'SELECT id FROM people, LATERAL (SELECT salary) x',
    'SELECT id FROM people, generate_series(1, salary) x',
    'SELECT id FROM people WHERE (id, ssn) = (1, $$x$$)',
    'SELECT (SELECT ssn) FROM people',
    'SELECT c FROM people AS p(a, b, c)',
    'WITH people AS (SELECT ssn FROM people) SELECT 1 FROM people',
    'WITH RECURSIVE r AS (SELECT ssn FROM people UNION ALL SELECT ssn FROM r) SELECT 1 FROM r',
    'SELECT name AS ssn FROM people WHERE ssn = $$x$$',
    'SELECT name AS ssn FROM people GROUP BY ssn',
    'SELECT name AS ssn FROM people ORDER BY ssn || $$$$',
    'EXPLAIN SELECT ssn FROM people',
    'UPDATE people SET name = ssn',
    'DELETE FROM people WHERE ssn = $$x$$',
    'INSERT INTO people (id) VALUES (9) RETURNING ssn',
    'SELECT "c3" FROM people',
    'SELECT rowid FROM people',
    'SELECT ctid FROM people',
  ])('%s', async (sql) => {
    expect(await refusal('reader', sql)).toMatchObject({ code: '42501' })
  })
})

describe('what is no part of the dialect reaches nothing', () => {
  test.each([
    ["SELECT * FROM query('select 1')", '42883'],
    ["SELECT * FROM read_csv('/etc/passwd')", '42883'],
    ['SELECT * FROM duckdb_tables()', '42883'],
    ["SELECT getvariable('x')", '42883'],
    ['SELECT current_query()', '42883'],
    ['SELECT stats(id) FROM people', '42883'],
    ["SELECT columns('ssn') FROM people", '42883'],
    ['SELECT ssn.lower() FROM people', '42883'],
    ['SELECT main.lower(name) FROM people', '42883'],
    ['SELECT "t1"."c3" FROM people', '42P01'],
    ['SELECT * FROM "people.ssn"', '42501'],
    ['SELECT * FROM "a.csv"', '42501'],
    ['SELECT * FROM main.t1', '42501'],
    ['SELECT * FROM sqlite_master', '42501'],
    ['SELECT 1::"people"', '42704'],
    ["SELECT 'hidden'::regclass", '0A000'],
    ['WITH q AS (DELETE FROM people RETURNING *) SELECT 1 FROM q', '0A000'],
    ['SELECT id FROM people FOR UPDATE', '0A000'],
  ])('%s', async (sql, code) => {
    expect(await refusal('reader', sql)).toMatchObject({ code })
  })
})

test.each(['SELECT * FROM # LIMIT 0', 'EXPLAIN SELECT * FROM #'])(
  'rows about another principal are refused, whether it is there or not: %s (W12)',
  async (sql) => {
    for (const name of ['writer', 'ghost']) {
      expect(await refusal('reader', sql.replace('#', `permissions('${name}')`))).toMatchObject({
        code: '42501',
        message: 'Access denied for reader [USER DETAILS]',
      })
    }
  },
)

describe('what was prepared is decided on again (X2, G46)', () => {
  const prepared = { name: 'names', text: 'SELECT name FROM people WHERE id = $1', values: [1] }

  test('after a revoke', async () => {
    const setter = await connect(grantd, admin)
    await clientOf('reader').query(prepared)
    await setter.query('REVOKE SELECT ON people(name) FROM reader')
    expect(await failure(clientOf('reader').query(prepared))).toMatchObject({ code: '42501' })
    await setter.query('GRANT SELECT ON people(name) TO reader')
    await setter.end()
  })

  test('in a transaction that began before the revoke', async () => {
    const setter = await connect(grantd, admin)
    await clientOf('reader').query('BEGIN')
    await clientOf('reader').query('SELECT id FROM people')
    await setter.query('REVOKE SELECT ON people(id) FROM reader')
    expect(await refusal('reader', 'SELECT id FROM people')).toMatchObject({ code: '42501' })
    await clientOf('reader').query('ROLLBACK')
    await setter.query('GRANT SELECT ON people(id) TO reader')
    await setter.end()
  })

  test('when another table has the name', async () => {
    const setter = await connect(grantd, admin)
    await setter.query('RENAME TABLE people TO others')
    await setter.query('CREATE TABLE people (id INT, ssn TEXT)')
    expect(await failure(clientOf('reader').query(prepared))).toMatchObject({ code: '42501' })
    expect(await refusal('reader', 'SELECT name FROM others')).toMatchObject({ code: '42501' })
    await setter.query('DROP TABLE people')
    await setter.query('RENAME TABLE others TO people')
    await setter.end()
  })
})

test.each([
  'SELECT id FROM people; SELECT ssn FROM people',
  'BEGIN; GRANT SELECT ON people TO reader; SELECT ssn FROM people',
  "INSERT INTO people (id, ssn) VALUES (9, 'SSN-1'); SELECT 1",
])('a batch is refused at what is not granted, and leaves nothing: %s', async (sql) => {
  expect(await refusal('reader', sql)).toMatchObject({ code: '42501' })
  await clientOf('reader').query('ROLLBACK')
})

describe('a table that is hidden and one that is not there are told alike (R9, G61)', () => {
  test.each([
    'SELECT * FROM #',
    'SELECT * FROM x.#',
    'SELECT * FROM grantd.public.#',
    "SELECT 'NaN'::numeric FROM #",
    "SELECT 1 FROM # WHERE 'a' LIKE 'b' ESCAPE 'xx'",
    'SELECT 1 FROM #, generate_series(1, 100000000000)',
    'SELECT 1 FROM # AS a(b, c, d, e)',
    'SELECT nofunction((SELECT 1 FROM #))',
    'SELECT 1 WHERE EXISTS (SELECT 1 FROM #)',
    'INSERT INTO # VALUES (1, 2, 3, 4)',
    'INSERT INTO # (nocolumn) VALUES (1)',
    'INSERT INTO # VALUES (1) ON CONFLICT (h) DO NOTHING',
    'UPDATE # SET h = 1',
    'UPDATE # SET h[1] = 1',
    'UPDATE # SET h.x = 1',
    'UPDATE # AS z SET z.h = 1',
    'EXPLAIN UPDATE # SET h[1] = 1',
    'DELETE FROM # WHERE nocolumn = 1',
    'TRUNCATE #',
    'DROP TABLE #',
    'DROP VIEW #',
    'RENAME TABLE # TO people',
    'ALTER TABLE # ADD COLUMN h INT',
    'ALTER TABLE # ADD COLUMN IF NOT EXISTS h INT',
    'ALTER TABLE # DROP COLUMN nocolumn',
    'ALTER TABLE # DROP COLUMN IF EXISTS nocolumn',
    'ALTER TABLE # DROP COLUMN IF EXISTS h',
    'ALTER TABLE # RENAME COLUMN nocolumn TO i',
    'CREATE TABLE # (a INT)',
    'CREATE TABLE zz (LIKE #)',
    'CREATE TABLE zz AS (SELECT * FROM #)',
    'CREATE OR REPLACE VIEW # AS SELECT 1 AS a',
    'CREATE VIEW zz AS SELECT * FROM #',
    'ALTER VIEW # AS SELECT 1 AS a',
    'GRANT SELECT ON # TO reader WITH VERIFICATION',
    'GRANT ALL ON # TO reader',
    'GRANT SELECT ON #(h) TO reader',
    'GRANT SELECT ON #(* EXCLUDE (h)) TO reader',
    'REVOKE ALL ON # FROM reader',
    'SHOW COLUMNS FROM #',
    "SELECT * FROM table_columns('#')",
    'EXPLAIN SELECT 1 FROM #',
  ])('%s', async (sql) => {
    const nothing = await answerWithout('nobody', sql.replaceAll('#', 'nothere'), 'nothere')
    for (const name of ['hidden', 'hiddenview']) {
      expect(await answerWithout('nobody', sql.replaceAll('#', name), name)).toBe(nothing)
    }
  })

  test('under a search path that begins with a schema that is not there', async () => {
    await clientOf('nobody').query('SET search_path = elsewhere, public')
    const nothing = await answerWithout('nobody', 'SELECT 1 FROM nothere', 'nothere')
    expect(await answerWithout('nobody', 'SELECT 1 FROM hidden', 'hidden')).toBe(nothing)
    await clientOf('nobody').query('RESET search_path')
  })
})

describe('a column that is hidden and one that is not there are told alike (G61)', () => {
  test.each([
    ['reader', 'SELECT # FROM people'],
    ['reader', 'SELECT id, zzz, # FROM people'],
    ['reader', 'SELECT zzz, # FROM people'],
    ['reader', 'SELECT #, aaa FROM people'],
    ['reader', 'SELECT p.id FROM people p JOIN people q USING (#)'],
    ['reader', 'SELECT #::nosuchtype FROM people'],
    ['reader', 'SELECT # + true FROM people'],
    ['reader', 'ALTER TABLE people DROP COLUMN IF EXISTS #'],
    ['writer', 'UPDATE people SET # = 1'],
    ['writer', 'UPDATE people SET # = true, zzz = 1'],
    ['writer', 'UPDATE people SET #[1] = 1'],
    ['writer', 'UPDATE people SET name = #'],
    ['writer', 'GRANT SELECT ON people(#) TO reader'],
    ['writer', 'GRANT SELECT ON people(zzz, #) TO reader'],
    ['writer', 'GRANT SELECT ON people(#, #) TO reader'],
    ['writer', 'GRANT SELECT ON people(* EXCLUDE (#)) TO reader'],
    ['writer', 'GRANT SELECT ON people(#) TO reader WITH VERIFICATION'],
    ['writer', 'REVOKE SELECT ON people(#) FROM reader'],
  ] as const)('%s: %s', async (user, sql) => {
    // The second spelling: not even that of the schema is told.
    const pairs = [
      ['ssn', 'sso'],
      ['"SsN"', '"SsO"'],
      ['"ſsn"', '"ſso"'],
    ] as const
    for (const [hidden, nothing] of pairs) {
      expect(
        (await answerWithout(user, sql.replaceAll('#', hidden), '$^')).replaceAll(
          bare(hidden),
          '@',
        ),
      ).toBe(
        (await answerWithout(user, sql.replaceAll('#', nothing), '$^')).replaceAll(
          bare(nothing),
          '@',
        ),
      )
    }
  })

  test('how many there are is not told by the longest alias list', async () => {
    for (const names of ['a, b, c', 'a, b, c, d', 'a, b, c, d, e']) {
      const { code } = await refusal('reader', `SELECT 1 FROM people AS p(${names})`)
      expect(code).toBe('42501')
    }
  })
})

describe('no expression is run on rows that a view leaves out (V8)', () => {
  test.each([
    'SELECT count(*) FROM emea WHERE 1 / amount >= 0',
    'SELECT sum(1 / amount) FROM emea',
    'SELECT count(*) FROM emea WHERE note::int > 0',
    'SELECT count(*) FROM emea a JOIN emea b ON 1 / a.amount = b.id',
    'SELECT count(*) FROM people p LEFT JOIN emea e ON e.id = p.id AND 1 / e.amount >= 0',
    'SELECT count(*) FROM people p WHERE p.id IN (SELECT note::int FROM emea)',
    'WITH q AS (SELECT * FROM emea) SELECT count(*) FROM q WHERE 1 / amount >= 0',
    'SELECT count(*) FROM emea, LATERAL (SELECT 1 / amount AS x) l WHERE x >= 0',
    'SELECT max(id) FILTER (WHERE 1 / amount >= 0) FROM emea',
    'SELECT id FROM emea ORDER BY 1 / amount LIMIT 1',
  ])('%s', async (sql) => {
    const { rowCount } = await clientOf('reader').query(sql)
    expect(rowCount).toBe(1)
  })
})

/** `text` with itself in place of `#`, again and again. */
function nested(text: string, depth: number, innermost: string): string {
  return Array.from({ length: depth }).reduce(
    (inner: string) => text.replaceAll('#', inner),
    innermost,
  )
}

describe('one small statement holds nobody up (R8)', () => {
  const letters = '%a'.repeat(40)
  test.each([
    [
      'CASE that doubles',
      `SELECT ${nested('CASE # WHEN 1 THEN 1 WHEN 2 THEN 3 END', 40, '1')}`,
      '54001',
    ],
    [
      'BETWEEN that doubles',
      `SELECT ${nested('(# BETWEEN SYMMETRIC 1 AND 2)::int', 40, '1')}`,
      '54001',
    ],
    ['NULLIF that doubles', `SELECT ${nested('NULLIF(#, 5)', 40, '1')}`, '54001'],
    [
      'records that double',
      nested('SELECT ROW(x, x) AS x FROM (#) t', 30, 'SELECT 1 AS x'),
      '54001',
    ],
    ['an endless series', 'SELECT count(*) FROM generate_series(1, 100000000000)', '54000'],
    [
      'a series that is not constant',
      'SELECT count(*) FROM (SELECT 100000000000 AS n) t, generate_series(1, t.n)',
      '54000',
    ],
    [
      'a series of microseconds',
      "SELECT count(*) FROM generate_series('2000-01-01'::timestamp, '9999-01-01', '1 microsecond')",
      '54000',
    ],
    ['repeat', "SELECT repeat('x', 2000000000)", '54000'],
    ['a parameter of a great number', 'SELECT $2147483647::int', '42P02'],
    ['WITH that doubles', withDoubling(20), '54001'],
  ])('%s', async (_what, sql, code) => {
    const answer = refusal('nobody', sql)
    const started = Date.now()
    await clientOf('reader').query('SELECT 1')
    expect(Date.now() - started).toBeLessThan(5_000)
    expect(await answer).toMatchObject({ code })
  })

  test.each([
    ['LIKE', `SELECT repeat('a', 5000) LIKE '${letters}_b'`],
    ['ILIKE', `SELECT repeat('a', 5000) ILIKE '${letters}b'`],
    ['LIKE of a computed pattern', "SELECT repeat('a', 5000) LIKE repeat('%a', 40) || 'b'"],
  ])('%s with many wildcards ends', async (_what, sql) => {
    const { rowCount } = await clientOf('nobody').query(sql)
    expect(rowCount).toBe(1)
  })
})

function withDoubling(depth: number): string {
  const ctes = Array.from(
    { length: depth },
    (_, index) => `c${index + 1} AS (SELECT a.x FROM c${index} a, c${index} b)`,
  )
  return `WITH c0 AS (SELECT 1 AS x), ${ctes.join(', ')} SELECT count(*) FROM c${depth}`
}
