/** ALTER TABLE beside ADD, DROP and RENAME, REINDEX, VACUUM TABLE, DROP ALL TABLES, through real sockets. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from 'pg'
import { failure } from './failure.ts'
import { admin, connect, startGrantd } from './grantd.ts'
import type { Grantd } from './grantd.ts'
import { psql } from './psql.ts'

let grantd: Grantd
let root: Client
let other: Client

beforeAll(async () => {
  grantd = await startGrantd()
  root = await connect(grantd, admin)
  other = await connect(grantd, admin)
})

afterAll(async () => {
  await Promise.all([root.end(), other.end()])
  await grantd.remove()
})

afterEach(async () => {
  await run(root, 'ROLLBACK')
  await run(other, 'ROLLBACK')
  const made = await rows(root, 'SELECT table_name FROM tables()')
  const views = made.map(([name]) => String(name)).filter((name) => name.length === 1 && name > 'u')
  await run(root, 'DROP ALL TABLES', ...views.map((name) => `DROP VIEW ${name}`))
})

async function rows(client: Client, text: string): Promise<readonly unknown[][]> {
  return (await client.query<unknown[]>({ text, rowMode: 'array' })).rows
}

async function run(client: Client, ...statements: readonly string[]): Promise<void> {
  for (const statement of statements) await client.query(statement)
}

/** All that is told of a table. */
async function told(client: Client, table: string): Promise<unknown> {
  return {
    ddl: await rows(client, `SHOW CREATE TABLE ${table}`),
    columns: await rows(client, `SHOW COLUMNS FROM ${table}`),
    table: await rows(client, `SELECT * FROM tables() WHERE table_name = '${table}'`),
    wal: await rows(client, `SELECT * FROM wal_tables() WHERE name = '${table}'`),
    rows: await rows(client, `SELECT * FROM ${table} ORDER BY 1, 2`),
  }
}

const trades = (name: string): readonly string[] => [
  `CREATE TABLE ${name} (ts TIMESTAMP, sym SYMBOL, n INT, note TEXT) TIMESTAMP(ts) PARTITION BY DAY WAL`,
  `INSERT INTO ${name} VALUES ('2024-01-01', 'a', 1, '10'), ('2024-01-02', 'b', 2, NULL)`,
]

describe('each change is a transaction’s: taken back with it, there after it', () => {
  test.each([
    ['ALTER COLUMN note TYPE INT', []],
    ['ALTER COLUMN n TYPE TEXT USING n + length(sym)', []],
    ['ALTER COLUMN sym TYPE VARCHAR', []],
    ['ALTER COLUMN sym ADD INDEX CAPACITY 64', []],
    ['ALTER COLUMN sym DROP INDEX', ['ALTER COLUMN sym ADD INDEX']],
    ['ALTER COLUMN sym NOCACHE', []],
    ['ALTER COLUMN sym CACHE', ['ALTER COLUMN sym NOCACHE']],
    ['ALTER COLUMN sym SYMBOL CAPACITY 1000', []],
    ['SET PARAM maxUncommittedRows = 5, o3MaxLag = 3s', []],
    ['SET TYPE BYPASS WAL', []],
    ['SET TYPE WAL', ['SET TYPE BYPASS WAL']],
    ['SUSPEND WAL', []],
    ['RESUME WAL', ['SUSPEND WAL']],
    ['RENAME COLUMN n TO m, note TO n', []],
    ['ADD COLUMN more SYMBOL CAPACITY 8 NOCACHE INDEX', []],
  ])('%s', async (action, before) => {
    await run(root, ...trades('t'), ...before.map((one) => `ALTER TABLE t ${one}`))
    const was = await told(root, 't')
    await run(root, 'BEGIN', `ALTER TABLE t ${action}`)
    const inside = await told(root, 't')
    expect(inside).not.toEqual(was)
    expect(await told(other, 't')).toEqual(was)
    await run(root, 'ROLLBACK')
    expect(await told(root, 't')).toEqual(was)
    await run(root, `ALTER TABLE t ${action}`)
    expect(await told(other, 't')).toEqual(inside)
    await run(root, 'DROP TABLE t')
  })

  test('DROP ALL TABLES', async () => {
    await run(root, ...trades('t'), ...trades('u'), 'CREATE VIEW w AS SELECT n FROM t')
    await run(root, 'BEGIN', 'DROP ALL TABLES')
    expect(await rows(root, 'SELECT table_name FROM tables()')).toEqual([['w']])
    await run(root, 'ROLLBACK')
    expect(await rows(other, 'SELECT count(*) FROM t')).toEqual([['2']])
    await run(root, 'DROP ALL TABLES')
    expect(await rows(other, 'SELECT table_name FROM tables()')).toEqual([['w']])
    await run(root, 'DROP VIEW w')
  })
})

