import { describe, expect, jest, test } from '@jest/globals'
import { encodeStartup } from './encode-frontend.ts'
import { RawClient } from './raw-client.ts'
import { serveFake } from './serve-fake.ts'

jest.setTimeout(30_000)

const shutdown =
  'ErrorResponse {"S":"FATAL","C":"57P01","M":"terminating connection due to administrator command"}'

describe('closing the listener', () => {
  test('tells idle clients, and those that are logging in', async () => {
    const server = await serveFake()
    const idle = await RawClient.login(server.port)
    const early = await RawClient.connect(server.port)
    const settings = [['user', 'bob']] as const
    early.write(encodeStartup({ kind: 'StartupMessage', major: 3, minor: 0, settings }))
    await early.read()
    const closed = server.listener.close()
    expect(await idle.readAll()).toEqual([shutdown, 'closed'])
    expect(await early.readAll()).toEqual([shutdown, 'closed'])
    await closed
    expect(server.handlers[0]?.isEnded).toBe(true)
    await expect(RawClient.connect(server.port)).rejects.toThrow('ECONNREFUSED')
  })

  test('lets a running statement finish, and no further one begin', async () => {
    const server = await serveFake()
    const client = await RawClient.login(server.port)
    client.send(
      { kind: 'Query', text: 'select pg_sleep(1)' },
      { kind: 'Query', text: 'select 1 as a' },
    )
    await server.handlers[0]?.sleeps
    const closed = server.listener.close()
    expect((await client.readAll()).slice(1)).toEqual([
      'DataRow [""]',
      'CommandComplete "SELECT 1"',
      'ReadyForQuery "I"',
      shutdown,
      'closed',
    ])
    await closed
    expect(server.handlers[0]?.cancelCount).toBe(0)
  })

  test('lets a series of extended messages come to its Sync', async () => {
    const server = await serveFake()
    const client = await RawClient.login(server.port)
    client.send(
      { kind: 'Parse', name: '', text: 'select pg_sleep(0)', parameterTypes: [] },
      {
        kind: 'Bind',
        portal: '',
        statement: '',
        parameterFormats: [],
        parameters: [],
        resultFormats: [],
      },
      { kind: 'Execute', portal: '', rowsMax: 0 },
      { kind: 'Sync' },
    )
    await server.handlers[0]?.sleeps
    await Promise.all([
      server.listener.close(),
      expect(client.readAll()).resolves.toEqual([
        'ParseComplete',
        'BindComplete',
        'DataRow [""]',
        'CommandComplete "SELECT 1"',
        'ReadyForQuery "I"',
        shutdown,
        'closed',
      ]),
    ])
  })

  test('ends what takes longer than the grace period', async () => {
    const server = await serveFake({ limits: { shutdownGraceMs: 50 } })
    const client = await RawClient.login(server.port)
    client.send({ kind: 'Query', text: 'select pg_sleep(60)' })
    await server.handlers[0]?.sleeps
    const closed = server.listener.close()
    expect((await client.readAll()).slice(-2)).toEqual([shutdown, 'closed'])
    await closed
    expect(server.handlers[0]).toMatchObject({ cancelCount: 1, isEnded: true })
  })

  test('is done once, however often it is asked for', async () => {
    const server = await serveFake()
    await Promise.all([server.listener.close(), server.listener.close()])
  })
})

test('an address that is taken is refused', async () => {
  const server = await serveFake()
  await expect(serveFake({ port: server.port })).rejects.toThrow('EADDRINUSE')
  await server.listener.close()
})

test('the address tells the port that was free', async () => {
  const server = await serveFake()
  expect(server.listener.address).toEqual({ host: '127.0.0.1', port: server.port })
  expect(server.port).toBeGreaterThan(0)
  await server.listener.close()
})
