/**
 * What GRANT and REVOKE are about: levels (questdb-rbac.md, L4, L5), what ALL stands for (L6, L7), and
 * which columns a target names (G10, G11).
 */
import {
  duplicateColumn,
  excludeLeavesNothing,
  invalidColumn,
  noColumnsOnViews,
  relationDoesNotExist,
  wrongLevel,
} from './access-errors.ts'
import type { GrantScope, GrantTarget, NamedKey, PermissionChoice } from './change.ts'
import type { AccessModel } from './model.ts'
import type { RelationName } from './names.ts'
import {
  appliesTo,
  columnPermissions,
  databaseAdmin,
  granularityOf,
  permissions,
  relationPermissions,
  type Granularity,
  type Permission,
  type PermissionName,
} from './permission-registry.ts'
import type { Scope } from './requirement.ts'
import type { Relation } from './schema.ts'

export type Verb = 'granted' | 'revoked'

/** A target as it stands at this moment: names as stored where they exist, stars written out. */
export type AskedTarget =
  | { readonly kind: 'Database'; readonly onAllTables: boolean }
  | AskedTable
  | (AskedColumnsOf & { readonly kind: 'Columns' })

interface AskedTable {
  readonly kind: 'Table'
  readonly relation: RelationName
  /** As the statement wrote it. */
  readonly said: RelationName
  readonly existing: Relation | undefined
  readonly offset?: number
}

interface AskedColumnsOf extends Omit<AskedTable, 'kind'> {
  readonly columns: readonly NamedKey[]
  /** In the words of the statement, except for a star's. */
  readonly saidColumns: readonly NamedKey[]
  readonly throughStar: boolean
}

/** The targets of a statement; a star of a table that does not exist names no column. */
export function askedTargets(model: AccessModel, scope: GrantScope): readonly AskedTarget[] {
  if (scope.kind !== 'Targets') {
    return [{ kind: 'Database', onAllTables: scope.kind === 'AllTables' }]
  }
  return scope.targets.map((target) => askedTarget(model, target))
}

function askedTarget(model: AccessModel, target: GrantTarget): AskedTarget {
  const existing = model.schema.relation(target.relation.key)
  const relation =
    existing === undefined
      ? target.relation
      : { key: existing.key, schema: existing.schema, name: existing.name }
  const place = target.offset === undefined ? {} : { offset: target.offset }
  const said = target.relation
  if (target.columns === undefined) return { kind: 'Table', relation, said, existing, ...place }
  const columns = columnsOf(target.columns, existing?.columns ?? [])
  const saidColumns = target.columns.kind === 'List' ? target.columns.columns : columns
  const throughStar = target.columns.kind === 'Star'
  return { kind: 'Columns', relation, said, existing, columns, saidColumns, throughStar, ...place }
}

function columnsOf(
  choice: NonNullable<GrantTarget['columns']>,
  existing: Relation['columns'],
): readonly NamedKey[] {
  if (choice.kind === 'Star') {
    const excluded = new Set(choice.exclude.map(({ key }) => key))
    return existing.filter(({ key }) => !excluded.has(key)).map(({ key, name }) => ({ key, name }))
  }
  return choice.columns.map((said) => {
    const found = existing.find(({ key }) => key === said.key)
    return found === undefined ? said : { ...said, name: found.name }
  })
}

/** The scopes that entries of a target have. */
export function scopesOf(target: AskedTarget): readonly Scope[] {
  if (target.kind === 'Database') return [{ kind: 'Database' }]
  const { relation } = target
  if (target.kind === 'Table') return [{ kind: 'Table', relation }]
  return target.columns.map(({ key, name }) => ({
    kind: 'Column',
    relation,
    column: { key, name },
  }))
}

/** The permissions that a word stands for at a target (L6, L7, G28).  */
export function permissionsAt(
  choice: PermissionChoice,
  target: AskedTarget,
  verb: Verb,
): readonly PermissionName[] {
  if (choice.kind === 'One') return [choice.permission]
  return allAt(target, verb).map(({ name }) => name)
}

function allAt(target: AskedTarget, verb: Verb): readonly Permission[] {
  if (target.kind === 'Columns') return columnPermissions
  if (target.kind === 'Table') {
    const kind = target.existing?.kind ?? 'Table'
    return relationPermissions.filter(({ name }) => verb === 'revoked' || appliesTo(name, kind))
  }
  if (target.onAllTables) return relationPermissions
  return permissions.filter(({ name }) => verb === 'revoked' || name !== databaseAdmin)
}

/** Refuses permissions at levels that they do not have (L4, D16). Needs no model: it tells nobody anything. */
export function checkLevels(
  choices: readonly PermissionChoice[],
  scope: GrantScope,
  verb: Verb,
): void {
  const levels = levelsOf(scope)
  for (const choice of choices) {
    if (choice.kind === 'All') continue
    const granularity = granularityOf(choice.permission)
    const refused = levels.find((level) => !takes[level].includes(granularity))
    if (refused !== undefined) {
      const place = choice.offset === undefined ? {} : { offset: choice.offset }
      throw wrongLevel({ permission: choice.permission, level: refused, verb, ...place })
    }
  }
}

type Level = Granularity

/** Which granularities a level takes. */
const takes: Readonly<Record<Level, readonly Level[]>> = {
  Database: ['Database'],
  Table: ['Table', 'Column'],
  Column: ['Column'],
}

function levelsOf(scope: GrantScope): readonly Level[] {
  // ON ALL TABLES takes every permission (D15).
  if (scope.kind === 'AllTables') return []
  if (scope.kind === 'Database') return ['Database']
  return scope.targets.map(({ columns }) => (columns === undefined ? 'Table' : 'Column'))
}

/** Refuses column lists that name a column twice, or a star that cannot be written out (G10, G11, G27). */
export function checkTargets(model: AccessModel, scope: GrantScope): void {
  if (scope.kind !== 'Targets') return
  for (const target of scope.targets) checkTarget(model, target)
}

function checkTarget(model: AccessModel, target: GrantTarget): void {
  if (target.columns === undefined) return
  const existing = model.schema.relation(target.relation.key)
  if (existing?.kind === 'View') throw noColumnsOnViews(existing, target.offset)
  if (target.columns.kind === 'List') {
    refuseDuplicates(target.columns.columns)
    return
  }
  if (existing === undefined) throw relationDoesNotExist('Table', target.relation, target.offset)
  const { exclude, offset } = target.columns
  refuseDuplicates(exclude)
  const unknown = exclude.find(({ key }) => !existing.columns.some((column) => column.key === key))
  if (unknown !== undefined) throw invalidColumn(unknown)
  if (exclude.length === existing.columns.length) throw excludeLeavesNothing(existing, offset)
}

function refuseDuplicates(columns: readonly NamedKey[]): void {
  const twice = columns.find(({ key }, at) => columns.findIndex((one) => one.key === key) < at)
  if (twice !== undefined) throw duplicateColumn(twice)
}
