/** The shared registry of permissions, read as data: no code of acl/ says what ought to be true here. */
import { readFileSync } from 'node:fs'

export type Level = 'database' | 'table' | 'column'

interface Row {
  readonly name: string
  readonly levels: readonly Level[]
  readonly description: string
  readonly checkedBy: readonly string[]
  readonly appliesTo: readonly string[]
}

export const registryFile = new URL('../../../acl/data/permissions.json', import.meta.url)

/** The registry, ALL and ASSUME SERVICE ACCOUNT included. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- data of ours, that its own test reads
export const registry = JSON.parse(readFileSync(registryFile, 'utf8')) as readonly Row[]

function rowOf(permission: string): Row {
  const row = registry.find(({ name }) => name === permission)
  if (row === undefined) throw new Error(`${permission} is not in the registry`)
  return row
}

export const levelsOf = (permission: string): readonly Level[] => rowOf(permission).levels
export const kindsOf = (permission: string): readonly string[] => rowOf(permission).appliesTo

/** Whether it can be held on a relation, so that GRANT needs ON (L4). */
export const isOfRelations = (permission: string): boolean => levelsOf(permission).includes('table')

const cannotBeListed = ['ALL', 'ASSUME SERVICE ACCOUNT', 'DATABASE ADMIN']

/** As GRANT names them: everything but one permission, at the database and on all tables. */
export function otherPermissions(permission: string): readonly string[] {
  const others = registry
    .map(({ name }) => name)
    .filter((name) => name !== permission && !cannotBeListed.includes(name))
  const ofRelations = others.filter(isOfRelations)
  const ofDatabase = others.filter((name) => !isOfRelations(name))
  return [ofDatabase.join(', '), `${ofRelations.join(', ')} ON ALL TABLES`]
}
