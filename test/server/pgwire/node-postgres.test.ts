import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  jest,
  test,
} from '@jest/globals'
import { Client, Pool, type DatabaseError } from 'pg'
import { serveFake, type FakeServer } from './serve-fake.ts'

jest.setTimeout(30_000)

let server: FakeServer
let client: Client

const account = { host: '127.0.0.1', user: 'bob', password: 'secret', database: 'qdb' }

beforeAll(async () => {
  server = await serveFake()
})

beforeEach(async () => {
  client = new Client({ ...account, port: server.port })
  await client.connect()
})

afterEach(async () => {
  await client.end()
})

afterAll(async () => {
  await server.listener.close()
})

describe('node-postgres', () => {
  test('a simple query of several statements', async () => {
    const results: unknown = await client.query("select 1 as a; select 'x' as t")
    expect(results).toMatchObject([
      { command: 'SELECT', rowCount: 1, rows: [{ a: 1 }] },
      { command: 'SELECT', rowCount: 1, rows: [{ t: 'x' }] },
    ])
  })

  test('an empty query', async () => {
    expect((await client.query('')).rows).toEqual([])
  })

  test.each([
    ['int4', 7, 7],
    ['int8', '9223372036854775807', '9223372036854775807'],
    ['text', "it's é😀", "it's é😀"],
    ['text', null, null],
    ['bytea', Buffer.from([0, 1, 255]), Buffer.from([0, 1, 255])],
    ['numeric', '1.50', '1.50'],
    ['uuid', '00112233-4455-6677-8899-aabbccddeeff', '00112233-4455-6677-8899-aabbccddeeff'],
    ['timestamptz', new Date(0), new Date(0)],
  ])('a parameter of type %s', async (type, value, expected) => {
    const { rows } = await client.query(`select $1::${type} as a`, [value])
    expect(rows).toEqual([{ a: expected }])
  })

  test('a named statement, run again', async () => {
    const named = { name: 'by id', text: 'select $1::int4 as a' }
    for (const value of [1, 2, 3]) {
      const { rows } = await client.query({ ...named, values: [value] })
      expect(rows).toEqual([{ a: value }])
    }
  })

  test('results in binary', async () => {
    const config = { text: 'select $1::int4 as a', values: [7], binary: true }
    const { rows } = await client.query(config)
    expect(rows).toEqual([{ a: 7 }])
  })

  test('rows in portions', async () => {
    const config = { text: 'select generate_series(1, 25) as n', rows: 10 }
    const { rows } = await client.query(config)
    expect(rows).toHaveLength(25)
  })

  test('many rows', async () => {
    const { rows } = await client.query('select generate_series(1, 100000) as n')
    expect(rows).toHaveLength(100_000)
    expect(rows[99_999]).toEqual({ n: 100_000 })
  })

  test('an error has its code and position, and the client goes on', async () => {
    const refused = client.query('select * from missing', [])
    await expect(refused).rejects.toMatchObject({
      code: '42P01',
      position: '15',
      severity: 'ERROR',
    } satisfies Partial<DatabaseError>)
    await expect(client.query('select 1 as a')).resolves.toMatchObject({ rows: [{ a: 1 }] })
  })

  test('a transaction that failed is rolled back', async () => {
    await client.query('begin')
    await expect(client.query('select 1/0 as a')).rejects.toMatchObject({ code: '22012' })
    await expect(client.query('select 1 as a', [])).rejects.toMatchObject({ code: '25P02' })
    expect((await client.query('commit')).command).toBe('ROLLBACK')
  })

  test('a pool of connections', async () => {
    const pool = new Pool({ ...account, port: server.port, max: 10 })
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, index) => pool.query('select $1::int4 as a', [index])),
    )
    expect(results.map((result) => result.rows)).toEqual(
      Array.from({ length: 100 }, (_, a) => [{ a }]),
    )
    await pool.end()
  })
})
