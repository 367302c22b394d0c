/** Savepoints: exact for access statements, settings and portals; told where tables are in the way. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import { failure } from './failure.ts'
import type { Grantd } from './grantd.ts'
import { admin, connect, startGrantd } from './grantd.ts'

let grantd: Grantd
let one: Client
let two: Client
beforeAll(async () => {
  grantd = await startGrantd({ environment: { GRANTD_PG_NAMED_STATEMENT_LIMIT: '20' } })
})
beforeEach(async () => {
  one = await connect(grantd, admin)
  two = await connect(grantd, admin)
})
afterEach(async () => {
  await run('ROLLBACK', 'DROP VIEW IF EXISTS v', 'DROP TABLE IF EXISTS t, u')
  for (const user of ['a', 'b', 'c', 'd', 'eve', 'gone', 'kept']) {
    await one.query(`DROP USER IF EXISTS ${user}`)
  }
  await one.end()
  await two.end()
})
afterAll(() => grantd.remove())

async function column(client: Client, sql: string): Promise<unknown[]> {
  const result = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
  return result.rows.map((row) => row[0])
}

const users = (client: Client): Promise<unknown[]> => column(client, 'SHOW USERS')

async function run(...statements: readonly string[]): Promise<void> {
  for (const sql of statements) await one.query(sql)
}

/** Its SQLSTATE and words. */
async function refused(sql: string): Promise<string> {
  const { code, message } = await failure(one.query(sql))
  return `${code} ${message}`
}

const aborted =
  '25P02 current transaction is aborted, commands ignored until end of transaction block'

describe('access statements', () => {
  test('go back to a savepoint, which stays, and no further', async () => {
    await run('BEGIN', 'CREATE USER a', 'SAVEPOINT s', 'CREATE USER b', 'GRANT HTTP TO a')
    expect(await users(one)).toEqual(['a', 'admin', 'b'])
    await run('ROLLBACK TO SAVEPOINT s')
    expect(await users(one)).toEqual(['a', 'admin'])
    expect(await column(one, 'SHOW PERMISSIONS a')).toEqual([])
    await run('CREATE USER c', 'ROLLBACK TO s', 'CREATE USER d', 'RELEASE s', 'COMMIT')
    expect(await users(two)).toEqual(['a', 'admin', 'd'])
  })

  test('that failed leave the rest of the transaction to go on', async () => {
    await run('BEGIN', 'CREATE USER a', 'SAVEPOINT s')
    expect(await refused('CREATE USER a')).toMatch(/^42710 /)
    expect(await refused('CREATE USER b')).toBe(aborted)
    expect(await refused('SAVEPOINT t')).toBe(aborted)
    expect(await refused('RELEASE s')).toBe(aborted)
    await run('ROLLBACK TO s', 'CREATE USER b', 'COMMIT')
    expect(await users(two)).toEqual(['a', 'admin', 'b'])
  })

  test('make tokens and passwords that are gone with them', async () => {
    await run("CREATE USER a WITH PASSWORD 'old'", 'GRANT PGWIRE TO a', 'BEGIN', 'SAVEPOINT s')
    await run("ALTER USER a WITH PASSWORD 'new'")
    await run("ALTER USER a CREATE TOKEN TYPE REST WITH TTL '1d'")
    await run('ROLLBACK TO s', 'COMMIT')
    const modes = await one.query('SHOW USER a')
    expect(modes.rows).toContainEqual({ auth_type: 'REST Token', enabled: false })
    const a = await connect(grantd, { user: 'a', password: 'old' })
    await a.end()
    expect(await failure(connect(grantd, { user: 'a', password: 'new' }))).toMatchObject({
      code: '28P01',
    })
  })

  test('that conflict with another session are 40001, before the savepoint and after it', async () => {
    await run('BEGIN', 'SAVEPOINT s', 'CREATE USER a')
    await two.query('CREATE USER a')
    expect(await refused('SHOW USERS')).toMatch(/^40001 access list changed meanwhile/)
    await run('ROLLBACK TO s', 'CREATE USER b', 'SAVEPOINT t')
    await two.query('CREATE USER b')
    expect(await refused('ROLLBACK TO t')).toMatch(/^40001 access list changed meanwhile/)
    expect((await one.query('COMMIT')).command).toBe('ROLLBACK')
    expect(await users(two)).toEqual(['a', 'admin', 'b'])
  })

  test('of others since the savepoint are in force after going back', async () => {
    await run('BEGIN', 'CREATE USER a', 'SAVEPOINT s', 'CREATE USER b')
    await two.query('CREATE USER c')
    await run('ROLLBACK TO s')
    expect(await users(one)).toEqual(['a', 'admin', 'c'])
    await run('CREATE USER d', 'ROLLBACK TO s', 'COMMIT')
    expect(await users(two)).toEqual(['a', 'admin', 'c'])
  })

  test('leave no line in the record of what was taken back', async () => {
    await run(
      'BEGIN',
      'SAVEPOINT s',
      'CREATE USER gone',
      'ROLLBACK TO s',
      'CREATE USER kept',
      'COMMIT',
    )
    await two.query('CREATE USER gone')
    expect(await users(one)).toEqual(['admin', 'gone', 'kept'])
  })
})

