/** From statements to changes: names become keys, and nothing of the syntax is left but offsets for errors. */
import { SqlError } from '../errors/sql-error.ts'
import { SqlState } from '../errors/sql-state.ts'
import { invariant } from '../errors/invariant.ts'
import { unreachable } from '../errors/unreachable.ts'
import type {
  AccessStatement,
  AlterAction,
  AlterGroup,
  CreateGroup,
  CreateServiceAccount,
  CreateUser,
  GrantTargets,
  Literal,
  Name,
  PasswordOption,
  PermissionWord,
  TableTarget,
  TargetColumns,
} from '../parser/statement.ts'
import type {
  AccessChange,
  ColumnChoice,
  CreatePrincipal,
  GrantScope,
  GrantTarget,
  NamedKey,
  PasswordChange,
  PermissionChoice,
  PrincipalAction,
} from './change.ts'
import type { RestToken } from './effect.ts'
import { foldName, relationName, type PrincipalId } from './names.ts'
import { permissionNamed } from './permission-registry.ts'

/** What a statement leaves to be made before it can be applied: hashes, keys, tokens. */
export type Secret =
  | { readonly kind: 'Password'; readonly text: string; readonly offset: number }
  | {
      readonly kind: 'Jwk'
      /** Absent: a key pair is to be made (S7, S8). */
      readonly publicKey?: { readonly x: string; readonly y: string; readonly offset: number }
    }
  | { readonly kind: 'RestToken'; readonly ttl: Literal; readonly refresh: boolean }
  | { readonly kind: 'DropRestToken'; readonly token: string }

/** What was made of a statement's {@link Secret}, and a number for who is created. */
export interface ChangeMaterial {
  readonly id?: PrincipalId
  readonly passwordHash?: string
  readonly jwk?: { readonly x: string; readonly y: string }
  readonly restToken?: RestToken
  /** SHA-256 of the token that is dropped, hex. */
  readonly tokenHash?: string
  /** For DROP TOKEN: an expired token is an unknown one (S13). */
  readonly nowMicros?: bigint
}

/** What has to be made before {@link changeOf}; nothing for most statements. */
export function secretOf(statement: AccessStatement): Secret | undefined {
  switch (statement.kind) {
    case 'CreateUser':
    case 'CreateServiceAccount':
      return statement.password?.kind === 'Password'
        ? password(statement.password.password)
        : undefined
    case 'AlterUser':
    case 'AlterServiceAccount':
      return secretOfAction(statement.action)
    case 'CreateGroup':
    case 'AlterGroup':
    case 'DropUser':
    case 'DropServiceAccount':
    case 'DropGroup':
    case 'AddUser':
    case 'RemoveUser':
    case 'Grant':
    case 'Revoke':
    case 'GrantAssume':
    case 'RevokeAssume':
      return undefined
    default:
      return unreachable(statement)
  }
}

function secretOfAction(action: AlterAction): Secret | undefined {
  switch (action.kind) {
    case 'SetPassword':
      return password(action.password)
    case 'CreateJwk': {
      if (action.publicKey === undefined) return { kind: 'Jwk' }
      const { x, y } = action.publicKey
      return { kind: 'Jwk', publicKey: { x: x.value, y: y.value, offset: x.span.start } }
    }
    case 'CreateRestToken':
      return { kind: 'RestToken', ttl: action.ttl, refresh: action.refresh }
    case 'DropRestToken':
      return action.token === undefined
        ? undefined
        : { kind: 'DropRestToken', token: action.token.value }
    case 'Enable':
    case 'Disable':
    case 'RemovePassword':
    case 'DropJwk':
      return undefined
    default:
      return unreachable(action)
  }
}

function password({ value, span }: Literal): Secret {
  return { kind: 'Password', text: value, offset: span.start }
}

/** The change that a statement asks for. `given` must hold what {@link secretOf} asked for. */
export function changeOf(statement: AccessStatement, given: ChangeMaterial): AccessChange {
  switch (statement.kind) {
    case 'CreateUser':
    case 'CreateServiceAccount':
    case 'CreateGroup':
      return createPrincipal(statement, given)
    case 'AlterUser':
    case 'AlterServiceAccount':
      return {
        kind: 'AlterPrincipal',
        principalKind: statement.kind === 'AlterUser' ? 'User' : 'ServiceAccount',
        name: named(statement.name),
        action: actionOf(statement.action, given),
      }
    case 'AlterGroup':
      return alterGroup(statement)
    case 'DropUser':
    case 'DropServiceAccount':
    case 'DropGroup':
      return {
        kind: 'DropPrincipal',
        principalKind: kindDropped[statement.kind],
        name: named(statement.name),
        ifExists: statement.ifExists,
      }
    case 'AddUser':
    case 'RemoveUser':
      return {
        kind: 'ChangeMembership',
        action: statement.kind === 'AddUser' ? 'Add' : 'Remove',
        user: named(statement.user),
        groups: statement.groups.map(named),
      }
    case 'Grant':
      return {
        kind: 'Grant',
        permissions: statement.permissions.map(choiceOf),
        scope: scopeOf(statement.targets),
        grantee: named(statement.grantee),
        grantOption: statement.grantOption,
        verification: statement.verification,
      }
    case 'Revoke':
      return {
        kind: 'Revoke',
        permissions: statement.permissions.map(choiceOf),
        scope: scopeOf(statement.targets),
        grantee: named(statement.grantee),
      }
    case 'GrantAssume':
      return {
        kind: 'GrantAssume',
        account: named(statement.account),
        grantee: named(statement.grantee),
        grantOption: statement.grantOption,
        verification: statement.verification,
      }
    case 'RevokeAssume':
      return {
        kind: 'RevokeAssume',
        account: named(statement.account),
        grantee: named(statement.grantee),
      }
    default:
      return unreachable(statement)
  }
}

