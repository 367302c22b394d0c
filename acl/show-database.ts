/** SHOW CREATE DATABASE: the dump (questdb-rbac.md, 9.4). */
import type { DumpCategory, DumpChoice } from '../parser/statement.ts'
import type { Actor } from './actor.ts'
import { requirePermissions } from './authorize.ts'
import { decide } from './decide.ts'
import { dumpAccess } from './dump-access.ts'
import { dumpDisabled, dumpPrincipals } from './dump-principals.ts'
import { dumpRelations } from './dump-relations.ts'
import type { Listing } from './listing.ts'
import type { AccessModel } from './model.ts'
import { permission, type PermissionName } from './permission-registry.ts'
import { ddlColumns } from './show-create.ts'

/** What can be dumped or not by itself; there are no materialized views to dump. */
type Part = Exclude<DumpCategory, 'SCHEMA' | 'ACL' | 'ALL'>

const needsOf = {
  USERS: 'LIST USERS',
  GROUPS: 'LIST USERS',
  SERVICE_ACCOUNTS: 'LIST USERS',
  PERMISSIONS: 'USER DETAILS',
  TABLES: undefined,
  VIEWS: undefined,
  MATERIALIZED_VIEWS: undefined,
} as const satisfies Record<Part, string | undefined>

const accessParts: readonly Part[] = ['USERS', 'GROUPS', 'SERVICE_ACCOUNTS', 'PERMISSIONS']
const schemaParts: readonly Part[] = ['TABLES', 'VIEWS', 'MATERIALIZED_VIEWS']
const allParts: readonly Part[] = [...accessParts, ...schemaParts]

/**
 * One statement a row; the built-in admin makes the same database of them on an empty server (W13).
 * @throws SqlError 42501 for what INCLUDE names and the actor may not see (D39)
 */
export function showCreateDatabase(
  model: AccessModel,
  actor: Actor,
  choice: DumpChoice | undefined,
): Listing {
  const parts = chosenParts(model, actor, choice)
  const lines = [
    ...(parts.has('USERS') ? dumpPrincipals(model, 'User') : []),
    ...(parts.has('GROUPS') ? dumpPrincipals(model, 'Group') : []),
    ...(parts.has('SERVICE_ACCOUNTS') ? dumpPrincipals(model, 'ServiceAccount') : []),
    ...(parts.has('PERMISSIONS') ? dumpAccess(model) : []),
    ...dumpRelations(model, actor, { tables: parts.has('TABLES'), views: parts.has('VIEWS') }),
    ...(parts.has('USERS') ? dumpDisabled(model, 'User') : []),
    ...(parts.has('SERVICE_ACCOUNTS') ? dumpDisabled(model, 'ServiceAccount') : []),
  ]
  return { columns: ddlColumns, rows: lines.map((line) => [`${line};`]) }
}

/** W14, W17: what is asked for by name must be seen; of the rest, what can be. */
function chosenParts(
  model: AccessModel,
  actor: Actor,
  choice: DumpChoice | undefined,
): ReadonlySet<Part> {
  const named = new Set(choice?.categories.flatMap(partsOf))
  if (choice?.verb === 'INCLUDE') {
    const needed = new Set([...named].flatMap(neededFor))
    requirePermissions(model, actor, [...needed])
    return named
  }
  return new Set(
    allParts.filter((part) => !named.has(part) && maySee(model, actor, neededFor(part))),
  )
}

function partsOf(category: DumpCategory): readonly Part[] {
  if (category === 'ALL') return allParts
  if (category === 'ACL') return accessParts
  if (category === 'SCHEMA') return schemaParts
  return [category]
}

function neededFor(part: Part): readonly PermissionName[] {
  const needed = needsOf[part]
  return needed === undefined ? [] : [permission(needed)]
}

function maySee(model: AccessModel, actor: Actor, needed: readonly PermissionName[]): boolean {
  const requirements = needed.map((name) => ({ kind: 'Database', permission: name }) as const)
  return decide(model, actor, requirements).kind === 'Allowed'
}
