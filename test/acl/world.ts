/**
 * A server without a server, for tests of the access rules: statements in SQL, run against a model. Of
 * statements about tables only what they change in the model happens, and nobody is asked for permissions
 * on them (the binder lists those); everything else goes the way it goes in a session.
 */
import { actorOf } from './actors.ts'
import type { Notice } from '../../errors/notice.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { apply } from '../../acl/apply.ts'
import { authorizeChange } from '../../acl/authorize.ts'
import { changeOf } from '../../acl/change-of.ts'
import type { Actor } from '../../acl/actor.ts'
import type { Change } from '../../acl/change.ts'
import { decide } from '../../acl/decide.ts'
import { accessDenied } from '../../acl/denial.ts'
import { emptyModel, principalNamed, type AccessModel } from '../../acl/model.ts'
import { foldName, relationName, type RelationName } from '../../acl/names.ts'
import { permission } from '../../acl/permission-registry.ts'
import type { Requirement } from '../../acl/requirement.ts'
import { show } from '../../acl/show.ts'
import type { SqlValue } from '../../store/sql-type.ts'
import { schemaChange } from './schema-change.ts'
import { principalId } from './brands.ts'
import { accessStatement, isSchemaStatement, onlyStatement, showStatement } from './statements.ts'

export class World {
  model: AccessModel = emptyModel({ adminName: 'admin', adminEnabled: true, nameLengthMax: 255 })
  notices: readonly Notice[] = []
  nowMicros = 1_000_000n
  #numbers = 0
  readonly #assumed = new Map<string, string>()

  /** A world after statements of the admin. */
  static after(...statements: readonly string[]): World {
    const world = new World()
    for (const statement of statements) world.run(statement)
    return world
  }

  /** Runs one statement; `who: statement` runs it as somebody other than the admin. */
  run(line: string): void {
    const { as, sql } = splitLine(line)
    this.applyAs(as, this.#changeOf(sql))
  }

  applyAs(as: string, change: Change): void {
    const actor = this.actor(as)
    if (isAccessChange(change)) authorizeChange(this.model, actor, change)
    const applied = apply(this.model, change, { actor })
    this.model = applied.model
    this.notices = applied.notices
  }

  /** What a statement fails with, as `SQLSTATE message`; nothing of it may have happened. */
  failure(line: string): string {
    const before = this.model
    const text = failureOf(() => this.run(line))
    if (this.model !== before) throw new Error('a statement that failed has changed the model')
    return text
  }

  show(line: string): readonly (readonly SqlValue[])[] {
    const { as, sql } = splitLine(line)
    return show(this.model, this.actor(as), showStatement(sql), this.nowMicros).rows
  }

  /** SHOW PERMISSIONS of somebody, a row a text: `SELECT on t(a) WITH GRANT OPTION`, `SELECT on t(ts) implicitly`. */
  permissions(of: string): readonly string[] {
    return this.show(`SHOW PERMISSIONS "${of}"`).map(rowText)
  }

  /** Whether somebody holds a permission, on `t`, `t(a, b)`, or the database. */
  may(who: string, name: string, on?: string): boolean {
    return decide(this.model, this.actor(who), [requirementOf(name, on)]).kind === 'Allowed'
  }

  /** The refusal of requirements, as `message` and hint. */
  denial(who: string, requirements: readonly Requirement[]): SqlError {
    const actor = this.actor(who)
    const decision = decide(this.model, actor, requirements)
    if (decision.kind === 'Allowed') throw new Error('it is allowed')
    return accessDenied(actor.effective.name, decision.missing)
  }

  /** From now on `who` acts under the list of a service account. */
  assume(who: string, account: string): void {
    this.#assumed.set(who, account)
  }

  actor(who: string): Actor {
    return actorOf(this.model, who, this.#assumed.get(who))
  }

  #changeOf(sql: string): Change {
    const statement = onlyStatement(sql)
    this.#numbers += 1
    if (isSchemaStatement(statement)) return schemaChange(this.model, statement, this.#numbers)
    return changeOf(accessStatement(sql), {
      id: principalId(this.#numbers),
      passwordHash: 'hash',
      jwk: { x: 'x', y: 'y' },
      restToken: { hash: 'token', expiresAtMicros: 2_000_000n, ttlSeconds: 1, refresh: false },
      tokenHash: 'token',
      nowMicros: this.nowMicros,
    })
  }
}

/** What a function fails with, as `SQLSTATE message`. */
export function failureOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof SqlError) return `${error.sqlState} ${error.message}`
    throw error
  }
  return 'no failure'
}

function splitLine(line: string): { readonly as: string; readonly sql: string } {
  const match = /^(\w+): (.*)$/s.exec(line)
  return { as: match?.[1] ?? 'admin', sql: match?.[2] ?? line }
}

type AccessChange = Parameters<typeof authorizeChange>[2]

function isAccessChange(change: Change): change is AccessChange {
  return (
    change.kind.endsWith('Principal') ||
    change.kind.startsWith('Grant') ||
    change.kind.startsWith('Revoke') ||
    change.kind === 'ChangeMembership'
  )
}

function rowText([name, table, column, option, origin]: readonly SqlValue[]): string {
  const on = typeof table === 'string' ? ` on ${table}` : ''
  const of = typeof column === 'string' ? `(${column})` : ''
  const withOption = option === true ? ' WITH GRANT OPTION' : ''
  return `${asText(name)}${on}${of}${withOption}${origin === 'I' ? ' implicitly' : ''}`
}

/** A text or a truth value as text. */
export function asText(value: SqlValue | undefined): string {
  if (typeof value === 'string' || typeof value === 'boolean') return `${value}`
  throw new Error('a text or a boolean')
}

/** `t`, `t(a, b)`, or nothing for the database. */
export function requirementOf(name: string, on?: string): Requirement {
  if (on === undefined) return { kind: 'Database', permission: permission(name) }
  const [, table = on, columns] = /^(.*?)\((.*)\)$/.exec(on) ?? []
  if (columns === undefined) {
    return { kind: 'Relation', permission: permission(name), relation: tableNamed(table) }
  }
  return columnsOf(name, table, columns.split(', '))
}

/** A requirement on columns; `*a` is a column that only a star reached. */
export function columnsOf(
  name: string,
  table: string,
  columns: readonly string[],
): Extract<Requirement, { readonly kind: 'Columns' }> {
  return {
    kind: 'Columns',
    permission: permission(name),
    relation: tableNamed(table),
    columns: columns.map((text, place) => ({
      key: foldName(text.replace('*', '')),
      name: text.replace('*', ''),
      attnum: place + 1,
      throughStar: text.startsWith('*'),
    })),
  }
}

export function tableNamed(text: string): RelationName {
  const [name = '', schema] = text.split('.').toReversed()
  return relationName(schema === undefined ? { name } : { schema, name })
}

/** The id of somebody in a world. */
export function idOf(world: World, name: string): ReturnType<typeof principalId> {
  const principal = principalNamed(world.model, foldName(name))
  if (principal === undefined) throw new Error(`${name} does not exist`)
  return principal.id
}
