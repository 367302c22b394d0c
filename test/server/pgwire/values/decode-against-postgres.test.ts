import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { typeText } from '../../../../acl/types/type-name.ts'
import { decodeParameter } from '../../../../server/pgwire/values/decode-value.ts'
import { encodeText } from '../../../../store/encode-value.ts'
import type { SqlType } from '../../../../store/sql-type.ts'
import { startPostgres, type Postgres } from '../../../postgres.ts'
import { RawClient } from '../raw-client.ts'
import { acceptedBinary, refusedBinary, scalar } from './binary-cases.ts'

// A cluster is made and started.
jest.setTimeout(60_000)

let postgres: Postgres
let client: RawClient

beforeAll(async () => {
  postgres = await startPostgres()
  client = await RawClient.open(connect({ path: `${postgres.host}/.s.PGSQL.${postgres.port}` }))
  await client.startUp({ user: postgres.user })
})

afterAll(async () => {
  client.close()
  await postgres.stop()
})

/** What PostgreSQL says to the bytes as a parameter of that type: its text, or its refusal. */
async function askPostgres(type: SqlType, hex: string): Promise<string> {
  const text = `select ($1::${typeText(type)})::text as t`
  client.send(
    { kind: 'Parse', name: '', text, parameterTypes: [] },
    {
      kind: 'Bind',
      portal: '',
      statement: '',
      parameterFormats: ['binary'],
      parameters: [Buffer.from(hex.replaceAll(' ', ''), 'hex')],
      resultFormats: [],
    },
    { kind: 'Execute', portal: '', rowsMax: 0 },
    { kind: 'Sync' },
  )
  const answers = await client.readUntil('ReadyForQuery')
  return answers.find((answer) => /^(DataRow|ErrorResponse)/.test(answer)) ?? answers.join()
}

describe('PostgreSQL reads binary as we do', () => {
  // jsonb is another type there, and a cast of bpchar to text takes its blanks off.
  const alike = acceptedBinary.filter(
    ([name, hex]) => name !== 'bpchar' && !(name === 'json' && hex.startsWith('01')),
  )

  test.each(alike)('%s %s', async (name, hex) => {
    const type = scalar(name)
    const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex')
    const value = decodeParameter(bytes, type, 'binary', { timeZone: 'UTC' })
    const text =
      typeof value === 'boolean' ? String(value) : encodeText(value, type, { timeZone: 'UTC' })
    expect(await askPostgres(type, hex)).toBe(`DataRow ${JSON.stringify([text])}`)
  })
})

/** What PostgreSQL takes and we refuse on purpose: the engine cannot hold it, or values cannot say it. */
const ours: ReadonlySet<string> = new Set([
  'timestamp that the engine cannot hold',
  'numeric infinity',
  'numeric minus infinity',
  'array from another lower bound',
])

describe('PostgreSQL refuses binary as we do', () => {
  const alike = refusedBinary.filter(([what]) => !ours.has(what))

  test.each(alike)('%s', async (_what, type, hex, sqlState) => {
    if (type.kind === 'Record') return
    expect(await askPostgres(type, hex)).toContain(`"C":"${sqlState}"`)
  })
})
