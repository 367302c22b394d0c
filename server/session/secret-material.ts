/** Hashes, keys and tokens that a statement needs made (questdb-rbac.md, sections 2.2 to 2.4). */
import type { ChangeMaterial, Secret } from '../../acl/change-of.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type { SqlType, SqlValue } from '../../store/sql-type.ts'
import { checkPublicKey, generateJwk } from '../authentication/jwk.ts'
import { generateRestToken, hashRestToken } from '../authentication/rest-token.ts'
import { parseTimeToLive } from '../authentication/time-to-live.ts'
import type { ColumnDescription } from '../pgwire/session-handler.ts'
import type { Services } from './services.ts'

/** What was made: for the change, and what its owner is shown once, behind the name. */
export interface MadeSecret {
  readonly material: ChangeMaterial
  readonly row?: readonly SqlValue[]
}

const varchar: SqlType = { kind: 'Scalar', name: 'varchar' }
const timestamp: SqlType = { kind: 'Scalar', name: 'timestamp' }
const bool: SqlType = { kind: 'Scalar', name: 'bool' }

function column(name: string, type: SqlType): ColumnDescription {
  return { name, type }
}

const jwkColumns = ['name', 'public_key_x', 'public_key_y', 'private_key'].map((name) =>
  column(name, varchar),
)
const restTokenColumns = [
  column('name', varchar),
  column('token', varchar),
  column('expires_at', timestamp),
  column('refresh', bool),
]

/** The columns of the one row that shows a new secret (S7, S10). */
export function secretColumns(secret: Secret): readonly ColumnDescription[] | undefined {
  switch (secret.kind) {
    case 'Jwk':
      return jwkColumns
    case 'RestToken':
      return restTokenColumns
    case 'Password':
    case 'DropRestToken':
      return undefined
    default:
      return unreachable(secret)
  }
}

/** Stands in for a secret while it is decided whether it may be made; it is never applied. */
export function pendingSecret(secret: Secret | undefined): ChangeMaterial {
  switch (secret?.kind) {
    case undefined:
      return {}
    case 'Password':
      return { passwordHash: 'pending' }
    case 'Jwk':
      return { jwk: { x: 'pending', y: 'pending' } }
    case 'RestToken':
      return {
        restToken: { hash: 'pending', expiresAtMicros: 0n, ttlSeconds: 0, refresh: secret.refresh },
      }
    case 'DropRestToken':
      return { tokenHash: hashRestToken(secret.token) }
    default:
      return unreachable(secret)
  }
}

/** @throws SqlError 22023 for a bad password, key or TTL; 53300 when too many passwords wait */
export async function makeSecret(
  services: Services,
  secret: Secret | undefined,
): Promise<MadeSecret> {
  switch (secret?.kind) {
    case undefined:
    case 'DropRestToken':
      return { material: {} }
    case 'Password':
      return { material: { passwordHash: await services.hashPassword(secret.text) } }
    case 'Jwk':
      return makeJwk(secret)
    case 'RestToken':
      return makeRestToken(services, secret)
    default:
      return unreachable(secret)
  }
}

/** A private key that the client made stays with it (S8). */
function makeJwk({ publicKey }: Extract<Secret, { kind: 'Jwk' }>): MadeSecret {
  if (publicKey !== undefined) {
    checkPublicKey(publicKey)
    const { x, y } = publicKey
    return { material: { jwk: { x, y } }, row: [x, y, null] }
  }
  const { x, y, d } = generateJwk()
  return { material: { jwk: { x, y } }, row: [x, y, d] }
}

function makeRestToken(
  services: Services,
  { ttl, refresh }: Extract<Secret, { kind: 'RestToken' }>,
): MadeSecret {
  const ttlSeconds = parseTimeToLive(ttl.value, ttl.span.start)
  const { token, hash } = generateRestToken()
  const expiresAtMicros = services.nowMicros() + BigInt(ttlSeconds) * 1_000_000n
  return {
    material: { restToken: { hash, expiresAtMicros, ttlSeconds, refresh } },
    row: [token, expiresAtMicros, refresh],
  }
}