describe('ALTER COLUMN TYPE', () => {
  test('converts as CAST does, and fails as a whole where a value cannot be converted', async () => {
    await run(
      root,
      'CREATE TABLE t (id INT PRIMARY KEY, a TEXT NOT NULL, b NUMERIC)',
      "INSERT INTO t VALUES (1, '17', 2.5), (2, ' 4 ', -2.5), (3, '100', NULL)",
      'ALTER TABLE t ALTER COLUMN a TYPE SMALLINT',
      'ALTER TABLE t ALTER COLUMN b SET DATA TYPE INT',
    )
    expect(await rows(root, 'SELECT * FROM t ORDER BY id')).toEqual([
      [1, 17, 3],
      [2, 4, -3],
      [3, 100, null],
    ])
    expect(await failure(root.query('ALTER TABLE t ALTER COLUMN a TYPE varchar(2)'))).toMatchObject(
      {
        code: '22001',
        message: 'value too long for type character varying(2)',
      },
    )
    expect(
      await failure(root.query('ALTER TABLE t ALTER COLUMN a TYPE INT USING b')),
    ).toMatchObject({ code: '23502', message: 'column contains null values' })
    await run(root, "ALTER TABLE t ALTER COLUMN a TYPE TEXT USING a || '!'")
    expect(await failure(root.query('ALTER TABLE t ALTER COLUMN a TYPE INT'))).toMatchObject({
      code: '22P02',
      message: 'invalid input syntax for type integer',
    })
    expect(await rows(other, 'SELECT id, a FROM t ORDER BY id')).toEqual([
      [1, '17!'],
      [2, '4!'],
      [3, '100!'],
    ])
    expect(await failure(root.query('INSERT INTO t VALUES (4, NULL, 1)'))).toMatchObject({
      code: '23502',
    })
    // A column that stands before a key can still be dropped, and one behind it.
    await run(root, 'ALTER TABLE t DROP COLUMN a, b', 'INSERT INTO t VALUES (4)')
    expect(await rows(root, 'SELECT * FROM t WHERE id = 4')).toEqual([[4]])
    await run(root, 'DROP TABLE t')
  })

  test('goes with other writes of its transaction', async () => {
    await run(
      root,
      'CREATE TABLE t (a INT, b TEXT)',
      "INSERT INTO t VALUES (1, 'x'), (2, 'y')",
      'BEGIN',
      "INSERT INTO t VALUES (3, 'z')",
      'ALTER TABLE t ALTER COLUMN a TYPE TEXT',
      "INSERT INTO t VALUES ('four', 'w')",
      'ALTER TABLE t ALTER COLUMN a TYPE varchar(10)',
      "UPDATE t SET a = a || '!' WHERE b IN ('x', 'z')",
      "DELETE FROM t WHERE a = '2'",
      'COMMIT',
    )
    const found = await rows(other, 'SELECT a, b FROM t ORDER BY b DESC')
    expect(found).toEqual([
      ['3!', 'z'],
      ['1!', 'x'],
      ['four', 'w'],
    ])
    // The engine would not commit it, however often it were tried.
    for (const write of ["UPDATE t SET b = 'b'", "DELETE FROM t WHERE b = 'x'", 'TRUNCATE t']) {
      await run(root, 'BEGIN', write)
      for (const change of ['ALTER COLUMN a TYPE TEXT', 'ADD COLUMN c INT', 'DROP COLUMN b']) {
        await run(root, 'SAVEPOINT s')
        expect(await failure(root.query(`ALTER TABLE t ${change}`))).toMatchObject({
          code: '0A000',
          message:
            'altering a table after its rows were changed in the same transaction is not supported',
        })
        await run(root, 'ROLLBACK TO SAVEPOINT s')
      }
      await run(root, 'ALTER TABLE t RENAME COLUMN b TO d', 'ROLLBACK')
    }
    expect(await rows(other, 'SELECT a, b FROM t ORDER BY b DESC')).toEqual(found)
    await run(root, 'DROP TABLE t')
  })

  test('a view over the column is invalid until the type is back (V10)', async () => {
    await run(
      root,
      'CREATE TABLE t (a INT, b INT)',
      'INSERT INTO t VALUES (1, 2)',
      'CREATE VIEW w AS SELECT a FROM t',
      'CREATE VIEW x AS SELECT b FROM t',
      'ALTER TABLE t ALTER COLUMN a TYPE TEXT',
    )
    expect(await failure(root.query('SELECT * FROM w'))).toMatchObject({
      code: '0A000',
      message: 'view w is invalid: another type of column a is not supported',
    })
    expect(await rows(root, 'SELECT * FROM x')).toEqual([[2]])
    await run(root, 'ALTER TABLE t ALTER COLUMN a TYPE INT')
    expect(await rows(root, 'SELECT * FROM w')).toEqual([[1]])
    await run(root, 'DROP VIEW w', 'DROP VIEW x', 'DROP TABLE t')
  })

  test('USING needs SELECT on what it reads', async () => {
    await run(
      root,
      'CREATE TABLE t (a INT, secret INT)',
      'INSERT INTO t VALUES (1, 42)',
      "CREATE USER eve WITH PASSWORD 'p'",
      'GRANT PGWIRE TO eve',
      'GRANT SELECT, ALTER COLUMN TYPE ON t(a) TO eve',
    )
    const eve = await connect(grantd, { user: 'eve', password: 'p' })
    expect(
      await failure(eve.query('ALTER TABLE t ALTER COLUMN a TYPE BIGINT USING secret')),
    ).toMatchObject({ code: '42501', message: 'Access denied for eve [SELECT on t(secret)]' })
    for (const column of ['secret', 'nothing']) {
      expect(
        await failure(eve.query(`ALTER TABLE t ALTER COLUMN ${column} TYPE BIGINT`)),
      ).toMatchObject({
        code: '42501',
        message: `Access denied for eve [ALTER COLUMN TYPE on t(${column})]`,
      })
    }
    await run(eve, 'ALTER TABLE t ALTER COLUMN a TYPE BIGINT USING a + 1')
    expect(await rows(eve, 'SELECT a FROM t')).toEqual([['2']])
    await eve.end()
    await run(root, 'DROP USER eve', 'DROP TABLE t')
  })
})

