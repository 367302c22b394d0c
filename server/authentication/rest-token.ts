import { createHash, randomBytes } from 'node:crypto'

/** A new REST token: what its owner is shown once, and what is stored of it (questdb-rbac.md, S10). */
export interface GeneratedRestToken {
  readonly token: string
  readonly hash: string
}

/** `qt1` and 43 characters of base64url: 256 random bits. */
export function generateRestToken(): GeneratedRestToken {
  const token = `qt1${randomBytes(32).toString('base64url')}`
  return { token, hash: hashRestToken(token) }
}

/**
 * SHA-256, hex. A plain hash is enough: there is nothing to guess about a random token, and one look-up by
 * hash takes the same time for a token that exists and one that does not.
 */
export function hashRestToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
