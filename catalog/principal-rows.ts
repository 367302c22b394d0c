import type { Database, Statement } from 'better-sqlite3'
import type { Principal, PrincipalKind, RestToken } from '../acl/effect.ts'
import type { FoldedName, PrincipalId } from '../acl/names.ts'
import { invariant } from '../errors/invariant.ts'

interface PrincipalRow {
  readonly id: PrincipalId
  readonly kind: PrincipalKind
  readonly name: string
  readonly key: FoldedName
  readonly enabled: number
  readonly has_password: number
}

interface TokenRow {
  readonly hash: string
  readonly expires_at_micros: bigint
  readonly ttl_seconds: bigint
  readonly refresh: bigint
}

interface Jwk {
  readonly x: string
  readonly y: string
}

/** Principals with their secrets: tables of migration 1. */
export class PrincipalRows {
  readonly #select: Statement<[], PrincipalRow>
  readonly #put: Statement<[PrincipalId, PrincipalKind, string, FoldedName, number]>
  readonly #delete: Statement<[PrincipalId]>
  readonly #jwks: OwnedRows<Jwk>
  readonly #tokens: OwnedRows<RestToken>
  readonly #aliases: OwnedRows<string>
  readonly #selectHash: Statement<[PrincipalId], { hash: string }>
  readonly #putHash: Statement<[PrincipalId, string]>
  readonly #deleteHash: Statement<[PrincipalId]>

  constructor(database: Database) {
    this.#select = database.prepare(
      `SELECT id, kind, name, key, enabled,
              EXISTS (SELECT 1 FROM password_hashes WHERE principal = id) AS has_password
         FROM principals ORDER BY id`,
    )
    // An upsert, not REPLACE: that would delete the row first, and its secrets with it.
    this.#put = database.prepare(
      `INSERT INTO principals (id, kind, name, key, enabled) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET
         kind = excluded.kind, name = excluded.name, key = excluded.key, enabled = excluded.enabled`,
    )
    this.#delete = database.prepare('DELETE FROM principals WHERE id = ?')
    this.#jwks = jwkRows(database)
    this.#tokens = tokenRows(database)
    this.#aliases = aliasRows(database)
    this.#selectHash = database.prepare('SELECT hash FROM password_hashes WHERE principal = ?')
    this.#putHash = database.prepare(
      `INSERT INTO password_hashes (principal, hash) VALUES (?, ?)
       ON CONFLICT (principal) DO UPDATE SET hash = excluded.hash`,
    )
    this.#deleteHash = database.prepare('DELETE FROM password_hashes WHERE principal = ?')
  }

  *load(): IterableIterator<Principal> {
    for (const row of this.#select.iterate()) {
      const jwk = this.#jwks.read(row.id)[0]
      yield {
        id: row.id,
        kind: row.kind,
        name: row.name,
        key: row.key,
        enabled: row.enabled === 1,
        hasPassword: row.has_password === 1,
        ...(jwk === undefined ? {} : { jwk }),
        restTokens: this.#tokens.read(row.id),
        externalAliases: this.#aliases.read(row.id),
      }
    }
  }

  put(principal: Principal): void {
    const { id, kind, name, key, enabled, jwk } = principal
    this.#put.run(id, kind, name, key, enabled ? 1 : 0)
    this.#jwks.replace(id, jwk === undefined ? [] : [jwk])
    this.#tokens.replace(id, principal.restTokens)
    this.#aliases.replace(id, principal.externalAliases)
  }

  delete(id: PrincipalId): void {
    const { changes } = this.#delete.run(id)
    invariant(changes === 1, 'a principal that is deleted was there')
  }

  passwordHash(id: PrincipalId): string | undefined {
    return this.#selectHash.get(id)?.hash
  }

  setPasswordHash(id: PrincipalId, hash: string | undefined): void {
    if (hash === undefined) this.#deleteHash.run(id)
    else this.#putHash.run(id, hash)
  }
}

/** The rows that one principal has in a table, in their order. */
interface OwnedRows<Row> {
  read(id: PrincipalId): readonly Row[]
  replace(id: PrincipalId, rows: readonly Row[]): void
}

function jwkRows(database: Database): OwnedRows<Jwk> {
  const select = database.prepare<[PrincipalId], Jwk>('SELECT x, y FROM jwks WHERE principal = ?')
  const remove = database.prepare<[PrincipalId]>('DELETE FROM jwks WHERE principal = ?')
  const insert = database.prepare<[PrincipalId, string, string]>(
    'INSERT INTO jwks (principal, x, y) VALUES (?, ?, ?)',
  )
  return {
    read: (id) => select.all(id),
    replace: (id, rows) => {
      remove.run(id)
      for (const { x, y } of rows) insert.run(id, x, y)
    },
  }
}

function tokenRows(database: Database): OwnedRows<RestToken> {
  const select = database
    .prepare<[PrincipalId], TokenRow>(
      'SELECT hash, expires_at_micros, ttl_seconds, refresh FROM rest_tokens WHERE principal = ? ORDER BY position',
    )
    .safeIntegers()
  const remove = database.prepare<[PrincipalId]>('DELETE FROM rest_tokens WHERE principal = ?')
  const insert = database.prepare<[PrincipalId, number, string, bigint, number, number]>(
    `INSERT INTO rest_tokens (principal, position, hash, expires_at_micros, ttl_seconds, refresh)
     VALUES (?, ?, ?, ?, ?, ?)`,
  )
  return {
    read: (id) => select.all(id).map(tokenOfRow),
    replace: (id, rows) => {
      remove.run(id)
      for (const [position, token] of rows.entries()) {
        const { hash, expiresAtMicros, ttlSeconds, refresh } = token
        insert.run(id, position, hash, expiresAtMicros, ttlSeconds, refresh ? 1 : 0)
      }
    },
  }
}

function tokenOfRow(row: TokenRow): RestToken {
  return {
    hash: row.hash,
    expiresAtMicros: row.expires_at_micros,
    ttlSeconds: Number(row.ttl_seconds),
    refresh: row.refresh === 1n,
  }
}

function aliasRows(database: Database): OwnedRows<string> {
  const select = database.prepare<[PrincipalId], { alias: string }>(
    'SELECT alias FROM group_aliases WHERE principal = ? ORDER BY position',
  )
  const remove = database.prepare<[PrincipalId]>('DELETE FROM group_aliases WHERE principal = ?')
  const insert = database.prepare<[PrincipalId, number, string]>(
    'INSERT INTO group_aliases (principal, position, alias) VALUES (?, ?, ?)',
  )
  return {
    read: (id) => select.all(id).map(({ alias }) => alias),
    replace: (id, rows) => {
      remove.run(id)
      for (const [position, alias] of rows.entries()) insert.run(id, position, alias)
    },
  }
}
