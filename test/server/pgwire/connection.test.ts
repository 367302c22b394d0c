import { EventEmitter, once } from 'node:events'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import type { ListenOptions } from '../../../server/pgwire/listener.ts'
import type { StartupMessage } from '../../../server/pgwire/messages/startup-message.ts'
import { encodeFrontend, encodeStartup } from './encode-frontend.ts'
import { FakeHandler } from './fake-handler.ts'
import { ownNetworkAddress } from './own-network-address.ts'
import { RawClient } from './raw-client.ts'
import { serveFake, type FakeServer } from './serve-fake.ts'

// Cut-offs are measured in real time, on machines that may be busy.
jest.setTimeout(30_000)

let server: FakeServer
const clients: RawClient[] = []

async function open(options: Partial<ListenOptions> = {}): Promise<RawClient> {
  server = await serveFake(options)
  return another()
}

async function another(): Promise<RawClient> {
  const client = await RawClient.connect(server.port)
  clients.push(client)
  return client
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await server.listener.close()
})

function startup(settings: StartupMessage['settings'], minor = 0): Buffer {
  return encodeStartup({ kind: 'StartupMessage', major: 3, minor, settings })
}

const bob = startup([['user', 'bob']])
const ssl = encodeStartup({ kind: 'SSLRequest' })
const gss = encodeStartup({ kind: 'GSSENCRequest' })
const secret = encodeFrontend({ kind: 'PasswordMessage', password: 'secret' })

const welcome = [
  'Authentication 3',
  'Authentication 0',
  'ParameterStatus {"name":"server_version","value":"15.18"}',
  'ParameterStatus {"name":"server_encoding","value":"UTF8"}',
  'ParameterStatus {"name":"client_encoding","value":"UTF8"}',
  'ParameterStatus {"name":"DateStyle","value":"ISO, MDY"}',
  'ParameterStatus {"name":"TimeZone","value":"UTC"}',
  'ParameterStatus {"name":"integer_datetimes","value":"on"}',
  'ParameterStatus {"name":"standard_conforming_strings","value":"on"}',
  'BackendKeyData',
  'ReadyForQuery "I"',
]

