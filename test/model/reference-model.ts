/**
 * The access rules in the fewest, slowest, most obvious lines: a list of facts, and questions that look
 * at every one of them. Written from questdb-rbac.md; shares no code with acl/, only the registry's data.
 */
import registry from '../../acl/data/permissions.json' with { type: 'json' }
import { unreachable } from '../../errors/unreachable.ts'
import type { Command, GrantCommand, RevokeCommand, Target } from './command.ts'

interface Scope {
  readonly table?: string
  readonly column?: string
}

interface Fact extends Scope {
  readonly grantee: string
  readonly permission: string
  readonly option: boolean
}

interface Relation {
  readonly name: string
  readonly kind: 'table' | 'view'
  readonly columns: readonly string[]
  readonly timestamp?: string
}

/** Thrown with an SQLSTATE. */
export class Refused extends Error {}

const rows: readonly Registered[] = registry
const storable = rows.filter(({ name, levels }) => name !== 'ALL' && levels.length > 0)
interface Registered {
  readonly name: string
  readonly levels: readonly string[]
  readonly appliesTo: readonly string[]
}

const registered = (permission: string): Registered => {
  const found = storable.find(({ name }) => name === permission)
  if (found === undefined) throw new Error(permission)
  return found
}
const has = (permission: string, level: string): boolean =>
  registered(permission).levels.includes(level)
const meant = (permission: string, kind: string): boolean =>
  registered(permission).appliesTo.includes(kind)
const named = (level: string): readonly string[] =>
  storable.filter(({ levels }) => levels.includes(level)).map(({ name }) => name)

const sameScope = (a: Scope, b: Scope): boolean => a.table === b.table && a.column === b.column
const covers = (wide: Scope, narrow: Scope): boolean =>
  wide.table === undefined ||
  (wide.table === narrow.table && (wide.column === undefined || wide.column === narrow.column))

export class ReferenceModel {
  principals: readonly { readonly name: string; readonly word: string }[] = []
  members: readonly { readonly user: string; readonly group: string }[] = []
  facts: readonly Fact[] = []
  relations: readonly Relation[] = []

  // ---- questions -------------------------------------------------------------------------------

  relation(name: string): Relation | undefined {
    return this.relations.find((relation) => relation.name === name)
  }

  /** G5. */
  effective(who: string): readonly Fact[] {
    const groups = this.members.filter(({ user }) => user === who).map(({ group }) => group)
    return this.facts.filter(({ grantee }) => grantee === who || groups.includes(grantee))
  }

  /** G7, G50. */
  isInForce(scope: Scope): boolean {
    if (scope.table === undefined) return true
    const relation = this.relation(scope.table)
    if (relation === undefined) return false
    if (scope.column === undefined) return true
    return relation.kind === 'table' && relation.columns.includes(scope.column)
  }

  /** G6, L8, G37. */
  holds(who: string, permission: string, scope: Scope): boolean {
    const mine = this.effective(who)
    if (mine.some((fact) => fact.permission === 'DATABASE ADMIN')) return true
    const isCovered = mine.some(
      (fact) =>
        fact.permission === permission &&
        covers(fact, scope) &&
        (fact.column === undefined || this.isInForce(fact)),
    )
    return isCovered || this.isImplicit(who, permission, scope)
  }

  /** G37, G38. */
  isImplicit(who: string, permission: string, scope: Scope): boolean {
    const timestamp = this.relation(scope.table ?? '')?.timestamp
    if (timestamp === undefined || scope.column !== timestamp) return false
    if (permission !== 'SELECT' && permission !== 'UPDATE') return false
    const mine = this.effective(who).filter((fact) => fact.permission === permission)
    return (
      !mine.some((fact) => covers(fact, scope)) &&
      mine.some((fact) => fact.table === scope.table && this.isInForce(fact))
    )
  }

  /** G29, L8, D19. */
  mayPass(who: string, permission: string, scope: Scope): boolean {
    if (who === 'admin') return true
    return this.effective(who).some(
      (fact) =>
        (fact.permission === permission && fact.option && covers(fact, scope)) ||
        (fact.permission === 'DATABASE ADMIN' && permission !== 'DATABASE ADMIN'),
    )
  }

