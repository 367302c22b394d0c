/**
 * A walk over every state that a small alphabet of commands can reach, breadth first. Both models do each
 * command from each state; what follows depends on the state alone, so that a state seen before stands for
 * every sequence that leads to it, and a walk that ends has covered all sequences of any length.
 */
import { allEntries } from '../../acl/access-entries.ts'
import { holdsGrantOption } from '../../acl/grant-option.ts'
import { existingPrincipal, groupsOf, type AccessModel } from '../../acl/model.ts'
import { foldName } from '../../acl/names.ts'
import { permission } from '../../acl/permission-registry.ts'
import type { Scope } from '../../acl/requirement.ts'
import { changeOf } from '../../acl/change-of.ts'
import type { Change } from '../../acl/change.ts'
import { schemaChange } from '../acl/schema-change.ts'
import { isAccessStatement, isSchemaStatement, onlyStatement } from '../acl/statements.ts'
import { asText, failureOf, tableNamed, World } from '../acl/world.ts'
import { sqlOf, type Command } from './command.ts'
import { ReferenceModel, Refused } from './reference-model.ts'

export interface SmallWorld {
  readonly start: readonly Command[]
  readonly alphabet: readonly Command[]
  readonly principals: readonly string[]
  /** What is asked of every state: who holds it, and who may pass it on. */
  readonly questions: readonly Question[]
}

export interface Question {
  readonly permission: string
  readonly table?: string
  readonly column?: string
}

export interface Walk {
  /** Distinct states, the first included. */
  readonly states: number
  readonly transitions: number
  /** Nothing new is reached any more: sequences of every length were covered. */
  readonly isComplete: boolean
}

interface State {
  readonly model: AccessModel
  readonly reference: ReferenceModel
  readonly path: readonly string[]
}

/** A command of the alphabet with what never changes about it: how it reads, and what it was read as. */
interface Letter {
  readonly command: Command
  readonly sql: string
  readonly as: string
  readonly changeIn: (model: AccessModel) => Change
}

/** Walks until nothing is new, or to a depth. @throws Error that says by which statements it went wrong */
export function walk(small: SmallWorld, { depthMax }: { readonly depthMax: number }): Walk {
  const letters = small.alphabet.map(letterOf)
  const world = new World()
  const start = new ReferenceModel()
  for (const command of small.start) {
    world.run(sqlOf(command))
    start.do(command)
  }
  const first: State = { model: world.model, reference: start, path: [] }
  const numbers = new Map([[keyOf(first), 0]])
  /** By the number of a state: where each letter leads. */
  const leadsTo: number[][] = []
  let frontier: readonly State[] = [first]
  let depth = 0
  check(small, first)
  while (frontier.length > 0 && depth < depthMax) {
    const next: State[] = []
    for (const from of frontier) {
      leadsTo.push(
        letters.map((letter) => {
          const to = step(world, from, letter)
          const key = keyOf(to)
          const known = numbers.get(key)
          if (known !== undefined) return known
          const number = numbers.size
          numbers.set(key, number)
          checkRevoked(to, letter.command)
          check(small, to)
          next.push(to)
          return number
        }),
      )
    }
    frontier = next
    depth += 1
  }
  checkRepeated(letters, leadsTo)
  const transitions = leadsTo.length * letters.length
  return { states: numbers.size, transitions, isComplete: frontier.length === 0 }
}

let relationNumber = 1000

function letterOf(command: Command): Letter {
  const sql = sqlOf(command)
  const as = 'as' in command ? command.as : 'admin'
  const statement = onlyStatement(sql.replace(/^\w+: /, ''))
  if (isSchemaStatement(statement)) {
    const changeIn = (model: AccessModel): Change => {
      relationNumber += 1
      return schemaChange(model, statement, relationNumber)
    }
    return { command, sql, as, changeIn }
  }
  if (!isAccessStatement(statement)) throw new Error(sql)
  const change = changeOf(statement, {})
  return { command, sql, as, changeIn: () => change }
}

/** A command from a state: both models say the same of it; what is refused changes nothing (Y4). */
function step(world: World, from: State, { command, sql, as, changeIn }: Letter): State {
  const path = [...from.path, sql]
  world.model = from.model
  const said = failureOf(() => world.applyAs(as, changeIn(from.model))).slice(0, 5)
  const reference = copyOf(from.reference)
  let expected = 'no failure'.slice(0, 5)
  try {
    reference.do(command)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    expected = error.message
  }
  insist(said === expected, path, `said ${said}, expected ${expected}`)
  return { model: world.model, reference, path }
}

function copyOf(model: ReferenceModel): ReferenceModel {
  const { principals, members, facts, relations } = model
  return Object.assign(new ReferenceModel(), { principals, members, facts, relations })
}

function insist(isSo: boolean, path: readonly string[], what: string): void {
  if (!isSo) throw new Error(`${what}\nafter ${path.join(';\n      ')}`)
}

/** The state in words; the two models agree on it, dormant entries included. */
function keyOf({ model, reference, path }: State): string {
  const real = [...entryLines(model), ...otherLines(model)].toSorted().join('\n')
  const expected = referenceLines(reference).toSorted().join('\n')
  insist(real === expected, path, `the state is\n${real}\nand ought to be\n${expected}`)
  return real
}

const line = (...cells: readonly (string | boolean)[]): string => cells.join(' ')