describe('beside a transaction of another session', () => {
  const changes = ['ALTER COLUMN a TYPE TEXT', 'ALTER COLUMN a TYPE BIGINT USING a * 2']

  test.each(changes)('that has read: %s', async (change) => {
    await run(root, 'CREATE TABLE t (a INT, b INT)', 'INSERT INTO t VALUES (1, 1)')
    await run(other, 'BEGIN')
    expect(await rows(other, 'SELECT a FROM t')).toEqual([[1]])
    await run(root, `ALTER TABLE t ${change}`)
    expect(await failure(other.query('SELECT a FROM t'))).toMatchObject({ code: '40001' })
    await run(other, 'ROLLBACK')
    expect(await rows(other, 'SELECT count(*) FROM t WHERE a IS NOT NULL')).toEqual([['1']])
    await run(root, 'DROP TABLE t')
  })

  test.each(changes)('that has written: %s', async (change) => {
    await run(root, 'CREATE TABLE t (a INT, b INT)', 'INSERT INTO t VALUES (1, 1)')
    await run(other, 'BEGIN', 'INSERT INTO t VALUES (2, 2)', 'UPDATE t SET b = 3')
    const altered = await root.query(`ALTER TABLE t ${change}`).then(
      () => true,
      () => false,
    )
    const committed = await other.query('COMMIT').then(
      () => true,
      async (error: unknown) => {
        expect(await failure(Promise.reject(error))).toMatchObject({ code: '40001' })
        return false
      },
    )
    // Whoever comes second loses, and nothing is half done.
    expect([altered, committed]).not.toEqual([true, true])
    expect(await rows(root, 'SELECT count(*) FROM t')).toEqual([[committed ? '2' : '1']])
    await run(root, 'DROP TABLE t')
  })

  test('that has altered it too', async () => {
    await run(root, 'CREATE TABLE t (a INT, b INT)', 'INSERT INTO t VALUES (1, 1)')
    await run(other, 'BEGIN', 'ALTER TABLE t ALTER COLUMN b TYPE TEXT')
    const first = await failure(
      Promise.all([
        root.query('ALTER TABLE t ALTER COLUMN a TYPE TEXT'),
        other.query('SELECT 1').then(() => other.query('COMMIT')),
      ]),
    )
    expect(first).toMatchObject({ code: '40001' })
    await other.query('ROLLBACK')
    await run(root, 'ALTER TABLE t ALTER COLUMN a TYPE DOUBLE PRECISION USING 1.5')
    expect(await rows(other, 'SELECT a FROM t')).toEqual([[1.5]])
    await run(root, 'DROP TABLE t')
  })

  test('no statement takes the new values for the old ones, however they meet', async () => {
    await run(root, 'CREATE TABLE t (a INT)', 'INSERT INTO t VALUES (7)')
    const found: unknown[] = []
    const progress = { isOver: false }
    const reading = (async (): Promise<void> => {
      while (!progress.isOver) {
        found.push(
          await rows(other, 'SELECT a FROM t WHERE a = 7').catch((error: unknown) => {
            return failure(Promise.reject(error)).then(({ code }) => code)
          }),
        )
      }
    })()
    for (let round = 0; round < 10; round++) {
      await run(root, `ALTER TABLE t ALTER COLUMN a TYPE ${round % 2 === 0 ? 'BIGINT' : 'INT'}`)
    }
    progress.isOver = true
    await reading
    const expected = ['[[7]]', '[["7"]]', '"40001"']
    expect(
      found.map((one) => JSON.stringify(one)).filter((one) => !expected.includes(one)),
    ).toEqual([])
    await run(root, 'DROP TABLE t')
  })
})