describe('names', () => {
  test('hide earlier ones, are folded unless quoted, and end with those that are older', async () => {
    await run('BEGIN', 'SAVEPOINT s', 'CREATE USER a', 'SAVEPOINT S', 'CREATE USER b')
    await run('ROLLBACK TO "s"')
    expect(await users(one)).toEqual(['a', 'admin'])
    await run('RELEASE s', 'ROLLBACK TO s')
    expect(await users(one)).toEqual(['admin'])
    await run('SAVEPOINT "T"', 'SAVEPOINT u', 'RELEASE "T"')
    expect(await refused('ROLLBACK TO u')).toBe('3B001 savepoint "u" does not exist')
    expect(await refused('ROLLBACK TO t')).toBe('3B001 savepoint "t" does not exist')
    await run('ROLLBACK TO s')
    expect(await refused('RELEASE nope')).toBe('3B001 savepoint "nope" does not exist')
    expect((await one.query('COMMIT')).command).toBe('ROLLBACK')
  })

  test.each([
    ['SAVEPOINT s', 'SAVEPOINT'],
    ['RELEASE s', 'RELEASE SAVEPOINT'],
    ['ROLLBACK TO s', 'ROLLBACK TO SAVEPOINT'],
  ])('outside of a block: %s', async (sql, what) => {
    const expected = `25P01 ${what} can only be used in transaction blocks`
    expect(await refused(sql)).toBe(expected)
    expect(await refused(`SELECT 1; ${sql}`)).toBe(expected)
  })

  test('answer with the tags of PostgreSQL', async () => {
    await run('BEGIN')
    const tags: string[] = []
    for (const sql of ['SAVEPOINT s', 'ROLLBACK TO s', 'RELEASE s']) {
      tags.push((await one.query(sql)).command)
    }
    expect(tags).toEqual(['SAVEPOINT', 'ROLLBACK', 'RELEASE'])
  })

  test('are bounded in their number', async () => {
    await run('BEGIN')
    for (let count = 0; count < 20; count++) await one.query('SAVEPOINT s')
    expect(await refused('SAVEPOINT s')).toBe('53400 too many savepoints (at most 20)')
    await run('ROLLBACK TO s', 'RELEASE s', 'SAVEPOINT s', 'ROLLBACK')
  })

  test('end with their transaction', async () => {
    await run('BEGIN', 'SAVEPOINT s', 'COMMIT', 'BEGIN')
    expect(await refused('ROLLBACK TO s')).toBe('3B001 savepoint "s" does not exist')
    await run('ROLLBACK')
  })
})