  /** W6: `permission table column option origin`. */
  rows(who: string): readonly string[] {
    const mine = this.effective(who).filter((fact) => this.isInForce(fact))
    const strongest = (fact: Fact): boolean =>
      mine.some(
        (other) => other.permission === fact.permission && sameScope(other, fact) && other.option,
      )
    const isRedundant = (fact: Fact): boolean =>
      mine.some(
        (other) =>
          other.permission === fact.permission &&
          covers(other, fact) &&
          !sameScope(other, fact) &&
          (strongest(other) || !strongest(fact)),
      )
    const explicit = mine
      .filter((fact) => !isRedundant(fact))
      .map((fact) => rowOf(fact.permission, fact, strongest(fact), 'G'))
    const implicit = this.relations.flatMap(({ name, columns }) =>
      ['SELECT', 'UPDATE'].flatMap((permission) =>
        columns
          .map((column) => ({ table: name, column }))
          .filter((scope) => this.isImplicit(who, permission, scope))
          .map((scope) => rowOf(permission, scope, false, 'I')),
      ),
    )
    return [...new Set([...explicit, ...implicit])].toSorted()
  }

  /** G60. */
  sees(who: string, { name, columns, kind }: Relation): boolean {
    return named('table').some(
      (permission) =>
        this.holds(who, permission, { table: name }) ||
        (kind === 'table' &&
          columns.some((column) => this.holds(who, permission, { table: name, column }))),
    )
  }

  // ---- changes ---------------------------------------------------------------------------------

  /** @throws Refused and leaves everything as it was */
  do(command: Command): void {
    const { principals, members, facts, relations } = this
    try {
      this.#do(command)
    } catch (error) {
      Object.assign(this, { principals, members, facts, relations })
      throw error
    }
  }

