/** Functions and statements of SYSTEM ADMIN and AUDIT VIEW (questdb-rbac.md, W21, D42, D46, L10). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from 'pg'
import { failure } from './failure.ts'
import type { Grantd } from './grantd.ts'
import { admin, connect, startGrantd } from './grantd.ts'

let directory: string
let file: string
let grantd: Grantd
let root: Client
let op: Client
let bob: Client

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'grantd-conf-'))
  file = join(directory, 'server.conf')
  await writeFile(file, 'query.timeout=4m\n')
  grantd = await startGrantd({ file })
  root = await connect(grantd, admin)
  await root.query(
    `CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t;
     CREATE USER op WITH PASSWORD 'pw'; GRANT PGWIRE, SYSTEM ADMIN TO op;
     CREATE USER bob WITH PASSWORD 'pw'; GRANT PGWIRE, SQL ENGINE ADMIN TO bob`,
  )
  op = await connect(grantd, { user: 'op', password: 'pw' })
  bob = await connect(grantd, { user: 'bob', password: 'pw' })
})

afterAll(async () => {
  for (const client of [op, bob, root]) await client.end()
  await grantd.remove()
  await rm(directory, { recursive: true })
})

/** The only value of the only row. */
async function value(client: Client, text: string, values: unknown[] = []): Promise<unknown> {
  const { rows } = await client.query<Record<string, unknown>>(text, values)
  expect(rows).toHaveLength(1)
  return Object.values(rows[0] ?? {})[0]
}

const calls = [
  'SELECT reload_tls()',
  'SELECT reload_config()',
  'SELECT dump_memory_usage()',
  'SELECT dump_thread_stacks()',
  'SELECT flush_query_cache()',
  "SELECT hydrate_table_metadata('*')",
  'SHOW PARAMETERS',
]

describe('SYSTEM ADMIN', () => {
  test.each(calls)('is needed for %s, and enough', async (text) => {
    expect(await failure(bob.query(text))).toMatchObject({
      code: '42501',
      message: 'Access denied for bob [SYSTEM ADMIN]',
    })
    await op.query(text)
  })

  test('is asked for at each execution, by Describe too', async () => {
    const prepared = { name: 'flush', text: 'SELECT flush_query_cache() AS done' }
    expect((await op.query(prepared)).rows).toEqual([{ done: true }])
    await root.query('REVOKE SYSTEM ADMIN FROM op')
    expect(await failure(op.query(prepared))).toMatchObject({ code: '42501' })
    expect(await failure(op.query({ name: 'n', text: 'SELECT reload_tls()' }))).toMatchObject({
      code: '42501',
    })
    await root.query('GRANT SYSTEM ADMIN TO op')
    expect((await op.query(prepared)).rows).toEqual([{ done: true }])
  })

  test('the functions answer one BOOLEAN', async () => {
    const { fields, rows, command } = await op.query('SELECT flush_query_cache()')
    expect(fields).toMatchObject([{ name: 'flush_query_cache', dataTypeID: 16 }])
    expect(rows).toEqual([{ flush_query_cache: true }])
    expect(command).toBe('SELECT')
    // No endpoint of this server offers TLS.
    expect(await value(op, 'SELECT reload_tls()')).toBe(false)
    expect(await value(op, 'SELECT reload_config()')).toBe(false)
  })
})

