import { createHmac, randomBytes } from 'node:crypto'

/** What was tried: who, against which stored hash, with which password. */
export interface Attempt {
  /** Tells principals apart; two with the same hash do not share an entry. */
  readonly principal: string
  readonly storedHash: string
  readonly password: string
}

/**
 * Remembers attempts that succeeded, so that a client that connects again and again pays for argon2 once
 * (performance.md, section 4, logging in). Kept is an HMAC under a key of this process alone, never a
 * password. The stored hash is part of it, so a new password makes what was remembered of the old one
 * unreachable. The longest unused goes first.
 */
export class VerifyCache {
  readonly #key = randomBytes(32)
  readonly #entries = new Set<string>()
  readonly #entriesMax: number

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax
  }

  has(attempt: Attempt): boolean {
    const entry = this.#entryOf(attempt)
    if (!this.#entries.delete(entry)) return false
    this.#entries.add(entry)
    return true
  }

  add(attempt: Attempt): void {
    if (this.#entriesMax === 0) return
    for (const oldest of this.#entries) {
      if (this.#entries.size < this.#entriesMax) break
      this.#entries.delete(oldest)
    }
    this.#entries.add(this.#entryOf(attempt))
  }

  #entryOf({ principal, storedHash, password }: Attempt): string {
    // JSON keeps the three apart whatever they contain.
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([principal, storedHash, password]))
      .digest('base64')
  }
}
