/** node-postgres without special care: parameters and results of every common type, as text and as binary. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client, QueryResult } from 'pg'
import { failure } from '../e2e/failure.ts'
import type { Grantd } from '../e2e/grantd.ts'
import { admin, connect, startGrantd } from '../e2e/grantd.ts'
import { binaryResult } from './binary-result.ts'
import { cancel } from './cancel.ts'

/** A type, values of it as PostgreSQL writes them, and the first value's binary form in hex. */
interface TypeCase {
  readonly type: string
  readonly values: readonly string[]
  readonly binary: string
}

const cases: readonly TypeCase[] = [
  { type: 'bool', values: ['t', 'f'], binary: '01' },
  { type: 'int2', values: ['1', '-32768', '32767'], binary: '0001' },
  { type: 'int4', values: ['1', '-2147483648', '2147483647'], binary: '00000001' },
  {
    type: 'int8',
    values: ['1', '-9223372036854775808', '9223372036854775807'],
    binary: '0000000000000001',
  },
  { type: 'float4', values: ['1.5', '-0', 'NaN', 'Infinity', '3.4028235e+38'], binary: '3fc00000' },
  {
    type: 'float8',
    values: ['1.5', '-Infinity', 'NaN', '5e-324', '1.7976931348623157e+308', '0.1'],
    binary: '3ff8000000000000',
  },
  {
    type: 'numeric',
    values: ['12345.678', '0', '-0.000000000000000001', '99999999999999999999.5'],
    // 3 digits of base 10,000, weight 1, positive, display scale 3.
    binary: '0003000100000003000109291a7c',
  },
  { type: 'numeric(10,2)', values: ['12345.60', '-0.01'], binary: '' },
  { type: 'text', values: ['grüße "x" \\ \' $1', '', '\u{1f600}'], binary: '' },
  { type: 'varchar', values: ['abc'], binary: '616263' },
  { type: 'varchar(5)', values: ['abcde'], binary: '6162636465' },
  { type: 'bytea', values: ['\\x00ff10', '\\x'], binary: '00ff10' },
  {
    type: 'date',
    values: ['2000-01-02', '1969-12-31', 'infinity', '0044-03-15 BC'],
    binary: '00000001',
  },
  { type: 'time', values: ['00:00:00.000001', '23:59:59.999999'], binary: '0000000000000001' },
  {
    type: 'timestamp',
    values: ['2000-01-01 00:00:00.000001', '1999-12-31 23:59:59', 'infinity', '-infinity'],
    binary: '0000000000000001',
  },
  {
    type: 'timestamptz',
    values: ['2000-01-01 00:00:00.000001+00', '2024-02-29 12:34:56.789012+00'],
    binary: '0000000000000001',
  },
  {
    type: 'interval',
    values: ['1 mon 2 days 00:00:00.000003', '1 year 2 mons 3 days 04:05:06', '-00:00:01'],
    binary: '00000000000000030000000200000001',
  },
  {
    type: 'uuid',
    values: ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    binary: 'a0eebc999c0b4ef8bb6d6bb9bd380a11',
  },
  { type: 'json', values: ['{"a": [1, null, "x"]}', '[]'], binary: '' },
  { type: 'int4[]', values: ['{1,NULL,-3}', '{}'], binary: '' },
  { type: 'text[]', values: ['{a,NULL,"b c","d\\"e"}', '{}'], binary: '' },
  { type: 'float8[]', values: ['{1.5,NaN}'], binary: '' },
  { type: 'bool[]', values: ['{t,f}'], binary: '' },
  { type: 'numeric[]', values: ['{1.5,2}'], binary: '' },
  { type: 'timestamp[]', values: ['{"2024-02-29 12:34:56"}'], binary: '' },
  { type: 'uuid[]', values: ['{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}'], binary: '' },
  { type: 'bytea[]', values: ['{"\\\\x00ff"}'], binary: '' },
  { type: 'date[]', values: ['{2024-02-29}'], binary: '' },
]

const asText = { getTypeParser: () => (text: string) => text }

