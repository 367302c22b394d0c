/** Refusals (questdb-rbac.md, section 15: 42501, rules Z1, Z2, H4). */
import { SqlError } from '../errors/sql-error.ts'
import { SqlState } from '../errors/sql-state.ts'
import { unreachable } from '../errors/unreachable.ts'
import { defaultSchema, displayRelation, foldName, type RelationName } from './names.ts'
import { granularityOf } from './permission-registry.ts'
import { quoteName } from './quote-name.ts'
import type { MissingPermission, RequiredColumn } from './requirement.ts'

/** `Access denied for u [...]`, with the GRANT that would help as its hint. */
export function accessDenied(principalName: string, missing: MissingPermission): SqlError {
  const withOption = isGrantOption(missing) ? ' WITH GRANT OPTION' : ''
  const to = `TO ${quoteName(principalName)}${withOption}`
  return new SqlError(
    SqlState.InsufficientPrivilege,
    `Access denied for ${principalName} [${phrase(missing, inWords)}${withOption}]`,
    { hint: `GRANT ${phrase(missing, asStatement)} ${to};` },
  )
}

/** E2: a session that a disabled principal still has open. */
export function principalDisabled(
  principalName: string,
  kind: 'User' | 'ServiceAccount',
): SqlError {
  const word = kind === 'User' ? 'user' : 'service account'
  return new SqlError(
    SqlState.InsufficientPrivilege,
    `Access denied for ${principalName} [${word} is disabled]`,
  )
}

function isGrantOption({ requirement }: MissingPermission): boolean {
  return requirement.kind === 'GrantOption' || requirement.kind === 'AssumeGrantOption'
}

/** How what is missing is put: for people, or as the middle of a GRANT that can be run (H4). */
interface Wording {
  readonly on: string
  readonly table: (relation: RelationName, columns: readonly RequiredColumn[]) => string
  readonly principal: (name: string) => string
}

const inWords: Wording = { on: 'on', table: tableText, principal: (name) => name }
const asStatement: Wording = { on: 'ON', table: tableStatement, principal: quoteName }

function phrase({ requirement, columns }: MissingPermission, wording: Wording): string {
  switch (requirement.kind) {
    case 'Database':
      return requirement.permission
    case 'EveryTable':
      return `${requirement.permission} ${wording.on} ALL TABLES`
    case 'Relation':
    case 'Columns':
    case 'AnyColumn':
    case 'UnknownRelation':
    case 'UnknownColumn':
      return `${requirement.permission} ${wording.on} ${wording.table(requirement.relation, columns)}`
    case 'GrantOption': {
      const { permission, scope } = requirement
      if (scope.kind !== 'Database') {
        return `${permission} ${wording.on} ${wording.table(scope.relation, columns)}`
      }
      const isOnDatabase = granularityOf(permission) === 'Database'
      return isOnDatabase ? permission : `${permission} ${wording.on} ALL TABLES`
    }
    case 'Assume':
    case 'AssumeGrantOption':
      return `ASSUME SERVICE ACCOUNT ${wording.principal(requirement.account)}`
    default:
      return unreachable(requirement)
  }
}

/** Names unquoted (Z1), and no column that only a star reached (Z2). */
function tableText(relation: RelationName, columns: readonly RequiredColumn[]): string {
  if (columns.length === 0) return displayRelation(relation)
  const named = columns.filter(({ throughStar }) => !throughStar).map(({ name }) => name)
  const star = columns.length > named.length ? ['*'] : []
  return `${displayRelation(relation)}(${[...named, ...star].join(', ')})`
}

/** Where a star reached columns, only the whole table can be named without naming them. */
function tableStatement(relation: RelationName, columns: readonly RequiredColumn[]): string {
  const schema = foldName(relation.schema) === defaultSchema ? '' : `${quoteName(relation.schema)}.`
  const table = `${schema}${quoteName(relation.name)}`
  if (columns.length === 0 || columns.some(({ throughStar }) => throughStar)) return table
  return `${table}(${columns.map(({ name }) => quoteName(name)).join(', ')})`
}
