/** BACKUP DATABASE and BACKUP TABLE, and the restore of each into a server that people can use. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { cp, mkdir, mkdtemp, open, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Client } from 'pg'
import { failure } from './failure.ts'
import type { Grantd } from './grantd.ts'
import { admin, connect, startGrantd } from './grantd.ts'
import { backupsIn, restore } from './restore.ts'

let work: string
const running: Grantd[] = []
beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'grantd-backup-'))
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((grantd) => grantd.stop()))
  await rm(work, { recursive: true, force: true })
})

async function start(name: string): Promise<Grantd> {
  const grantd = await startGrantd({
    dataDir: join(work, name),
    environment: { GRANTD_CAIRO_SQL_BACKUP_ROOT: join(work, 'backups') },
  })
  running.push(grantd)
  return grantd
}

async function rows(client: Client, sql: string): Promise<unknown[][]> {
  return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows
}

async function column(client: Client, sql: string): Promise<unknown[]> {
  return (await rows(client, sql)).map(([value]) => value)
}

/** Everything that people can see of a database: definitions, rows, who may what. */
async function everything(client: Client): Promise<unknown> {
  const tables = (await column(client, 'SHOW TABLES')).map((name) => String(name))
  const contents: Record<string, unknown> = {}
  for (const table of tables) {
    const quoted = `"${table.replaceAll('"', '""')}"`
    contents[table] = await rows(client, `SELECT * FROM ${quoted}`)
  }
  const permissions: Record<string, unknown> = {}
  for (const [name] of await rows(client, 'SHOW USERS')) {
    if (name === 'admin') continue
    permissions[String(name)] = await rows(client, `SHOW PERMISSIONS "${String(name)}"`)
  }
  for (const name of await column(client, 'SHOW GROUPS')) {
    permissions[String(name)] = await rows(client, `SHOW PERMISSIONS "${String(name)}"`)
  }
  return {
    tables,
    contents,
    permissions,
    database: await rows(client, 'SHOW CREATE DATABASE'),
  }
}

const hostile = `we"ird'; DROP TABLE t; --\u00e9`
const hostileName = `"${hostile.replaceAll('"', '""')}"`

const setUp = [
  `CREATE TABLE t (a int PRIMARY KEY, ts timestamp NOT NULL, s symbol, n numeric(10,2) DEFAULT 1.5,
     CHECK (a > 0)) TIMESTAMP(ts) PARTITION BY DAY WAL`,
  `INSERT INTO t (a, ts, s) SELECT i::int, timestamp '2026-01-01 00:00:00' + i * interval '1 minute',
     'x' || i::text FROM generate_series(1, 2000) AS g(i)`,
  `CREATE TABLE ${hostileName} ("c""'x" text, gone int, kept int[])`,
  `INSERT INTO ${hostileName} VALUES ('a', 1, ARRAY[1, 2]), (NULL, 2, NULL)`,
  `ALTER TABLE ${hostileName} DROP COLUMN gone`,
  'CREATE TABLE none (a int)',
  'CREATE VIEW v AS (SELECT a, s FROM t WHERE a < 10)',
  `CREATE USER alice WITH PASSWORD 'alices secret'`,
  'CREATE GROUP readers',
  'ADD USER alice TO readers',
  'GRANT SELECT ON t TO readers',
  'GRANT SELECT ON v TO alice WITH GRANT OPTION',
  `GRANT INSERT ON ${hostileName} TO alice`,
  'GRANT SELECT ON not_yet TO alice',
  'GRANT PGWIRE TO alice',
  `CREATE SERVICE ACCOUNT robot WITH PASSWORD 'robots secret' OWNED BY alice`,
]

async function fill(client: Client): Promise<void> {
  for (const sql of setUp) await client.query(sql)
}

