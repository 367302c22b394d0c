import { beforeAll, describe, expect, test } from '@jest/globals'
import { changeOf, secretOf } from '../../acl/change-of.ts'
import { loadParser } from '../../parser/parse.ts'
import type { AccessStatement } from '../../parser/statement.ts'
import { principalId } from './brands.ts'
import { failureOf } from './world.ts'
import { accessStatement } from './statements.ts'

beforeAll(loadParser)

const restToken = { hash: 'h', expiresAtMicros: 1n, ttlSeconds: 1, refresh: true }

describe('what has to be made before a statement can be applied', () => {
  test.each([
    ["CREATE USER u WITH PASSWORD 'Pw'", { kind: 'Password', text: 'Pw', offset: 28 }],
    ['CREATE SERVICE ACCOUNT s WITH PASSWORD Pw', { kind: 'Password', text: 'Pw', offset: 39 }],
    ["ALTER USER u WITH PASSWORD 'Pw'", { kind: 'Password', text: 'Pw', offset: 27 }],
    ['ALTER USER u CREATE TOKEN TYPE JWK', { kind: 'Jwk' }],
    [
      "ALTER USER u CREATE TOKEN TYPE JWK WITH PUBLIC KEY x 'xx' y 'yy'",
      { kind: 'Jwk', publicKey: { x: 'xx', y: 'yy', offset: 53 } },
    ],
    [
      "ALTER USER u CREATE TOKEN TYPE REST WITH TTL '1d' REFRESH",
      { kind: 'RestToken', ttl: { value: '1d' }, refresh: true },
    ],
    ["ALTER USER u DROP TOKEN TYPE REST 'qt1'", { kind: 'DropRestToken', token: 'qt1' }],
  ])('%s', (sql, secret) => {
    expect(secretOf(accessStatement(sql))).toMatchObject(secret)
  })

  test.each([
    'CREATE USER u',
    'CREATE USER u WITH NO PASSWORD',
    'CREATE GROUP g',
    "ALTER GROUP g WITH EXTERNAL ALIAS 'x'",
    'ALTER USER u ENABLE',
    'ALTER USER u DISABLE',
    'ALTER USER u WITH NO PASSWORD',
    'ALTER USER u DROP TOKEN TYPE JWK',
    'ALTER USER u DROP TOKEN TYPE REST',
    'DROP USER u',
    'DROP GROUP g',
    'DROP SERVICE ACCOUNT s',
    'ADD USER u TO g',
    'REMOVE USER u FROM g',
    'GRANT PGWIRE TO u',
    'REVOKE PGWIRE FROM u',
    'GRANT ASSUME SERVICE ACCOUNT s TO u',
    'REVOKE ASSUME SERVICE ACCOUNT s FROM u',
  ])('nothing for %s', (sql) => {
    expect(secretOf(accessStatement(sql))).toBeUndefined()
  })
})

describe('the change of a statement', () => {
  test('has names as keys, and where they stand', () => {
    expect(
      changeOf(accessStatement('GRANT SELECT, ALL ON "S".T(A) TO Bob WITH GRANT OPTION'), {}),
    ).toEqual({
      kind: 'Grant',
      permissions: [
        { kind: 'One', permission: 'SELECT', offset: 6 },
        { kind: 'All', offset: 14 },
      ],
      scope: {
        kind: 'Targets',
        targets: [
          {
            relation: { key: 's.t', schema: 'S', name: 'T' },
            columns: { kind: 'List', columns: [{ key: 'a', name: 'A', offset: 27 }] },
            offset: 25,
          },
        ],
      },
      grantee: { key: 'bob', name: 'Bob', offset: 33 },
      grantOption: true,
      verification: false,
    })
  })

  test.each([
    ["ALTER USER u WITH PASSWORD 'x'", { passwordHash: 'h' }, { kind: 'SetPassword', hash: 'h' }],
    ['ALTER USER u WITH NO PASSWORD', {}, { kind: 'RemovePassword' }],
    [
      'ALTER USER u CREATE TOKEN TYPE JWK',
      { jwk: { x: 'x', y: 'y' } },
      { kind: 'SetJwk', x: 'x', y: 'y' },
    ],
    [
      "ALTER USER u CREATE TOKEN TYPE REST WITH TTL '1d'",
      { restToken },
      { kind: 'AddRestToken', token: restToken },
    ],
    [
      "ALTER USER u DROP TOKEN TYPE REST 'x'",
      { tokenHash: 'h', nowMicros: 0n },
      { kind: 'DropRestToken', hash: 'h', nowMicros: 0n },
    ],
    [
      'ALTER USER u DROP TOKEN TYPE REST',
      { nowMicros: 7n },
      { kind: 'DropRestToken', nowMicros: 7n },
    ],
  ])('%s holds what was made, not the secret', (sql, given, action) => {
    expect(changeOf(accessStatement(sql), given)).toMatchObject({ action })
  })

  test.each([
    ['CREATE USER u', {}],
    ["CREATE USER u WITH PASSWORD 'x'", { id: principalId(1) }],
    ['ALTER USER u CREATE TOKEN TYPE JWK', {}],
    ["ALTER USER u CREATE TOKEN TYPE REST WITH TTL '1d'", {}],
    ['ALTER USER u DROP TOKEN TYPE REST', {}],
    ["ALTER USER u DROP TOKEN TYPE REST 'x'", { nowMicros: 0n }],
  ])('%s cannot be had without what has to be made', (sql, given) => {
    expect(() => changeOf(accessStatement(sql), given)).toThrow('invariant violated')
  })

  test('refuses a permission that the registry does not have', () => {
    const grant: AccessStatement = {
      kind: 'Grant',
      permissions: [{ text: 'NOSUCH', span: { start: 6, end: 12 } }],
      targets: { kind: 'Database' },
      grantee: { text: 'u', span: { start: 16, end: 17 } },
      grantOption: false,
      verification: false,
    }
    expect(failureOf(() => changeOf(grant, {}))).toBe('42601 unknown permission "NOSUCH"')
  })
})