describe('a function of the server', () => {
  test.each([
    'SELECT flush_query_cache(), 1',
    'SELECT 1 WHERE flush_query_cache()',
    'SELECT flush_query_cache() FROM t',
    'SELECT * FROM flush_query_cache()',
    'SELECT (SELECT flush_query_cache())',
    'SELECT cancel_query(a) FROM t',
    'EXPLAIN SELECT flush_query_cache()',
    'INSERT INTO t SELECT 1 WHERE flush_query_cache()',
    'CREATE VIEW w AS SELECT flush_query_cache() AS x',
    'CREATE TABLE w (a boolean DEFAULT flush_query_cache())',
    'CREATE TABLE w AS (SELECT flush_query_cache() AS x)',
    'UPDATE t SET a = 1 WHERE flush_query_cache()',
  ])('is no part of: %s', async (text) => {
    const { code, message, position } = await failure(root.query(text))
    expect({ code, message }).toEqual({
      code: '0A000',
      message: `${text.includes('cancel') ? 'cancel_query' : 'flush_query_cache'}() is not supported here`,
    })
    if (!text.startsWith('CREATE')) expect(Number(position)).toBe(text.search(/flush|cancel/) + 1)
  })

  test.each([
    ['SELECT flush_query_cache(1)', 'function flush_query_cache(integer) does not exist'],
    ['SELECT cancel_query()', 'function cancel_query() does not exist'],
    ["SELECT cancel_query('x')", 'function cancel_query(unknown) does not exist'],
    ['SELECT hydrate_table_metadata()', 'function hydrate_table_metadata() does not exist'],
    ['SELECT hydrate_table_metadata(1)', 'function hydrate_table_metadata(integer) does not exist'],
  ])('does not exist as %s', async (text, message) => {
    expect(await failure(root.query(text))).toMatchObject({ code: '42883', message, position: '8' })
  })

  test('works in a transaction, and ends with it if it fails', async () => {
    await root.query('BEGIN READ ONLY')
    expect(await value(root, 'SELECT flush_query_cache()')).toBe(true)
    await root.query('ROLLBACK')
    await bob.query('BEGIN')
    expect(await failure(bob.query('SELECT flush_query_cache()'))).toMatchObject({ code: '42501' })
    expect(await failure(bob.query('SELECT flush_query_cache()'))).toMatchObject({ code: '25P02' })
    await bob.query('ROLLBACK')
  })
})

describe('hydrate_table_metadata', () => {
  test('holds the catalog against what is in force', async () => {
    expect(await value(root, "SELECT hydrate_table_metadata('t', 'v')")).toBe(true)
    expect(await value(root, 'SELECT hydrate_table_metadata($1)', ['*'])).toBe(true)
    expect(await value(root, "SELECT hydrate_table_metadata('t', 'nothing')")).toBe(false)
  })

  test('tells SYSTEM ADMIN alone nothing of tables that it cannot see (R9)', async () => {
    expect(await value(op, "SELECT hydrate_table_metadata('t')")).toBe(false)
    expect(await value(op, "SELECT hydrate_table_metadata('nothing')")).toBe(false)
    await root.query('GRANT SELECT ON t TO op')
    expect(await value(op, "SELECT hydrate_table_metadata('t')")).toBe(true)
    await root.query('REVOKE SELECT ON t FROM op')
  })
})

describe('dumps', () => {
  test('are lines of the log', async () => {
    expect(await value(op, 'SELECT dump_memory_usage()')).toBe(true)
    expect(await value(op, 'SELECT dump_thread_stacks()')).toBe(true)
    // The log is written behind the answer; the next line of it comes after these.
    while (!grantd.log().includes('what the server waits for')) await root.query('SELECT 1')
    const lines = grantd
      .log()
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line))
    expect(lines).toContainEqual(
      expect.objectContaining({
        msg: 'memory usage in bytes',
        server: expect.objectContaining({ rss: expect.any(Number) }),
        engine: { rss: expect.any(Number) },
      }),
    )
    expect(lines).toContainEqual(
      expect.objectContaining({
        statements: expect.arrayContaining([expect.objectContaining({ state: 'active' })]),
        resources: expect.objectContaining({ TCPSocketWrap: expect.any(Number) }),
      }),
    )
  })
})

interface Parameter {
  readonly property_path: string
  readonly env_var_name: string
  readonly value: string | null
  readonly value_source: string
  readonly sensitive: boolean
  readonly reloadable: boolean
}

async function parameters(): Promise<ReadonlyMap<string, Parameter>> {
  const { rows } = await op.query<Parameter>('SHOW PARAMETERS')
  return new Map(rows.map((row) => [row.property_path, row]))
}