test('a suspended table is read and not written to, until it is resumed', async () => {
  await run(root, ...trades('t'), 'ALTER TABLE t SUSPEND WAL')
  expect(await rows(root, 'SELECT * FROM wal_tables()')).toEqual([['t', true]])
  for (const write of [
    "INSERT INTO t VALUES ('2024-01-03', 'c', 3, '')",
    'UPDATE t SET n = 0',
    'DELETE FROM t',
    'TRUNCATE TABLE t',
    'ALTER TABLE t ALTER COLUMN n TYPE TEXT',
  ]) {
    expect(await failure(other.query(write))).toMatchObject({
      code: '55000',
      message: 'table is suspended [table=t]',
    })
  }
  expect(await rows(other, 'SELECT sum(n) FROM t')).toEqual([['3']])
  await run(root, 'ALTER TABLE t RESUME WAL')
  await run(other, 'UPDATE t SET n = 0')
  expect(await rows(root, 'SELECT * FROM wal_tables()')).toEqual([['t', false]])
  await run(root, 'DROP TABLE t')
})

test('an INSERT that replaces rows changes them, and a table with deduplication keeps its log', async () => {
  await run(root, ...trades('t'), 'ALTER TABLE t DEDUP ENABLE UPSERT KEYS(ts, sym)')
  await run(root, 'BEGIN', "INSERT INTO t VALUES ('2024-01-01', 'a', 9, '')")
  expect(await failure(root.query('ALTER TABLE t ADD COLUMN more INT'))).toMatchObject({
    code: '0A000',
  })
  await run(root, 'ROLLBACK')
  expect(await failure(root.query('ALTER TABLE t ALTER COLUMN sym TYPE INT'))).toMatchObject({
    code: '0A000',
    message: 'changing the type of a deduplication key is not supported',
  })
  expect(await failure(root.query('ALTER TABLE t SET TYPE BYPASS WAL'))).toMatchObject({
    code: '42809',
    message: 'deduplication is only supported for WAL tables',
  })
  await run(root, 'ALTER TABLE t SUSPEND WAL')
  for (const write of [
    "INSERT INTO t VALUES ('2024-01-01', 'a', 9, '')",
    "ALTER TABLE t DROP PARTITION LIST '2024-01-01'",
  ]) {
    expect(await failure(root.query(write))).toMatchObject({ code: '55000' })
  }
  await run(root, 'ALTER TABLE t RESUME WAL', 'ALTER TABLE t ALTER COLUMN n TYPE BIGINT')
  await run(root, "INSERT INTO t VALUES ('2024-01-01', 'a', 9, '')")
  expect(await rows(root, 'SELECT sym, n FROM t ORDER BY sym')).toEqual([
    ['a', '9'],
    ['b', '2'],
  ])
})

test('a dump makes tables that are equal, and they survive a restart', async () => {
  await run(
    root,
    `CREATE TABLE t (ts TIMESTAMP, a SYMBOL CAPACITY 128 NOCACHE INDEX CAPACITY 512, b SYMBOL, n INT), INDEX(b)
     TIMESTAMP(ts) PARTITION BY DAY WAL WITH maxUncommittedRows=7, o3MaxLag=2s`,
    'ALTER TABLE t ALTER COLUMN n TYPE SYMBOL CAPACITY 16 CACHE',
    'ALTER TABLE t ALTER COLUMN b SYMBOL CAPACITY 64',
    'ALTER TABLE t ADD COLUMN c SYMBOL INDEX',
  )
  const was = await told(root, 't')
  const dump = await rows(root, 'SHOW CREATE DATABASE')
  const copy = await startGrantd()
  try {
    const client = await connect(copy, admin)
    await run(client, ...dump.map(([line]) => String(line)))
    expect(await rows(client, 'SHOW CREATE DATABASE')).toEqual(dump)
    expect(await rows(client, 'SHOW COLUMNS FROM t')).toEqual(Object(was).columns)
    await client.end()
    await copy.kill()
    const again = await startGrantd({ dataDir: copy.dataDir })
    const reader = await connect(again, admin)
    expect(await rows(reader, 'SHOW CREATE DATABASE')).toEqual(dump)
    await reader.end()
    await again.stop()
  } finally {
    await copy.remove()
  }
  await run(root, 'DROP TABLE t')
})

