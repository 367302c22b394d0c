import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { startPostgres, type Postgres } from '../postgres.ts'
import { RawClient } from '../server/pgwire/raw-client.ts'
import { serveFake, type FakeServer } from '../server/pgwire/serve-fake.ts'
import { runTranscript } from './run-transcript.ts'
import { parseTranscript, printTranscript } from './transcript.ts'

// A cluster is made and started.
jest.setTimeout(60_000)

const directory = new URL('.', import.meta.url)
const names = readdirSync(directory).filter((name) => name.endsWith('.pgtest'))

function read(name: string): string {
  return readFileSync(new URL(name, directory), 'utf8')
}

describe("grantd's wire, over a session without tables", () => {
  let server: FakeServer

  beforeAll(async () => {
    server = await serveFake()
  })

  afterAll(async () => {
    await server.listener.close()
  })

  test.each(names)('%s', async (name) => {
    const client = await RawClient.login(server.port)
    const steps = parseTranscript(read(name))
    const answered = printTranscript(await runTranscript(steps, client, 'grantd'))
    client.close()
    if (process.env['GOLDEN'] === 'update') writeFileSync(new URL(name, directory), answered)
    else expect(answered).toBe(printTranscript(steps))
  })
})

describe('PostgreSQL', () => {
  let postgres: Postgres

  beforeAll(async () => {
    postgres = await startPostgres()
  })

  afterAll(async () => {
    await postgres.stop()
  })

  test.each(names)('%s', async (name) => {
    const path = `${postgres.host}/.s.PGSQL.${postgres.port}`
    const client = await RawClient.open(connect({ path }))
    await client.startUp({ user: postgres.user })
    const steps = parseTranscript(read(name))
    const answered = printTranscript(await runTranscript(steps, client, 'postgres'))
    client.close()
    expect(answered).toBe(printTranscript(steps))
  })
})
