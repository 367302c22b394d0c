/** Memberships, links and entries as the statements that make them (questdb-rbac.md, W15, W16). */
import { allEntries } from './access-entries.ts'
import { compareNames } from './compare-names.ts'
import { principalsOf } from './dump-principals.ts'
import type { Entry } from './effect.ts'
import {
  existingPrincipal,
  groupsOf,
  isAdminName,
  principalNamed,
  type AccessModel,
} from './model.ts'
import { displayRelation, type FoldedName } from './names.ts'
import { groupBy } from './group-by.ts'
import { granularityOf, type PermissionName } from './permission-registry.ts'
import { inQuotes, quotedColumn, quotedRelation } from './sql-text.ts'

/** The access list. Before the relations each entry is one ahead of creation (D54). */
export function dumpAccess(model: AccessModel): readonly string[] {
  return [...memberships(model), ...links(model), ...entries(model)]
}

function memberships(model: AccessModel): readonly string[] {
  return principalsOf(model, 'User').flatMap(({ id, name }) => {
    const groups = groupsOf(model, id).map((group) => group.name)
    if (groups.length === 0) return []
    return [
      `ADD USER ${inQuotes(name)} TO ${groups.toSorted(compareNames).map(inQuotes).join(', ')}`,
    ]
  })
}

interface ToGrantee {
  readonly grantee: FoldedName
  readonly granteeName: string
}

/**
 * What was granted, by the grantee's name. A name that waits is said as it was granted; what waits for a
 * name that has become the built-in admin's is in no dump, since nothing can be granted to it (A3, W16).
 */
function byGrantee<Granted extends ToGrantee>(
  model: AccessModel,
  all: readonly Granted[],
): readonly { readonly name: string; readonly granted: readonly Granted[] }[] {
  const dumped = all.filter(({ grantee }) => !isAdminName(model, grantee))
  return groupBy(dumped, ({ grantee }) => grantee)
    .map((granted) => {
      const [{ grantee, granteeName }] = granted
      return { name: principalNamed(model, grantee)?.name ?? granteeName, granted }
    })
    .toSorted((a, b) => compareNames(a.name, b.name))
}

function links(model: AccessModel): readonly string[] {
  const all = [...model.links].flatMap(([grantee, byAccount]) =>
    [...byAccount.values()].map((link) => {
      return { ...link, grantee, account: existingPrincipal(model, link.account).name }
    }),
  )
  return byGrantee(model, all).flatMap(({ name, granted }) =>
    granted
      .toSorted((a, b) => compareNames(a.account, b.account))
      .map(({ account, grantOption }) =>
        grantText(`ASSUME SERVICE ACCOUNT ${inQuotes(account)}`, name, grantOption),
      ),
  )
}

function entries(model: AccessModel): readonly string[] {
  const all = [...model.entries.values()].flatMap((of) => [...allEntries(of)])
  return byGrantee(model, all).flatMap(({ name, granted }) => grantsTo(model, name, granted))
}

/** One GRANT for each scope and option; columns with the same permissions and option stand together. */
interface GrantLine {
  readonly on: string
  /** What orders the lines of one grantee: the wider scope first, relations by name. */
  readonly order: readonly [number, string, string]
  readonly permissions: readonly PermissionName[]
  readonly grantOption: boolean
}

function grantsTo(model: AccessModel, grantee: string, all: readonly Entry[]): readonly string[] {
  const lines = [false, true].flatMap((grantOption) => {
    const alike = all.filter((entry) => entry.grantOption === grantOption)
    return [...wideGrants(model, alike), ...columnGrants(model, alike)].map((line) => ({
      ...line,
      grantOption,
    }))
  })
  return lines
    .toSorted(compareLines)
    .map(({ on, permissions, grantOption }) =>
      grantText(`${permissions.join(', ')}${on}`, grantee, grantOption),
    )
}

function compareLines(a: GrantLine, b: GrantLine): number {
  return (
    a.order[0] - b.order[0] ||
    compareNames(a.order[1], b.order[1]) ||
    compareNames(a.order[2], b.order[2]) ||
    Number(a.grantOption) - Number(b.grantOption)
  )
}

type LineOfOption = Omit<GrantLine, 'grantOption'>

/** Grants at the database, of both granularities, and on relations. */
function wideGrants(model: AccessModel, all: readonly Entry[]): readonly LineOfOption[] {
  const wide = all.filter(({ scope }) => scope.kind !== 'Column')
  return groupBy(wide, placeKey).map((group) => ({
    ...placeOf(model, group[0]),
    permissions: sortedPermissions(group),
  }))
}

function placeKey({ permission, scope }: Entry): string {
  return scope.kind === 'Database' ? granularityKey(permission) : scope.relation.key
}

/** Relations' keys have a dot. */
function granularityKey(permission: PermissionName): 'database' | 'tables' {
  return granularityOf(permission) === 'Database' ? 'database' : 'tables'
}

function placeOf(
  model: AccessModel,
  { permission, scope }: Entry,
): Omit<LineOfOption, 'permissions'> {
  if (scope.kind !== 'Database') {
    const relation = namedNow(model, scope)
    return { on: ` ON ${quotedRelation(relation)}`, order: [2, displayRelation(relation), ''] }
  }
  return granularityKey(permission) === 'database'
    ? { on: '', order: [0, '', ''] }
    : { on: ' ON ALL TABLES', order: [1, '', ''] }
}

type RelationScope = Exclude<Entry['scope'], { readonly kind: 'Database' }>
type ColumnScope = Extract<Entry['scope'], { readonly kind: 'Column' }>

/** A relation as it is called now, else as it was granted. */
function namedNow(
  model: AccessModel,
  { relation }: RelationScope,
): { readonly schema: string; readonly name: string } {
  return model.schema.relation(relation.key) ?? relation
}

function columnGrants(model: AccessModel, all: readonly Entry[]): readonly LineOfOption[] {
  const ofColumns = all.flatMap(({ permission, scope }) =>
    scope.kind === 'Column' ? [{ permission, scope }] : [],
  )
  const columns = groupBy(ofColumns, ({ scope }) =>
    JSON.stringify([scope.relation.key, scope.column.key]),
  ).map((group) => ({ scope: group[0].scope, permissions: sortedPermissions(group) }))
  const alike = groupBy(columns, ({ scope, permissions }) =>
    JSON.stringify([scope.relation.key, permissions]),
  )
  return alike.map((group) => {
    const [{ scope, permissions }] = group
    const relation = namedNow(model, scope)
    const names = group.map((column) => columnNow(model, column.scope)).toSorted(compareNames)
    const on = ` ON ${quotedRelation(relation)}(${names.map(quotedColumn).join(', ')})`
    return { on, order: [3, displayRelation(relation), permissions.join()], permissions }
  })
}

function columnNow(model: AccessModel, { relation, column }: ColumnScope): string {
  const found = model.schema.relation(relation.key)?.columns.find(({ key }) => key === column.key)
  return (found ?? column).name
}

function sortedPermissions(
  all: readonly { readonly permission: PermissionName }[],
): readonly PermissionName[] {
  return all.map(({ permission }) => permission).toSorted(compareNames)
}

function grantText(what: string, grantee: string, grantOption: boolean): string {
  return `GRANT ${what} TO ${inQuotes(grantee)}${grantOption ? ' WITH GRANT OPTION' : ''}`
}