describe('logging in', () => {
  test('asks for the password in clear, then welcomes (H1)', async () => {
    const client = await open()
    expect(await client.startUp()).toEqual(welcome)
  })

  test('tells the login what the client said', async () => {
    const client = await open()
    client.write(
      startup([
        ['user', 'bob'],
        ['database', 'qdb'],
        ['application_name', 'a b'],
        ['options', '-c extra_float_digits=2'],
      ]),
      secret,
    )
    await client.readUntil('ReadyForQuery')
    expect(server.logins).toEqual([
      {
        user: 'bob',
        database: 'qdb',
        password: 'secret',
        settings: [
          ['extra_float_digits', '2'],
          ['application_name', 'a b'],
        ],
        processId: 1,
        remoteAddress: '127.0.0.1',
      },
    ])
  })

  test('a wrong password is FATAL 28P01 and the end', async () => {
    const client = await open()
    const answers = await client.startUp({ password: 'wrong' })
    expect(answers).toEqual([
      'Authentication 3',
      'ErrorResponse {"S":"FATAL","C":"28P01","M":"invalid username/password"}',
      'closed',
    ])
  })

  test('SSLRequest and GSSENCRequest are answered N, in any order and number', async () => {
    const client = await open()
    for (const request of [ssl, gss, gss, ssl]) {
      client.write(request)
      expect(await client.readByte()).toBe('N')
    }
    expect(await client.startUp()).toEqual(welcome)
  })

  test('start-up, password and statement in one packet are answered in order', async () => {
    const client = await open()
    client.write(bob, secret, encodeFrontend({ kind: 'Query', text: 'select 1 as a' }))
    expect(await client.readUntil('ReadyForQuery')).toEqual(welcome)
    expect(await client.readUntil('CommandComplete')).toContain('DataRow ["1"]')
  })

  test('start-up byte by byte is the same', async () => {
    const client = await open()
    for (const byte of Buffer.concat([bob, secret])) {
      client.write(Buffer.of(byte))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await client.readUntil('ReadyForQuery')).toEqual(welcome)
  })

  test('a newer minor version and unknown protocol options are negotiated', async () => {
    const client = await open()
    client.write(
      startup(
        [
          ['user', 'bob'],
          ['_pq_.x', '1'],
        ],
        7,
      ),
      secret,
    )
    const answers = await client.readUntil('ReadyForQuery')
    expect(answers).toEqual([
      'NegotiateProtocolVersion {"version":196608,"unknownOptions":["_pq_.x"]}',
      ...welcome,
    ])
  })

  test('a login that breaks is told by an id, not by its words', async () => {
    const client = await open({
      login: () => Promise.reject(new Error('the password was s3cret')),
    })
    const [, error] = await client.startUp()
    expect(error).toMatch(/^ErrorResponse \{"S":"FATAL","C":"XX000","M":"internal error","D":/)
    expect(error).not.toContain('s3cret')
    expect(server.logged.join()).toContain('s3cret')
  })

  const refused: readonly (readonly [string, readonly Buffer[], string])[] = [
    ['no user', [startup([['database', 'x']])], '"28000","M":"no PostgreSQL user name specified'],
    ['bad UTF-8', [startup([['user', 'bob']]).fill(0xff, 13, 16)], '"22021"'],
    ['another version', [Buffer.from([0, 0, 0, 8, 0, 2, 0, 0])], '"0A000","M":"unsupported front'],
    ['a packet too short', [Buffer.from([0, 0, 0, 7, 0, 3, 0])], '"08P01","M":"invalid length of'],
    ['a packet too long', [Buffer.from([0, 0, 0x27, 0x11])], '"08P01","M":"invalid length of'],
    ['a negative length', [Buffer.from([255, 255, 255, 255])], '"08P01","M":"invalid length of'],
    ['HTTP', [Buffer.from('GET / HTTP/1.1\r\n\r\n')], '"08P01","M":"invalid length of'],
    ['a broken layout', [Buffer.from([0, 0, 0, 9, 0, 3, 0, 0, 65])], '"08P01"'],
    [
      'a statement in place of the password',
      [bob, encodeFrontend({ kind: 'Query', text: '' })],
      '"08P01","M":"expected password response, got message type 81"',
    ],
    ['a password too long', [bob, Buffer.from([0x70, 0, 1, 0, 0])], '"08P01","M":"invalid mess'],
    ['an open password', [bob, Buffer.from([0x70, 0, 0, 0, 5, 65])], '"08P01","M":"invalid str'],
  ]
  test.each(refused)('refused: %s', async (_what, bytes, expected) => {
    const client = await open()
    client.write(...bytes)
    const answers = await client.readAll()
    expect(answers.at(-1)).toBe('closed')
    expect(answers.at(-2)).toMatch(/^ErrorResponse \{"S":"FATAL"/)
    expect(answers.at(-2)).toContain(expected)
    expect(server.logins).toEqual([])
  })

  test('a start-up packet of 10,000 bytes is accepted', async () => {
    const client = await open()
    const padding =
      10_000 -
      startup([
        ['user', 'bob'],
        ['x', ''],
      ]).length
    const packet = startup([
      ['user', 'bob'],
      ['x', 'y'.repeat(padding)],
    ])
    expect(packet).toHaveLength(10_000)
    client.write(packet, secret)
    expect(await client.readUntil('ReadyForQuery')).toEqual(welcome)
  })

  test('notices of the login come before the first turn', async () => {
    const notice = {
      severity: 'WARNING',
      sqlState: '01000',
      message: 'change the password',
    } as const
    const handler = new FakeHandler()
    const client = await open({
      login: async () => ({ kind: 'Accepted', handler, parameters: [], notices: [notice] }),
    })
    expect(await client.startUp()).toEqual([
      'Authentication 3',
      'Authentication 0',
      'BackendKeyData',
      'NoticeResponse {"S":"WARNING","C":"01000","M":"change the password"}',
      'ReadyForQuery "I"',
    ])
  })

  test('who is gone when the login is accepted has no session', async () => {
    const handler = new FakeHandler()
    const decision = new EventEmitter()
    const client = await open({
      login: async () => {
        client.socket.resetAndDestroy()
        await once(decision, 'made')
        return { kind: 'Accepted', handler, parameters: [], notices: [] }
      },
    })
    client.write(bob, secret)
    await client.readAll()
    decision.emit('made')
    await handler.ended
    expect(server.listener.sessionCount).toBe(0)
  })

  test('a login that takes too long is told', async () => {
    const client = await open({
      limits: { loginTimeoutMs: 50, shutdownGraceMs: 50 },
      login: () => new Promise(() => undefined),
    })
    expect((await client.startUp()).slice(1)).toEqual([
      'ErrorResponse {"S":"FATAL","C":"57014","M":"canceling authentication due to timeout"}',
      'closed',
    ])
    // A login that never ends does not hold up the listener's end either.
    await server.listener.close()
  })

  test('who hangs up in between leaves nothing behind', async () => {
    const client = await open()
    client.write(bob)
    await client.read()
    client.close()
    const other = await another()
    await other.startUp()
    expect(server.listener.sessionCount).toBe(1)
  })
})

describe('time and numbers', () => {
  test('who does not log in in time is told and closed', async () => {
    const client = await open({ limits: { loginTimeoutMs: 50 } })
    client.write(bob)
    expect(await client.readAll()).toEqual([
      'Authentication 3',
      'ErrorResponse {"S":"FATAL","C":"57014","M":"canceling authentication due to timeout"}',
      'closed',
    ])
  })

  test('who says nothing, or one byte after another, is closed without a word', async () => {
    const client = await open({ limits: { loginTimeoutMs: 100 } })
    client.write(Buffer.of(0, 0, 0))
    const slow = setInterval(() => {
      client.write(Buffer.of(100))
    }, 20)
    expect(await client.readAll()).toEqual(['closed'])
    clearInterval(slow)
  })

  test('a session that is let in has no such limit', async () => {
    const client = await open({ limits: { loginTimeoutMs: 50 } })
    await client.startUp()
    client.send({ kind: 'Query', text: 'select pg_sleep(1)' })
    expect(await client.readUntil('ReadyForQuery')).toContain('CommandComplete "SELECT 1"')
  })

  test('one session too many is refused after its login (H2), and its handler ends', async () => {
    const client = await open({ limits: { sessionsMax: 1 } })
    await client.startUp()
    const second = await another()
    expect(await second.startUp()).toEqual([
      'Authentication 3',
      'ErrorResponse {"S":"FATAL","C":"53300","M":"sorry, too many clients already"}',
      'closed',
    ])
    expect(server.handlers[1]?.isEnded).toBe(true)
    const wrong = await another()
    expect((await wrong.startUp({ password: 'x' })).join()).toContain('28P01')
    client.send({ kind: 'Terminate' })
    await client.readAll()
    const third = await another()
    expect(await third.startUp()).toEqual(welcome)
  })

  test('sockets that never log in are bounded', async () => {
    await open({ limits: { pendingLoginsMax: 2 } })
    await another()
    const third = await another()
    expect(await third.readAll()).toEqual([
      'ErrorResponse {"S":"FATAL","C":"53300","M":"sorry, too many clients already"}',
      'closed',
    ])
  })
})

describe('passwords in clear', () => {
  test('are not asked for over a network', async () => {
    server = await serveFake({ host: '0.0.0.0' })
    const address = ownNetworkAddress()
    if (address === undefined) return
    const client = await RawClient.connect(server.port, address)
    clients.push(client)
    client.write(bob)
    expect(await client.readAll()).toEqual([
      'ErrorResponse {"S":"FATAL","C":"28000",' +
        '"M":"passwords are accepted over encrypted connections only",' +
        '"H":"Connect with TLS, for example with sslmode=require."}',
      'closed',
    ])
  })

  test('unless the configuration says so', async () => {
    server = await serveFake({ host: '0.0.0.0', cleartextPasswords: 'Everywhere' })
    const address = ownNetworkAddress()
    if (address === undefined) return
    const client = await RawClient.connect(server.port, address)
    clients.push(client)
    expect(await client.startUp()).toEqual(welcome)
  })
})

describe('CancelRequest', () => {
  test('ends what runs with 57014; the session lives on', async () => {
    const client = await open()
    const keyData = await readKeyData(client)
    client.send({ kind: 'Query', text: 'select pg_sleep(60)' })
    await server.handlers[0]?.sleeps
    const canceller = await another()
    canceller.write(encodeStartup({ kind: 'CancelRequest', ...keyData, secretKey: 1 }))
    expect(await canceller.readAll()).toEqual(['closed'])
    expect(server.handlers[0]?.cancelCount).toBe(0)
    const right = await another()
    right.write(encodeStartup({ kind: 'CancelRequest', ...keyData }))
    expect(await right.readAll()).toEqual(['closed'])
    expect((await client.readUntil('ReadyForQuery')).slice(1)).toEqual([
      'ErrorResponse {"S":"ERROR","C":"57014","M":"canceling statement due to user request"}',
      'ReadyForQuery "I"',
    ])
    client.send({ kind: 'Query', text: 'select 1 as a' })
    expect(await client.readUntil('ReadyForQuery')).toContain('DataRow ["1"]')
  })

  test('for an idle session is harmless', async () => {
    const client = await open()
    const keyData = await readKeyData(client)
    const canceller = await another()
    canceller.write(encodeStartup({ kind: 'CancelRequest', ...keyData }))
    await canceller.readAll()
    expect(server.handlers[0]?.cancelCount).toBe(1)
    client.send({ kind: 'Query', text: 'select 1 as a' })
    expect(await client.readUntil('ReadyForQuery')).toContain('DataRow ["1"]')
  })
})

/** Logs in reading the bytes themselves: traces do not show the key. */
async function readKeyData(
  client: RawClient,
): Promise<{ readonly processId: number; readonly secretKey: number }> {
  let received = Buffer.alloc(0)
  const collect = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk])
  }
  client.socket.on('data', collect)
  await client.startUp()
  client.socket.off('data', collect)
  const at = received.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]))
  return { processId: received.readInt32BE(at + 5), secretKey: received.readInt32BE(at + 9) }
}
