/**
 * Random changes of access and schema as effects, each list valid for what came before it: what is deleted is
 * there, names are unique, memberships and links refer to principals that exist.
 */
import * as fc from 'fast-check'
import type { Effect, Entry, Principal, RestToken } from '../../acl/effect.ts'
import type { Oid, PrincipalId, RelationKey } from '../../acl/names.ts'
import { foldName, relationKey, relationName } from '../../acl/names.ts'
import { permissionNamed } from '../../acl/permission-registry.ts'
import type { Relation } from '../../acl/schema.ts'
import { oid as toOid, principalId } from '../../catalog/counters.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type { BoundQuery } from '../../store/bound.ts'

const name = fc.oneof(
  fc.constantFrom('alice', 'Bob', 'o"hara', "it's", 'Ünïcode 日本', 'a.b'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
)
const id = fc.integer({ min: 1, max: 6 }).map(principalId)
const oid = fc.integer({ min: 16_384, max: 16_388 }).map(toOid)
const permission = fc.constantFrom(
  ...['SELECT', 'INSERT', 'CREATE USER'].flatMap((text) => permissionNamed(text) ?? []),
)

const restToken: fc.Arbitrary<RestToken> = fc.record({
  hash: fc.uuid(),
  expiresAtMicros: fc.bigInt({ min: 0n, max: 2n ** 62n }),
  ttlSeconds: fc.integer({ min: 60, max: 315_360_000 }),
  refresh: fc.boolean(),
})

const principal: fc.Arbitrary<Principal> = fc
  .record(
    {
      id,
      kind: fc.constantFrom('User', 'Group', 'ServiceAccount'),
      name,
      enabled: fc.boolean(),
      jwk: fc.record({ x: fc.base64String(), y: fc.base64String() }),
      restTokens: fc.array(restToken, { maxLength: 3 }),
      externalAliases: fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 2 }),
    },
    { requiredKeys: ['id', 'kind', 'name', 'enabled', 'restTokens', 'externalAliases'] },
  )
  .map((made) => ({ ...made, key: foldName(made.name), hasPassword: false }))

const relation = fc.record({ schema: fc.constantFrom('public', 's.t'), name }).map(relationName)

const scope: fc.Arbitrary<Entry['scope']> = fc.oneof(
  fc.constant({ kind: 'Database' as const }),
  fc.record({ kind: fc.constant('Table' as const), relation }),
  fc.record({
    kind: fc.constant('Column' as const),
    relation,
    column: name.map((words) => ({ key: foldName(words), name: words })),
  }),
)

const entry: fc.Arbitrary<Entry> = fc
  .record({ granteeName: name, permission, scope, grantOption: fc.boolean() })
  .map((made) => ({ ...made, grantee: foldName(made.granteeName) }))

/** A query with one of each value that plain JSON would lose. */
const definition: BoundQuery = {
  kind: 'Query',
  with: [],
  recursive: false,
  body: {
    kind: 'Values',
    rows: [
      [2n ** 63n, Infinity, -Infinity, -0, new Uint8Array([0, 255]), null, 'x', ['a', [1n]]].map(
        (value) => ({ kind: 'Constant', value }),
      ),
    ],
  },
  orderBy: [],
  columns: [{ name: '$' }],
}

const relationDocument: fc.Arbitrary<Relation> = fc
  .record({ oid, words: relation, isView: fc.boolean(), columns: fc.uniqueArray(name) })
  .map(({ oid: number, words, isView, columns }) => {
    const base = {
      oid: number,
      key: relationKey(words),
      schema: words.schema,
      name: words.name,
      columns: columns.map((column, index) => ({
        attnum: index + 1,
        name: column,
        key: foldName(column),
        type: { kind: 'Scalar', name: 'numeric', precision: 10, scale: 2 } as const,
        declaredType: 'numeric(10,2)',
        notNull: index === 0,
        hasDefault: false,
      })),
    }
    if (isView) return { ...base, kind: 'View', text: 'SELECT 1', definition }
    return {
      ...base,
      kind: 'Table',
      wal: true,
      dedupKeys: [],
      constraints: [{ kind: 'PrimaryKey', name: 'pk', attnums: [1] }],
      nextAttnum: columns.length + 1,
    }
  })

const effect: fc.Arbitrary<Effect> = fc.oneof(
  principal.map((made) => ({ kind: 'PutPrincipal' as const, principal: made })),
  fc.record({ kind: fc.constant('DeletePrincipal' as const), id }),
  fc.record(
    { kind: fc.constant('SetPasswordHash' as const), id, hash: fc.string({ minLength: 1 }) },
    { requiredKeys: ['kind', 'id'] },
  ),
  fc.record({
    kind: fc.constantFrom('PutMembership' as const, 'DeleteMembership' as const),
    user: id,
    group: id,
  }),
  entry.map((made) => ({ kind: 'PutEntry' as const, entry: made })),
  fc
    .record({ kind: fc.constant('DeleteEntry' as const), words: name, permission, scope })
    .map(({ words, ...made }) => ({ ...made, grantee: foldName(words) })),
  fc
    .record({
      kind: fc.constant('PutLink' as const),
      granteeName: name,
      account: id,
      grantOption: fc.boolean(),
    })
    .map((made) => ({ ...made, grantee: foldName(made.granteeName) })),
  fc
    .record({ kind: fc.constant('DeleteLink' as const), words: name, account: id })
    .map(({ words, ...made }) => ({ ...made, grantee: foldName(words) })),
  relationDocument.map((made) => ({ kind: 'PutRelation' as const, relation: made })),
  fc
    .record({ kind: fc.constant('DeleteRelation' as const), words: relation, oid })
    .map(({ words, ...made }) => ({ ...made, key: words.key })),
)

