/** Rules R5, X3, X4: access statements and table statements are applied together or not at all. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import { failure } from './failure.ts'
import type { Grantd } from './grantd.ts'
import { admin, connect, startGrantd } from './grantd.ts'

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
