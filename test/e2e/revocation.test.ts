/** Rules R4, X1, X2, M5, E2, P3, U7: a change is in force for every statement that starts after its answer. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import type { Grantd } from './grantd.ts'
import { admin, connect, startGrantd } from './grantd.ts'
import { failure } from './failure.ts'

const bob = { user: 'bob', password: 'pw' } as const

describe('a session that is open', () => {
  let grantd: Grantd
  let root: Client
  let session: Client
  beforeEach(async () => {
    grantd = await startGrantd()
    root = await connect(grantd, admin)
    await root.query(
      `CREATE TABLE t (a int, b int); INSERT INTO t VALUES (1, 2);
       CREATE USER bob WITH PASSWORD 'pw'; CREATE GROUP g; GRANT PGWIRE TO bob`,
    )
    session = await connect(grantd, bob)
  })
  afterEach(async () => {
    await session.end().catch(() => undefined)
    await root.end()
    await grantd.remove()
  })

  test('sees a grant at its next statement, and a revoke at the one after', async () => {
    expect(await failure(session.query('SELECT a FROM t'))).toMatchObject({ code: '42501' })
    await root.query('GRANT SELECT ON t(a) TO bob')
    expect((await session.query('SELECT a FROM t')).rows).toEqual([{ a: 1 }])
    await root.query('REVOKE SELECT ON t(a) FROM bob')
    expect(await failure(session.query('SELECT a FROM t'))).toMatchObject({
      code: '42501',
      message: 'Access denied for bob [SELECT on t]',
    })
  })

  test('cannot run a prepared statement whose permission was revoked', async () => {
    await root.query('GRANT SELECT ON t TO bob')
    const prepared = { name: 'p', text: 'SELECT a FROM t WHERE a = $1', values: [1] }
    expect((await session.query(prepared)).rows).toEqual([{ a: 1 }])
    await root.query('REVOKE SELECT ON t(a) FROM bob')
    expect(await failure(session.query(prepared))).toMatchObject({
      code: '42501',
      message: 'Access denied for bob [SELECT on t(a)]',
    })
  })

  test('decides a transaction by the newest list, whatever its snapshot of rows is', async () => {
    await root.query('GRANT SELECT ON t TO bob')
    await session.query('BEGIN')
    expect((await session.query('SELECT a FROM t')).rows).toEqual([{ a: 1 }])
    await root.query('REVOKE SELECT ON t FROM bob')
    expect(await failure(session.query('SELECT a FROM t'))).toMatchObject({ code: '42501' })
    await session.query('ROLLBACK')
  })

  test('gains with its group and loses with it', async () => {
    await root.query('GRANT SELECT ON t TO g')
    await root.query('ADD USER bob TO g')
    expect((await session.query('SELECT b FROM t')).rows).toEqual([{ b: 2 }])
    await root.query('REMOVE USER bob FROM g')
    expect(await failure(session.query('SELECT b FROM t'))).toMatchObject({ code: '42501' })
  })

  test('is locked out when its user is disabled, and goes on when enabled', async () => {
    await root.query('ALTER USER bob DISABLE')
    expect(await failure(session.query('SELECT 1'))).toMatchObject({
      code: '42501',
      message: 'Access denied for bob [user is disabled]',
    })
    await root.query('ALTER USER bob ENABLE')
    expect((await session.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })

  test('is locked out when the permission of the endpoint is revoked', async () => {
    await root.query('REVOKE PGWIRE FROM bob')
    expect(await failure(session.query('SELECT 1'))).toMatchObject({
      code: '42501',
      message: 'Access denied for bob [PGWIRE]',
    })
  })

  test('ends with 57P01 when its user is dropped, and a namesake does not revive it', async () => {
    await root.query('DROP USER bob')
    await root.query("CREATE USER bob WITH PASSWORD 'pw'; GRANT PGWIRE TO bob")
    expect(await failure(session.query('SELECT 1'))).toMatchObject({ code: '57P01' })
  })

  test('does not fall back by itself when the assumed account is gone', async () => {
    await root.query('CREATE SERVICE ACCOUNT app; GRANT ASSUME SERVICE ACCOUNT app TO bob')
    await session.query('ASSUME SERVICE ACCOUNT app')
    await root.query('DROP SERVICE ACCOUNT app')
    expect(await failure(session.query('SELECT 1'))).toMatchObject({
      code: '42501',
      message: 'Access denied for bob [ASSUME SERVICE ACCOUNT app]',
    })
    await session.query('EXIT SERVICE ACCOUNT')
    expect((await session.query('SELECT current_user')).rows).toEqual([{ current_user: 'bob' }])
  })
})
