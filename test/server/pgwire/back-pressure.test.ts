import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, jest, test } from '@jest/globals'
import type { ResultSink } from '../../../server/pgwire/session-handler.ts'
import { encodeFrontend } from './encode-frontend.ts'
import { FakeHandler } from './fake-handler.ts'
import { RawClient } from './raw-client.ts'
import { serveFake, type FakeServer } from './serve-fake.ts'

// What is waited for here takes as long as the machine is busy.
jest.setTimeout(30_000)

const batch = encodeFrontend({ kind: 'CopyData', data: Buffer.alloc(100_000) })

/** Produces without end, as fast as it is let. */
class Fountain extends FakeHandler {
  batchCount = 0
  error: unknown

  override query(_text: string, sink: ResultSink): Promise<void> {
    return this.#pour(sink)
  }

  async #pour(sink: ResultSink): Promise<void> {
    try {
      while (!this.isEnded) {
        await sink.rows(batch, 1)
        this.batchCount++
        await new Promise((resolve) => setImmediate(resolve))
      }
    } catch (error) {
      this.error = error
      throw error
    }
  }
}

async function serveFountain(fountain: Fountain): Promise<FakeServer> {
  return serveFake({
    login: async () => ({ kind: 'Accepted', handler: fountain, parameters: [], notices: [] }),
  })
}

/** Waits until the number stays the same: the kernel's buffers are full, and ours too. */
async function settled(count: () => number): Promise<number> {
  for (let last = -1; ; await delay(100)) {
    if (count() === last) return last
    last = count()
  }
}

describe('a client that reads slowly', () => {
  test('holds the producer back, and no others', async () => {
    const fountain = new Fountain()
    const server = await serveFountain(fountain)
    const client = await RawClient.login(server.port)
    client.socket.pause()
    client.send({ kind: 'Query', text: 'pour' })
    const before = await settled(() => fountain.batchCount)
    // 1 MiB of ours and what the kernel's two socket buffers take.
    expect(before * batch.length).toBeLessThan(24 * 1024 * 1024)
    client.socket.resume()
    for (let read = 0; read < 3 * before; read++) await client.read()
    expect(fountain.batchCount).toBeGreaterThan(before)
    client.close()
    await fountain.ended
    await server.listener.close()
  })

  test('and goes away ends the producer', async () => {
    const fountain = new Fountain()
    const server = await serveFountain(fountain)
    const client = await RawClient.login(server.port)
    client.socket.pause()
    client.send({ kind: 'Query', text: 'pour' })
    await settled(() => fountain.batchCount)
    client.socket.resetAndDestroy()
    await fountain.ended
    await server.listener.close()
    expect(fountain.error).toMatchObject({ name: 'ClientGone' })
    expect(server.listener.sessionCount).toBe(0)
    expect(server.logged.filter((line) => line.startsWith('internal error'))).toEqual([])
  })

  test('asks on and on without reading is not answered further', async () => {
    const server = await serveFake({ limits: { outputBytesHigh: 100_000 } })
    const client = await RawClient.login(server.port)
    client.socket.pause()
    const text = `select '${'x'.repeat(60_000)}' as t`
    const queries = Buffer.concat(
      Array.from({ length: 20 }, () => encodeFrontend({ kind: 'Query', text })),
    )
    let taken = 0
    const write = (): void => {
      client.socket.write(queries, () => {
        taken++
        if (!client.socket.destroyed) write()
      })
    }
    write()
    const rounds = await settled(() => taken)
    expect(rounds * queries.length).toBeLessThan(64 * 1024 * 1024)
    client.close()
    await server.listener.close()
  })
})

describe('a client that sends while its statement runs', () => {
  test('is read up to a bound, and answered in order afterwards', async () => {
    const server = await serveFake({ limits: { queueBytesMax: 100_000 } })
    const client = await RawClient.login(server.port)
    client.send({ kind: 'Query', text: 'select pg_sleep(1)' })
    await server.handlers[0]?.sleeps
    const text = `select '${'x'.repeat(50_000)}' as t`
    const messages = Array.from({ length: 100 }, () => encodeFrontend({ kind: 'Query', text }))
    client.write(...messages)
    await client.readUntil('ReadyForQuery')
    for (const _ of messages) {
      expect((await client.readUntil('ReadyForQuery'))[2]).toBe('CommandComplete "SELECT 1"')
    }
    client.close()
    await server.listener.close()
  })
})
