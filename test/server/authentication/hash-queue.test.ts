import { setImmediate } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { HashQueue } from '../../../server/authentication/hash-queue.ts'

test('runs so many jobs at a time, in order, and lets so many wait', async () => {
  const queue = new HashQueue({ runningMax: 2, waitingMax: 2 })
  const started: number[] = []
  const finish: (() => void)[] = []
  const jobs = [0, 1, 2, 3].map((number) =>
    queue.run(
      () =>
        new Promise<number>((resolve) => {
          started.push(number)
          finish[number] = () => resolve(number)
        }),
    ),
  )
  expect([started, queue.isFull]).toEqual([[0, 1], true])
  finish[1]?.()
  await setImmediate()
  expect([started, queue.isFull]).toEqual([[0, 1, 2], false])
  for (const number of [0, 2]) finish[number]?.()
  await setImmediate()
  finish[3]?.()
  await expect(Promise.all(jobs)).resolves.toEqual([0, 1, 2, 3])
})

test('a job that fails makes room like any other', async () => {
  const queue = new HashQueue({ runningMax: 1, waitingMax: 5 })
  const failing = queue.run(() => Promise.reject(new Error('no')))
  const next = queue.run(() => Promise.resolve('yes'))
  await expect(failing).rejects.toThrow('no')
  await expect(next).resolves.toBe('yes')
  expect(queue.isFull).toBe(false)
})
