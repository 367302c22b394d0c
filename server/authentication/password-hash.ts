import { argon2id, hash } from 'argon2'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { passwordBytesMax } from '../configuration/values.ts'

/** OWASP's parameters for argon2id: 19 MiB, two passes, one lane (code-style.md asks for the source:
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html). */
const parameters = { type: argon2id, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const

/** The argon2id hash of a password under a salt of its own, in PHC string form. */
export function argon2Hash(password: string): Promise<string> {
  return hash(password, parameters)
}

export function isTooLong(password: string): boolean {
  return Buffer.byteLength(password) > passwordBytesMax
}

/** Refuses what cannot be a password (questdb-rbac.md, S4, D8). @throws SqlError 22023 */
export function checkNewPassword(password: string): void {
  if (password === '') throw invalidPassword('password cannot be empty')
  if (isTooLong(password)) {
    throw invalidPassword(`password cannot be longer than ${passwordBytesMax} bytes`)
  }
}

function invalidPassword(message: string): SqlError {
  return new SqlError(SqlState.InvalidParameterValue, message)
}
