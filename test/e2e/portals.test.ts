/** Portals with a row limit: suspended, gone on with, and decided again at each Execute (rule X2). */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import type { FrontendMessage } from '../../server/pgwire/messages/decode.ts'
import { RawClient } from '../server/pgwire/raw-client.ts'
import type { Grantd } from './grantd.ts'
import { admin, connect, startGrantd } from './grantd.ts'

const bob = { user: 'bob', password: 'pw' } as const
let grantd: Grantd
let root: Client
beforeAll(async () => {
  grantd = await startGrantd()
  root = await connect(grantd, admin)
  await root.query(
    `CREATE TABLE t (a int); INSERT INTO t SELECT i::int FROM generate_series(1, 5) AS g(i);
     CREATE USER bob WITH PASSWORD 'pw'; GRANT PGWIRE TO bob; GRANT SELECT ON t TO bob`,
  )
})
afterAll(async () => {
  await root.end()
  await grantd.remove()
})

function open(sql: string): readonly FrontendMessage[] {
  return [
    { kind: 'Parse', name: '', text: sql, parameterTypes: [] },
    {
      kind: 'Bind',
      portal: 'p',
      statement: '',
      parameterFormats: [],
      parameters: [],
      resultFormats: [],
    },
  ]
}

const twoRows: FrontendMessage = { kind: 'Execute', portal: 'p', rowsMax: 2 }
const flush: FrontendMessage = { kind: 'Flush' }
const sync: FrontendMessage = { kind: 'Sync' }

test('a portal gives its rows in pieces, while other statements run', async () => {
  const client = await RawClient.login(grantd.port, bob)
  client.send({ kind: 'Query', text: 'BEGIN' })
  await client.readUntil('ReadyForQuery')
  client.send(...open('SELECT a FROM t ORDER BY a'), twoRows, flush)
  expect(
    (await client.readUntil('PortalSuspended')).filter((line) => line.startsWith('DataRow')),
  ).toHaveLength(2)
  client.send(sync, { kind: 'Query', text: 'SELECT count(*) FROM t' })
  await client.readUntil('CommandComplete')
  client.send(twoRows, twoRows, flush)
  expect(
    (await client.readUntil('PortalSuspended')).filter((line) => line.startsWith('DataRow')),
  ).toHaveLength(2)
  expect(
    (await client.readUntil('CommandComplete')).filter((line) => line.startsWith('DataRow')),
  ).toHaveLength(1)
  client.close()
})

test('a portal whose permission was revoked gives no further row', async () => {
  const client = await RawClient.login(grantd.port, bob)
  client.send(...open('SELECT a FROM t ORDER BY a'), twoRows, flush)
  await client.readUntil('PortalSuspended')
  await root.query('REVOKE SELECT ON t FROM bob')
  client.send(twoRows, sync)
  const lines = await client.readUntil('ReadyForQuery')
  expect(lines.filter((line) => line.startsWith('DataRow'))).toEqual([])
  expect(lines.join('\n')).toContain('42501')
  await root.query('GRANT SELECT ON t TO bob')
  client.close()
})

test('a portal over permissions() gives no further row once they may not be seen', async () => {
  await root.query('CREATE USER eve; GRANT SELECT ON t TO eve; GRANT INSERT ON t TO eve')
  await root.query('GRANT DELETE ON t TO eve; GRANT USER DETAILS TO bob')
  const client = await RawClient.login(grantd.port, bob)
  client.send(...open("SELECT permission FROM permissions('eve')"), twoRows, flush)
  await client.readUntil('PortalSuspended')
  await root.query('REVOKE USER DETAILS FROM bob')
  client.send(twoRows, sync)
  const lines = await client.readUntil('ReadyForQuery')
  expect(lines.filter((line) => line.startsWith('DataRow'))).toEqual([])
  expect(lines.join('\n')).toContain('Access denied for bob [USER DETAILS]')
  client.close()
})

test('statements between two Syncs are one transaction', async () => {
  const client = await RawClient.login(grantd.port, admin)
  client.send(
    ...open('INSERT INTO t VALUES (100)'),
    { kind: 'Execute', portal: 'p', rowsMax: 1 },
    { kind: 'Parse', name: 'bad', text: 'INSERT INTO t VALUES (1 / 0)', parameterTypes: [] },
    {
      kind: 'Bind',
      portal: 'q',
      statement: 'bad',
      parameterFormats: [],
      parameters: [],
      resultFormats: [],
    },
    { kind: 'Execute', portal: 'q', rowsMax: 0 },
    sync,
  )
  const lines = await client.readUntil('ReadyForQuery')
  expect(lines.join('\n')).toContain('22012')
  const { rows } = await root.query('SELECT a FROM t WHERE a = 100')
  expect(rows).toEqual([])
  client.close()
})
