/** Keys that QuestDB has and grantd refuses, each with its reason (questdb-rbac.md, section 14). */

interface RefusedKeys {
  readonly pattern: RegExp
  readonly reason: string
}

const withoutAccessControl =
  'belongs to servers without access control: use CREATE USER and GRANT, and acl.admin.* for the built-in admin'

const refusedKeys: readonly RefusedKeys[] = [
  { pattern: /^(pg|http)\.(user|password)$/, reason: withoutAccessControl },
  { pattern: /^pg\.readonly(\.|$)/, reason: withoutAccessControl },
  { pattern: /(^|\.)security\.readonly$/, reason: withoutAccessControl },
  {
    pattern: /^line\.tcp\.auth\.db\.path$/,
    reason: 'is not read: line.tcp checks the keys of CREATE TOKEN TYPE JWK',
  },
  {
    pattern: /^acl\.oidc\.(?!enabled$)/,
    reason: 'is for OpenID Connect, which is not part of this version',
  },
]

/** Why a key is refused, if it is one of those. */
export function refusalOf(key: string): string | undefined {
  return refusedKeys.find(({ pattern }) => pattern.test(key))?.reason
}
