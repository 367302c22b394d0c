import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Actor } from '../../../acl/actor.ts'
import { loadParser, parseStatements } from '../../../parser/parse.ts'
import type { ActiveStatement } from '../../../server/session/activity.ts'
import { Activity, shownTextMax } from '../../../server/session/activity.ts'
import { PrincipalSlots } from '../../../server/session/principal-slots.ts'

beforeAll(loadParser)

const admin = { kind: 'BuiltInAdmin', name: 'admin' } as const
const actor: Actor = { login: admin, effective: admin, assuming: false }

/** A registry whose clock goes on by one at each look, and how often the engine was interrupted. */
function world(): {
  readonly activity: Activity
  readonly start: (text: string, id?: number) => ActiveStatement
  readonly interrupts: () => number
} {
  let now = 0n
  let interrupts = 0
  const activity = new Activity(() => ++now)
  const interrupt = (): void => {
    interrupts += 1
  }
  const start = (text: string, id?: number): ActiveStatement => {
    const [parsed] = parseStatements(text)
    if (parsed === undefined) throw new Error('a statement is expected')
    return activity.start({ parsed, actor, processId: 7, endpoint: 'pgwire', interrupt }, id)
  }
  return { activity, start, interrupts: () => interrupts }
}

describe('running statements', () => {
  test('are known from their start to their end, under numbers that are not used again', () => {
    const { activity, start } = world()
    const [first, second] = [start('SELECT 1'), start('SELECT 2')]
    expect(activity.list().map(({ id }) => id)).toEqual([1, 2])
    first.end()
    second.end()
    expect(activity.list()).toEqual([])
    expect(activity.find(1)).toBeUndefined()
    expect(start('SELECT 3').id).toBe(3)
  })

  test('go on under their number: a portal whose next rows are fetched', () => {
    const { activity, start } = world()
    start('SELECT 1').end()
    expect(start('SELECT 1', 1).id).toBe(1)
    expect(activity.find(1)).toBeDefined()
    expect(start('SELECT 2').id).toBe(2)
  })

  test('show their text without secrets, cut after these are hidden (S16)', () => {
    const { start } = world()
    expect(start(`ALTER USER u WITH PASSWORD 'vErYsEcReT'`).text).toBe(
      `ALTER USER u WITH PASSWORD '***'`,
    )
    const spaces = ' '.repeat(shownTextMax - 30)
    const long = start(`ALTER USER u ${spaces} WITH PASSWORD 'vErYsEcReT'`).text
    expect(long).toHaveLength(shownTextMax + '...'.length)
    expect(long).not.toContain('vEr')
  })

  test('that are cancelled are interrupted, and say so until they end', () => {
    const { activity, start, interrupts } = world()
    const statement = start('SELECT 1')
    expect(statement).toMatchObject({ state: 'active', startedMicros: 1n, stateChangedMicros: 1n })
    statement.throwIfCancelled()
    activity.find(1)?.cancel()
    expect(statement).toMatchObject({
      state: 'cancelled',
      startedMicros: 1n,
      stateChangedMicros: 2n,
    })
    expect(interrupts()).toBe(1)
    activity.find(1)?.cancel()
    expect(interrupts()).toBe(1)
    expect(() => statement.throwIfCancelled()).toThrow('canceling statement due to user request')
    statement.end()
    statement.cancel()
    expect(interrupts()).toBe(1)
  })

  test('leave what they wait for when they are cancelled', async () => {
    const { start } = world()
    const slots = new PrincipalSlots({ perPrincipalMax: 1, waitMs: 60_000 })
    let finish: (() => void) | undefined
    const long = slots.run('jane', () => new Promise<void>((resolve) => (finish = resolve)))
    const [second, third] = [start('SELECT 2'), start('SELECT 3')]
    const waiting = slots.run('jane', async () => 'in', second)
    const behind = slots.run('jane', async () => third.state, third)
    expect([second.state, third.state]).toEqual(['waiting', 'waiting'])
    second.cancel()
    await expect(waiting).rejects.toMatchObject({ sqlState: '57014' })
    finish?.()
    await long
    await expect(behind).resolves.toBe('active')
    await expect(slots.run('jane', async () => 'in')).resolves.toBe('in')
  })

  test('that were cancelled before do not wait at all', async () => {
    const { start } = world()
    const slots = new PrincipalSlots({ perPrincipalMax: 1, waitMs: 60_000 })
    let finish: (() => void) | undefined
    const long = slots.run('jane', () => new Promise<void>((resolve) => (finish = resolve)))
    const statement = start('SELECT 2')
    statement.cancel()
    await expect(slots.run('jane', async () => 'in', statement)).rejects.toMatchObject({
      sqlState: '57014',
    })
    expect(statement.state).toBe('cancelled')
    finish?.()
    await long
  })

  test('wait for what others do, and not any longer when they are cancelled', async () => {
    const { start } = world()
    const [first, second, third] = [start('SELECT 1'), start('SELECT 2'), start('SELECT 3')]
    await expect(first.waitFor(Promise.resolve('done'))).resolves.toBe('done')
    expect(first.state).toBe('active')
    let fail: ((error: Error) => void) | undefined
    const work = new Promise<string>((_resolve, reject) => (fail = reject))
    const [waiting, failing] = [second.waitFor(work), third.waitFor(work)]
    expect([second.state, third.state]).toEqual(['waiting', 'waiting'])
    second.cancel()
    await expect(waiting).rejects.toMatchObject({ sqlState: '57014' })
    expect(second.state).toBe('cancelled')
    // Nobody looks at what comes of it for the one that is gone; the other does.
    fail?.(new Error('failed'))
    await expect(failing).rejects.toThrow('failed')
    expect(third.state).toBe('active')
  })
})
