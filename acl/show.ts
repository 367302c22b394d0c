/** The answers to SHOW about access and schema (questdb-rbac.md, section 9). */
import { unreachable } from '../errors/unreachable.ts'
import type { QualifiedName, ShowStatement } from '../parser/statement.ts'
import { principalDoesNotExist, type PrincipalWord } from './access-errors.ts'
import type { Actor } from './actor.ts'
import { requirePermissions } from './authorize.ts'
import { compareNames } from './compare-names.ts'
import type { Principal, PrincipalKind } from './effect.ts'
import { effectiveList } from './effective-list.ts'
import { effectiveLinks } from './grant-option.ts'
import { booleanColumn, textColumn, type Listing, type ListingColumn } from './listing.ts'
import { existingPrincipal, groupsOf, type AccessModel } from './model.ts'
import { displayRelation, relationName, type RelationName } from './names.ts'
import { effectiveRows } from './permission-rows.ts'
import { permission } from './permission-registry.ts'
import { showColumns } from './show-columns.ts'
import { showCreate } from './show-create.ts'
import { showCreateDatabase } from './show-database.ts'
import { shownNamed, shownSelf, type Association, type Shown } from './show-details.ts'
import { visibleRelations } from './visible.ts'

/**
 * What a SHOW statement answers to the actor. `nowMicros`: a REST token that has expired is none.
 * @throws SqlError 42501 before 42704 (W12)
 */
export function show(
  model: AccessModel,
  actor: Actor,
  statement: ShowStatement,
  nowMicros: bigint,
): Listing {
  switch (statement.kind) {
    case 'ShowUsers':
      return listPrincipals(model, actor, 'User')
    case 'ShowGroups': {
      if (statement.user === undefined) return listPrincipals(model, actor, 'Group')
      return showGroups(model, shownUser(model, actor, statement.user.text))
    }
    case 'ShowServiceAccounts': {
      if (statement.entity === undefined) return listPrincipals(model, actor, 'ServiceAccount')
      return showAccounts(model, shownAssumer(model, actor, statement.entity.text))
    }
    case 'ShowUser': {
      const name = statement.name?.text
      return showSecrets(shownAs(model, actor, { name, kind: 'User', throughAny: [] }), nowMicros)
    }
    case 'ShowServiceAccount': {
      const looked = { kind: 'ServiceAccount', throughAny: ['ServiceAccount'] } as const
      const name = statement.name?.text
      return showSecrets(shownAs(model, actor, { name, ...looked }), nowMicros)
    }
    case 'ShowPermissions':
      return showPermissions(model, actor, statement.entity?.text)
    case 'ShowTables':
      return showTables(model, actor)
    case 'ShowColumns':
      return showColumns(model, actor, said(statement.table))
    case 'ShowCreateTable':
      return showCreate(model, actor, 'Table', said(statement.table))
    case 'ShowCreateView':
      return showCreate(model, actor, 'View', said(statement.view))
    case 'ShowCreateDatabase':
      return showCreateDatabase(model, actor, statement.choice)
    default:
      return unreachable(statement)
  }
}

function said({ schema, name }: QualifiedName): RelationName {
  return relationName({ ...(schema === undefined ? {} : { schema: schema.text }), name: name.text })
}

const nameColumns: readonly ListingColumn[] = [textColumn('name')]

/** All principals of a kind; the built-in admin is among the users while it is enabled (A4). */
function listPrincipals(model: AccessModel, actor: Actor, kind: PrincipalKind): Listing {
  requirePermissions(model, actor, [permission('LIST USERS')])
  const stored = [...model.principals.values()].filter((principal) => principal.kind === kind)
  const admin = kind === 'User' && model.admin.enabled ? [model.admin] : []
  return listNames([...stored, ...admin])
}

function listNames(principals: readonly { readonly name: string }[]): Listing {
  const names = principals.map(({ name }) => name).toSorted(compareNames)
  return { columns: nameColumns, rows: names.map((name) => [name]) }
}

/** SHOW GROUPS takes a user (W5). */
function shownUser(model: AccessModel, actor: Actor, name: string): Shown {
  const shown = shownNamed(model, actor, name, { word: 'User', throughAny: [] })
  return ofKinds(shown, ['User'], { word: 'User', name })
}