describe('BACKUP DATABASE', () => {
  test('is restored with its tables, grants and passwords', async () => {
    const grantd = await start('first')
    const client = await connect(grantd, admin)
    await fill(client)
    // A file of rows beside the tables, as a detached partition has one.
    const rowsFile = join('store', 'files', 'detached', '9', 'day.1')
    await mkdir(dirname(join(grantd.dataDir, rowsFile)), { recursive: true })
    await writeFile(join(grantd.dataDir, rowsFile), 'rows')
    const result = await client.query('BACKUP DATABASE')
    expect(result.fields.map(({ name }) => name)).toEqual(['backup_timestamp'])
    expect(result.rows).toHaveLength(1)
    const before = await everything(client)
    // What comes after the backup is not in it.
    await client.query('INSERT INTO none VALUES (1)')
    await client.query('CREATE USER late')
    await client.end()

    const [backup = ''] = await backupsIn(join(work, 'backups'))
    expect((await stat(backup)).mode & 0o777).toBe(0o700)
    expect((await stat(join(work, 'backups'))).mode & 0o777).toBe(0o700)
    expect(await restore(backup, join(work, 'second'))).toMatchObject({ exitCode: 0, errors: '' })
    expect(await readFile(join(work, 'second', rowsFile), 'utf8')).toBe('rows')
    expect(await readdir(join(grantd.dataDir, 'store'))).not.toContain('held')
    const second = await start('second')
    const restored = await connect(second, admin)
    expect(await everything(restored)).toEqual(before)
    await restored.end()
    const alice = await connect(second, { user: 'alice', password: 'alices secret' })
    expect(await column(alice, 'SELECT count(*) FROM v')).toEqual(['9'])
    expect(await failure(alice.query('SELECT * FROM none'))).toMatchObject({ code: '42501' })
    await alice.query('ASSUME SERVICE ACCOUNT robot')
    await alice.end()
    const wrong = connect(second, { user: 'alice', password: 'another' })
    expect(await failure(wrong)).toMatchObject({ code: '28P01' })
    // It goes on: keys hold, numbers are not given out twice.
    const again = await connect(second, admin)
    expect(await failure(again.query(`INSERT INTO t (a, ts) VALUES (1, now())`))).toMatchObject({
      code: '23505',
    })
    expect(await failure(again.query(`INSERT INTO t (a, ts) VALUES (-1, now())`))).toMatchObject({
      code: '23514',
    })
    await again.query('CREATE TABLE more AS (SELECT a FROM t)')
    await again.end()
  }, 240_000)

  test('under load: catalog and tables are of one moment', async () => {
    const grantd = await start('first')
    const clients = await Promise.all([1, 2, 3, 4].map(() => connect(grantd, admin)))
    const [ddl, inserts, updates, backup] = clients
    if (!ddl || !inserts || !updates || !backup) throw new Error('four clients')
    await ddl.query('CREATE TABLE pairs (a bigint, b bigint)')
    await ddl.query('CREATE TABLE one (n bigint)')
    await ddl.query('INSERT INTO one VALUES (0)')
    await ddl.query('INSERT INTO pairs SELECT i, i FROM generate_series(1, 200000) AS g(i)')
    const load = { isOver: false }
    const until = async (step: (n: number) => Promise<unknown>): Promise<number> => {
      let n = 0
      for (; !load.isOver; n += 1) await step(n)
      return n
    }
    const writers = [
      until(async (n) => {
        await ddl.query(
          `BEGIN; CREATE TABLE m_${n} (id bigint); INSERT INTO m_${n} VALUES (${n}); ` +
            `CREATE USER u_${n}; GRANT SELECT ON m_${n} TO u_${n}; COMMIT`,
        )
        if (n > 3) await ddl.query(`DROP TABLE m_${n - 3}`)
      }),
      until((n) => inserts.query(`INSERT INTO pairs VALUES (${-n}, ${-n}), (${-n}, ${-n})`)),
      until((n) => updates.query(`UPDATE one SET n = ${n}`)),
    ]
    for (let round = 0; round < 3; round += 1) await backup.query('BACKUP DATABASE')
    load.isOver = true
    const counts = await Promise.all(writers)
    expect(Math.min(...counts)).toBeGreaterThan(3)
    await Promise.all(clients.map((client) => client.end()))
    await grantd.stop()

    for (const [index, path] of (await backupsIn(join(work, 'backups'))).entries()) {
      expect(await restore(path, join(work, `r${index}`))).toMatchObject({ exitCode: 0 })
      const restored = await start(`r${index}`)
      expect(restored.log()).not.toContain('tables without a name')
      const client = await connect(restored, admin)
      const tables = (await column(client, 'SHOW TABLES')).map((name) => String(name))
      for (const table of tables.filter((name) => name.startsWith('m_'))) {
        expect(await column(client, `SELECT id FROM ${table}`)).toEqual([table.slice(2)])
        expect(await column(client, `SHOW PERMISSIONS u_${table.slice(2)}`)).toEqual(['SELECT'])
      }
      expect(await column(client, 'SELECT count(*) FROM one')).toEqual(['1'])
      // Both rows of a statement, or none.
      const odd = 'SELECT a FROM pairs WHERE a <= 0 GROUP BY a HAVING count(*) <> 2'
      expect(await column(client, odd)).toEqual([])
      expect(await column(client, 'SELECT count(*) FROM pairs WHERE a > 0')).toEqual(['200000'])
      await client.end()
      await restored.stop()
    }
  }, 300_000)

  test('a byte that is not as it was written: restore refuses', async () => {
    const grantd = await start('first')
    const client = await connect(grantd, admin)
    await fill(client)
    await client.query('BACKUP DATABASE')
    await client.end()
    const [whole = ''] = await backupsIn(join(work, 'backups'))
    const files = ['catalog.sqlite', 'store/store.duckdb', 'manifest.json', 'manifest.sha256']
    for (const file of files) {
      const damaged = join(work, 'damaged')
      await cp(whole, damaged, { recursive: true })
      const handle = await open(join(damaged, file), 'r+')
      const { size } = await handle.stat()
      const place = Math.floor(size / 2)
      const byte = Buffer.alloc(1)
      await handle.read(byte, 0, 1, place)
      byte[0] = (byte[0] ?? 0) ^ 1
      await handle.write(byte, 0, 1, place)
      await handle.close()
      const target = join(work, 'target')
      const result = await restore(damaged, target)
      expect(result).toMatchObject({ exitCode: 1, output: '' })
      expect(result.errors).toContain('is not as it was written')
      // Nothing that a server could take for a database.
      const left = await readdir(target).catch(() => [])
      expect(left.filter((name) => !name.startsWith('grantd.lock'))).toEqual([])
      await rm(damaged, { recursive: true })
    }
    const short = join(work, 'short')
    await cp(whole, short, { recursive: true })
    await rm(join(short, 'catalog.sqlite'))
    expect((await restore(short, join(work, 'target'))).errors).toContain(
      'catalog.sqlite is missing',
    )
    await writeFile(join(short, 'catalog.sqlite'), 'x')
    await writeFile(join(short, 'more'), 'x')
    expect((await restore(short, join(work, 'target'))).errors).toContain('more is not one of')
    expect(await restore(work, join(work, 'target'))).toMatchObject({ exitCode: 1 })
  }, 240_000)

  test('restore refuses a data directory that is used or not empty', async () => {
    const grantd = await start('first')
    const client = await connect(grantd, admin)
    await client.query('BACKUP DATABASE')
    await client.end()
    const [backup = ''] = await backupsIn(join(work, 'backups'))
    expect((await restore(backup, grantd.dataDir)).errors).toContain('in use')
    await grantd.stop()
    expect((await restore(backup, grantd.dataDir)).errors).toContain('is not empty')
    expect((await restore('--table', backup, grantd.dataDir)).errors).toContain('whole database')
    expect(await restore(backup)).toMatchObject({ exitCode: 2 })
  }, 240_000)

  test('kill -9 in the middle: no half backup, and the server is fine', async () => {
    const first = await start('first')
    const client = await connect(first, admin)
    await client.query('CREATE TABLE big (n bigint, t text)')
    await client.query(
      `INSERT INTO big SELECT i, 'some text ' || i::text FROM generate_series(1, 1000000) AS g(i)`,
    )
    const backup = client.query('BACKUP DATABASE').catch(() => undefined)
    await untilSome(join(work, 'backups'))
    await first.kill()
    await backup
    const [partial = ''] = await readdir(join(work, 'backups'))
    expect(partial).toMatch(/^\.partial-/)
    const second = await start('first')
    expect(await readdir(join(work, 'backups'))).toEqual([])
    const again = await connect(second, admin)
    expect(await column(again, 'SELECT count(*) FROM big')).toEqual(['1000000'])
    await again.query('BACKUP DATABASE')
    expect(await readdir(join(work, 'backups'))).toHaveLength(1)
    await again.end()
  }, 240_000)

  test('can be cancelled, and times out; nothing is left of it', async () => {
    const grantd = await start('first')
    const client = await connect(grantd, admin)
    await client.query('CREATE TABLE big (n bigint, t text)')
    await client.query(
      `INSERT INTO big SELECT i, 'some text ' || i::text FROM generate_series(1, 2000000) AS g(i)`,
    )
    await client.query(`SET statement_timeout = '20ms'`)
    expect(await failure(client.query('BACKUP DATABASE'))).toMatchObject({
      code: '57014',
      message: 'canceling statement due to statement timeout',
    })
    expect(await readdir(join(work, 'backups'))).toEqual([])
    await client.query('SET statement_timeout = 0')
    const other = await connect(grantd, admin)
    const first = client.query('BACKUP DATABASE')
    await untilSome(join(work, 'backups'))
    // One at a time; readers and writers go on meanwhile.
    expect(await failure(other.query('BACKUP DATABASE'))).toMatchObject({ code: '55006' })
    await other.query('INSERT INTO big VALUES (0, NULL)')
    expect(await column(other, 'SELECT count(*) FROM big')).toEqual(['2000001'])
    await first
    await client.end()
    await other.end()
  }, 240_000)

  test('the engine dies in the middle: 57P02, nothing is left, the next one is made', async () => {
    const grantd = await start('first')
    const client = await connect(grantd, admin)
    await client.query('CREATE TABLE big (n bigint, t text)')
    await client.query(
      `INSERT INTO big SELECT i, 'some text ' || i::text FROM generate_series(1, 1000000) AS g(i)`,
    )
    const ending = failure(client.query('BACKUP DATABASE'))
    await untilSome(join(work, 'backups'))
    const id = [...grantd.log().matchAll(/"kind":"EngineStarted","processId":(\d+)/g)].at(-1)?.[1]
    process.kill(Number(id), 'SIGKILL')
    expect(await ending).toMatchObject({ code: '57P02' })
    expect(await readdir(join(work, 'backups'))).toEqual([])
    await client.query('BACKUP DATABASE')
    expect(await readdir(join(work, 'backups'))).toHaveLength(1)
    await client.end()
  }, 240_000)

  test('a place that cannot be written is a clear error', async () => {
    await writeFile(join(work, 'backups'), 'no folder')
    const grantd = await start('first')
    const client = await connect(grantd, admin)
    const error = await failure(client.query('BACKUP DATABASE'))
    expect(error).toMatchObject({
      code: '58030',
      message: 'could not write the backup: the place is not a directory',
    })
    expect(JSON.stringify(error)).not.toContain(work)
    await rm(join(work, 'backups'))
    await client.query('BACKUP DATABASE')
    await client.end()
  }, 240_000)
})

