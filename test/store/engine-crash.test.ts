import { afterEach, describe, expect, test } from '@jest/globals'
import { program, query, run, scalar } from './programs.ts'
import { RowCollector } from './rows.ts'
import { databaseAlias, openTestStore } from './test-store.ts'
import type { TestStore } from './test-store.ts'

/** Runs for hours, stops at once when interrupted. */
const endless = program('SELECT count(*) FROM range(100000000000)', { columns: [scalar('int8')] })

/** Runs for a minute and hears no interrupt (duckdb-hardening.md, section 5.2). */
const deaf = program(`SELECT levenshtein(repeat('a', 200000), repeat('b', 200000))`, {
  columns: [scalar('int8')],
})

/** Takes gigabytes that the engine's memory limit does not count (section 5.2). */
const greedy = program(`SELECT length(repeat('x', 4000000000))`, { columns: [scalar('int8')] })

const opened: TestStore[] = []

async function open(...given: Parameters<typeof openTestStore>): Promise<TestStore> {
  const store = await openTestStore(...given)
  opened.push(store)
  return store
}

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
}, 60_000)

describe('when the engine process dies', () => {
  test('running statements get 57P02, idle sessions go on, transactions learn it once', async () => {
    const tested = await open()
    const [busy, idle, inTransaction] = [1, 2, 3].map(() => tested.store.connect())
    if (!busy || !idle || !inTransaction) throw new Error('three sessions')
    await run(
      idle,
      program(`CREATE TABLE ${tested.table(1)} (c1 INTEGER)`, { kind: 'PhysicalChange' }),
    )
    const insert = program(`INSERT INTO ${tested.table(1)} VALUES (1)`, { kind: 'Insert' })
    await run(idle, insert)
    await inTransaction.begin({ readOnly: false })
    await run(inTransaction, insert)
    const running = run(busy, endless)
    running.catch(() => undefined)
    await query(idle, 'SELECT 1')

    const restarted = tested.next('EngineStarted')
    process.kill(tested.engineProcessId(), 'SIGKILL')
    await expect(running).rejects.toMatchObject({ sqlState: '57P02' })
    // During the restart, too.
    expect(await query(idle, `SELECT count(*) FROM ${tested.table(1)}`)).toEqual([['1']])
    await restarted
    await expect(run(inTransaction, insert)).rejects.toMatchObject({ sqlState: '57P02' })
    await inTransaction.rollback()
    await run(inTransaction, insert)
    expect(await query(busy, `SELECT count(*) FROM ${tested.table(1)}`)).toEqual([['2']])
  }, 60_000)

  test('a commit of a transaction that was lost says so', async () => {
    const tested = await open()
    const session = tested.store.connect()
    await session.begin({ readOnly: false })
    const restarted = tested.next('EngineStarted')
    process.kill(tested.engineProcessId(), 'SIGKILL')
    await restarted
    await expect(session.commit(1)).rejects.toMatchObject({ sqlState: '57P02' })
    expect(await tested.store.hasCommitted(1)).toBe(false)
    expect(await query(session, 'SELECT 1')).toEqual([['1']])
  }, 60_000)

  test('a suspended portal ends, and the time zone of a session stays', async () => {
    const tested = await open()
    const session = tested.store.connect()
    await session.setTimeZone('Asia/Kolkata')
    const portal = session.open({
      program: program('SELECT range FROM range(10000)', { columns: [scalar('int8')] }),
      values: [],
      formats: [],
    })
    await portal.fetch(1, new RowCollector())
    const restarted = tested.next('EngineStarted')
    process.kill(tested.engineProcessId(), 'SIGKILL')
    await restarted
    await expect(portal.fetch(1, new RowCollector())).rejects.toMatchObject({ sqlState: '57P02' })
    await portal.close()
    expect(await query(session, `SELECT TIMESTAMPTZ '2024-01-15 12:00:00+00'`)).toEqual([
      ['2024-01-15 17:30:00+05:30'],
    ])
  }, 60_000)

  test('every acknowledged row is there afterwards', async () => {
    const tested = await open()
    const session = tested.store.connect()
    await run(
      session,
      program(`CREATE TABLE ${tested.table(1)} (c1 INTEGER PRIMARY KEY)`, {
        kind: 'PhysicalChange',
      }),
    )
    const insert = program(`INSERT INTO ${tested.table(1)} VALUES ($1::INTEGER)`, {
      kind: 'Insert',
      parameters: [scalar('int4')],
    })
    const acknowledged: number[] = []
    let next = 0
    for (const delayMs of [60, 110, 170]) {
      const timer = setTimeout(() => process.kill(tested.engineProcessId(), 'SIGKILL'), delayMs)
      try {
        for (;;) {
          await run(session, insert, [++next])
          acknowledged.push(next)
        }
      } catch (error) {
        expect(error).toMatchObject({ sqlState: '57P02' })
      }
      clearTimeout(timer)
      const stored = new Set((await query(session, `SELECT c1 FROM ${tested.table(1)}`)).flat())
      expect(acknowledged.filter((row) => !stored.has(String(row)))).toEqual([])
    }
    expect(acknowledged.length).toBeGreaterThan(0)
  }, 60_000)
})