/** SHOW SERVICE ACCOUNTS takes a user or a group (W5). */
function shownAssumer(model: AccessModel, actor: Actor, name: string): Shown {
  const shown = shownNamed(model, actor, name, { word: 'Entity', throughAny: ['Group'] })
  return ofKinds(shown, ['User', 'Group'], { word: 'Entity', name })
}

/** One user or service account, named or oneself; of another kind it does not exist (W4, W5). */
function shownAs(
  model: AccessModel,
  actor: Actor,
  looked: {
    readonly name: string | undefined
    readonly kind: 'User' | 'ServiceAccount'
    readonly throughAny: readonly Association[]
  },
): Shown {
  const { name, kind, throughAny } = looked
  const shown =
    name === undefined
      ? shownSelf(model, actor, kind)
      : shownNamed(model, actor, name, { word: kind, throughAny })
  return ofKinds(shown, [kind], { word: kind, name: name ?? actor.effective.name })
}

/** The built-in admin is a user as far as SHOW goes (A4). */
function ofKinds(
  shown: Shown,
  kinds: readonly PrincipalKind[],
  said: { readonly word: PrincipalWord; readonly name: string },
): Shown {
  const kind = shown.kind === 'Stored' ? shown.principal.kind : 'User'
  if (!kinds.includes(kind)) throw principalDoesNotExist(said.word, said)
  return shown
}

function showGroups(model: AccessModel, shown: Shown): Listing {
  return listNames(shown.kind === 'Stored' ? groupsOf(model, shown.principal.id) : [])
}

/** The accounts that may be assumed by link; for a user own and group links united (U2). */
function showAccounts(model: AccessModel, shown: Shown): Listing {
  const columns = [textColumn('name'), booleanColumn('grant_option')]
  if (shown.kind === 'BuiltInAdmin') return { columns, rows: [] }
  const links = effectiveLinks(model, { ...shown.principal, kind: 'Stored' })
  const rows = [...links.values()].map(({ account, grantOption }) => ({
    name: existingPrincipal(model, account).name,
    grantOption,
  }))
  return {
    columns,
    rows: rows
      .toSorted((a, b) => compareNames(a.name, b.name))
      .map(({ name, grantOption }) => [name, grantOption]),
  }
}

/** Which methods are set up (W2); the built-in admin has its password (A4). */
function showSecrets(shown: Shown, nowMicros: bigint): Listing {
  const has = shown.kind === 'Stored' ? methodsOf(shown.principal, nowMicros) : adminMethods
  return {
    columns: [textColumn('auth_type'), booleanColumn('enabled')],
    rows: [
      ['Password', has.password],
      ['JWK Token', has.jwk],
      ['REST Token', has.restToken],
    ],
  }
}

interface Methods {
  readonly password: boolean
  readonly jwk: boolean
  readonly restToken: boolean
}

const adminMethods: Methods = { password: true, jwk: false, restToken: false }

function methodsOf(principal: Principal, nowMicros: bigint): Methods {
  return {
    password: principal.hasPassword,
    jwk: principal.jwk !== undefined,
    restToken: principal.restTokens.some(({ expiresAtMicros }) => expiresAtMicros > nowMicros),
  }
}

/** The columns of SHOW PERMISSIONS and permissions(). */
export const permissionColumns: readonly ListingColumn[] = [
  textColumn('permission'),
  textColumn('table_name'),
  textColumn('column_name'),
  booleanColumn('grant_option'),
  textColumn('origin'),
]

/** SHOW PERMISSIONS [x], and permissions([x]) (W6 to W10); of the built-in admin no rows (A4). */
export function showPermissions(
  model: AccessModel,
  actor: Actor,
  name: string | undefined,
): Listing {
  const looked = { word: 'Entity', throughAny: ['Group', 'ServiceAccount'] } as const
  const shown =
    name === undefined
      ? shownSelf(model, actor, looked.word)
      : shownNamed(model, actor, name, looked)
  const rows = shown.kind === 'Stored' ? effectiveRows(model, shown.principal) : []
  return {
    columns: permissionColumns,
    rows: rows.map((row) => [
      row.permission,
      row.tableName,
      row.columnName,
      row.grantOption,
      row.origin,
    ]),
  }
}

function showTables(model: AccessModel, actor: Actor): Listing {
  const relations = visibleRelations(effectiveList(model, actor.effective), model.schema)
  return {
    columns: [textColumn('table_name')],
    rows: relations.map((relation) => [displayRelation(relation)]),
  }
}
