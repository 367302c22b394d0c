/** Rules R5, X3, X4: access statements and table statements are applied together or not at all. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import { failure } from './failure.ts'
import type { Grantd } from './grantd.ts'
import { admin, connect, startGrantd } from './grantd.ts'
import type { PsqlResult } from './psql.ts'
import { psql } from './psql.ts'

async function names(client: Client, sql: string): Promise<unknown[]> {
  const result = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
  return result.rows.map((row) => row[0])
}

describe('transactions over access and tables', () => {
  let grantd: Grantd
  let one: Client
  let two: Client
  beforeEach(async () => {
    grantd = await startGrantd()
    one = await connect(grantd, admin)
    two = await connect(grantd, admin)
  })
  afterEach(async () => {
    await one.end()
    await two.end()
    await grantd.remove()
  })

  test('show their own changes at once, to others after COMMIT', async () => {
    await one.query('BEGIN')
    await one.query('CREATE TABLE t (a int)')
    await one.query('INSERT INTO t VALUES (7)')
    await one.query('CREATE USER eve')
    await one.query('GRANT SELECT ON t TO eve')
    expect(await names(one, 'SELECT a FROM t')).toEqual([7])
    expect(await names(one, 'SHOW PERMISSIONS eve')).toEqual(['SELECT'])
    expect(await names(two, 'SHOW USERS')).toEqual(['admin'])
    expect(await failure(two.query('SELECT a FROM t'))).toMatchObject({ code: '42P01' })
    await one.query('COMMIT')
    expect(await names(two, 'SHOW USERS')).toEqual(['admin', 'eve'])
    expect(await names(two, 'SELECT a FROM t')).toEqual([7])
  })

  test('leave nothing after ROLLBACK', async () => {
    await one.query('BEGIN')
    await one.query('CREATE TABLE t (a int)')
    await one.query('CREATE USER eve')
    await one.query('ROLLBACK')
    expect(await names(one, 'SHOW USERS')).toEqual(['admin'])
    expect(await names(one, 'SHOW TABLES')).toEqual([])
    await one.query('CREATE TABLE t (b text)')
    expect(await names(one, 'SELECT b FROM t')).toEqual([])
  })

  test('are all or none when a statement of a simple query fails', async () => {
    const sql = 'CREATE TABLE t (a int); INSERT INTO t VALUES (1); CREATE USER eve; SELECT 1/0'
    expect(await failure(one.query(sql))).toMatchObject({ code: '22012' })
    expect(await names(one, 'SHOW TABLES')).toEqual([])
    expect(await names(one, 'SHOW USERS')).toEqual(['admin'])
  })

  test('fail as a block until they are ended, and COMMIT then rolls back', async () => {
    await one.query('BEGIN')
    await one.query('CREATE USER eve')
    expect(await failure(one.query('SELECT nonsense'))).toMatchObject({ code: '42703' })
    expect(await failure(one.query('SELECT 1'))).toMatchObject({ code: '25P02' })
    expect((await one.query('COMMIT')).command).toBe('ROLLBACK')
    expect(await names(one, 'SHOW USERS')).toEqual(['admin'])
  })

  test('fail with 40001 when another made what they made', async () => {
    await one.query('BEGIN')
    await one.query('CREATE USER eve')
    await two.query('CREATE USER eve')
    expect(await failure(one.query('COMMIT'))).toMatchObject({ code: '40001' })
    expect(await names(one, 'SHOW USERS')).toEqual(['admin', 'eve'])
  })

  test('fail with 40001 when two write the same row, and the first keeps its change', async () => {
    await one.query('CREATE TABLE t (a int, b int); INSERT INTO t VALUES (1, 0)')
    await one.query('BEGIN')
    await two.query('BEGIN')
    await one.query('UPDATE t SET b = 1 WHERE a = 1')
    expect(await failure(two.query('UPDATE t SET b = 2 WHERE a = 1'))).toMatchObject({
      code: '40001',
    })
    await two.query('ROLLBACK')
    await one.query('COMMIT')
    expect(await names(one, 'SELECT b FROM t')).toEqual([1])
  })

  test('keep independent changes of two sessions', async () => {
    await one.query('CREATE TABLE t (a int)')
    await one.query('BEGIN; GRANT SELECT ON t TO eve')
    await two.query('GRANT INSERT ON t TO eve')
    await one.query('COMMIT; CREATE USER eve')
    expect(await names(one, 'SHOW PERMISSIONS eve')).toEqual(['INSERT', 'SELECT'])
  })

  test('say so when a table was made after their snapshot was taken', async () => {
    await one.query('CREATE TABLE t (a int)')
    await one.query('BEGIN')
    await one.query('SELECT a FROM t')
    await two.query('CREATE TABLE later (a int)')
    expect(await failure(one.query('SELECT a FROM later'))).toMatchObject({ code: '40001' })
    await one.query('ROLLBACK')
    expect(await names(one, 'SELECT a FROM later')).toEqual([])
  })

  test('refuse writes when they are read-only', async () => {
    await one.query('CREATE TABLE t (a int)')
    for (const sql of [
      'INSERT INTO t VALUES (1)',
      'CREATE USER eve',
      'GRANT SELECT ON t TO eve',
      'DROP TABLE t',
    ]) {
      await one.query('BEGIN READ ONLY')
      expect(await failure(one.query(sql))).toMatchObject({ code: '25006' })
      await one.query('ROLLBACK')
    }
  })

  test('refuse to assume an account, and say so', async () => {
    await one.query('CREATE SERVICE ACCOUNT app')
    await one.query('BEGIN')
    expect(await failure(one.query('ASSUME SERVICE ACCOUNT app'))).toMatchObject({ code: '25001' })
    await one.query('ROLLBACK')
  })

  test('take SET back with them, and keep SET LOCAL to themselves', async () => {
    const timeZone = (): Promise<unknown[]> => names(one, 'SHOW TimeZone')
    await one.query("BEGIN; SET TimeZone = 'Europe/Berlin'; ROLLBACK")
    expect(await timeZone()).toEqual(['UTC'])
    await one.query("BEGIN; SET LOCAL TimeZone = 'Europe/Berlin'")
    expect(await timeZone()).toEqual(['Europe/Berlin'])
    await one.query('COMMIT')
    expect(await timeZone()).toEqual(['UTC'])
  })
})

describe('a migration file in psql', () => {
  let grantd: Grantd
  let one: Client
  let directory: string
  beforeEach(async () => {
    grantd = await startGrantd()
    one = await connect(grantd, admin)
    directory = await mkdtemp(join(tmpdir(), 'grantd-psql-'))
  })
  afterEach(async () => {
    await one.end()
    await grantd.remove()
    await rm(directory, { recursive: true, force: true })
  })

  async function run(text: string, ...options: readonly string[]): Promise<PsqlResult> {
    const file = join(directory, 'migration.sql')
    await writeFile(file, text)
    return await psql(grantd, admin, ['-v', 'VERBOSITY=sqlstate', ...options, '-f', file])
  }

  const migration = `
    CREATE GROUP IF NOT EXISTS readers;
    CREATE USER IF NOT EXISTS bob WITH PASSWORD 'pw';
    ADD USER bob TO readers;
    CREATE SERVICE ACCOUNT IF NOT EXISTS app OWNED BY readers;
    CREATE TABLE IF NOT EXISTS t (a int, b text, ts timestamp) TIMESTAMP(ts) PARTITION BY DAY;
    ALTER TABLE IF EXISTS t ADD COLUMN IF NOT EXISTS c int, ADD COLUMN IF NOT EXISTS d int;
    ALTER TABLE t DROP COLUMN IF EXISTS b, DROP COLUMN IF EXISTS nope;
    ALTER TABLE IF EXISTS older RENAME TO newer;
    TRUNCATE TABLE IF EXISTS scratch;
    INSERT INTO t (a, c, ts)
      SELECT 1, 2, timestamp '2026-01-01' WHERE NOT EXISTS (SELECT 1 FROM t WHERE a = 1);
    CREATE VIEW IF NOT EXISTS v AS (SELECT a FROM t);
    CREATE OR REPLACE VIEW w AS (SELECT a, c FROM t);
    GRANT PGWIRE TO readers;
    GRANT SELECT ON t(a), v TO readers WITH GRANT OPTION;
    GRANT ASSUME SERVICE ACCOUNT app TO bob;
    REVOKE SELECT ON t(a) FROM readers;
    REMOVE USER bob FROM readers;
    DROP TABLE IF EXISTS older, oldest;
    DROP VIEW IF EXISTS nope;
    DROP USER IF EXISTS nobody;
    DROP GROUP IF EXISTS nobody;
    DROP SERVICE ACCOUNT IF EXISTS nobody;`

  async function dump(): Promise<unknown[]> {
    const rows = await names(one, 'SELECT a FROM t')
    const ddl = await names(one, 'SHOW CREATE DATABASE')
    return [...rows, ...ddl]
  }

  test('with a failing last line leaves nothing: no principal, no grant, no table, no row', async () => {
    const before = await names(one, 'SHOW CREATE DATABASE')
    const result = await run(`${migration}\nGRANT SELECT ON t TO bob WITH VERIFICATIO;`, '-1')
    expect(result.errors).toContain('42601')
    expect(await names(one, 'SHOW CREATE DATABASE')).toEqual(before)
    const late = await run(`${migration}\nALTER USER nobody ENABLE;`, '-1', '-v', 'ON_ERROR_STOP=1')
    expect(late).toMatchObject({ exitCode: 3, errors: expect.stringContaining('42704') })
    expect(await names(one, 'SHOW CREATE DATABASE')).toEqual(before)
  })

  test('can be run again, and changes nothing the second time', async () => {
    expect(await run(migration, '-1', '-v', 'ON_ERROR_STOP=1')).toMatchObject({ exitCode: 0 })
    const first = await dump()
    expect(await run(migration, '-1', '-v', 'ON_ERROR_STOP=1')).toMatchObject({ exitCode: 0 })
    expect(await dump()).toEqual(first)
    expect(await run(migration, '-v', 'ON_ERROR_STOP=1')).toMatchObject({ exitCode: 0 })
    expect(await dump()).toEqual(first)
  })

  test('under ON_ERROR_ROLLBACK goes on after an access statement that failed', async () => {
    const text = `BEGIN;
      CREATE TABLE t (a int);
      CREATE USER a;
      CREATE USER a;
      GRANT HTTP TO a;
      GRANT NONSENSE TO a;
      INSERT INTO t VALUES (1);
      ALTER USER nobody ENABLE;
      CREATE USER b;
      COMMIT;`
    const result = await run(text, '-v', 'ON_ERROR_ROLLBACK=on')
    expect(result.errors.match(/42\w{3}/g)).toEqual(['42710', '42601', '42704'])
    expect(await names(one, 'SHOW USERS')).toEqual(['a', 'admin', 'b'])
    expect(await names(one, 'SHOW PERMISSIONS a')).toEqual(['HTTP'])
    expect(await names(one, 'SELECT a FROM t')).toEqual([1])
  })
})