describe('node-postgres', () => {
  let grantd: Grantd
  let client: Client
  beforeAll(async () => {
    grantd = await startGrantd()
    client = await connect(grantd, admin)
  })
  afterAll(async () => {
    await client.end()
    await grantd.remove()
  })

  const text = (sql: string, values: readonly unknown[] = []): Promise<QueryResult<unknown[]>> =>
    client.query<unknown[]>({ text: sql, values: [...values], rowMode: 'array', types: asText })

  test.each(cases)('round-trips $type as text', async ({ type, values }) => {
    await client.query(`CREATE TABLE r (n int, v ${type})`)
    for (const [n, value] of values.entries()) {
      await client.query('INSERT INTO r VALUES ($1, $2)', [n, value])
    }
    await client.query('INSERT INTO r VALUES ($1, $2)', [values.length, null])
    const { rows } = await text('SELECT v FROM r ORDER BY n')
    expect(rows.map(([v]) => v)).toEqual([...values, null])
    // The same value is found by a parameter of its type.
    const found = await text('SELECT count(*) FROM r WHERE v::text = $1::text', [values[0]])
    expect(type === 'bool' || found.rows[0]?.[0] === '1').toBe(true)
    await client.query('DROP TABLE r')
  })

  test.each(cases.filter(({ binary }) => binary !== ''))(
    'gives $type in binary',
    async ({ type, values, binary }) => {
      const [value] = await binaryResult(grantd, admin, `SELECT '${values[0] ?? ''}'::${type}`)
      expect(value?.toString('hex')).toBe(binary)
    },
  )

  test('takes parameters in binary', async () => {
    // node-postgres sends a Buffer as a binary parameter, the rest as text.
    await client.query('CREATE TABLE b (v bytea, i int8)')
    await client.query('INSERT INTO b VALUES ($1, $2)', [Buffer.from([0, 255, 16]), '7'])
    const { rows } = await client.query<{ v: Buffer; i: string }>('SELECT v, i FROM b')
    expect(rows).toEqual([{ v: Buffer.from([0, 255, 16]), i: '7' }])
  })

  test('reads the values of JavaScript types', async () => {
    const { rows } = await client.query(
      `SELECT true AS b, 7 AS i, 1.5::float8 AS f, 'x' AS t, '2024-02-29T01:02:03Z'::timestamptz AS ts,
              '{"a":1}'::json AS j, ARRAY[1, 2] AS a, NULL AS n`,
    )
    expect(rows).toEqual([
      {
        b: true,
        i: 7,
        f: 1.5,
        t: 'x',
        ts: new Date('2024-02-29T01:02:03Z'),
        j: { a: 1 },
        a: [1, 2],
        n: null,
      },
    ])
  })

  test('gives SQLSTATE, hint and position of an error', async () => {
    expect(await failure(client.query('SELECT 1 +'))).toMatchObject({
      code: '42601',
      position: '11',
    })
    await client.query('CREATE TABLE p (a int)')
    expect(await failure(client.query("SELECT 'ü', nope FROM p"))).toMatchObject({
      code: '42703',
      position: '13',
    })
    expect(await failure(client.query('SELECT $1::int', ['x']))).toMatchObject({ code: '22P02' })
    expect((await client.query('SELECT 1 AS still')).rows).toEqual([{ still: 1 }])
  })

  test('answers several statements, notices and row counts', async () => {
    const notices: string[] = []
    client.on('notice', (notice) => notices.push(String(notice.message)))
    const results: unknown = await client.query(
      'CREATE TABLE m (a int); INSERT INTO m VALUES (1), (2); UPDATE m SET a = 3; DELETE FROM m; GRANT SELECT ON nowhere TO nobody',
    )
    expect(
      Array.isArray(results) &&
        results.map((result: QueryResult) => [result.command, result.rowCount]),
    ).toEqual([
      ['CREATE', null],
      ['INSERT', 2],
      ['UPDATE', 2],
      ['DELETE', 2],
      ['GRANT', null],
    ])
    expect(notices.join()).toContain('the grant waits for it')
  })

  test('cancels a statement that runs, and goes on', async () => {
    const running = failure(
      client.query(
        'SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 1000000) b',
      ),
    )
    const processId: unknown = Reflect.get(client, 'processID')
    const secretKey: unknown = Reflect.get(client, 'secretKey')
    await cancel(grantd.port, Number(processId), Number(secretKey))
    expect(await running).toMatchObject({ code: '57014' })
    expect((await client.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  })

  test('ends a statement at statement_timeout', async () => {
    await client.query('SET statement_timeout = 200')
    const slow = 'SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 1000000) b'
    expect(await failure(client.query(slow))).toMatchObject({
      code: '57014',
      message: 'canceling statement due to statement timeout',
    })
    await client.query('RESET statement_timeout')
  })
})
