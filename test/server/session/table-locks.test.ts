import { describe, expect, test } from '@jest/globals'
import { TableLocks } from '../../../server/session/table-locks.ts'
import type { LockMode, TableLockHolder } from '../../../server/session/table-locks.ts'

const never = { timeoutMs: 0, statement: undefined }

/** A wait for the lock, and whether it is over. */
function waiting(
  holder: TableLockHolder,
  oid: number,
  mode: LockMode = 'Exclusive',
): { readonly done: Promise<void>; readonly isDone: () => boolean } {
  let isDone = false
  const wait = async (): Promise<void> => {
    await holder.acquire({ oid, mode }, never)
    isDone = true
  }
  return { done: wait(), isDone: () => isDone }
}

/** Lets everything happen that waits for nothing. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

describe('locks of tables', () => {
  test.each<[LockMode, LockMode, boolean]>([
    ['Shared', 'Shared', true],
    ['Shared', 'Exclusive', false],
    ['Exclusive', 'Shared', false],
    ['Exclusive', 'Exclusive', false],
  ])('%s beside %s: %s', (held, wanted, expected) => {
    const locks = new TableLocks()
    expect(locks.holder().tryAcquire({ oid: 1, mode: held })).toBe(true)
    const other = locks.holder()
    expect(other.tryAcquire({ oid: 1, mode: wanted })).toBe(expected)
    expect(other.tryAcquire({ oid: 2, mode: wanted })).toBe(true)
  })

  test('whoever holds a lock may have it again, and more of it when alone', () => {
    const locks = new TableLocks()
    const one = locks.holder()
    const two = locks.holder()
    for (const mode of ['Shared', 'Exclusive', 'Shared', 'Exclusive'] as const) {
      expect(one.tryAcquire({ oid: 1, mode })).toBe(true)
    }
    expect(two.tryAcquire({ oid: 1, mode: 'Shared' })).toBe(false)
  })

  test('go to whoever waits longest; a share does not overtake', async () => {
    const locks = new TableLocks()
    const holders = Array.from({ length: 4 }, () => locks.holder())
    const [first, second, third, fourth] = holders
    first?.tryAcquire({ oid: 1, mode: 'Shared' })
    const alone = waiting(second ?? locks.holder(), 1)
    expect(third?.tryAcquire({ oid: 1, mode: 'Shared' })).toBe(false)
    const shares = [third, fourth].map((holder) => waiting(holder ?? locks.holder(), 1, 'Shared'))
    first?.release()
    await alone.done
    await settled()
    expect(shares.map(({ isDone }) => isDone())).toEqual([false, false])
    second?.release()
    await Promise.all(shares.map(async ({ done }) => done))
  })

  test('whoever shares and wants it alone goes before those that wait', async () => {
    const locks = new TableLocks()
    const [one, two, three] = [locks.holder(), locks.holder(), locks.holder()]
    one.tryAcquire({ oid: 1, mode: 'Shared' })
    two.tryAcquire({ oid: 1, mode: 'Shared' })
    const late = waiting(three, 1)
    const upgrade = waiting(one, 1)
    two.release()
    await upgrade.done
    expect(late.isDone()).toBe(false)
    one.release()
    await late.done
  })

  test('two that share and both want it alone: the second gets 40P01', async () => {
    const locks = new TableLocks()
    const [one, two] = [locks.holder(), locks.holder()]
    one.tryAcquire({ oid: 1, mode: 'Shared' })
    two.tryAcquire({ oid: 1, mode: 'Shared' })
    const upgrade = waiting(one, 1)
    await expect(two.acquire({ oid: 1, mode: 'Exclusive' }, never)).rejects.toMatchObject({
      sqlState: '40P01',
    })
    two.release()
    await upgrade.done
  })

  test('a circle of three is noticed where it closes', async () => {
    const locks = new TableLocks()
    const holders = [1, 2, 3].map((oid) => {
      const holder = locks.holder()
      holder.tryAcquire({ oid, mode: 'Exclusive' })
      return holder
    })
    const [one, two, three] = holders
    const waits = [waiting(one ?? locks.holder(), 2), waiting(two ?? locks.holder(), 3)]
    await expect(three?.acquire({ oid: 1, mode: 'Shared' }, never)).rejects.toMatchObject({
      sqlState: '40P01',
    })
    three?.release()
    await waits[1]?.done
    two?.release()
    await waits[0]?.done
  })

  test('whoever gives up waiting is not in the way', async () => {
    const locks = new TableLocks()
    const [one, two, three] = [locks.holder(), locks.holder(), locks.holder()]
    one.tryAcquire({ oid: 1, mode: 'Shared' })
    const leaves: (() => void)[] = []
    const statement = {
      wait: (given: () => void) => void leaves.push(given),
      goOn: () => undefined,
    }
    const cancelled = two.acquire({ oid: 1, mode: 'Exclusive' }, { timeoutMs: 0, statement })
    const late = waiting(three, 1, 'Shared')
    for (const leave of leaves) leave()
    await expect(cancelled).rejects.toMatchObject({ sqlState: '57014' })
    await late.done
    const timed = two.acquire({ oid: 1, mode: 'Exclusive' }, { timeoutMs: 1, statement: undefined })
    await expect(timed).rejects.toMatchObject({ sqlState: '55P03' })
  })

  test('tell what changed after a moment, unless it was rolled back', () => {
    const locks = new TableLocks()
    const one = locks.holder()
    const before = locks.now
    one.tryAcquire({ oid: 1, mode: 'Exclusive' })
    one.tryAcquire({ oid: 2, mode: 'Shared' })
    one.release()
    expect(locks.isChangedSince(1, before)).toBe(true)
    expect(locks.isChangedSince(1, locks.now)).toBe(false)
    expect(locks.isChangedSince(2, before)).toBe(false)
    const later = locks.now
    one.tryAcquire({ oid: 1, mode: 'Exclusive' })
    one.discard()
    one.release()
    expect(locks.isChangedSince(1, later)).toBe(false)
  })
})