function entryLines(model: AccessModel): readonly string[] {
  return [...model.entries].flatMap(([grantee, of]) =>
    [...allEntries(of)].map(({ permission: name, scope, grantOption }) => {
      const table = scope.kind === 'Database' ? '-' : scope.relation.name
      const column = scope.kind === 'Column' ? scope.column.name : '-'
      return line('entry', grantee, name, table, column, grantOption)
    }),
  )
}

function otherLines(model: AccessModel): readonly string[] {
  const members = [...model.groupsOf.keys()].flatMap((id) =>
    groupsOf(model, id).map(({ name }) => line('member', existingPrincipal(model, id).name, name)),
  )
  const relations = model.schema.relations().map((relation) => {
    const names = relation.columns.map(({ name }) => name)
    const attnum = relation.kind === 'Table' ? relation.designatedTimestamp : undefined
    const timestamp = relation.columns.find((column) => column.attnum === attnum)?.name
    return line('relation', relation.name, names.join(), timestamp ?? '-')
  })
  return [...members, ...relations]
}

function referenceLines({ facts, members, relations }: ReferenceModel): readonly string[] {
  return [
    ...facts.map((fact) =>
      line(
        'entry',
        fact.grantee,
        fact.permission,
        fact.table ?? '-',
        fact.column ?? '-',
        fact.option,
      ),
    ),
    ...members.map(({ user, group }) => line('member', user, group)),
    ...relations.map(({ name, columns, timestamp }) =>
      line('relation', name, columns.join(), timestamp ?? '-'),
    ),
  ]
}

/** What is revoked is gone, dormant or not, at the target and below, and above (G17 to G19). */
function checkRevoked({ reference, path }: State, command: Command): void {
  if (command.kind !== 'Revoke') return
  const { target, grantee, permissions } = command
  const isReached = ({
    table,
    column,
  }: {
    readonly table?: string
    readonly column?: string
  }): boolean => {
    if (!('table' in target) || table === undefined) return true
    if (table !== target.table || target.kind === 'Table') return table === target.table
    return column === undefined || (target.kind === 'Columns' && target.columns.includes(column))
  }
  const left = reference.facts.filter(
    (fact) => fact.grantee === grantee && permissions.includes(fact.permission) && isReached(fact),
  )
  insist(left.length === 0, path, `something is left: ${JSON.stringify(left)}`)
}

/** Granting or revoking again leads nowhere else (G13, G25). */
function checkRepeated(letters: readonly Letter[], leadsTo: readonly (readonly number[])[]): void {
  for (const row of leadsTo) {
    for (const [place, { command, sql }] of letters.entries()) {
      if (command.kind !== 'Grant' && command.kind !== 'Revoke') continue
      const to = row[place] ?? 0
      const again = leadsTo[to]?.[place] ?? to
      insist(again === to, [sql, sql], 'doing it again does something')
    }
  }
}

function check(small: SmallWorld, { model, reference, path }: State): void {
  const world = new World()
  world.model = model
  checkNormalForm(reference, path)
  for (const name of small.principals) {
    const shown = world
      .show(`SHOW PERMISSIONS ${name}`)
      .map((row) => row.map((cell) => (cell === null ? '-' : asText(cell))).join(' '))
      .toSorted()
      .join('\n')
    const rows = reference.rows(name).join('\n')
    insist(shown === rows, path, `${name} is shown\n${shown}\nand ought to be shown\n${rows}`)
    for (const question of small.questions) {
      const { permission: wanted, ...scope } = question
      const on = onOf(question)
      const isHeld = world.may(name, wanted, on)
      insist(
        isHeld === reference.holds(name, wanted, scope),
        path,
        `${name} holds ${wanted} on ${String(on)}: ${isHeld}`,
      )
      const actor = world.actor(name)
      const mayPass = holdsGrantOption(
        model,
        actor.effective,
        permission(wanted),
        scopeOf(question),
      )
      insist(
        mayPass === reference.mayPass(name, wanted, scope),
        path,
        `${name} may pass on ${wanted} on ${String(on)}: ${mayPass}`,
      )
      insist(
        !mayPass || isHeld || !isThere(reference, question),
        path,
        `${name} passes on ${wanted}`,
      )
    }
  }
}

const isThere = (reference: ReferenceModel, { table, column }: Question): boolean =>
  reference.isInForce({
    ...(table === undefined ? {} : { table }),
    ...(column === undefined ? {} : { column }),
  })

/** G14: no entry stands below one of the same permission that is at least as strong. */
function checkNormalForm({ facts }: ReferenceModel, path: readonly string[]): void {
  for (const one of facts) {
    const above = facts.find(
      (other) =>
        other !== one &&
        other.grantee === one.grantee &&
        other.permission === one.permission &&
        (other.table === undefined ||
          (other.table === one.table &&
            (other.column === undefined || other.column === one.column))) &&
        (other.option || !one.option),
    )
    insist(above === undefined, path, `redundant: ${JSON.stringify(one)}`)
  }
}

function onOf({ table, column }: Question): string | undefined {
  return column === undefined ? table : `${String(table)}(${column})`
}

function scopeOf({ table, column }: Question): Scope {
  if (table === undefined) return { kind: 'Database' }
  const relation = tableNamed(table)
  if (column === undefined) return { kind: 'Table', relation }
  return { kind: 'Column', relation, column: { key: foldName(column), name: column } }
}