describe('SHOW PARAMETERS and reload_config()', () => {
  test('there is a row for each key, without secrets', async () => {
    const shown = await parameters()
    expect(shown.get('query.timeout')).toEqual({
      property_path: 'query.timeout',
      env_var_name: 'GRANTD_QUERY_TIMEOUT',
      value: '4m',
      value_source: 'conf',
      sensitive: false,
      reloadable: true,
    })
    expect(shown.get('data.dir')).toMatchObject({ value: grantd.dataDir, value_source: 'env' })
    expect(shown.get('acl.admin.password')).toMatchObject({ value: '****', sensitive: true })
    expect(shown.get('store.threads')).toMatchObject({ value_source: 'default', reloadable: false })
    expect(shown.get('tls.cert.path')).toMatchObject({ value: null })
    expect(JSON.stringify([...shown])).not.toContain('quest"')
  })

  test('what can change does, and the rest waits for a restart', async () => {
    const before = await readFile(file, 'utf8')
    await writeFile(file, 'query.timeout=1ms\nstore.threads=1\nacl.admin.password=changed-now\n')
    expect(await value(op, 'SELECT reload_config()')).toBe(true)
    const shown = await parameters()
    expect(shown.get('query.timeout')).toMatchObject({ value: '1ms' })
    expect(shown.get('store.threads')).toMatchObject({ value: '2', value_source: 'default' })
    expect(
      await failure(
        root.query(
          'SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b WHERE a + b < 0',
        ),
      ),
    ).toMatchObject({ code: '57014', message: 'canceling statement due to statement timeout' })
    expect(await failure(connect(grantd, admin))).toMatchObject({ code: '28P01' })
    await (await connect(grantd, { user: 'admin', password: 'changed-now' })).end()
    expect(await value(op, 'SELECT reload_config()')).toBe(false)
    expect(grantd.log()).not.toContain('changed-now')
    await writeFile(file, before)
    expect(await value(op, 'SELECT reload_config()')).toBe(true)
    await (await connect(grantd, admin)).end()
  })

  test.each([
    ['an unknown key', 'query.timeout=1m\nno.such.key=1\n'],
    ['a bad value', 'query.timeout=1m\nquery.cache.bytes.max=many\n'],
    ['a bad value of a key that needs a restart', 'query.timeout=1m\nstore.threads=many\n'],
  ])('%s: false, a line in the log, and nothing is applied', async (_what, text) => {
    const before = await readFile(file, 'utf8')
    await writeFile(file, text)
    expect(await value(op, 'SELECT reload_config()')).toBe(false)
    expect((await parameters()).get('query.timeout')).toMatchObject({ value: '4m' })
    while (!grantd.log().includes('the configuration is not reloaded')) await root.query('SELECT 1')
    await writeFile(file, before)
  })

  test('SHOW SERVER_VERSION needs nothing', async () => {
    expect(await value(bob, 'SHOW SERVER_VERSION')).toEqual(expect.stringMatching(/^\d+/))
  })
})

describe('audit_log()', () => {
  test('needs AUDIT VIEW, and that is enough', async () => {
    for (const text of [
      'SELECT * FROM audit_log()',
      'SELECT count(*) FROM audit_log(1)',
      'EXPLAIN SELECT * FROM audit_log()',
    ]) {
      expect(await failure(op.query(text))).toMatchObject({
        code: '42501',
        message: 'Access denied for op [AUDIT VIEW]',
      })
    }
    await root.query('GRANT AUDIT VIEW TO op')
    const { rows } = await op.query(
      `SELECT login_principal, effective_principal, action, statement FROM audit_log()
       WHERE action = 'CREATE USER' ORDER BY time, id LIMIT 1`,
    )
    expect(rows).toEqual([
      {
        login_principal: 'admin',
        effective_principal: 'admin',
        action: 'CREATE USER',
        statement: "CREATE USER op WITH PASSWORD '***'",
      },
    ])
    await root.query('REVOKE AUDIT VIEW FROM op')
  })

  test('is read from the newest record back, page by page', async () => {
    const all = (await root.query<{ id: string }>('SELECT id FROM audit_log() ORDER BY id')).rows
    const newest = (await root.query('SELECT id FROM audit_log(2) ORDER BY id')).rows
    expect(newest).toEqual(all.slice(-2))
    const before = all.at(-2)?.id ?? ''
    const page = await root.query(`SELECT id FROM audit_log(2, ${before}) ORDER BY id`)
    expect(page.rows).toEqual(all.slice(-4, -2))
    expect(await failure(root.query('SELECT * FROM audit_log(0)'))).toMatchObject({ code: '22023' })
    expect(await failure(root.query("SELECT * FROM audit_log('1')"))).toMatchObject({
      code: '0A000',
    })
  })

  test('tells who acted, under which list', async () => {
    await root.query('CREATE SERVICE ACCOUNT app; GRANT ASSUME SERVICE ACCOUNT app TO bob')
    await root.query('GRANT CREATE USER TO app')
    await bob.query('ASSUME SERVICE ACCOUNT app')
    await bob.query('CREATE USER made')
    await bob.query('EXIT SERVICE ACCOUNT')
    const { rows } = await root.query(
      `SELECT login_principal, effective_principal FROM audit_log(1)`,
    )
    expect(rows).toEqual([{ login_principal: 'bob', effective_principal: 'app' }])
  })
})
