/** COPY t FROM: what comes in, what does not, who may, and what is left of an import that does not end well. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from 'pg'
import { failure } from './failure.ts'
import type { Grantd } from './grantd.ts'
import { admin, connect, startGrantd } from './grantd.ts'

let grantd: Grantd
let client: Client
let number = 0
beforeAll(async () => {
  grantd = await startGrantd()
  client = await connect(grantd, admin)
  await mkdir(join(grantd.dataDir, 'import', 'below'), { recursive: true })
})
afterAll(async () => {
  await client.end()
  await grantd.remove()
})

/** A file below the import root, by its name. */
async function file(text: string | Buffer): Promise<string> {
  number += 1
  await writeFile(join(grantd.dataDir, 'import', `f${number}.csv`), text)
  return `f${number}.csv`
}

interface Import {
  readonly status: string
  readonly message: string | null
  readonly rows_handled: string
  readonly rows_imported: string
  readonly errors: string
}

/** Starts an import and waits for its end. */
async function copy(statement: string, who: Client = client): Promise<Import> {
  const started = await who.query<{ id: string }>(statement)
  return ended(started.rows[0]?.id ?? '', who)
}

async function ended(id: string, who: Client = client): Promise<Import> {
  for (;;) {
    const { rows } = await who.query<Import>('SELECT * FROM copy_log() WHERE id = $1', [id])
    const [row] = rows
    if (row !== undefined && row.status !== 'started') return row
  }
}

async function table(storage = ''): Promise<string> {
  number += 1
  await client.query(
    `CREATE TABLE t${number} (ts TIMESTAMP, sym SYMBOL, v INT DEFAULT 7) TIMESTAMP(ts) PARTITION BY DAY WAL ${storage}`,
  )
  return `t${number}`
}

async function rows(name: string, who: Client = client): Promise<readonly (readonly unknown[])[]> {
  const text = `SELECT to_char(ts, 'DD HH24:MI:SS.US') AS ts, sym, v FROM ${name} ORDER BY 1, 2, 3`
  return (await who.query<unknown[]>({ text, rowMode: 'array' })).rows
}

