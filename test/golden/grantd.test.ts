import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { startGrantd, type Grantd } from '../e2e/grantd.ts'
import { RawClient } from '../server/pgwire/raw-client.ts'
import { runTranscript } from './run-transcript.ts'
import { parseTranscript, printTranscript } from './transcript.ts'

// The server and its engine are started.
jest.setTimeout(60_000)

const directory = new URL('.', import.meta.url)
const names = readdirSync(directory).filter((name) => name.endsWith('.pgtest'))

let grantd: Grantd

beforeAll(async () => {
  grantd = await startGrantd()
})

afterAll(async () => {
  await grantd.remove()
})

test.each(names)('grantd as it is built says what %s says', async (name) => {
  const client = await RawClient.connect(grantd.port)
  await client.startUp({ user: 'admin', password: 'quest' })
  const steps = parseTranscript(readFileSync(new URL(name, directory), 'utf8'))
  const answered = printTranscript(await runTranscript(steps, client, 'grantd'))
  client.close()
  expect(answered).toBe(printTranscript(steps))
})