describe('permissions', () => {
  test('are needed, and enough', async () => {
    const grantd = await start('first')
    const boss = await connect(grantd, admin)
    await fill(boss)
    await boss.query(`CREATE USER bob WITH PASSWORD 'bobs secret'`)
    await boss.query('GRANT PGWIRE TO bob')
    const bob = await connect(grantd, { user: 'bob', password: 'bobs secret' })
    for (const [sql, missing] of [
      ['BACKUP DATABASE', 'BACKUP DATABASE'],
      ['BACKUP TABLE t', 'BACKUP TABLE on t'],
      // Not there, and a view: told alike (G61).
      ['BACKUP TABLE nowhere', 'BACKUP TABLE on nowhere'],
      ['BACKUP TABLE v', 'BACKUP TABLE on v'],
      ['CHECKPOINT CREATE', 'SNAPSHOT'],
      ['CHECKPOINT RELEASE', 'SNAPSHOT'],
      ['SNAPSHOT PREPARE', 'SNAPSHOT'],
      ['SNAPSHOT COMPLETE', 'SNAPSHOT'],
    ] as const) {
      expect(await failure(bob.query(sql))).toMatchObject({
        code: '42501',
        message: `Access denied for bob [${missing}]`,
        hint: `GRANT ${missing.replace(' on ', ' ON ')} TO bob;`,
      })
    }
    await boss.query('GRANT BACKUP TABLE ON t TO bob')
    // Without SELECT: the rows stay on the server.
    await bob.query('BACKUP TABLE t')
    expect(await failure(bob.query('BACKUP TABLE t, none'))).toMatchObject({ code: '42501' })
    expect(await failure(bob.query('SELECT a FROM t'))).toMatchObject({ code: '42501' })
    expect(await failure(bob.query('BACKUP DATABASE'))).toMatchObject({ code: '42501' })
    await boss.query('GRANT BACKUP TABLE ON ALL TABLES TO bob')
    await bob.query(`BACKUP TABLE none, ${hostileName}, none`)
    expect(await failure(bob.query('BACKUP TABLE v'))).toMatchObject({
      code: '42809',
      message: 'v is a view',
      position: '14',
    })
    expect(await failure(bob.query('BACKUP TABLE t, nowhere'))).toMatchObject({
      code: '42P01',
      message: 'table does not exist [table=nowhere]',
      position: '17',
    })
    await boss.query('GRANT BACKUP DATABASE TO bob')
    await bob.query('BACKUP DATABASE')
    await boss.query('GRANT SNAPSHOT TO bob')
    await bob.query('SNAPSHOT PREPARE')
    await bob.query('SNAPSHOT COMPLETE')
    for (const sql of [
      'BACKUP DATABASE',
      'BACKUP TABLE t',
      'CHECKPOINT CREATE',
      'SNAPSHOT COMPLETE',
    ]) {
      await bob.query('BEGIN')
      expect(await failure(bob.query(sql))).toMatchObject({ code: '25001' })
      await bob.query('ROLLBACK')
    }
    await boss.end()
    await bob.end()
  }, 240_000)
})

