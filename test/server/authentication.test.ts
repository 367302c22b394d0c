import { performance } from 'node:perf_hooks'
import { describe, expect, jest, test } from '@jest/globals'
import type { PasswordVerifier } from '../../server/authentication.ts'
import { createPasswordVerifier } from '../../server/authentication.ts'

// Hashes are slow on purpose, and slower still beside other tests.
jest.setTimeout(30_000)

const verifier = await createPasswordVerifier({ queueMax: 100, cacheMax: 10 })

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** The time of attempts in turn, so that load from elsewhere hits all alike; the median of each. */
async function medianMs(attempts: readonly (() => Promise<unknown>)[]): Promise<readonly number[]> {
  const times = attempts.map((): number[] => [])
  for (let round = 0; round < 5; round += 1) {
    for (const [index, attempt] of attempts.entries()) times[index]?.push(await msOf(attempt))
  }
  return times.map((list) => list.toSorted((a, b) => a - b)[2] ?? Number.NaN)
}

describe('hashPassword', () => {
  test('makes argon2id hashes with 19 MiB, two passes, one lane and a salt of their own', async () => {
    const hashes = await Promise.all([
      verifier.hashPassword('quest'),
      verifier.hashPassword('quest'),
    ])
    for (const hash of hashes)
      expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,(p=1,t=2|t=2,p=1)\$/)
    expect(hashes[0]).not.toBe(hashes[1])
  })

  test.each([
    ['the empty password', '', 'password cannot be empty'],
    ['more than 1,024 bytes', 'x'.repeat(1025), 'password cannot be longer than 1024 bytes'],
    [
      'more than 1,024 bytes of UTF-8',
      'é'.repeat(513),
      'password cannot be longer than 1024 bytes',
    ],
  ])('refuses %s', async (_, password, message) => {
    await expect(verifier.hashPassword(password)).rejects.toMatchObject({
      sqlState: '22023',
      message,
    })
  })

  test('takes 1,024 bytes', async () => {
    const password = 'é'.repeat(512)
    const storedHash = await verifier.hashPassword(password)
    await expect(verifier.verifyPassword({ principal: '1', storedHash, password })).resolves.toBe(
      true,
    )
  })
})

describe('verifyPassword', () => {
  test.each([
    ['the password', 'Quest', true],
    ['another case', 'quest', false],
    ['a blank more', 'Quest ', false],
    ['nothing', '', false],
    ['far too much', 'Quest'.repeat(1000), false],
  ])('given %s', async (_, password, expected) => {
    const storedHash = await verifier.hashPassword('Quest')
    const attempt = { principal: '2', storedHash, password }
    await expect(verifier.verifyPassword(attempt)).resolves.toBe(expected)
  })

  test('knows nobody without a stored hash', async () => {
    const attempt = { principal: 'nobody', storedHash: undefined, password: 'quest' }
    await expect(verifier.verifyPassword(attempt)).resolves.toBe(false)
    await expect(verifier.verifyPassword(attempt)).resolves.toBe(false)
  })

  test('takes as long for who is unknown as for a wrong password, also after a success', async () => {
    const storedHash = await verifier.hashPassword('right')
    await verifier.verifyPassword({ principal: '3', storedHash, password: 'right' })
    const [unknown = 0, wrong = 0] = await medianMs([
      () => verifier.verifyPassword({ principal: '?', storedHash: undefined, password: 'wrong' }),
      () => verifier.verifyPassword({ principal: '3', storedHash, password: 'wrong' }),
    ])
    expect(unknown / wrong).toBeGreaterThan(1 / 3)
    expect(unknown / wrong).toBeLessThan(3)
  })
})

describe('the cache of successes', () => {
  test('answers a known success without hashing, for the same principal and hash only', async () => {
    const [storedHash, otherHash] = await Promise.all([
      verifier.hashPassword('again'),
      verifier.hashPassword('again'),
    ])
    await verifier.verifyPassword({ principal: '4', storedHash, password: 'again' })
    const [known = 0, otherPrincipal = 0] = await medianMs([
      () => verifier.verifyPassword({ principal: '4', storedHash, password: 'again' }),
      () =>
        verifier.verifyPassword({ principal: crypto.randomUUID(), storedHash, password: 'again' }),
    ])
    expect(known).toBeLessThan(otherPrincipal / 5)
    // A changed password is another hash: the old one does not open any more.
    const replaced = await verifier.hashPassword('new')
    const attempt = { principal: '4', storedHash: replaced, password: 'again' }
    await expect(verifier.verifyPassword(attempt)).resolves.toBe(false)
    await expect(
      verifier.verifyPassword({ principal: '4', storedHash: otherHash, password: 'again' }),
    ).resolves.toBe(true)
  })
})

async function outcomes(server: PasswordVerifier, count: number): Promise<readonly string[]> {
  const attempts = Array.from({ length: count }, () =>
    server.verifyPassword({ principal: 'x', storedHash: undefined, password: 'x' }),
  )
  const settled = await Promise.allSettled(attempts)
  return settled.map((result) =>
    result.status === 'fulfilled' ? 'answered' : Object(result.reason).sqlState,
  )
}

describe('the queue', () => {
  test('refuses with 53300 what finds no place, and takes new ones when it has emptied', async () => {
    const small = await createPasswordVerifier({ queueMax: 2, cacheMax: 0, concurrency: 1 })
    const expected = ['answered', 'answered', 'answered', '53300', '53300']
    await expect(outcomes(small, 5)).resolves.toEqual(expected)
    await expect(outcomes(small, 3)).resolves.toEqual(['answered', 'answered', 'answered'])
  })

  test('is shared by logins and new passwords', async () => {
    const small = await createPasswordVerifier({ queueMax: 1, cacheMax: 0, concurrency: 1 })
    const running = outcomes(small, 2)
    await expect(small.hashPassword('x')).rejects.toMatchObject({ sqlState: '53300' })
    await running
  })
})