describe('into a table that is there', () => {
  test('by the names of the header, what is not in it by default', async () => {
    const name = await table()
    const from = await file(
      'SYM,ts\n"a, ""b""\nc",2020-01-01T00:00:00.000001Z\n,2020-01-02 00:00:00\n',
    )
    expect(await copy(`COPY ${name} FROM '${from}' WITH HEADER true`)).toMatchObject({
      status: 'finished',
      message: null,
      rows_handled: '2',
      rows_imported: '2',
      errors: '0',
    })
    expect(await rows(name)).toEqual([
      ['01 00:00:00.000001', 'a, "b"\nc', 7],
      ['02 00:00:00.000000', null, 7],
    ])
  })

  test('by place without one, with another delimiter and format', async () => {
    const name = await table()
    const from = await file('01/02/2020 03:04;"";5\n')
    const options = "FORMAT 'dd/MM/yyyy HH:mm' DELIMITER ';' TIMESTAMP ts PARTITION BY DAY"
    expect(await copy(`COPY ${name} FROM '${from}' ${options}`)).toMatchObject({ errors: '0' })
    expect(await rows(name)).toEqual([['01 03:04:00.000000', '', 5]])
  })

  const faulty =
    '2020-01-01T00:00:00Z,a,1\nnever,b,2\n2020-01-03T00:00:00Z,c,many\n2020-01-04T00:00:00Z,d\n2020-01-05T00:00:00Z,e"e,5\n2020-01-06T00:00:00Z,f,6\n'
  test.each([
    ['', ['01 a 1', '03 c null', '06 f 6'], '4'],
    ['ON ERROR SKIP_COLUMN', ['01 a 1', '03 c null', '06 f 6'], '4'],
    ['ON ERROR SKIP_ROW', ['01 a 1', '06 f 6'], '4'],
  ])('what cannot be read is left out: %s', async (options, expected, errors) => {
    const name = await table()
    const made = await copy(`COPY ${name} FROM '${await file(faulty)}' ${options}`)
    expect(made).toMatchObject({ status: 'finished', rows_handled: '6', errors })
    const found = await rows(name)
    expect(
      found.map(([ts, sym, v]) => `${String(ts).slice(0, 2)} ${String(sym)} ${String(v)}`),
    ).toEqual(expected)
  })

  test('ON ERROR ABORT leaves nothing, and does not show what the file holds', async () => {
    const name = await table()
    const made = await copy(`COPY ${name} FROM '${await file(faulty)}' ON ERROR ABORT`)
    expect(made).toMatchObject({
      status: 'failed',
      message: 'line 2: column "ts" has no value of its type',
      rows_imported: '0',
    })
    expect(await rows(name)).toEqual([])
  })

  test('rows that are past the time of their table go after the commit (TTL)', async () => {
    const name = `t${(number += 1)}`
    await client.query(
      `CREATE TABLE ${name} (ts TIMESTAMP, sym SYMBOL, v INT) TIMESTAMP(ts) PARTITION BY DAY TTL 1 DAY`,
    )
    const from = await file('2020-01-01T00:00:00Z,a,1\n2020-01-09T00:00:00Z,b,2\n')
    expect(await copy(`COPY ${name} FROM '${from}'`)).toMatchObject({ rows_imported: '2' })
    // Removal is done beside the import: asked until it is so, or the test's own time is over.
    let found = await rows(name)
    while (found.length > 1) found = await rows(name)
    expect(found).toEqual([['09 00:00:00.000000', 'b', 2]])
  })

  test('rows of equal keys replace each other, the last one wins', async () => {
    const name = await table('DEDUP UPSERT KEYS(ts, sym)')
    await client.query(`INSERT INTO ${name} VALUES ('2020-01-01', 'a', 0)`)
    const lines = Array.from({ length: 12_000 }, (_, v) => `2020-01-01T00:00:00Z,a,${v}\n`)
    const made = await copy(`COPY ${name} FROM '${await file(lines.join(''))}'`)
    expect(made).toMatchObject({ status: 'finished', rows_imported: '12000' })
    expect(await rows(name)).toEqual([['01 00:00:00.000000', 'a', 11_999]])
  })

  test.each<[string, string | Buffer, RegExp]>([
    ['nothing', '', /^the file is empty$/],
    ['a quote without an end', '2020-01-01T00:00:00Z,"a,1\n', /^line 1: unterminated quoted cell$/],
    ['one endless line', 'x'.repeat(2_000_000), /^line 1: longer than 1048576 characters$/],
    ['other bytes than UTF-8', Buffer.from([0x61, 0xff, 0x0a]), /not encoded in UTF-8$/],
    ['more columns than the table has', '1,2,3,4\n', /^the file has 4 columns, the table 3$/],
  ])('a file of %s fails', async (_what, text, message) => {
    const name = await table()
    const made = await copy(`COPY ${name} FROM '${await file(text)}' ON ERROR SKIP_ROW`)
    expect(made).toMatchObject({ status: 'failed', message: expect.stringMatching(message) })
    expect(await rows(name)).toEqual([])
  })

  test('what a constraint refuses takes all of it back', async () => {
    await client.query('CREATE TABLE checked (v INT CHECK (v < 10))')
    const made = await copy(`COPY checked FROM '${await file('1\n2\n30\n')}'`)
    expect(made).toMatchObject({ status: 'failed' })
    expect((await client.query('SELECT * FROM checked')).rows).toEqual([])
  })
})

