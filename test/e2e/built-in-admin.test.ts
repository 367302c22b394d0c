/** The built-in admin (questdb-rbac.md, 1.1: A1 to A6, D5 to D7). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import { failure } from './failure.ts'
import { admin, connect, startGrantd } from './grantd.ts'
import type { Grantd } from './grantd.ts'
import { otherPermissions } from './permission-cases/registry.ts'
import { answer } from './permission-cases/run-permission-case.ts'

/** The name is said as the statement has it. */
const refusalOf = (name: string): unknown => ({
  code: '0LP01',
  message: expect.stringMatching(
    new RegExp(`^permissions of the built-in admin cannot be changed \\[name=${name}\\]$`, 'i'),
  ),
})
const refusal = refusalOf('admin')
const cannotBeAltered = {
  code: '0LP01',
  message: expect.stringMatching(/^the built-in admin cannot be altered \[name=admin\]$/i),
}

async function rowsOf(client: Client, text: string): Promise<unknown> {
  return (await answer(client, text)).rows
}

describe('its access list cannot be changed', () => {
  let grantd: Grantd
  let root: Client
  let askers: ReadonlyMap<string, Client>

  beforeAll(async () => {
    grantd = await startGrantd()
    root = await connect(grantd, admin)
    const all = otherPermissions('')
    await root.query(
      `CREATE USER nobody WITH PASSWORD 'pw'; GRANT PGWIRE TO nobody;
       CREATE USER dba WITH PASSWORD 'pw'; GRANT DATABASE ADMIN TO dba WITH GRANT OPTION;
       CREATE USER everything WITH PASSWORD 'pw';
       ${all.map((held) => `GRANT ${held} TO everything WITH GRANT OPTION;`).join(' ')}
       CREATE USER victim; CREATE GROUP g; CREATE SERVICE ACCOUNT s; CREATE TABLE t (a INT)`,
    )
    const users = ['nobody', 'dba', 'everything']
    const clients = await Promise.all(
      users.map(async (user) => [user, await connect(grantd, { user, password: 'pw' })] as const),
    )
    askers = new Map([...clients, ['admin', root]])
  })
  afterAll(async () => {
    for (const client of askers.values()) await client.end()
    await grantd.remove()
  })

  // Before any other check: most of these name what is not there, or what the asker may not touch.
  const naming = [
    'GRANT SELECT ON t TO admin',
    'GRANT SELECT ON t TO "Admin"',
    "GRANT ALL TO 'ADMIN' WITH GRANT OPTION",
    'GRANT SELECT ON nosuch(nocolumn) TO admin WITH VERIFICATION',
    'GRANT SELECT ON nosuch(*) TO admin',
    'GRANT PGWIRE ON t TO admin',
    'GRANT DATABASE ADMIN TO admin',
    'REVOKE SELECT ON nosuch FROM admin',
    'REVOKE ALL FROM admin',
    'REVOKE DATABASE ADMIN FROM admin',
    'GRANT ASSUME SERVICE ACCOUNT s TO admin',
    'GRANT ASSUME SERVICE ACCOUNT nosuch TO admin WITH GRANT OPTION',
    'REVOKE ASSUME SERVICE ACCOUNT nosuch FROM admin',
    'ADD USER admin TO g',
    'ADD USER admin TO nosuch',
    'REMOVE USER admin FROM g',
    'ADD USER victim TO g, admin',
  ]

  test.each(['admin', 'dba', 'everything', 'nobody'])('whoever asks: %s (A3)', async (asker) => {
    const client = askers.get(asker)
    for (const text of naming) {
      const said = client?.query(text) ?? Promise.resolve()
      expect([text, await failure(said)]).toMatchObject([text, refusal])
    }
  })

  test('nor can it be altered or dropped, by whoever has the permission of the statement (A3)', async () => {
    const altering = [
      ["ALTER USER admin WITH PASSWORD 'other'", 'ADD PASSWORD'],
      ['ALTER USER admin WITH NO PASSWORD', 'REMOVE PASSWORD'],
      ['ALTER USER admin DISABLE', 'DISABLE USER'],
      ['ALTER USER admin ENABLE', 'ENABLE USER'],
      ['ALTER USER admin CREATE TOKEN TYPE JWK', 'CREATE JWK'],
      ["ALTER USER admin CREATE TOKEN TYPE REST WITH TTL '1d'", 'CREATE REST TOKEN'],
      ['ALTER USER admin DROP TOKEN TYPE JWK', 'DROP JWK'],
      ['ALTER USER admin DROP TOKEN TYPE REST', 'DROP REST TOKEN'],
      ['DROP USER admin', 'DROP USER'],
      ['DROP USER IF EXISTS "ADMIN"', 'DROP USER'],
    ] as const
    for (const [text, permission] of altering) {
      for (const asker of ['dba', 'everything', 'admin']) {
        const said = askers.get(asker)?.query(text) ?? Promise.resolve()
        expect([asker, text, await failure(said)]).toMatchObject([asker, text, cannotBeAltered])
      }
      const denied = askers.get('nobody')?.query(text) ?? Promise.resolve()
      expect([text, await failure(denied)]).toMatchObject([
        text,
        { code: '42501', message: `Access denied for nobody [${permission}]` },
      ])
    }
    // It still logs in, by the password of the configuration.
    await (await connect(grantd, admin)).end()
  })

  test('and nothing is shown of it (A4, D5)', async () => {
    expect(await rowsOf(root, 'SHOW PERMISSIONS admin')).toEqual([])
    expect(await rowsOf(root, 'SHOW PERMISSIONS')).toEqual([])
    expect(await rowsOf(root, 'SHOW GROUPS admin')).toEqual([])
    expect(await rowsOf(root, 'SHOW SERVICE ACCOUNTS admin')).toEqual([])
    expect(await rowsOf(root, 'SHOW USER')).toEqual([
      ['Password', 't'],
      ['JWK Token', 'f'],
      ['REST Token', 'f'],
    ])
    expect(await rowsOf(root, 'SHOW USERS')).toContainEqual(['admin'])
    expect(await rowsOf(root, "SELECT * FROM active_grants() WHERE entity_name = 'admin'")).toEqual(
      [],
    )
    expect(await rowsOf(root, 'SHOW CREATE DATABASE INCLUDE (ACL)')).not.toContainEqual([
      expect.stringContaining('admin'),
    ])
  })

  test('it assumes any service account, owns nothing, and OWNED BY it is no error (A2, A5, D6)', async () => {
    await root.query('ASSUME SERVICE ACCOUNT s')
    await root.query('EXIT SERVICE ACCOUNT s')
    await root.query('CREATE TABLE owned (a INT)')
    await root.query("CREATE TABLE owned_too (a INT) OWNED BY 'admin'")
    const { rows } = await answer(root, 'SHOW CREATE DATABASE INCLUDE (PERMISSIONS)')
    expect(rows).not.toContainEqual([expect.stringContaining('owned')])
  })

  test('its name is taken by nobody (N2, D1)', async () => {
    for (const kind of ['USER', 'GROUP', 'SERVICE ACCOUNT']) {
      for (const words of ['', 'IF NOT EXISTS ']) {
        expect(await failure(root.query(`CREATE ${kind} ${words}"AdMiN"`))).toMatchObject({
          code: '42710',
        })
      }
    }
  })
})