describe('a statement that takes too much', () => {
  test('memory ends the process, and nobody else is harmed', async () => {
    const tested = await open({ residentBytesMax: 700 << 20 })
    const session = tested.store.connect()
    await expect(run(session, greedy)).rejects.toMatchObject({ sqlState: '57P02' })
    expect(await query(tested.store.connect(), 'SELECT 1')).toEqual([['1']])
    expect(tested.events).toContainEqual(
      expect.objectContaining({ kind: 'EngineEnded', reason: 'used too much memory' }),
    )
  }, 60_000)

  test('time is interrupted', async () => {
    const tested = await open({ statementTimeoutMs: 200 })
    const session = tested.store.connect()
    await expect(run(session, endless)).rejects.toMatchObject({
      sqlState: '57014',
      message: 'canceling statement due to statement timeout',
    })
    expect(tested.events.filter(({ kind }) => kind === 'EngineEnded')).toEqual([])
  }, 60_000)

  test('time and hears no interrupt ends the process', async () => {
    const tested = await open({ statementTimeoutMs: 200 })
    const session = tested.store.connect()
    await expect(run(session, deaf)).rejects.toMatchObject({ sqlState: '57P02' })
    expect(await query(session, 'SELECT 1')).toEqual([['1']])
  }, 60_000)
})

describe('when all statement slots are taken', () => {
  test('statements wait in a queue of bounded length and time', async () => {
    const tested = await open({
      statementSlots: 1,
      statementQueueMax: 1,
      statementQueueTimeoutMs: 300,
    })
    const [busy, waiting, refused] = [1, 2, 3].map(() => tested.store.connect())
    if (!busy || !waiting || !refused) throw new Error('three sessions')
    await query(busy, 'SELECT 1')
    const running = run(busy, endless)
    running.catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 50))
    const queued = query(waiting, 'SELECT 1')
    queued.catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await expect(query(refused, 'SELECT 1')).rejects.toMatchObject({ sqlState: '53300' })
    await expect(queued).rejects.toMatchObject({ sqlState: '53300' })
    busy.cancel()
    await expect(running).rejects.toMatchObject({ sqlState: '57014' })
    expect(await query(waiting, 'SELECT 1')).toEqual([['1']])
  }, 60_000)

  test('a statement that waits can be cancelled', async () => {
    const tested = await open({ statementSlots: 1 })
    const busy = tested.store.connect()
    const waiting = tested.store.connect()
    await query(busy, 'SELECT 1')
    const running = run(busy, endless)
    running.catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 50))
    const queued = query(waiting, 'SELECT 1')
    queued.catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 50))
    waiting.cancel()
    await expect(queued).rejects.toMatchObject({ sqlState: '57014' })
    busy.cancel()
    await expect(running).rejects.toMatchObject({ sqlState: '57014' })
  }, 60_000)
})

test('a name of the engine is not what errors are made of', async () => {
  const tested = await open()
  const session = tested.store.connect()
  const error: unknown = await query(session, `SELECT nope FROM ${tested.table(9)}`).catch(
    (thrown: unknown) => thrown,
  )
  expect(JSON.stringify(error)).not.toMatch(new RegExp(`${databaseAlias}|t9|nope`))
}, 60_000)
