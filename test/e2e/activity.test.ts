/** query_activity(), CANCEL QUERY and cancel_query() (questdb-rbac.md, SQL ENGINE ADMIN, Q1, U10, S16, R9). */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import { failure } from './failure.ts'
import type { Grantd } from './grantd.ts'
import { admin, connect, startGrantd } from './grantd.ts'

/** Runs until it is stopped: ten billion pairs, counted one by one. */
const endless =
  'SELECT count(*) AS n FROM generate_series(1, 100000) a, generate_series(1, 100000) b WHERE a + b < 0'

const denied = {
  code: '42501',
  message: 'Access denied for bob [SQL ENGINE ADMIN]',
}

interface Seen {
  readonly query_id: string
  readonly username: string
  readonly state: string
  readonly query: string
}

/** What somebody sees of statements that are like a text. */
async function seen(client: Client, like: string): Promise<readonly Seen[]> {
  const { rows } = await client.query<Seen>(
    'SELECT * FROM query_activity() WHERE query LIKE $1 ORDER BY query_id',
    [like],
  )
  return rows
}

/** Waits until somebody sees such a statement. */
async function appears(client: Client, like: string, state = 'active'): Promise<Seen> {
  for (;;) {
    const found = (await seen(client, like)).find((statement) => statement.state === state)
    if (found !== undefined) return found
  }
}

