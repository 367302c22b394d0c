/** Errors about principals, entries and relations (questdb-rbac.md, section 15). */
import { SqlError } from '../errors/sql-error.ts'
import { SqlState } from '../errors/sql-state.ts'
import type { NamedKey } from './change.ts'
import type { PrincipalKind } from './effect.ts'
import { displayRelation, type RelationName } from './names.ts'
import type { PermissionName } from './permission-registry.ts'
import type { Relation } from './schema.ts'

/** A name in a statement, with where it stands. */
type Said = Pick<NamedKey, 'name' | 'offset'>

/** What a principal may be looked for as; `entity`: any kind. */
export type PrincipalWord = PrincipalKind | 'Entity'

const wordOf = {
  User: 'user',
  Group: 'group',
  ServiceAccount: 'service account',
  Entity: 'entity',
} as const satisfies Record<PrincipalWord, string>

const kindOf = { Table: 'table', View: 'view' } as const satisfies Record<Relation['kind'], string>

function at(offset: number | undefined): { readonly offset?: number } {
  return offset === undefined ? {} : { offset }
}

export function principalDoesNotExist(kind: PrincipalWord, said: Said): SqlError {
  const message = `${wordOf[kind]} does not exist [name=${said.name}]`
  return new SqlError(SqlState.UndefinedObject, message, at(said.offset))
}

export function nameInUse(said: Said): SqlError {
  const message = `name is already in use [name=${said.name}]`
  return new SqlError(SqlState.DuplicateObject, message, at(said.offset))
}

export function invalidName(said: Said): SqlError {
  const message = `invalid name [name=${said.name}]`
  return new SqlError(SqlState.InvalidName, message, at(said.offset))
}

export function aliasInUse(): SqlError {
  return new SqlError(SqlState.DuplicateObject, 'alias is already in use')
}

export function aliasDoesNotExist(): SqlError {
  return new SqlError(SqlState.UndefinedObject, 'alias does not exist')
}

export function tokenDoesNotExist(): SqlError {
  return new SqlError(SqlState.UndefinedObject, 'token does not exist')
}

export function adminPermissionsFixed(said: Said): SqlError {
  const message = `permissions of the built-in admin cannot be changed [name=${said.name}]`
  return new SqlError(SqlState.InvalidGrantOperation, message, at(said.offset))
}

export function adminCannotBeAltered(said: Said): SqlError {
  const message = `the built-in admin cannot be altered [name=${said.name}]`
  return new SqlError(SqlState.InvalidGrantOperation, message, at(said.offset))
}

export function accountsCannotAssume(said: Said): SqlError {
  const message = 'service accounts cannot assume service accounts'
  return new SqlError(SqlState.InvalidGrantOperation, message, at(said.offset))
}

export function ownedByRequired(): SqlError {
  return new SqlError(SqlState.InvalidGrantOperation, 'OWNED BY is required', {
    hint: 'A service account cannot hold the link to a service account; name a user or a group that shall.',
  })
}

export function inUseByThisSession(said: Said): SqlError {
  const message = `${said.name} is in use by this session`
  return new SqlError(SqlState.ObjectInUse, message, at(said.offset))
}

/** A permission that a level does not take (L4). */
export function wrongLevel(refused: {
  readonly permission: PermissionName
  readonly level: 'Database' | 'Table' | 'Column'
  readonly verb: 'granted' | 'revoked'
  readonly offset?: number
}): SqlError {
  const { permission, level, verb } = refused
  const message =
    level === 'Database'
      ? `${permission} needs ON ALL TABLES or a table`
      : `${permission} cannot be ${verb} on ${level.toLowerCase()} level`
  return new SqlError(SqlState.InvalidGrantOperation, message, at(refused.offset))
}

/** A permission without a meaning for the kind of a relation (G12). */
export function doesNotApply(permission: PermissionName, relation: Relation): SqlError {
  const message = `${permission} does not apply to ${kindOf[relation.kind]} ${displayRelation(relation)}`
  return new SqlError(SqlState.InvalidGrantOperation, message)
}

export function noColumnsOnViews(view: Relation, offset: number | undefined): SqlError {
  const message = `column level permissions are not supported on views [view=${displayRelation(view)}]`
  return new SqlError(SqlState.InvalidGrantOperation, message, at(offset))
}

export function excludeLeavesNothing(relation: Relation, offset: number | undefined): SqlError {
  const message = `EXCLUDE leaves no column of ${displayRelation(relation)}`
  return new SqlError(SqlState.InvalidGrantOperation, message, at(offset))
}

export function relationDoesNotExist(
  kind: Relation['kind'],
  relation: Pick<RelationName, 'schema' | 'name'>,
  offset?: number,
): SqlError {
  const word = kindOf[kind]
  const message = `${word} does not exist [${word}=${displayRelation(relation)}]`
  return new SqlError(SqlState.UndefinedTable, message, at(offset))
}

export function relationExists(existing: Relation, offset?: number): SqlError {
  const message = `${kindOf[existing.kind]} already exists`
  return new SqlError(SqlState.DuplicateTable, message, at(offset))
}

export function isAView(view: Relation): SqlError {
  return new SqlError(SqlState.WrongObjectType, `${displayRelation(view)} is a view`)
}

export function invalidColumn(said: Said): SqlError {
  return new SqlError(SqlState.UndefinedColumn, `Invalid column: ${said.name}`, at(said.offset))
}

export function duplicateColumn(said: Said): SqlError {
  return new SqlError(SqlState.DuplicateColumn, `Duplicate column: ${said.name}`, at(said.offset))
}

export function isNotAView(table: Relation): SqlError {
  return new SqlError(SqlState.WrongObjectType, `${displayRelation(table)} is not a view`)
}

/** A bound change that does not fit the relation any more: it was bound to an older schema. */
export function relationChanged(relation: Relation): SqlError {
  return new SqlError(
    SqlState.SerializationFailure,
    `${displayRelation(relation)} was changed meanwhile`,
  )
}
