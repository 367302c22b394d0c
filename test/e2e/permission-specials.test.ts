/** The permissions that are no single statement's: the endpoint, ALL, assumption, DATABASE ADMIN (section 4, L6-L8). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import { failure } from './failure.ts'
import { admin, connect, startGrantd } from './grantd.ts'
import type { Grantd } from './grantd.ts'
import { otherPermissions, registry } from './permission-cases/registry.ts'
import { answer } from './permission-cases/run-permission-case.ts'

let grantd: Grantd
let setter: Client

beforeAll(async () => {
  grantd = await startGrantd()
  setter = await connect(grantd, admin)
})

afterAll(async () => {
  await setter.end()
  await grantd.remove()
})

async function all(...statements: readonly string[]): Promise<void> {
  await setter.query(statements.join(';\n'))
}

const loginOf = (user: string): Parameters<typeof connect>[1] => ({ user, password: 'pw' })

const connecting = (): Promise<Client> => connect(grantd, loginOf('eve'))

describe('PGWIRE', () => {
  const refusal = { code: '42501', message: 'Access denied for eve [PGWIRE]' }

  test('is needed to connect, whatever else is held (S15, P2)', async () => {
    await all(`CREATE USER eve WITH PASSWORD 'pw'`)
    expect(await failure(connecting())).toMatchObject({ ...refusal, severity: 'FATAL' })
    await all(...otherPermissions('PGWIRE').map((others) => `GRANT ${others} TO eve`))
    expect(await failure(connecting())).toMatchObject({ ...refusal, severity: 'FATAL' })
    await all('REVOKE ALL FROM eve', 'GRANT PGWIRE TO eve')
    await (await connecting()).end()
    await all('REVOKE PGWIRE FROM eve')
    expect(await failure(connecting())).toMatchObject(refusal)
  })

  test.each(['GRANT PGWIRE TO doors', 'GRANT ALL TO eve', 'GRANT DATABASE ADMIN TO eve'])(
    'comes by %s, too (P1, L6, L8)',
    async (statement) => {
      await all('CREATE GROUP IF NOT EXISTS doors', 'ADD USER eve TO doors', 'REVOKE ALL FROM eve')
      await all(statement)
      await (await connecting()).end()
      await all('REVOKE ALL FROM eve', 'REVOKE ALL FROM doors')
      expect(await failure(connecting())).toMatchObject(refusal)
    },
  )

  test('is asked for at every message of an open session (P3)', async () => {
    await all('GRANT PGWIRE TO eve')
    const client = await connect(grantd, loginOf('eve'))
    await client.query('SELECT 1')
    await all('REVOKE PGWIRE FROM eve')
    for (const text of ['SELECT 1', 'SHOW TABLES', 'BEGIN', 'SHOW PERMISSIONS']) {
      expect(await failure(client.query(text))).toMatchObject(refusal)
      expect(await failure(client.query({ text, values: [] }))).toMatchObject(refusal)
    }
    await all('GRANT PGWIRE TO eve')
    await client.query('SELECT 1')
    await client.end()
  })
})

describe('ASSUME SERVICE ACCOUNT', () => {
  const denied = { code: '42501', message: 'Access denied for jo [ASSUME SERVICE ACCOUNT app]' }
  let client: Client

  beforeAll(async () => {
    await all(
      'CREATE SERVICE ACCOUNT app',
      'CREATE TABLE of_app (a INT)',
      'GRANT SELECT ON of_app TO app',
      `CREATE USER jo WITH PASSWORD 'pw'`,
      'CREATE GROUP apps',
      'ADD USER jo TO apps',
      'GRANT PGWIRE TO jo',
    )
    client = await connect(grantd, loginOf('jo'))
  })
  afterAll(() => client.end())

  test('needs the link: no permission of the registry, ALL included, gives it (U3, L6)', async () => {
    expect(await failure(client.query('ASSUME SERVICE ACCOUNT app'))).toMatchObject(denied)
    await all('GRANT ALL TO jo WITH GRANT OPTION', 'GRANT ALL ON ALL TABLES TO jo')
    expect(await failure(client.query('ASSUME SERVICE ACCOUNT app'))).toMatchObject(denied)
    await all('REVOKE ALL FROM jo', 'GRANT PGWIRE TO jo')
  })

  test.each([
    ['GRANT ASSUME SERVICE ACCOUNT app TO jo', 'REVOKE ASSUME SERVICE ACCOUNT app FROM jo'],
    ['GRANT ASSUME SERVICE ACCOUNT app TO apps', 'REVOKE ASSUME SERVICE ACCOUNT app FROM apps'],
    ['GRANT DATABASE ADMIN TO jo', 'REVOKE DATABASE ADMIN FROM jo'],
  ])('comes by %s and goes by %s, at every message while assumed (U7)', async (grant, revoke) => {
    await all(grant)
    await client.query('ASSUME SERVICE ACCOUNT app')
    await client.query('SELECT a FROM of_app')
    await all(revoke)
    for (const text of ['SELECT a FROM of_app', 'SELECT 1', 'SHOW PERMISSIONS', 'BEGIN']) {
      expect(await failure(client.query(text))).toMatchObject(denied)
      expect(await failure(client.query({ text, values: [] }))).toMatchObject(denied)
    }
    await client.query('EXIT SERVICE ACCOUNT')
    expect(await failure(client.query('ASSUME SERVICE ACCOUNT app'))).toMatchObject(denied)
    expect(await failure(client.query('SELECT a FROM of_app'))).toMatchObject({
      code: '42501',
      message: 'Access denied for jo [SELECT on of_app]',
    })
  })

  test('is passed on with the option of the link (G35)', async () => {
    const passOn = 'GRANT ASSUME SERVICE ACCOUNT app TO apps'
    const refusal = { code: '42501', message: `${denied.message.slice(0, -1)} WITH GRANT OPTION]` }
    await all('GRANT ASSUME SERVICE ACCOUNT app TO jo')
    expect(await failure(client.query(passOn))).toMatchObject(refusal)
    await all('GRANT ASSUME SERVICE ACCOUNT app TO jo WITH GRANT OPTION')
    await client.query(passOn)
    await client.query('REVOKE ASSUME SERVICE ACCOUNT app FROM apps')
    await all('REVOKE ASSUME SERVICE ACCOUNT app FROM jo')
    expect(await failure(client.query(passOn))).toMatchObject(refusal)
  })
})

describe('ALL', () => {
  const stored = registry.filter(({ name, levels }) => name !== 'ALL' && levels.length > 0)
  const onTables = (level: string): readonly string[] =>
    stored
      .filter(
        ({ levels, appliesTo }) =>
          levels.some((one) => one === level) && appliesTo.includes('table'),
      )
      .map(({ name }) => name)
  const onViews = stored
    .filter(({ appliesTo }) => appliesTo.includes('view'))
    .map((row) => row.name)
  const ofDatabase = stored.filter(({ name }) => name !== 'DATABASE ADMIN').map(({ name }) => name)
  const onAllTables = stored
    .filter(({ levels }) => levels.includes('table'))
    .map(({ name }) => name)

  beforeAll(() =>
    all(
      'CREATE USER al',
      `CREATE USER ally WITH PASSWORD 'pw'`,
      'CREATE TABLE tab (ts TIMESTAMP, a INT) TIMESTAMP(ts)',
      'CREATE VIEW vie AS (SELECT 1 AS a)',
      'GRANT PGWIRE TO ally',
    ),
  )

  test.each([
    ['', ofDatabase],
    [' ON ALL TABLES', onAllTables],
    [' ON tab', onTables('table')],
    [' ON vie', onViews],
    [' ON tab(a)', onTables('column')],
  ])(
    '%s stands for permissions of the registry (L6) and leaves none behind',
    async (on, wanted) => {
      await all(`GRANT ALL${on} TO al`)
      const { rows } = await answer(setter, 'SHOW PERMISSIONS al')
      const explicit = rows.filter(([, , , , origin]) => origin === 'G').map(([name]) => name ?? '')
      expect(explicit.toSorted()).toEqual([...wanted].toSorted())
      await all(`REVOKE ALL${on} FROM al`)
      expect((await answer(setter, 'SHOW PERMISSIONS al')).rows).toEqual([])
    },
  )

  test.each(['GRANT ALL ON tab TO al', 'REVOKE ALL ON tab FROM al'])(
    'is granted and revoked only with the grant option of what it stands for: %s (G29, G33)',
    async (statement) => {
      const client = await connect(grantd, loginOf('ally'))
      await all('GRANT ALL ON tab TO al')
      const permissions = onTables('table')
      for (const missing of [permissions[0], permissions.at(-1)]) {
        await all(
          'GRANT ALL ON tab TO ally WITH GRANT OPTION',
          `GRANT ${String(missing)} ON tab TO ally`,
        )
        expect(await failure(client.query(statement))).toMatchObject({
          code: '42501',
          message: `Access denied for ally [${String(missing)} on tab WITH GRANT OPTION]`,
        })
      }
      await all('GRANT ALL ON tab TO ally WITH GRANT OPTION')
      await client.query(statement)
      await all('REVOKE ALL ON tab FROM ally')
      expect(await failure(client.query(statement))).toMatchObject({
        code: '42501',
        message: expect.stringMatching(/^Access denied for ally \[.* on tab WITH GRANT OPTION\]$/),
      })
      await all('REVOKE ALL FROM al')
      await client.end()
    },
  )
})

describe('DATABASE ADMIN', () => {
  test('grants and revokes everything but itself, and is not dented by less (L8, D19)', async () => {
    await all(
      `CREATE USER dba WITH PASSWORD 'pw'`,
      'CREATE USER other',
      'CREATE TABLE of_dba (a INT)',
      'GRANT DATABASE ADMIN TO dba',
    )
    const client = await connect(grantd, loginOf('dba'))
    await client.query('GRANT ALL TO other WITH GRANT OPTION')
    await client.query('REVOKE ALL FROM other')
    const refusal = {
      code: '42501',
      message: 'Access denied for dba [DATABASE ADMIN WITH GRANT OPTION]',
    }
    expect(await failure(client.query('GRANT DATABASE ADMIN TO other'))).toMatchObject(refusal)
    expect(await failure(client.query('REVOKE DATABASE ADMIN FROM other'))).toMatchObject(refusal)
    await all('REVOKE SELECT ON of_dba FROM dba', 'REVOKE PGWIRE FROM dba')
    await client.query('SELECT a FROM of_dba')
    await all('GRANT DATABASE ADMIN TO dba WITH GRANT OPTION')
    await client.query('GRANT DATABASE ADMIN TO other')
    await client.query('REVOKE DATABASE ADMIN FROM other')
    await all('REVOKE DATABASE ADMIN FROM dba')
    expect(await failure(client.query('SELECT a FROM of_dba'))).toMatchObject({
      code: '42501',
      message: 'Access denied for dba [PGWIRE]',
    })
    await client.end()
  })
})

describe('DROP TABLE: DROP ALL TABLES', () => {
  let own: Grantd
  let root: Client
  let ed: Client

  beforeAll(async () => {
    own = await startGrantd()
    root = await connect(own, admin)
    await root.query(
      `CREATE USER ed WITH PASSWORD 'pw'; GRANT PGWIRE TO ed;
       CREATE TABLE one (a INT); CREATE TABLE two (a INT); CREATE VIEW three AS (SELECT 1 AS a)`,
    )
    ed = await connect(own, loginOf('ed'))
  })
  afterAll(async () => {
    await Promise.all([ed.end(), root.end()])
    await own.remove()
  })

  const tables = async (): Promise<unknown> => (await answer(root, 'SHOW TABLES')).rows
  const holdOnly = (...holdings: readonly string[]): Promise<unknown> =>
    root.query(
      ['REVOKE ALL FROM ed', ...['PGWIRE', ...holdings].map((one) => `GRANT ${one} TO ed`)].join(
        ';',
      ),
    )

  test.each<readonly [readonly string[], string]>([
    [[], 'DROP TABLE on ALL TABLES'],
    // A table of which nothing is held is not named (R9); one that may be seen is.
    [['DROP TABLE ON one'], 'DROP TABLE on ALL TABLES'],
    [['DROP TABLE ON two'], 'DROP TABLE on ALL TABLES'],
    [['DROP TABLE ON one', 'SELECT ON two'], 'DROP TABLE on two'],
    [otherPermissions('DROP TABLE'), 'DROP TABLE on one'],
  ])('with %j not one is dropped', async (holdings, missing) => {
    await holdOnly(...holdings)
    expect(await failure(ed.query('DROP ALL TABLES'))).toMatchObject({
      code: '42501',
      message: `Access denied for ed [${missing}]`,
    })
    expect(await tables()).toEqual([['one'], ['three'], ['two']])
  })

  test.each(['DROP TABLE ON one, two', 'DROP TABLE ON ALL TABLES', 'DATABASE ADMIN'])(
    'with %s all are, and no view',
    async (holding) => {
      await holdOnly(holding)
      await ed.query('DROP ALL TABLES')
      expect(await tables()).toEqual([['three']])
      await root.query('CREATE TABLE one (a INT); CREATE TABLE two (a INT)')
    },
  )
})
