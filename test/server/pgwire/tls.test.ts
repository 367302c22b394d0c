import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { Client } from 'pg'
import { encodeFrontend, encodeStartup } from './encode-frontend.ts'
import { ownNetworkAddress } from './own-network-address.ts'
import { RawClient } from './raw-client.ts'
import { selfSigned } from './self-signed.ts'
import { serveFake, type FakeServer } from './serve-fake.ts'

// Handshakes take as long as the machine is busy.
jest.setTimeout(30_000)

let tls: ReturnType<typeof selfSigned>
let server: FakeServer

beforeAll(() => {
  tls = selfSigned()
})

afterAll(() => {
  rmSync(tls.directory, { recursive: true })
})

afterEach(async () => {
  await server.listener.close()
})

const ssl = encodeStartup({ kind: 'SSLRequest' })
const gss = encodeStartup({ kind: 'GSSENCRequest' })

/** Asks for TLS, perhaps for GSSAPI before it, and shakes hands. */
async function secured(
  options: { readonly version?: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'; readonly host?: string } = {},
): Promise<RawClient> {
  const plain = await RawClient.connect(server.port, options.host)
  plain.write(gss)
  expect(await plain.readByte()).toBe('N')
  plain.write(ssl)
  expect(await plain.readByte()).toBe('S')
  plain.socket.removeAllListeners('data')
  const version = options.version ?? 'TLSv1.3'
  const socket = connect({
    socket: plain.socket,
    ca: readFileSync(tls.certPath),
    servername: 'localhost',
    minVersion: version,
    maxVersion: version,
    // Only to let the client offer what the server must refuse.
    ciphers: 'DEFAULT@SECLEVEL=0',
  })
  await once(socket, 'secureConnect')
  return new RawClient(socket)
}

describe('TLS', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('%s: login and a large result', async (version) => {
    server = await serveFake({ tls })
    const client = await secured({ version })
    expect((await client.startUp()).at(-1)).toBe('ReadyForQuery "I"')
    client.send({ kind: 'Query', text: 'select generate_series(1, 20000) as n' })
    expect(await client.readUntil('ReadyForQuery')).toHaveLength(20_003)
    client.send({ kind: 'Terminate' })
    expect(await client.readAll()).toEqual(['closed'])
  })

  test('older versions are refused', async () => {
    server = await serveFake({ tls })
    await expect(secured({ version: 'TLSv1.1' })).rejects.toThrow()
  })

  test('inside TLS a further SSLRequest is answered N', async () => {
    server = await serveFake({ tls })
    const client = await secured()
    client.write(ssl)
    expect(await client.readByte()).toBe('N')
    expect((await client.startUp()).at(-1)).toBe('ReadyForQuery "I"')
    client.close()
  })

  test('bytes behind SSLRequest are not taken for what was encrypted', async () => {
    server = await serveFake({ tls })
    const client = await RawClient.connect(server.port)
    const settings = [['user', 'bob']] as const
    const startup = encodeStartup({ kind: 'StartupMessage', major: 3, minor: 0, settings })
    client.write(ssl, startup)
    const [error, closed] = await client.readAll()
    expect(error).toContain('"C":"08P01","M":"received unencrypted data after SSL request"')
    expect(closed).toBe('closed')
  })

  test('plain text in place of the handshake ends the connection', async () => {
    server = await serveFake({ tls })
    const client = await RawClient.connect(server.port)
    client.write(ssl)
    expect(await client.readByte()).toBe('S')
    const settings = [['user', 'bob']] as const
    client.write(encodeStartup({ kind: 'StartupMessage', major: 3, minor: 0, settings }))
    client.write(encodeFrontend({ kind: 'PasswordMessage', password: 'secret' }))
    await once(client.socket, 'close')
    expect(server.logins).toEqual([])
  })

  test('a handshake that never comes ends with the login time-out', async () => {
    server = await serveFake({ tls, limits: { loginTimeoutMs: 50 } })
    const client = await RawClient.connect(server.port)
    client.write(ssl)
    expect(await client.readByte()).toBe('S')
    await once(client.socket, 'close')
  })

  test('without TLS the connection goes on in clear on loopback', async () => {
    server = await serveFake({ tls })
    const client = await RawClient.login(server.port)
    client.close()
    expect(server.logins).toHaveLength(1)
  })

  test('over a network the password is taken inside TLS', async () => {
    server = await serveFake({ tls, host: '0.0.0.0' })
    const host = ownNetworkAddress()
    if (host === undefined) return
    const client = await secured({ host })
    expect((await client.startUp()).at(-1)).toBe('ReadyForQuery "I"')
    client.close()
  })

  test('node-postgres connects and verifies the certificate', async () => {
    server = await serveFake({ tls })
    const client = new Client({
      host: 'localhost',
      port: server.port,
      user: 'bob',
      password: 'secret',
      ssl: { ca: readFileSync(tls.certPath, 'utf8') },
    })
    await client.connect()
    const { rows } = await client.query('select 1 as a')
    expect(rows).toEqual([{ a: 1 }])
    await client.end()
  })

  test('a new certificate counts for new connections; a bad one is refused and changes nothing', async () => {
    const files = selfSigned()
    server = await serveFake({ tls: files })
    writeFileSync(files.certPath, 'no certificate')
    expect(() => {
      server.listener.prepareTls()?.()
    }).toThrow()
    writeFileSync(files.certPath, readFileSync(tls.certPath))
    writeFileSync(files.keyPath, readFileSync(tls.keyPath))
    server.listener.prepareTls()?.()
    // Verifies against the certificate that was put in place of the first one.
    const client = await secured()
    client.close()
    rmSync(files.directory, { recursive: true })
  })
})