describe('tables', () => {
  beforeEach(() => run('CREATE TABLE t (a int)', 'INSERT INTO t VALUES (1)'))

  const tableWritten = '0A000 ROLLBACK TO SAVEPOINT after a table was written is not supported'
  const engineFailed = '0A000 ROLLBACK TO SAVEPOINT after an engine error is not supported'

  test.each([
    'INSERT INTO t VALUES (2)',
    'UPDATE t SET a = 3',
    'DELETE FROM t',
    'TRUNCATE TABLE t',
    'CREATE TABLE u (a int)',
    'CREATE TABLE u AS (SELECT a FROM t)',
    'ALTER TABLE t ADD COLUMN b int',
    'DROP TABLE t',
  ])('%s since the savepoint: refused, and the transaction stays failed', async (sql) => {
    await run('BEGIN', 'CREATE USER a', 'SAVEPOINT s', sql)
    expect(await refused('ROLLBACK TO s')).toBe(tableWritten)
    expect(await refused('SELECT 1')).toBe(aborted)
    expect(await refused('ROLLBACK TO s')).toBe(tableWritten)
    expect((await one.query('COMMIT')).command).toBe('ROLLBACK')
    expect(await column(two, 'SELECT a FROM t')).toEqual([1])
    expect(await users(two)).toEqual(['admin'])
  })

  test('written before the savepoint, or released after it, are kept', async () => {
    await run('BEGIN', 'INSERT INTO t VALUES (2)', 'SAVEPOINT s', 'CREATE USER a', 'ROLLBACK TO s')
    await run('SAVEPOINT u', 'INSERT INTO t VALUES (3)', 'RELEASE u', 'COMMIT')
    expect(await column(two, 'SELECT a FROM t ORDER BY a')).toEqual([1, 2, 3])
    expect(await users(two)).toEqual(['admin'])
  })

  test('only read since the savepoint are no hindrance', async () => {
    await run('BEGIN', 'SAVEPOINT s', 'SELECT a FROM t', 'CREATE USER a', 'ROLLBACK TO s')
    expect(await column(one, 'SELECT a FROM t')).toEqual([1])
    await run('INSERT INTO t VALUES (2)', 'COMMIT')
    expect(await users(two)).toEqual(['admin'])
    expect(await column(two, 'SELECT a FROM t ORDER BY a')).toEqual([1, 2])
  })

  test('renamed, and views made: names are access, and go back', async () => {
    await run(
      'BEGIN',
      'SAVEPOINT s',
      'ALTER TABLE t RENAME TO u',
      'CREATE VIEW v AS (SELECT a FROM u)',
    )
    expect(await column(one, 'SELECT a FROM v')).toEqual([1])
    await run('ROLLBACK TO s')
    expect(await column(one, 'SELECT a FROM t')).toEqual([1])
    expect(await refused('SELECT a FROM v')).toMatch(/^42P01 /)
    await run('ROLLBACK TO s', 'CREATE VIEW v AS (SELECT a + 1 AS b FROM t)', 'COMMIT')
    expect(await column(two, 'SELECT b FROM v')).toEqual([2])
  })

  test('refused by name or by permission have not been written', async () => {
    await run('CREATE USER eve', "ALTER USER eve WITH PASSWORD 'pw'", 'GRANT PGWIRE TO eve')
    const eve = await connect(grantd, { user: 'eve', password: 'pw' })
    await eve.query('BEGIN')
    await eve.query('SAVEPOINT s')
    expect(await failure(eve.query('INSERT INTO t VALUES (2)'))).toMatchObject({ code: '42501' })
    await eve.query('ROLLBACK TO s')
    await eve.query('COMMIT')
    await eve.end()
    await run('BEGIN', 'INSERT INTO t VALUES (2)', 'SAVEPOINT s')
    expect(await refused('INSERT INTO nope VALUES (2)')).toMatch(/^42P01 /)
    await run('ROLLBACK TO s')
    expect(await refused('INSERT INTO t (b) VALUES (2)')).toMatch(/^42703 /)
    await run('ROLLBACK TO s', 'COMMIT')
    expect(await column(two, 'SELECT a FROM t ORDER BY a')).toEqual([1, 2])
  })

  test('read with an error of the engine: goes on, on the same snapshot', async () => {
    await run('BEGIN', 'SELECT a FROM t', 'CREATE USER a', 'SAVEPOINT s', 'CREATE USER b')
    expect(await refused('SELECT 1 / (a - 1) FROM t')).toMatch(/^22012 /)
    await run('ROLLBACK TO s')
    expect(await column(one, 'SELECT a FROM t')).toEqual([1])
    await two.query('INSERT INTO t VALUES (2)')
    expect(await column(one, 'SELECT a FROM t')).toEqual([1])
    await run('COMMIT')
    expect(await users(two)).toEqual(['a', 'admin'])
  })

  test('read with an error of the engine, and written by others meanwhile: refused', async () => {
    await run('BEGIN', 'SELECT a FROM t', 'SAVEPOINT s')
    await two.query('INSERT INTO t VALUES (2)')
    expect(await refused('SELECT 1 / (a - 1) FROM t')).toMatch(/^22012 /)
    expect(await refused('ROLLBACK TO s')).toBe(engineFailed)
    await run('ROLLBACK')
  })

  test('read with an error of the engine before anything was read: any snapshot will do', async () => {
    await run('BEGIN', 'SAVEPOINT s')
    expect(await refused('SELECT 1 / (a - 1) FROM t')).toMatch(/^22012 /)
    await two.query('INSERT INTO t VALUES (2)')
    await run('ROLLBACK TO s', 'SELECT a FROM t', 'INSERT INTO t VALUES (3)', 'COMMIT')
    expect(await column(two, 'SELECT a FROM t ORDER BY a')).toEqual([1, 2, 3])
  })

  test('written before an error of the engine are lost with it: refused', async () => {
    await run('BEGIN', 'INSERT INTO t VALUES (2)', 'SAVEPOINT s')
    expect(await refused('SELECT 1 / (a - 1) FROM t')).toMatch(/^22012 /)
    expect(await refused('ROLLBACK TO s')).toBe(engineFailed)
    expect((await one.query('COMMIT')).command).toBe('ROLLBACK')
    expect(await column(two, 'SELECT a FROM t')).toEqual([1])
  })
})

