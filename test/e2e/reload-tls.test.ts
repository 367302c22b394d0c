/** reload_tls(): a new certificate on a server that runs (questdb-rbac.md, section 14, W21, D42). */
import { expect, test } from '@jest/globals'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Client } from 'pg'
import { selfSigned } from '../server/pgwire/self-signed.ts'
import { failure } from './failure.ts'
import type { Grantd } from './grantd.ts'
import { admin, startGrantd } from './grantd.ts'

/** A session inside TLS, if the server shows a certificate of that authority. */
async function secured(grantd: Grantd, ca: string): Promise<Client> {
  const client = new Client({ host: 'localhost', port: grantd.port, ...admin, ssl: { ca } })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

async function reload(client: Client): Promise<unknown> {
  const { rows } = await client.query<{ reload_tls: boolean }>('SELECT reload_tls()')
  return rows[0]?.reload_tls
}

test('new handshakes get the new certificate, open sessions go on, a broken file changes nothing', async () => {
  const files = selfSigned()
  const next = selfSigned()
  const [first, second] = [files, next].map(({ certPath }) => readFileSync(certPath, 'utf8'))
  if (first === undefined || second === undefined) throw new Error('two certificates are made')
  const grantd = await startGrantd({
    environment: {
      GRANTD_TLS_CERT_PATH: files.certPath,
      GRANTD_TLS_PRIVATE_KEY_PATH: files.keyPath,
    },
  })
  const open = await secured(grantd, first)

  // Half of the new pair, then no certificate at all.
  copyFileSync(next.certPath, files.certPath)
  expect(await reload(open)).toBe(false)
  writeFileSync(files.certPath, 'no certificate')
  expect(await reload(open)).toBe(false)
  rmSync(files.certPath)
  expect(await reload(open)).toBe(false)
  await (await secured(grantd, first)).end()

  copyFileSync(next.certPath, files.certPath)
  copyFileSync(next.keyPath, files.keyPath)
  await (await secured(grantd, first)).end()
  expect(await reload(open)).toBe(true)
  const renewed = await secured(grantd, second)
  expect((await failure(secured(grantd, first))).message).toMatch(/self.signed|verify|certificate/)
  expect((await open.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
  expect((await renewed.query('SELECT 2 AS x')).rows).toEqual([{ x: 2 }])

  await open.end()
  await renewed.end()
  await grantd.remove()
  for (const { directory } of [files, next]) rmSync(directory, { recursive: true })
})