  #do(command: Command): void {
    switch (command.kind) {
      case 'Grant':
        return this.#grant(command)
      case 'Revoke':
        return this.#revoke(command)
      case 'CreatePrincipal': {
        const { name, word } = command
        if (this.principals.some((one) => one.name === name)) throw new Refused('42710')
        this.principals = [...this.principals, { name, word }]
        return undefined
      }
      case 'DropPrincipal': {
        this.#require(command.name, command.word)
        const { name } = command
        this.principals = this.principals.filter((one) => one.name !== name)
        this.members = this.members.filter(({ user, group }) => user !== name && group !== name)
        this.facts = this.facts.filter(({ grantee }) => grantee !== name)
        return undefined
      }
      case 'Join':
      case 'Leave': {
        const { user, group } = command
        this.#require(user, 'USER')
        this.#require(group, 'GROUP')
        const others = this.members.filter((one) => one.user !== user || one.group !== group)
        this.members = command.kind === 'Join' ? [...others, { user, group }] : others
        return undefined
      }
      case 'CreateTable': {
        const { table: name, columns } = command
        const timestamp = command.hasTimestamp ? columns[0] : undefined
        const relation: Relation = { name, kind: 'table', columns }
        this.#create(timestamp === undefined ? relation : { ...relation, timestamp })
        this.#own(command.as, named('table'), { table: name })
        return undefined
      }
      case 'CreateView':
        this.#create({ name: command.table, kind: 'view', columns: ['a'] })
        this.#own(command.as, named('table'), { table: command.table })
        return undefined
      case 'Drop': {
        const relation = this.#existing(command.table)
        if (relation.kind !== command.word.toLowerCase()) throw new Refused('42809')
        this.relations = this.relations.filter((one) => one !== relation)
        if (command.cascade) this.facts = this.facts.filter((f) => f.table !== command.table)
        return undefined
      }
      case 'RenameTable': {
        const table = this.#table(command.table)
        this.#create({ ...table, name: command.to })
        this.relations = this.relations.filter((one) => one !== table)
        return undefined
      }
      case 'AddColumn': {
        const { table, column, as } = command
        const old = this.#table(table)
        if (old.columns.includes(column)) throw new Refused('42701')
        this.#replace(old, { ...old, columns: [...old.columns, column] })
        this.#own(as, named('column'), { table, column })
        return undefined
      }
      case 'DropColumn': {
        const { table, column, cascade } = command
        const { timestamp, ...old } = this.#table(table)
        const columns = old.columns.filter((one) => one !== column)
        const keeps = timestamp !== undefined && timestamp !== column ? { timestamp } : {}
        this.#replace(this.#table(table), { ...old, ...keeps, columns })
        const isGone = (fact: Fact): boolean => fact.table === table && fact.column === column
        if (cascade && old.columns.includes(column)) {
          this.facts = this.facts.filter((fact) => !isGone(fact))
        }
        return undefined
      }
      case 'RenameColumn': {
        const { table, column, to } = command
        const old = this.#table(table)
        if (!old.columns.includes(column)) throw new Refused('40001')
        if (old.columns.includes(to)) throw new Refused('42701')
        const columns = old.columns.map((one) => (one === column ? to : one))
        const renamed = { ...old, columns }
        this.#replace(old, old.timestamp === column ? { ...renamed, timestamp: to } : renamed)
        return undefined
      }
    }
  }

  #require(name: string, word: string): void {
    const isThere = this.principals.some((one) => one.name === name && one.word === word)
    if (!isThere) throw new Refused('42704')
  }

  #existing(name: string): Relation {
    const relation = this.relation(name)
    if (relation === undefined) throw new Refused('42P01')
    return relation
  }

  #table(name: string): Relation {
    const relation = this.#existing(name)
    if (relation.kind === 'view') throw new Refused('42809')
    return relation
  }

  #create(relation: Relation): void {
    if (this.relation(relation.name) !== undefined) throw new Refused('42P07')
    this.relations = [...this.relations, relation]
  }

  #replace(old: Relation, by: Relation): void {
    this.relations = this.relations.map((one) => (one === old ? by : one))
  }

  /** G51. */
  #own(
    as: string,
    permissions: readonly string[],
    scope: Scope & { readonly table: string },
  ): void {
    if (as === 'admin') return
    const { kind } = this.#existing(scope.table)
    for (const permission of permissions.filter((name) => meant(name, kind))) {
      this.#put({ grantee: as, permission, ...scope, option: true })
    }
  }

  /** G8, G9, then G14. */
  #put(made: Fact): void {
    const others = this.facts.filter(
      (fact) =>
        fact.grantee !== made.grantee ||
        fact.permission !== made.permission ||
        !sameScope(fact, made),
    )
    const all = [...others, made]
    const isRedundant = (fact: Fact): boolean =>
      all.some(
        (other) =>
          other.grantee === fact.grantee &&
          other.permission === fact.permission &&
          covers(other, fact) &&
          !sameScope(other, fact) &&
          (other.option || !fact.option),
      )
    this.facts = all.filter((fact) => !isRedundant(fact))
  }

  /** L6, L7, G28. */
  #expand(word: string, target: Target, isRevoke: boolean): readonly string[] {
    if (word !== 'ALL') return [word]
    switch (target.kind) {
      case 'Database':
        return named('database').filter((name) => isRevoke || name !== 'DATABASE ADMIN')
      case 'AllTables':
        return named('table')
      case 'Table': {
        const kind = this.relation(target.table)?.kind ?? 'table'
        return named('table').filter((name) => isRevoke || meant(name, kind))
      }
      case 'Columns':
      case 'Star':
        return named('column')
      default:
        return unreachable(target)
    }
  }

  /** L4. */
  #checkLevel(words: readonly string[], target: Target): void {
    for (const word of words.filter((one) => one !== 'ALL')) {
      const fits = {
        Database: !has(word, 'table'),
        AllTables: true,
        Table: has(word, 'table'),
        Columns: has(word, 'column'),
        Star: has(word, 'column'),
      }[target.kind]
      if (!fits) throw new Refused('0LP01')
    }
  }

  /** The scopes that a target names. */
  #scopes(target: Target): readonly Scope[] {
    switch (target.kind) {
      case 'Database':
      case 'AllTables':
        return [{}]
      case 'Table':
        return [{ table: target.table }]
      case 'Columns':
        return target.columns.map((column) => ({ table: target.table, column }))
      case 'Star': {
        const columns = this.relation(target.table)?.columns ?? []
        return columns
          .filter((column) => !target.exclude.includes(column))
          .map((column) => ({ table: target.table, column }))
      }
      default:
        return unreachable(target)
    }
  }

  /** G10, G11, G12, G27. */
  #checkColumns(target: Target): void {
    if (target.kind !== 'Columns' && target.kind !== 'Star') return
    const relation = this.relation(target.table)
    if (relation?.kind === 'view') throw new Refused('0LP01')
    const said = target.kind === 'Columns' ? target.columns : target.exclude
    if (target.kind === 'Star' && relation === undefined) throw new Refused('42P01')
    if (new Set(said).size < said.length) throw new Refused('42701')
    if (target.kind === 'Columns') return
    if (said.some((column) => !relation?.columns.includes(column))) throw new Refused('42703')
    if (said.length === relation?.columns.length) throw new Refused('0LP01')
  }

  /** G29: at a star that names nothing, at the table. */
  #checkMayPass(who: string, permission: string, target: Target): void {
    const scopes = this.#scopes(target)
    const asked = scopes.length > 0 || !('table' in target) ? scopes : [{ table: target.table }]
    if (!asked.every((scope) => this.mayPass(who, permission, scope))) throw new Refused('42501')
  }

  #grant({ as, permissions: words, target, grantee, option }: GrantCommand): void {
    this.#checkLevel(words, target)
    for (const word of words) {
      for (const permission of this.#expand(word, target, false)) {
        this.#checkMayPass(as, permission, target)
      }
    }
    this.#checkColumns(target)
    const kind = 'table' in target ? this.relation(target.table)?.kind : undefined
    for (const word of words) {
      if (word !== 'ALL' && kind !== undefined && !meant(word, kind)) throw new Refused('0LP01')
      for (const permission of this.#expand(word, target, false)) {
        for (const scope of this.#scopes(target))
          this.#put({ grantee, permission, ...scope, option })
      }
    }
  }

  #revoke({ as, permissions: words, target, grantee }: RevokeCommand): void {
    this.#checkLevel(words, target)
    const isOwn = (fact: Fact, permission: string): boolean =>
      fact.grantee === grantee && fact.permission === permission
    for (const word of words) {
      const set = this.#expand(word, target, true)
      const touched = (permission: string): readonly Fact[] =>
        this.facts.filter(
          (fact) =>
            isOwn(fact, permission) &&
            this.#scopes(target).some((scope) => covers(fact, scope) || covers(scope, fact)),
        )
      const pushed = (permission: string): readonly Fact[] =>
        touched(permission).filter((fact) =>
          this.#scopes(target).every((scope) => covers(fact, scope) && !sameScope(fact, scope)),
        )
      const needed = word === 'ALL' ? set.filter((name) => touched(name).length > 0) : set
      for (const permission of needed) {
        this.#checkMayPass(as, permission, target)
        for (const fact of pushed(permission)) {
          if (!this.mayPass(as, permission, fact)) throw new Refused('42501')
        }
      }
      const mayPassOne = (permission: string): boolean => {
        try {
          this.#checkMayPass(as, permission, target)
          return true
        } catch {
          return false
        }
      }
      if (word === 'ALL' && !set.some(mayPassOne)) throw new Refused('42501')
    }
    this.#checkColumns(target)
    this.#checkSlips(words, target, grantee)
    for (const word of words) {
      for (const permission of this.#expand(word, target, true)) {
        this.#revokeOne(grantee, permission, target)
      }
    }
  }

  /** G26. */
  #checkSlips(words: readonly string[], target: Target, grantee: string): void {
    const isKnown =
      this.principals.some(({ name }) => name === grantee) ||
      this.facts.some((fact) => fact.grantee === grantee)
    if (!isKnown) throw new Refused('42704')
    if (!('table' in target)) return
    const set = words.flatMap((word) => this.#expand(word, target, true))
    const waiting = this.facts.filter(
      (fact) =>
        fact.grantee === grantee && set.includes(fact.permission) && fact.table === target.table,
    )
    const columns = target.kind === 'Columns' ? target.columns : []
    const relation = this.relation(target.table)
    if (relation === undefined) {
      const counts = (fact: Fact): boolean =>
        target.kind === 'Table' || fact.column === undefined || columns.includes(fact.column)
      if (!waiting.some(counts)) throw new Refused('42P01')
      return
    }
    const isSlip = (column: string): boolean =>
      !relation.columns.includes(column) && !waiting.some((fact) => fact.column === column)
    if (columns.some(isSlip)) throw new Refused('42703')
  }

  /** G17, G18, G19. */
  #revokeOne(grantee: string, permission: string, target: Target): void {
    const scopes = this.#scopes(target)
    const at = (scope: Scope): Fact | undefined =>
      this.facts.find(
        (fact) =>
          fact.grantee === grantee && fact.permission === permission && sameScope(fact, scope),
      )
    const remove = (isGone: (fact: Fact) => boolean): void => {
      this.facts = this.facts.filter(
        (fact) => fact.grantee !== grantee || fact.permission !== permission || !isGone(fact),
      )
    }
    const unite = (scope: Scope, option: boolean): void =>
      this.#put({
        grantee,
        permission,
        ...scope,
        option: option || at(scope)?.option === true,
      })
    if (!('table' in target)) {
      remove(() => true)
      return
    }
    const database = at({})
    if (database !== undefined) {
      remove((fact) => fact.table === undefined)
      for (const { name, kind } of this.relations) {
        const isTaken = target.kind === 'Table' && name === target.table
        if (!isTaken && meant(permission, kind)) unite({ table: name }, database.option)
      }
    }
    const table = target.kind === 'Table' ? undefined : at({ table: target.table })
    if (table !== undefined) {
      remove((fact) => sameScope(fact, { table: target.table }))
      for (const column of this.relation(target.table)?.columns ?? []) {
        const scope = { table: target.table, column }
        if (!scopes.some((one) => sameScope(one, scope))) unite(scope, table.option)
      }
    }
    remove((fact) => scopes.some((scope) => covers(scope, fact)))
  }
}

function rowOf(permission: string, scope: Scope, option: boolean, origin: string): string {
  return [permission, scope.table ?? '-', scope.column ?? '-', option, origin].join(' ')
}