test('DROP ALL TABLES says no name that its principal cannot see (R9)', async () => {
  await run(
    root,
    'CREATE TABLE mine (a INT)',
    'CREATE TABLE hidden (a INT)',
    "CREATE USER bob WITH PASSWORD 'p'",
    'GRANT PGWIRE TO bob',
    'GRANT DROP TABLE ON mine TO bob',
  )
  const bob = await connect(grantd, { user: 'bob', password: 'p' })
  expect(await failure(bob.query('DROP ALL TABLES'))).toMatchObject({
    code: '42501',
    message: 'Access denied for bob [DROP TABLE on ALL TABLES]',
    hint: 'GRANT DROP TABLE ON ALL TABLES TO bob;',
  })
  await run(root, 'GRANT SELECT ON hidden TO bob')
  expect(await failure(bob.query('DROP ALL TABLES'))).toMatchObject({
    code: '42501',
    message: 'Access denied for bob [DROP TABLE on hidden]',
  })
  expect(await rows(root, 'SELECT count(*) FROM mine')).toEqual([['0']])
  await run(root, 'GRANT DROP TABLE ON hidden TO bob')
  await run(bob, 'DROP ALL TABLES')
  expect(await rows(root, 'SELECT table_name FROM tables()')).toEqual([])
  await bob.end()
  await run(root, 'DROP USER bob')
})

test('VACUUM TABLE empties the engine’s log into the data file, beside open transactions', async () => {
  await run(root, 'CREATE TABLE t (a INT)', 'INSERT INTO t VALUES (1)')
  const log = join(grantd.dataDir, 'store', 'store.duckdb.wal')
  const logBytes = (): number => statSync(log, { throwIfNoEntry: false })?.size ?? 0
  expect(logBytes()).toBeGreaterThan(0)
  await run(other, 'BEGIN', 'SELECT * FROM t')
  const { command } = await root.query('VACUUM TABLE t')
  expect(command).toBe('VACUUM')
  await run(other, 'COMMIT')
  await run(root, 'VACUUM TABLE t')
  expect(logBytes()).toBe(0)
  await run(root, 'BEGIN')
  expect(await failure(root.query('VACUUM TABLE t'))).toMatchObject({
    code: '25001',
    message: 'VACUUM cannot run inside a transaction block',
  })
  await run(root, 'ROLLBACK')
  // Others that have written are waited for, and not for ever.
  await run(root, 'INSERT INTO t VALUES (2)')
  await run(other, 'BEGIN', 'UPDATE t SET a = 5')
  expect(await failure(root.query('VACUUM TABLE t'))).toMatchObject({
    code: '55006',
    message: 'storage cannot be given back while other transactions write',
  })
  const waiting = root.query('VACUUM TABLE t')
  await run(other, 'ROLLBACK')
  await waiting
  // One of several statements of a text is in a transaction with the others.
  expect(await failure(root.query('DELETE FROM t; VACUUM TABLE t'))).toMatchObject({
    code: '25001',
  })
  expect(await rows(root, 'SELECT count(*) FROM t')).toEqual([['2']])
  await run(root, 'DROP TABLE t')
})

test('psql sees tags, notices and errors', async () => {
  await run(root, ...trades('t'))
  const { output, errors } = await psql(grantd, admin, [
    '-c',
    'ALTER TABLE t ALTER COLUMN sym ADD INDEX',
    '-c',
    'REINDEX TABLE t LOCK EXCLUSIVE',
    '-c',
    'ALTER TABLE t ALTER COLUMN sym ADD INDEX',
    '-c',
    'ALTER TABLE t SET STORAGE POLICY (x)',
    '-c',
    'DROP ALL TABLES',
  ])
  expect(output.trim().split('\n')).toEqual(['ALTER TABLE', 'REINDEX', 'DROP ALL TABLES'])
  expect(errors).toContain('no query uses it')
  expect(errors).toContain('there is nothing to rebuild')
  expect(errors).toContain("ERROR:  column 'sym' already indexed")
  expect(errors).toContain('ERROR:  ALTER TABLE ... SET STORAGE POLICY is not supported')
})
