/** Portals over what the server itself answers: done once, and decided again at each Execute (rule X2). */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import type { FrontendMessage } from '../../server/pgwire/messages/decode.ts'
import { RawClient } from '../server/pgwire/raw-client.ts'
import type { Grantd } from './grantd.ts'
import { admin, connect, startGrantd } from './grantd.ts'

let grantd: Grantd
let root: Client
beforeAll(async () => {
  grantd = await startGrantd()
  root = await connect(grantd, admin)
  await root.query(
    `CREATE USER op WITH PASSWORD 'pw'; GRANT PGWIRE, SYSTEM ADMIN, AUDIT VIEW TO op`,
  )
})
afterAll(async () => {
  await root.end()
  await grantd.remove()
})

const unnamed = { parameterFormats: [], parameters: [], resultFormats: [] }

function open(sql: string): readonly FrontendMessage[] {
  return [
    { kind: 'Parse', name: '', text: sql, parameterTypes: [] },
    { kind: 'Describe', target: { kind: 'Statement', name: '' } },
    { kind: 'Bind', portal: 'p', statement: '', ...unnamed },
    { kind: 'Describe', target: { kind: 'Portal', name: 'p' } },
  ]
}

const oneRow: FrontendMessage = { kind: 'Execute', portal: 'p', rowsMax: 1 }
const flush: FrontendMessage = { kind: 'Flush' }
const sync: FrontendMessage = { kind: 'Sync' }

/** How often the server said so in its log, once it has written all that it had to before now. */
async function times(words: string): Promise<number> {
  await root.query('SELECT dump_thread_stacks()')
  const last = 'what the server waits for'
  while (!grantd.log().includes(last)) await root.query('SELECT 1')
  return grantd.log().split(words).length - 1
}

test('a function of the server runs at the first Execute, once', async () => {
  const client = await RawClient.login(grantd.port, { user: 'op', password: 'pw' })
  client.send(...open('SELECT dump_memory_usage()'), sync)
  await client.readUntil('ReadyForQuery')
  client.send({ kind: 'Query', text: 'BEGIN' })
  await client.readUntil('ReadyForQuery')
  client.send(...open('SELECT dump_memory_usage()'), oneRow, flush)
  await client.readUntil('PortalSuspended')
  client.send(oneRow, sync)
  expect((await client.readUntil('ReadyForQuery')).some((line) => line.startsWith('DataRow'))).toBe(
    false,
  )
  client.close()
  expect(await times('memory usage in bytes')).toBe(1)
})

test('further rows of the record need AUDIT VIEW still', async () => {
  const client = await RawClient.login(grantd.port, { user: 'op', password: 'pw' })
  client.send({ kind: 'Query', text: 'BEGIN' })
  await client.readUntil('ReadyForQuery')
  client.send(...open('SELECT action FROM audit_log()'), oneRow, flush)
  expect(await client.readUntil('PortalSuspended')).toContainEqual(
    expect.stringContaining('CREATE USER'),
  )
  await root.query('REVOKE AUDIT VIEW FROM op')
  client.send(oneRow, sync)
  expect(await client.readUntil('ReadyForQuery')).toContainEqual(
    expect.stringContaining('Access denied for op [AUDIT VIEW]'),
  )
  client.close()
})
