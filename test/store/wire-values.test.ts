import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { Client } from 'pg'
import { encodeBinary, encodeDataRow, encodeText } from '../../store/encode-value.ts'
import type { ScalarType, SqlType } from '../../store/sql-type.ts'
import type { StoreSession } from '../../store/store.ts'
import { float4Text, float8Text } from '../../store/values/float-text.ts'
import { startPostgres } from '../postgres.ts'
import type { Postgres } from '../postgres.ts'
import { program, run, scalar } from './programs.ts'
import { parseDataRows } from './rows.ts'
import { openTestStore } from './test-store.ts'
import type { TestStore } from './test-store.ts'
import { wireValues } from './wire-values.ts'

const timeZones = ['UTC', 'Asia/Kolkata', 'America/New_York', 'Europe/Berlin']

let postgres: Postgres
let client: Client
let tested: TestStore
let session: StoreSession

beforeAll(async () => {
  postgres = await startPostgres()
  client = new Client({
    host: postgres.host,
    port: postgres.port,
    user: postgres.user,
    database: postgres.database,
    // Text as it is on the wire.
    types: { getTypeParser: () => (text: string) => text },
  })
  await client.connect()
  tested = await openTestStore()
  session = tested.store.connect()
}, 120_000)

afterAll(async () => {
  await tested.close()
  await client.end()
  await postgres.stop()
}, 60_000)

/** PostgreSQL's own send function of a type. */
function sendFunction(type: SqlType): string {
  if (type.kind === 'Array') return 'array_send'
  if (type.kind === 'Record') return 'record_send'
  const irregular: Partial<Record<typeof type.name, string>> = {
    date: 'date_send',
    time: 'time_send',
    timestamp: 'timestamp_send',
    timestamptz: 'timestamptz_send',
    interval: 'interval_send',
    numeric: 'numeric_send',
    uuid: 'uuid_send',
    json: 'json_send',
  }
  return irregular[type.name] ?? `${type.name}send`
}

describe.each(timeZones)('in time zone %s', (timeZone) => {
  beforeAll(async () => {
    await client.query(`SET TimeZone = '${timeZone}'`)
    await session.setTimeZone(timeZone)
  })

  test.each(wireValues)('$postgres is written as PostgreSQL writes it', async (given) => {
    const { type, value } = given
    const answer = await client.query<[string, string]>({
      text: `SELECT ${given.postgres}, encode(${sendFunction(type)}(${given.postgres}), 'hex')`,
      rowMode: 'array',
    })
    const [text, hex] = answer.rows[0] ?? []
    expect(encodeText(value, type, { timeZone })).toBe(text)
    expect(encodeBinary(value, type).toString('hex')).toBe(hex)
    const fromEngine = await run(
      session,
      program(`SELECT ${given.engine}, ${given.engine}, NULL`, { columns: [type, type, type] }),
      [],
      ['text', 'binary', 'text'],
    )
    const [row] = fromEngine.rows.rowsTaken
    expect(row?.[0]?.toString('utf8')).toBe(text)
    expect(row?.[1]?.toString('hex')).toBe(hex)
    expect(row?.[2]).toBeNull()
    // The same again as a parameter, but for records, which are none.
    const message = encodeDataRow([value, null], [type, type], ['binary'], { timeZone })
    expect(parseDataRows(message)).toEqual([[encodeBinary(value, type), null]])
  })
})

/**
 * What the engine's numeric without limits (DECIMAL(38, 18)) cannot hold is no parameter either; nor are
 * arrays of several dimensions, whose depth the cast in the printed SQL does not know.
 */
const parameters = wireValues.filter(
  ({ type, engine }) => type.kind !== 'Record' && !/DECIMAL\(38,0\)|\[\]\[\]/.test(engine),
)

test.each(parameters)(
  '$postgres as a parameter is the same value',
  async ({ type, engine, value }) => {
    const ran = await run(
      session,
      program(`SELECT (${cast('$1', type)}) IS NOT DISTINCT FROM (${engine})`, {
        columns: [scalar('bool')],
        parameters: [type],
      }),
      [value],
    )
    // The engine says that a bpchar differs from one with less blanks.
    const isPadded = type.kind === 'Scalar' && type.name === 'bpchar'
    expect(ran.rows.texts).toEqual([[isPadded && engine.includes('  ') ? 'f' : 't']])
  },
)

