/** Rule R8: a reader that does not read fills nobody's memory, and holds up nobody else. */
import { expect, test } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { RawClient } from '../server/pgwire/raw-client.ts'
import { admin, connect, startGrantd } from './grantd.ts'

const mebibyte = 1 << 20

/** Resident memory of a process, as Linux tells it. */
async function residentBytes(processId: number): Promise<number> {
  const status = await readFile(`/proc/${processId}/status`, 'latin1')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024
}

test('two hundred megabytes for a client that does not read stay where they are', async () => {
  const grantd = await startGrantd()
  const client = await connect(grantd, admin)
  await client.query(
    `CREATE TABLE big AS SELECT i::int AS id, i::text || '${'x'.repeat(500)}' AS name
       FROM generate_series(1, 400000) AS g(i)`,
  )
  const processes = [
    grantd.process.pid ?? 0,
    Number(/"EngineStarted","processId":(\d+)/.exec(grantd.log())?.[1]),
  ]
  const before = await Promise.all(processes.map(residentBytes))

  const slow = await RawClient.login(grantd.port, admin)
  slow.socket.pause()
  slow.send({ kind: 'Query', text: 'SELECT id, name FROM big' })
  // Others are served all the while.
  for (let n = 0; n < 50; n += 1) await client.query('SELECT count(*) FROM big WHERE id < 100')
  const after = await Promise.all(processes.map(residentBytes))
  const grown = after.map((bytes, index) => bytes - (before[index] ?? 0))
  expect(Math.max(...grown)).toBeLessThan(96 * mebibyte)

  // What waited comes when it is read, all of it.
  slow.socket.resume()
  const lines = await slow.readUntil('CommandComplete')
  expect(lines.at(-1)).toContain('SELECT 400000')
  slow.close()
  await client.end()
  await grantd.remove()
})