test('settings go back too, SET LOCAL among them', async () => {
  const timeZone = (): Promise<unknown[]> => column(one, 'SHOW TimeZone')
  await run('BEGIN', "SET TimeZone = 'Asia/Tokyo'", "SET LOCAL app.x = '1'", 'SAVEPOINT s')
  await run("SET TimeZone = 'Europe/Berlin'", "SET LOCAL app.x = '2'", 'ROLLBACK TO s')
  expect(await timeZone()).toEqual(['Asia/Tokyo'])
  expect(await column(one, 'SHOW app.x')).toEqual(['1'])
  await run('COMMIT')
  expect(await timeZone()).toEqual(['Asia/Tokyo'])
})

test('a transaction made read-only since the savepoint is writable again', async () => {
  await run('CREATE TABLE t (a int)', 'BEGIN', 'SAVEPOINT s', 'SET TRANSACTION READ ONLY')
  await run('SELECT a FROM t')
  expect(await refused('INSERT INTO t VALUES (1)')).toMatch(/^25006 /)
  await run('ROLLBACK TO s', 'INSERT INTO t VALUES (1)', 'COMMIT')
  expect(await column(two, 'SELECT a FROM t')).toEqual([1])
})

test('what pools send between two users is answered', async () => {
  const tags: string[] = []
  for (const sql of [
    'CLOSE ALL',
    'UNLISTEN *',
    'DISCARD TEMP',
    'DISCARD PLANS',
    'DISCARD SEQUENCES',
  ]) {
    tags.push((await one.query(sql)).command)
  }
  expect(tags).toEqual(['CLOSE', 'UNLISTEN', 'DISCARD', 'DISCARD', 'DISCARD'])
  expect(await refused('CLOSE c')).toBe('34000 cursor "c" does not exist')
})

test('now() is the same before and after', async () => {
  await run('BEGIN')
  const before = await column(one, 'SELECT now()')
  await run('SAVEPOINT s', 'ROLLBACK TO s')
  expect(await column(one, 'SELECT now()')).toEqual(before)
  await run('ROLLBACK')
})
