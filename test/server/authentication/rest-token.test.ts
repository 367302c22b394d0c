import { createHash } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { generateRestToken, hashRestToken } from '../../../server/authentication/rest-token.ts'

test('a REST token is qt1 and 43 characters of base64url; its SHA-256 is what is stored', () => {
  const { token, hash } = generateRestToken()
  expect(token).toMatch(/^qt1[A-Za-z0-9_-]{43}$/)
  expect(Buffer.from(token.slice(3), 'base64url')).toHaveLength(32)
  expect(hash).toBe(createHash('sha256').update(token).digest('hex'))
  expect(hashRestToken(token)).toBe(hash)
  expect(generateRestToken().token).not.toBe(token)
})