describe('statements that run', () => {
  let grantd: Grantd
  let root: Client
  let bob: Client
  let eve: Client
  beforeEach(async () => {
    grantd = await startGrantd({
      environment: { GRANTD_QUERY_SLOTS: '4', GRANTD_QUERY_SLOTS_PER_PRINCIPAL: '1' },
    })
    root = await connect(grantd, admin)
    await root.query(
      `CREATE USER bob WITH PASSWORD 'pw'; GRANT PGWIRE TO bob;
       CREATE USER eve WITH PASSWORD 'pw'; GRANT PGWIRE TO eve;
       CREATE TABLE t (a int)`,
    )
    bob = await connect(grantd, { user: 'bob', password: 'pw' })
    eve = await connect(grantd, { user: 'eve', password: 'pw' })
  })
  afterEach(async () => {
    for (const client of [bob, eve, root]) await client.end().catch(() => undefined)
    await grantd.remove()
  })

  test('are listed with the columns of QuestDB, the listing itself among them', async () => {
    const { rows, fields } = await root.query('SELECT * FROM query_activity()')
    expect(fields.map((field) => field.name)).toEqual([
      'query_id',
      'worker_id',
      'worker_pool',
      'username',
      'query_start',
      'state_change',
      'state',
      'is_wal',
      'query',
    ])
    expect(rows).toMatchObject([
      {
        worker_pool: 'pgwire',
        username: 'admin',
        state: 'active',
        is_wal: false,
        query: 'SELECT * FROM query_activity()',
      },
    ])
  })

  test('are seen by who runs them, and by SQL ENGINE ADMIN', async () => {
    const running = failure(eve.query(endless))
    const { query_id: id, username } = await appears(root, `${endless}%`)
    expect(username).toBe('eve')
    expect(await seen(bob, 'SELECT count%')).toEqual([])
    await root.query('GRANT SQL ENGINE ADMIN TO bob')
    expect(await seen(bob, 'SELECT count%')).toMatchObject([{ query_id: id }])
    await root.query(`CANCEL QUERY ${id}`)
    expect(await running).toMatchObject({
      code: '57014',
      message: 'canceling statement due to user request',
    })
    expect(await seen(root, 'SELECT count%')).toEqual([])
  })

  test('of another and numbers under which nothing runs are refused alike', async () => {
    const running = failure(eve.query(endless))
    const { query_id: id } = await appears(root, `${endless}%`)
    for (const text of [
      `CANCEL QUERY ${id}`,
      `SELECT cancel_query(${id})`,
      'CANCEL QUERY 900719',
      'SELECT cancel_query(900719)',
      'SELECT cancel_query(NULL)',
    ]) {
      expect(await failure(bob.query(text))).toMatchObject(denied)
    }
    await root.query(
      'GRANT ALL TO bob; GRANT ALL ON ALL TABLES TO bob; REVOKE SQL ENGINE ADMIN FROM bob',
    )
    expect(await failure(bob.query(`CANCEL QUERY ${id}`))).toMatchObject(denied)
    expect(await seen(bob, 'SELECT count%')).toEqual([])
    expect(await seen(root, 'SELECT count%')).toMatchObject([{ state: 'active' }])
    await root.query('REVOKE ALL FROM bob; GRANT PGWIRE, SQL ENGINE ADMIN TO bob')
    expect((await bob.query('SELECT cancel_query(900719)')).rows).toEqual([{ cancel_query: false }])
    expect(await failure(bob.query('CANCEL QUERY 900719'))).toMatchObject({
      code: '42704',
      message: 'query to cancel not found in registry [id=900719]',
      position: '14',
    })
    const cancelled = await bob.query('SELECT cancel_query($1) AS done', [id])
    expect(cancelled.rows).toEqual([{ done: true }])
    expect(await running).toMatchObject({ code: '57014' })
    expect((await eve.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })

  test('of oneself in another session need no permission', async () => {
    const other = await connect(grantd, { user: 'bob', password: 'pw' })
    const running = failure(other.query(endless))
    await appears(root, `${endless}%`)
    // The only place that is one's own in the engine is taken; what needs none is answered.
    const { rows } = await bob.query<Seen>('SELECT query_id, state, query FROM query_activity()')
    expect(rows).toMatchObject([{ state: 'active', query: endless }, { state: 'active' }])
    const id = rows[0]?.query_id
    const answer = await bob.query(`CANCEL QUERY ${id}`)
    expect(answer.command).toBe('CANCEL')
    expect(await running).toMatchObject({ code: '57014' })
    await other.end()
  })

  test('that wait for a place can be stopped as well', async () => {
    const other = await connect(grantd, { user: 'bob', password: 'pw' })
    const running = failure(other.query(endless))
    const { query_id: first } = await appears(root, `${endless}%`)
    const waiting = failure(bob.query('SELECT 42 AS waiting'))
    const { query_id: second } = await appears(root, 'SELECT 42%', 'waiting')
    expect(Number(second)).toBeGreaterThan(Number(first))
    await root.query(`CANCEL QUERY ${second}`)
    expect(await waiting).toMatchObject({ code: '57014' })
    expect(await seen(root, 'SELECT count%')).toMatchObject([{ state: 'active' }])
    await root.query(`CANCEL QUERY ${first}`)
    expect(await running).toMatchObject({ code: '57014' })
    expect((await bob.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
    await other.end()
  })

  test('take their transaction with them, and nothing that was acknowledged before', async () => {
    await root.query('GRANT SELECT, INSERT ON t TO bob')
    await bob.query('INSERT INTO t VALUES (1)')
    await bob.query('BEGIN')
    await bob.query('INSERT INTO t VALUES (2)')
    const running = failure(bob.query(endless))
    const { query_id: id } = await appears(root, `${endless}%`)
    await root.query(`CANCEL QUERY ${id}`)
    expect(await running).toMatchObject({ code: '57014' })
    expect(await failure(bob.query('SELECT a FROM t'))).toMatchObject({ code: '25P02' })
    expect((await bob.query('COMMIT')).command).toBe('ROLLBACK')
    expect((await bob.query('SELECT a FROM t')).rows).toEqual([{ a: 1 }])
  })

  test('of an assumed account are the account’s', async () => {
    await root.query(
      'CREATE SERVICE ACCOUNT app; GRANT ASSUME SERVICE ACCOUNT app TO bob; GRANT ASSUME SERVICE ACCOUNT app TO eve',
    )
    await bob.query('ASSUME SERVICE ACCOUNT app')
    const running = failure(bob.query(endless))
    const { query_id: id, username } = await appears(root, `${endless}%`)
    expect(username).toBe('app')
    expect(await failure(eve.query(`CANCEL QUERY ${id}`))).toMatchObject({
      message: 'Access denied for eve [SQL ENGINE ADMIN]',
    })
    await eve.query('ASSUME SERVICE ACCOUNT app')
    expect(await seen(eve, 'SELECT count%')).toMatchObject([{ query_id: id, username: 'app' }])
    expect((await eve.query(`SELECT cancel_query(${id})`)).rows).toEqual([{ cancel_query: true }])
    expect(await running).toMatchObject({ code: '57014' })
  })

  test('are shown without values of parameters and without secrets', async () => {
    await root.query('GRANT SQL ENGINE ADMIN TO bob')
    const running = failure(eve.query(`${endless} AND a <> $1`, [424_242]))
    const { query, query_id: id } = await appears(bob, `${endless}%`)
    expect(query).toContain('$1')
    expect(query).not.toContain('424242')
    await bob.query(`CANCEL QUERY ${id}`)
    await running
    // Whether the statement is seen while its password is hashed or not: the password is not.
    const making = root.query(`CREATE USER sam WITH PASSWORD 'vErYsEcReT'`)
    const texts: string[] = []
    const progress = { isMade: false }
    void making.then(() => (progress.isMade = true))
    while (!progress.isMade)
      texts.push(...(await seen(bob, '%')).map((statement) => statement.query))
    await making
    expect(texts.join()).not.toContain('vErYsEcReT')
  })
})
