import { describe, expect, test } from '@jest/globals'
import { PrincipalSlots } from '../../../server/session/principal-slots.ts'

/** Work that ends when it is told to. */
function work(): {
  readonly run: () => Promise<void>
  readonly end: () => void
  readonly started: () => boolean
} {
  let finish: (() => void) | undefined
  let isStarted = false
  const ended = new Promise<void>((resolve) => {
    finish = resolve
  })
  return {
    run: async () => {
      isStarted = true
      await ended
    },
    end: () => finish?.(),
    started: () => isStarted,
  }
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

describe('places in the engine', () => {
  test('are given to one principal up to its share, in the order of asking', async () => {
    const slots = new PrincipalSlots({ perPrincipalMax: 1, waitMs: 60_000 })
    const [first, second, third] = [work(), work(), work()]
    const all = [first, second, third].map((each) => slots.run('jane', each.run))
    await turn()
    expect([first.started(), second.started(), third.started()]).toEqual([true, false, false])
    first.end()
    await turn()
    expect([second.started(), third.started()]).toEqual([true, false])
    second.end()
    third.end()
    await Promise.all(all)
  })

  test('of one principal are not those of another', async () => {
    const slots = new PrincipalSlots({ perPrincipalMax: 1, waitMs: 60_000 })
    const [jane, john] = [work(), work()]
    const all = [slots.run('jane', jane.run), slots.run('john', john.run)]
    await turn()
    expect(john.started()).toBe(true)
    jane.end()
    john.end()
    await Promise.all(all)
  })

  test('are refused with 53300 to who waits too long, and free again afterwards', async () => {
    const slots = new PrincipalSlots({ perPrincipalMax: 1, waitMs: 1 })
    const long = work()
    const running = slots.run('jane', long.run)
    await expect(slots.run('jane', work().run)).rejects.toMatchObject({ sqlState: '53300' })
    long.end()
    await running
    await expect(slots.run('jane', async () => 'in')).resolves.toBe('in')
  })

  test('come back when the work fails', async () => {
    const slots = new PrincipalSlots({ perPrincipalMax: 1, waitMs: 60_000 })
    await expect(slots.run('jane', () => Promise.reject(new Error('failed')))).rejects.toThrow(
      'failed',
    )
    await expect(slots.run('jane', async () => 'in')).resolves.toBe('in')
  })

  test('that become more are taken at once, and that become fewer as they are left', async () => {
    const slots = new PrincipalSlots({ perPrincipalMax: 1, waitMs: 60_000 })
    const [first, second, third, fourth] = [work(), work(), work(), work()]
    const all = [first, second, third, fourth].map((each) => slots.run('jane', each.run))
    slots.perPrincipalMax = 3
    await turn()
    expect([second.started(), third.started(), fourth.started()]).toEqual([true, true, false])
    slots.perPrincipalMax = 1
    first.end()
    second.end()
    await turn()
    expect(fourth.started()).toBe(false)
    third.end()
    await turn()
    expect(fourth.started()).toBe(true)
    fourth.end()
    await Promise.all(all)
  })
})
