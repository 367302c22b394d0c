import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { invariant } from '../../errors/invariant.ts'

/** Public key of a JWK: a point on P-256, its coordinates in base64url (questdb-rbac.md, S7). */
export interface JwkPublicKey {
  readonly x: string
  readonly y: string
}

/** With the private value, which is shown once and not stored. */
export interface JwkKeyPair extends JwkPublicKey {
  readonly d: string
}

/** A new key pair; each value is the base64url of 32 bytes, 43 characters. */
export function generateJwk(): JwkKeyPair {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x, y, d } = privateKey.export({ format: 'jwk' })
  invariant(x !== undefined && y !== undefined && d !== undefined, 'a JWK of P-256 has x, y and d')
  return { x, y, d }
}

/** Refuses what is no point on the curve (questdb-rbac.md, S8, D9). @throws SqlError 22023 */
export function checkPublicKey({ x, y }: JwkPublicKey): void {
  if (!isCoordinate(x) || !isCoordinate(y) || !isOnCurve({ x, y })) throw invalidPublicKey()
}

/** In its one spelling: the last character carries four bits, so that two others would decode alike. */
function isCoordinate(text: string): boolean {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.length === 32 && bytes.toString('base64url') === text
}

/** OpenSSL checks the range of the coordinates and the curve's equation when it reads a key. */
function isOnCurve({ x, y }: JwkPublicKey): boolean {
  try {
    createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
    return true
  } catch {
    return false
  }
}

function invalidPublicKey(): SqlError {
  return new SqlError(
    SqlState.InvalidParameterValue,
    'invalid public key, expected x and y of a point on P-256, each 32 bytes in base64url',
  )
}