function cast(sql: string, type: SqlType): string {
  if (type.kind === 'Array') return `${sql}::${elementName(type.element)}[]`
  if (type.kind === 'Record') return sql
  if (type.name === 'numeric') return `${sql}::DECIMAL(38,${type.scale ?? 18})`
  return `${sql}::${engineNames[type.name] ?? type.name}`
}

function elementName({ name }: ScalarType): string {
  return name === 'numeric' ? 'DECIMAL(38,18)' : (engineNames[name] ?? name)
}

const engineNames: Readonly<Record<string, string>> = {
  oid: 'UINTEGER',
  bpchar: 'VARCHAR',
  name: 'VARCHAR',
  bytea: 'BLOB',
}

/** PostgreSQL's text of many floats. */
async function ask(values: readonly number[], type: string): Promise<readonly string[]> {
  const answer = await client.query<{ text: string }>(
    `SELECT x::text AS text FROM unnest($1::${type}[]) WITH ORDINALITY AS t (x, n) ORDER BY n`,
    [values.map((value) => (Object.is(value, -0) ? '-0' : String(value)))],
  )
  return answer.rows.map(({ text }) => text)
}

describe('floats', () => {
  const edges = Array.from({ length: 200 }, (_, index) => [
    2 ** (index * 10 - 1074),
    10 ** (index * 3 - 300),
    1 + 2 ** -(index % 53),
  ]).flat()

  test('double precision is spelled as PostgreSQL spells it', async () => {
    const random = fc.sample(fc.double({ noNaN: true }), 2000)
    const prices = fc.sample(fc.integer({ min: -1e9, max: 1e9 }), 500).map((cents) => cents / 100)
    const values = [...edges, ...random, ...prices]
    expect(values.map(float8Text)).toEqual(await ask(values, 'float8'))
  })

  test('real is spelled as PostgreSQL spells it', async () => {
    const values = [
      ...edges.map(Math.fround).filter(Number.isFinite),
      ...fc.sample(fc.float({ noNaN: true }), 2000),
    ]
    expect(values.map(float4Text)).toEqual(await ask(values, 'float4'))
  })

  test('the engine process spells them the same', async () => {
    const values = [...edges, ...fc.sample(fc.double({ noNaN: true }), 500)]
    const ran = await run(
      session,
      program('SELECT unnest($1::DOUBLE[])', {
        columns: [scalar('float8')],
        parameters: [{ kind: 'Array', element: { kind: 'Scalar', name: 'float8' } }],
      }),
      [values],
    )
    expect(ran.rows.texts.flat()).toEqual(values.map(float8Text))
  })
})

describe('what PostgreSQL cannot hold is refused', () => {
  test.each([
    ['U+0000 in text', `chr(0)`, scalar('text'), '22021'],
    ['U+0000 in a long text', `repeat('x', 20) || chr(0)`, scalar('text'), '22021'],
    ['a date beyond the years', `'1970-01-01'::DATE + 2147480000`, scalar('date'), '22008'],
    [
      'a timestamp beyond the years',
      `make_timestamp(-9223372022400000000)`,
      scalar('timestamp'),
      '22008',
    ],
    [
      'a ragged array',
      `[[1], [2, 3]]`,
      { kind: 'Array', element: { kind: 'Scalar', name: 'int4' } },
      '2202E',
    ],
    [
      'a NULL inner array',
      `[[1], NULL]`,
      { kind: 'Array', element: { kind: 'Scalar', name: 'int4' } },
      '2202E',
    ],
    ['an integer too wide for its type', `3000000000`, scalar('int4'), '22003'],
  ] as const)('%s', async (_, engine, type, sqlState) => {
    for (const format of ['text', 'binary'] as const) {
      await expect(
        run(session, program(`SELECT ${engine}`, { columns: [type] }), [], [format]),
      ).rejects.toMatchObject({ sqlState })
    }
  })
})