describe('into a new table', () => {
  test('the columns are what their cells look like', async () => {
    const from = await file(
      'Day,b,l,d,s,w\n2020-01-01,true,-3,1.5,x,2020-01-01T00:00:00Z\n2020-01-02,FALSE,4,1,2,\n',
    )
    const options = "HEADER true TIMESTAMP 'Day' FORMAT 'yyyy-MM-dd' PARTITION BY MONTH"
    expect(await copy(`COPY made FROM '${from}' ${options}`)).toMatchObject({ status: 'finished' })
    const { rows: columns } = await client.query<{ column: string; type: string }>(
      'SHOW COLUMNS FROM made',
    )
    expect(columns.map(({ column, type }) => `${column} ${type}`)).toEqual([
      'Day TIMESTAMP',
      'b BOOLEAN',
      'l LONG',
      'd DOUBLE',
      's STRING',
      'w TIMESTAMP',
    ])
    const { rows: found } = await client.query({
      text: 'SELECT b, l, d, s FROM made ORDER BY "Day"',
      rowMode: 'array',
    })
    expect(found).toEqual([
      [true, '-3', 1.5, 'x'],
      [false, '4', 1, '2'],
    ])
  })

  test('without a header they are f0, f1, ...; one that fails leaves no table', async () => {
    expect(await copy(`COPY plain FROM '${await file('1,a\n')}'`)).toMatchObject({
      status: 'finished',
    })
    expect((await client.query('SELECT f0, f1 FROM plain')).rows).toEqual([{ f0: '1', f1: 'a' }])
    const failed = await copy(`COPY gone FROM '${await file('1,"a\n')}'`)
    expect(failed).toMatchObject({ status: 'failed' })
    expect(await failure(client.query('SELECT * FROM gone'))).toMatchObject({ code: '42P01' })
  })

  test('belongs to who made it', async () => {
    await client.query("CREATE USER maker WITH PASSWORD 'pw'; GRANT PGWIRE, CREATE TABLE TO maker")
    const maker = await connect(grantd, { user: 'maker', password: 'pw' })
    expect(await copy(`COPY own FROM '${await file('1\n')}'`, maker)).toMatchObject({
      status: 'finished',
    })
    expect((await maker.query('SELECT * FROM own')).rows).toEqual([{ f0: '1' }])
    await maker.query('DROP TABLE own')
    await maker.end()
  })
})

describe('files', () => {
  beforeAll(async () => {
    await writeFile(join(grantd.dataDir, 'secret.csv'), '1\n')
    await symlink(join(grantd.dataDir, 'secret.csv'), join(grantd.dataDir, 'import', 'link.csv'))
    await symlink('..', join(grantd.dataDir, 'import', 'up'))
    await writeFile(join(grantd.dataDir, 'import', 'below', 'inside.csv'), '1\n')
    await symlink('below/inside.csv', join(grantd.dataDir, 'import', 'inner.csv'))
  })

  test.each([
    ['../secret.csv', '22023'],
    ['below/../../secret.csv', '22023'],
    ['below/../inner.csv', '22023'],
    ['/etc/hostname', '22023'],
    ['link.csv', '22023'],
    ['up/secret.csv', '22023'],
    ['up/catalog.sqlite', '22023'],
    ['.', '22023'],
    ['', '22023'],
    ['below', '58P01'],
    ['inner.csv/x', '58P01'],
    ['nothing.csv', '58P01'],
  ])('%j is refused', async (name, code) => {
    const error = await failure(client.query(`COPY refused FROM '${name}'`))
    expect(error).toMatchObject({ code, position: '19' })
    expect(error.message).not.toContain(grantd.dataDir)
  })

  test.each(['below/inside.csv', 'inner.csv'])('%s is below the root', async (name) => {
    await client.query('DROP TABLE IF EXISTS inside')
    expect(await copy(`COPY inside FROM '${name}'`)).toMatchObject({ status: 'finished' })
  })
})

test('who may neither insert nor make tables is told the same whether the table is there', async () => {
  const name = await table()
  await client.query("CREATE USER nobody WITH PASSWORD 'pw'; GRANT PGWIRE TO nobody")
  const nobody = await connect(grantd, { user: 'nobody', password: 'pw' })
  for (const each of [name, 'nowhere']) {
    const error = await failure(nobody.query(`COPY ${each} FROM 'nothing.csv'`))
    expect(error).toMatchObject({
      code: '42501',
      message: `Access denied for nobody [INSERT on ${each}]`,
    })
  }
  await nobody.end()
})

test('is no part of a transaction, and carries no rows through the connection', async () => {
  const name = await table()
  await client.query('BEGIN')
  const inside = await failure(client.query(`COPY ${name} FROM 'x.csv'`))
  expect(inside).toMatchObject({ code: '25001' })
  await client.query('ROLLBACK')
  const together = await failure(
    client.query(
      `SELECT 1; INSERT INTO ${name} VALUES ('2020-01-01', 'a', 1); COPY ${name} FROM 'x.csv'`,
    ),
  )
  expect(together).toMatchObject({ code: '25001' })
  expect(await rows(name)).toEqual([])
  for (const form of ['FROM STDIN', "TO 'x'", 'TO STDOUT']) {
    expect(await failure(client.query(`COPY ${name} ${form}`))).toMatchObject({ code: '0A000' })
  }
})

