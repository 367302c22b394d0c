/** Rules R6, S16: no secret is logged, returned, or kept in clear. */
import { describe, expect, test } from '@jest/globals'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failure } from './failure.ts'
import { admin, connect, startGrantd } from './grantd.ts'

async function filesBelow(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

test('passwords and tokens are nowhere in the data directory and the log', async () => {
  const grantd = await startGrantd({ environment: { GRANTD_LOG_LEVEL: 'debug' } })
  const client = await connect(grantd, admin)
  const secrets = ['vErYsEcReT-1', 'vErYsEcReT-2', 'vErYsEcReT-3', 'vErYsEcReT-4']
  await client.query(`CREATE USER eve WITH PASSWORD '${secrets[0]}'`)
  await client.query(`ALTER USER eve WITH PASSWORD '${secrets[1]}'`)
  // Also where the statement fails: in parsing, in deciding, in applying.
  await failure(client.query(`ALTER USER nobody WITH PASSWORD '${secrets[2]}'`))
  await failure(client.query(`CREATE USER eve WITH PASSWORD '${secrets[3]}' nonsense`))
  const made = await client.query<{ token: string }>(
    "ALTER USER eve CREATE TOKEN TYPE REST WITH TTL '1d'",
  )
  const key = await client.query<{ private_key: string }>('ALTER USER eve CREATE TOKEN TYPE JWK')
  secrets.push(made.rows[0]?.token ?? '', key.rows[0]?.private_key ?? '')
  expect(secrets.every((secret) => secret.length > 10)).toBe(true)
  await client.end()
  await grantd.stop()
  const kept = await Promise.all(
    (await filesBelow(grantd.dataDir)).map((file) => readFile(file, 'latin1')),
  )
  for (const secret of secrets) {
    expect(kept.some((text) => text.includes(secret))).toBe(false)
    expect(grantd.log()).not.toContain(secret)
  }
  await grantd.remove()
})

describe('an error', () => {
  test('does not repeat the secret of the statement that failed', async () => {
    const grantd = await startGrantd()
    const client = await connect(grantd, admin)
    for (const sql of [
      "ALTER USER nobody WITH PASSWORD 'vErYsEcReT'",
      "CREATE USER x WITH PASSWORD 'vErYsEcReT' nonsense",
      "CREATE USER x PASSWORD 'vErYsEcReT'",
      "ALTER USER admin DROP TOKEN TYPE REST 'vErYsEcReT'",
    ]) {
      const { message, detail, hint } = await failure(client.query(sql))
      expect([message, detail, hint].join()).not.toContain('vErYsEcReT')
    }
    await client.end()
    await grantd.remove()
  })
})