const kindCreated = {
  CreateUser: 'User',
  CreateServiceAccount: 'ServiceAccount',
  CreateGroup: 'Group',
} as const

const kindDropped = {
  DropUser: 'User',
  DropServiceAccount: 'ServiceAccount',
  DropGroup: 'Group',
} as const

function createPrincipal(
  statement: CreateUser | CreateServiceAccount | CreateGroup,
  given: ChangeMaterial,
): CreatePrincipal {
  invariant(given.id, 'a number was allocated for the new principal')
  return {
    kind: 'CreatePrincipal',
    principalKind: kindCreated[statement.kind],
    id: given.id,
    name: named(statement.name),
    ifNotExists: statement.ifNotExists,
    ...optionsOf(statement, given),
  }
}

function optionsOf(
  statement: CreateUser | CreateServiceAccount | CreateGroup,
  given: ChangeMaterial,
): Pick<CreatePrincipal, 'password' | 'externalAlias' | 'ownedBy'> {
  if (statement.kind === 'CreateGroup') {
    const { externalAlias } = statement
    return externalAlias === undefined ? {} : { externalAlias: externalAlias.value }
  }
  const owner = statement.kind === 'CreateServiceAccount' ? statement.ownedBy : undefined
  return {
    ...(statement.password === undefined
      ? {}
      : { password: passwordChange(statement.password, given) }),
    ...(owner === undefined ? {} : { ownedBy: named(owner) }),
  }
}

function passwordChange(option: PasswordOption, given: ChangeMaterial): PasswordChange {
  return option.kind === 'NoPassword' ? { kind: 'RemovePassword' } : setPassword(given)
}

function setPassword({ passwordHash }: ChangeMaterial): PasswordChange {
  invariant(passwordHash, 'the password was hashed')
  return { kind: 'SetPassword', hash: passwordHash }
}

function actionOf(action: AlterAction, given: ChangeMaterial): PrincipalAction {
  switch (action.kind) {
    case 'Enable':
    case 'Disable':
    case 'RemovePassword':
    case 'DropJwk':
      return { kind: action.kind }
    case 'SetPassword':
      return setPassword(given)
    case 'CreateJwk':
      invariant(given.jwk, 'the key was made or checked')
      return { kind: 'SetJwk', x: given.jwk.x, y: given.jwk.y }
    case 'CreateRestToken':
      invariant(given.restToken, 'the token was made')
      return { kind: 'AddRestToken', token: given.restToken }
    case 'DropRestToken':
      invariant(given.nowMicros, 'the time is known')
      if (action.token === undefined) return { kind: 'DropRestToken', nowMicros: given.nowMicros }
      invariant(given.tokenHash, 'the token was hashed')
      return { kind: 'DropRestToken', hash: given.tokenHash, nowMicros: given.nowMicros }
    default:
      return unreachable(action)
  }
}

function alterGroup(statement: AlterGroup): AccessChange {
  const alias = statement.alias.value
  return {
    kind: 'AlterPrincipal',
    principalKind: 'Group',
    name: named(statement.name),
    action:
      statement.action === 'AddAlias'
        ? { kind: 'AddExternalAlias', alias }
        : { kind: 'DropExternalAlias', alias },
  }
}

function named({ text, span }: Name): NamedKey {
  return { key: foldName(text), name: text, offset: span.start }
}

function choiceOf({ text, span }: PermissionWord): PermissionChoice {
  if (text === 'ALL') return { kind: 'All', offset: span.start }
  const permission = permissionNamed(text)
  if (permission === undefined) throw unknownPermission(text, span.start)
  return { kind: 'One', permission, offset: span.start }
}

function unknownPermission(text: string, offset: number): SqlError {
  return new SqlError(SqlState.SyntaxError, `unknown permission "${text}"`, {
    offset,
    hint: 'SELECT * FROM all_permissions() lists the permissions.',
  })
}

function scopeOf(targets: GrantTargets): GrantScope {
  if (targets.kind !== 'Tables') return { kind: targets.kind }
  return { kind: 'Targets', targets: targets.targets.map(targetOf) }
}

function targetOf({ table, columns }: TableTarget): GrantTarget {
  const schema = table.schema === undefined ? {} : { schema: table.schema.text }
  return {
    relation: relationName({ ...schema, name: table.name.text }),
    offset: table.name.span.start,
    ...(columns === undefined ? {} : { columns: columnsOf(columns) }),
  }
}

function columnsOf(columns: TargetColumns): ColumnChoice {
  if (columns.kind === 'ColumnList') return { kind: 'List', columns: columns.columns.map(named) }
  return { kind: 'Star', exclude: columns.exclude.map(named), offset: columns.span.start }
}