/** Keeps what the effects so far have left, and says whether another fits. */
class Facts {
  readonly #principals = new Map<PrincipalId, Principal>()
  readonly #passwords = new Set<PrincipalId>()
  readonly #others = new Set<string>()
  readonly #relations = new Map<Oid, RelationKey>()

  /** The effect, true to the facts, or nothing if it does not fit. */
  take(next: Effect): readonly Effect[] {
    if (next.kind !== 'PutPrincipal') return this.#fits(next) ? [next] : []
    const hasPassword = this.#passwords.has(next.principal.id)
    const principal = { ...next.principal, hasPassword }
    return this.#putPrincipal(principal) ? [{ ...next, principal }] : []
  }

  #fits(next: Exclude<Effect, { readonly kind: 'PutPrincipal' }>): boolean {
    switch (next.kind) {
      case 'DeletePrincipal':
        if (this.#isReferredTo(next.id)) return false
        this.#passwords.delete(next.id)
        return this.#principals.delete(next.id)
      case 'SetPasswordHash':
        return this.#setPassword(next)
      case 'PutMembership':
        if (!this.#principals.has(next.user) || !this.#principals.has(next.group)) return false
        return this.#note(membershipText(next))
      case 'DeleteMembership':
        return this.#others.delete(membershipText(next))
      case 'PutEntry':
        return this.#note(entryText(next.entry))
      case 'DeleteEntry':
        return this.#others.delete(entryText(next))
      case 'PutLink':
        return this.#principals.has(next.account) && this.#note(linkText(next))
      case 'DeleteLink':
        return this.#others.delete(linkText(next))
      case 'PutRelation':
        return this.#putRelation(next.relation)
      case 'DeleteRelation':
        return this.#relations.get(next.oid) === next.key && this.#relations.delete(next.oid)
      default:
        return unreachable(next)
    }
  }

  #note(text: string): true {
    this.#others.add(text)
    return true
  }

  #setPassword(next: { readonly id: PrincipalId; readonly hash?: string }): boolean {
    if (next.hash === undefined) this.#passwords.delete(next.id)
    else if (this.#principals.has(next.id)) this.#passwords.add(next.id)
    return this.#principals.has(next.id)
  }

  /** A relation changes its name after a DeleteRelation only. */
  #putRelation(made: Relation): boolean {
    const before = this.#relations.get(made.oid)
    if (before !== undefined && before !== made.key) return false
    const isTaken = [...this.#relations].some(
      ([number, key]) => key === made.key && number !== made.oid,
    )
    if (!isTaken) this.#relations.set(made.oid, made.key)
    return !isTaken
  }

  /** Principals are not renamed and do not change their kind. */
  #putPrincipal(made: Principal): boolean {
    const others = [...this.#principals.values()].filter((other) => other.id !== made.id)
    if (others.some((other) => other.key === made.key)) return false
    const aliases = new Set(others.flatMap((other) => other.externalAliases))
    if (made.externalAliases.some((alias) => aliases.has(alias))) return false
    const before = this.#principals.get(made.id)
    if (before !== undefined && (before.key !== made.key || before.kind !== made.kind)) return false
    this.#principals.set(made.id, made)
    return true
  }

  #isReferredTo(number: PrincipalId): boolean {
    return [...this.#others].some((text) => text.includes(`#${number}#`))
  }
}

function membershipText(made: { readonly user: PrincipalId; readonly group: PrincipalId }): string {
  return `membership #${made.user}# #${made.group}#`
}

function linkText(made: { readonly grantee: string; readonly account: PrincipalId }): string {
  return `link #${made.account}# ${made.grantee}`
}

function entryText(made: Pick<Entry, 'grantee' | 'permission' | 'scope'>): string {
  const place =
    made.scope.kind === 'Database'
      ? []
      : [made.scope.relation.key, made.scope.kind === 'Column' ? made.scope.column.key : null]
  return JSON.stringify(['entry', made.grantee, made.permission, place])
}

/** Lists of effects, one a commit. */
export const commits: fc.Arbitrary<readonly (readonly Effect[])[]> = fc
  .array(fc.array(effect, { maxLength: 12 }), { maxLength: 6 })
  .map((lists) => {
    const facts = new Facts()
    return lists.map((list) => list.flatMap((next) => facts.take(next)))
  })