describe('between two starts of one server', () => {
  test('it is removed by the configuration, and its name stays its own (A1)', async () => {
    let grantd = await startGrantd()
    const { dataDir } = grantd
    try {
      const first = await connect(grantd, admin)
      expect((await answer(first, 'SHOW USERS')).rows).toEqual([['admin']])
      expect((await answer(first, 'SHOW CREATE DATABASE')).rows).toEqual([])
      await first.query(
        `CREATE USER dba WITH PASSWORD 'pw'; GRANT DATABASE ADMIN TO dba; CREATE USER u`,
      )
      await first.end()
      await grantd.stop()

      grantd = await startGrantd({
        dataDir,
        environment: { GRANTD_ACL_ADMIN_USER_ENABLED: 'false' },
      })
      const unknown = { user: 'nobody_of_that_name', password: 'quest' }
      const refused = await failure(connect(grantd, admin))
      expect(refused).toMatchObject({ code: '28P01', message: 'invalid username/password' })
      expect(refused).toEqual(await failure(connect(grantd, unknown)))
      const dba = await connect(grantd, { user: 'dba', password: 'pw' })
      expect((await answer(dba, 'SHOW USERS')).rows).toEqual([['dba'], ['u']])
      expect(await failure(dba.query('CREATE USER admin'))).toMatchObject({ code: '42710' })
      expect([await failure(dba.query('GRANT SELECT ON t TO admin'))]).toMatchObject([refusal])
      await dba.end()
      await grantd.stop()

      // The way back in.
      grantd = await startGrantd({ dataDir })
      await (await connect(grantd, admin)).end()
    } finally {
      await grantd.remove()
    }
  })

  test('it has the name and password of the configuration (A1)', async () => {
    const grantd = await startGrantd({
      environment: { GRANTD_ACL_ADMIN_USER: 'Root', GRANTD_ACL_ADMIN_PASSWORD: 'other' },
    })
    try {
      expect(await failure(connect(grantd, admin))).toMatchObject({ code: '28P01' })
      const root = await connect(grantd, { user: 'root', password: 'other' })
      expect((await answer(root, 'SHOW USERS')).rows).toEqual([['Root']])
      expect([await failure(root.query('GRANT SELECT ON t TO rOOT'))]).toMatchObject([
        refusalOf('Root'),
      ])
      await root.query('CREATE USER admin')
      await root.end()
    } finally {
      await grantd.remove()
    }
  })

  test('the server does not start with the name of a stored principal (A6, D7)', async () => {
    let grantd = await startGrantd()
    const { dataDir } = grantd
    try {
      for (const [name, statement] of [
        ['root', 'CREATE USER Root'],
        ['desk', 'CREATE GROUP desk'],
        ['app', 'CREATE SERVICE ACCOUNT app'],
      ] as const) {
        const client = await connect(grantd, admin)
        await client.query(statement)
        await client.end()
        await grantd.stop()
        const environment = { GRANTD_ACL_ADMIN_USER: name }
        await expect(startGrantd({ dataDir, environment })).rejects.toThrow(
          'acl.admin.user is the name of a stored principal',
        )
        await expect(
          startGrantd({
            dataDir,
            environment: { ...environment, GRANTD_ACL_ADMIN_USER_ENABLED: 'false' },
          }),
        ).rejects.toThrow('acl.admin.user is the name of a stored principal')
        grantd = await startGrantd({ dataDir })
      }
    } finally {
      await grantd.remove()
    }
  })
})
