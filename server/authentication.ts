/**
 * Passwords: hashed with argon2id, verified with the same work whether or not there is somebody to verify
 * (questdb-rbac.md, S14), and never more at a time than there are cores.
 */
import { availableParallelism } from 'node:os'
import { verify } from 'argon2'
import { SqlError } from '../errors/sql-error.ts'
import { SqlState } from '../errors/sql-state.ts'
import { HashQueue } from './authentication/hash-queue.ts'
import { argon2Hash, checkNewPassword, isTooLong } from './authentication/password-hash.ts'
import { VerifyCache } from './authentication/verify-cache.ts'

export interface PasswordVerifierOptions {
  /** Hashes that may wait for their turn; further ones are refused with 53300. */
  readonly queueMax: number
  /** Successful attempts to remember; 0: none. */
  readonly cacheMax: number
  /** Hashes at a time; default: one a core, with a thread of the pool left over. */
  readonly concurrency?: number
}

export interface LoginAttempt {
  /**
   * Tells principals apart: the id of a stored one, a word for the built-in admin. For a name that nobody
   * has, anything.
   */
  readonly principal: string
  /** Absent: unknown name, a group, disabled, or no password set. The work is the same. */
  readonly storedHash: string | undefined
  readonly password: string
}

export interface PasswordVerifier {
  /**
   * The hash to store for a new password.
   * @throws SqlError 22023 for the empty one and one beyond 1,024 bytes, 53300 when too many wait
   */
  hashPassword(password: string): Promise<string>
  /** Whether the password is the principal's. @throws SqlError 53300 when too many wait */
  verifyPassword(attempt: LoginAttempt): Promise<boolean>
}

/** Makes the one verifier of a server; all its hashing goes through one queue. */
export async function createPasswordVerifier(
  options: PasswordVerifierOptions,
): Promise<PasswordVerifier> {
  const queue = new HashQueue({
    runningMax: options.concurrency ?? defaultConcurrency(),
    waitingMax: options.queueMax,
  })
  const cache = new VerifyCache(options.cacheMax)
  // Of a password that nobody knows, so that comparing with it costs what a real one costs.
  const dummyHash = await argon2Hash(crypto.randomUUID())

  async function hashPassword(password: string): Promise<string> {
    checkNewPassword(password)
    refuseIfFull(queue)
    return queue.run(() => argon2Hash(password))
  }

  async function verifyPassword(attempt: LoginAttempt): Promise<boolean> {
    const { principal, storedHash, password } = attempt
    // Nobody has such a password, so nothing is learnt from the missing work.
    if (isTooLong(password)) return false
    const compared = { principal, storedHash: storedHash ?? dummyHash, password }
    if (cache.has(compared)) return true
    refuseIfFull(queue)
    const matches = await queue.run(() => verify(compared.storedHash, password))
    if (!matches || storedHash === undefined) return false
    cache.add(compared)
    return true
  }

  return { hashPassword, verifyPassword }
}

/** One a core, but a thread of libuv's pool (four unless set otherwise) stays for everybody else. */
function defaultConcurrency(): number {
  const configured = Number(process.env['UV_THREADPOOL_SIZE'])
  const poolThreads = Number.isInteger(configured) && configured > 0 ? configured : 4
  return Math.max(1, Math.min(availableParallelism(), poolThreads - 1))
}

function refuseIfFull(queue: HashQueue): void {
  if (queue.isFull) {
    throw new SqlError(
      SqlState.TooManyConnections,
      'too many passwords are waiting to be checked',
      {
        hint: 'Try again later.',
      },
    )
  }
}