/** Waits, with rows read and none put in, for a table that the admin has to itself. */
async function waiting(
  name: string,
  who: Client,
): Promise<{ readonly id: string; readonly goOn: () => Promise<void> }> {
  const holder = await connect(grantd, admin)
  await holder.query('BEGIN')
  await holder.query(`INSERT INTO ${name} VALUES ('2020-01-09', 'held', 1)`)
  const from = await file('2020-01-01T00:00:00Z,a,1\n')
  const started = await who.query<{ id: string }>(`COPY ${name} FROM '${from}'`)
  const goOn = async (): Promise<void> => {
    await holder.query('ROLLBACK')
    await holder.end()
  }
  return { id: started.rows[0]?.id ?? '', goOn }
}

describe('an import that runs', () => {
  let ida: Client
  let other: Client
  beforeAll(async () => {
    await client.query("CREATE USER ida WITH PASSWORD 'pw'; CREATE USER other WITH PASSWORD 'pw'")
    await client.query('GRANT PGWIRE, INSERT ON ALL TABLES TO ida; GRANT PGWIRE TO other')
    ida = await connect(grantd, { user: 'ida', password: 'pw' })
    other = await connect(grantd, { user: 'other', password: 'pw' })
  })
  afterAll(async () => {
    await Promise.all([ida.end(), other.end()])
  })

  test('is stopped by its owner', async () => {
    const name = await table('DEDUP UPSERT KEYS(ts)')
    const { id, goOn } = await waiting(name, ida)
    expect((await ida.query(`COPY '${id}' CANCEL`)).rows).toEqual([{ id, status: 'cancelled' }])
    expect(await ended(id, ida)).toMatchObject({ status: 'cancelled', rows_imported: '0' })
    expect(await failure(ida.query(`COPY '${id}' CANCEL`))).toMatchObject({ code: '42704' })
    await goOn()
    expect(await rows(name)).toEqual([])
  })

  test('is neither seen nor stopped by others without CANCEL ANY COPY', async () => {
    const name = await table('DEDUP UPSERT KEYS(ts)')
    const { id, goOn } = await waiting(name, ida)
    const seen = async (): Promise<number | null> =>
      (await other.query('SELECT * FROM copy_log() WHERE id = $1', [id])).rowCount
    expect(await seen()).toBe(0)
    for (const each of [id, 'ff']) {
      expect(await failure(other.query(`COPY '${each}' CANCEL`))).toMatchObject({
        code: '42501',
        message: 'Access denied for other [CANCEL ANY COPY]',
      })
    }
    await client.query('GRANT CANCEL ANY COPY TO other')
    expect(await seen()).toBe(1)
    expect(await failure(other.query("COPY 'ff' CANCEL"))).toMatchObject({ code: '42704' })
    await other.query(`COPY '${id}' CANCEL`)
    await goOn()
    expect(await ended(id)).toMatchObject({ status: 'cancelled' })
  })

  test('ends when the right that it needs is taken away', async () => {
    const name = await table('DEDUP UPSERT KEYS(ts)')
    const { id, goOn } = await waiting(name, ida)
    await client.query('REVOKE INSERT ON ALL TABLES FROM ida')
    await goOn()
    expect(await ended(id)).toMatchObject({
      status: 'failed',
      message: `Access denied for ida [INSERT on ${name}]`,
    })
    expect(await rows(name)).toEqual([])
  })
})

test('of an import that a restart ends nothing is left', async () => {
  const name = await table()
  const lines = Array.from({ length: 300_000 }, (_, v) => `2020-01-01T00:00:00Z,a,${v}\n`)
  const started = await client.query<{ id: string }>(
    `COPY ${name} FROM '${await file(lines.join(''))}'`,
  )
  const id = started.rows[0]?.id ?? ''
  // Some of it is in the engine, in a transaction that does not end.
  for (;;) {
    const { rows: found } = await client.query<Import>('SELECT * FROM copy_log() WHERE id = $1', [
      id,
    ])
    if (Number(found[0]?.rows_imported) > 0) break
  }
  const { dataDir } = grantd
  await grantd.kill()
  grantd = await startGrantd({ dataDir })
  client = await connect(grantd, admin)
  expect(await rows(name)).toEqual([])
  expect((await client.query('SELECT * FROM copy_log()')).rows).toEqual([])
}, 60_000)