describe('BACKUP TABLE', () => {
  test('is added to another database, with names, columns, rows and constraints', async () => {
    const grantd = await start('first')
    const client = await connect(grantd, admin)
    await fill(client)
    await client.query('ALTER TABLE t ALTER COLUMN s ADD INDEX')
    await client.query('ALTER TABLE t SET PARAM maxUncommittedRows = 1234')
    const result = await client.query(`BACKUP TABLE t, ${hostileName}`)
    expect(result.fields.map(({ name }) => name)).toEqual(['backup_timestamp'])
    const seen = async (of: Client): Promise<unknown> => [
      await rows(of, 'SELECT * FROM t ORDER BY a'),
      await rows(of, 'SHOW CREATE TABLE t'),
      await rows(of, `SELECT * FROM ${hostileName}`),
      await rows(of, `SHOW CREATE TABLE ${hostileName}`),
    ]
    const before = await seen(client)
    await client.end()
    const [backup = ''] = await backupsIn(join(work, 'backups'))

    const second = await start('second')
    const other = await connect(second, admin)
    // Its number is another one here.
    await other.query('CREATE TABLE elsewhere (x int)')
    await other.query('GRANT SELECT ON t TO nobody_yet')
    await other.end()
    expect((await restore('--table', backup, second.dataDir)).errors).toContain('in use')
    await second.stop()
    expect(await restore('--table', backup, second.dataDir)).toEqual({
      exitCode: 0,
      output: 'restored 2 tables\n',
      errors: '',
    })
    const taken = await restore('--table', backup, second.dataDir)
    expect(taken).toMatchObject({ exitCode: 1, output: '' })
    expect(taken.errors).toContain('there is a table or view "t" already')
    const third = await start('second')
    const restored = await connect(third, admin)
    expect(await seen(restored)).toEqual(before)
    expect(await failure(restored.query('INSERT INTO t (a, ts) VALUES (1, now())'))).toMatchObject({
      code: '23505',
    })
    await restored.query('INSERT INTO t (a, ts) VALUES (9999, now())')
    expect(await column(restored, 'SELECT n FROM t WHERE a = 9999')).toEqual(['1.50'])
    expect(await column(restored, 'SELECT x FROM elsewhere')).toEqual([])
    await restored.query('DROP TABLE t')
    await restored.end()
    await third.stop()
    // One of them by its name.
    expect(await restore('--table', backup, second.dataDir, 'nope')).toMatchObject({ exitCode: 1 })
    expect(await restore('--table', backup, second.dataDir, 't')).toMatchObject({
      exitCode: 0,
      output: 'restored 1 table\n',
    })
  }, 240_000)
})

/** Waits for a first name in a folder. */
async function untilSome(directory: string): Promise<void> {
  for (;;) {
    const names = await readdir(directory).catch(() => [])
    if (names.length > 0) return
    await new Promise((resolve) => setImmediate(resolve))
  }
}
