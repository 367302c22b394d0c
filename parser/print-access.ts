import { unreachable } from '../errors/unreachable.ts'
import { quoteLiteral, quoteName } from './quote.ts'
import type {
  AccessStatement,
  AlterAction,
  GrantTargets,
  Name,
  PasswordOption,
  PermissionWord,
  QualifiedName,
  TableTarget,
  TargetColumns,
} from './statement.ts'

/** An access statement as SQL text that parses to the same statement. */
export function printAccessStatement(statement: AccessStatement): string {
  switch (statement.kind) {
    case 'CreateUser':
      return `CREATE USER ${printNewName(statement)}${printPassword(statement.password)}`
    case 'CreateServiceAccount': {
      const name = printNewName(statement)
      const password = printPassword(statement.password)
      return `CREATE SERVICE ACCOUNT ${name}${password}${printOwnedBy(statement.ownedBy)}`
    }
    case 'CreateGroup': {
      const alias = statement.externalAlias
      const withAlias =
        alias === undefined ? '' : ` WITH EXTERNAL ALIAS ${quoteLiteral(alias.value)}`
      return `CREATE GROUP ${printNewName(statement)}${withAlias}`
    }
    case 'AlterUser':
      return `ALTER USER ${printName(statement.name)} ${printAction(statement.action)}`
    case 'AlterServiceAccount':
      return `ALTER SERVICE ACCOUNT ${printName(statement.name)} ${printAction(statement.action)}`
    case 'AlterGroup': {
      const verb = statement.action === 'AddAlias' ? 'WITH' : 'DROP'
      const alias = quoteLiteral(statement.alias.value)
      return `ALTER GROUP ${printName(statement.name)} ${verb} EXTERNAL ALIAS ${alias}`
    }
    case 'DropUser':
      return `DROP USER ${printOldName(statement)}`
    case 'DropServiceAccount':
      return `DROP SERVICE ACCOUNT ${printOldName(statement)}`
    case 'DropGroup':
      return `DROP GROUP ${printOldName(statement)}`
    case 'AddUser':
      return `ADD USER ${printName(statement.user)} TO ${printNames(statement.groups)}`
    case 'RemoveUser':
      return `REMOVE USER ${printName(statement.user)} FROM ${printNames(statement.groups)}`
    case 'Grant': {
      const what = printPermissions(statement.permissions) + printTargets(statement.targets)
      return `GRANT ${what} TO ${printName(statement.grantee)}${printOptions(statement)}`
    }
    case 'Revoke': {
      const what = printPermissions(statement.permissions) + printTargets(statement.targets)
      return `REVOKE ${what} FROM ${printName(statement.grantee)}`
    }
    case 'GrantAssume': {
      const account = printName(statement.account)
      const grantee = printName(statement.grantee) + printOptions(statement)
      return `GRANT ASSUME SERVICE ACCOUNT ${account} TO ${grantee}`
    }
    case 'RevokeAssume': {
      const account = printName(statement.account)
      return `REVOKE ASSUME SERVICE ACCOUNT ${account} FROM ${printName(statement.grantee)}`
    }
    default:
      return unreachable(statement)
  }
}

/** A name in SQL, quoted where it must be. */
export function printName(name: Name): string {
  return quoteName(name.text)
}

/** Names with commas. */
export function printNames(names: readonly Name[]): string {
  return names.map(printName).join(', ')
}

/** `[schema.]name`. */
export function printQualifiedName({ schema, name }: QualifiedName): string {
  return schema === undefined ? printName(name) : `${printName(schema)}.${printName(name)}`
}

/** ` OWNED BY name`, if given. */
export function printOwnedBy(ownedBy: Name | undefined): string {
  return ownedBy === undefined ? '' : ` OWNED BY ${printName(ownedBy)}`
}

function printNewName(statement: { readonly name: Name; readonly ifNotExists: boolean }): string {
  return (statement.ifNotExists ? 'IF NOT EXISTS ' : '') + printName(statement.name)
}

function printOldName(statement: { readonly name: Name; readonly ifExists: boolean }): string {
  return (statement.ifExists ? 'IF EXISTS ' : '') + printName(statement.name)
}

function printPassword(option: PasswordOption | undefined): string {
  if (option === undefined) return ''
  if (option.kind === 'NoPassword') return ' WITH NO PASSWORD'
  return ` WITH PASSWORD ${quoteLiteral(option.password.value)}`
}

function printAction(action: AlterAction): string {
  switch (action.kind) {
    case 'Enable':
      return 'ENABLE'
    case 'Disable':
      return 'DISABLE'
    case 'SetPassword':
      return `WITH PASSWORD ${quoteLiteral(action.password.value)}`
    case 'RemovePassword':
      return 'WITH NO PASSWORD'
    case 'CreateJwk':
      return `CREATE TOKEN TYPE JWK${printPublicKey(action)}`
    case 'CreateRestToken': {
      const refresh = action.refresh ? ' REFRESH' : ''
      return `CREATE TOKEN TYPE REST WITH TTL ${quoteLiteral(action.ttl.value)}${refresh}`
    }
    case 'DropJwk':
      return 'DROP TOKEN TYPE JWK'
    case 'DropRestToken': {
      const token = action.token === undefined ? '' : ` ${quoteLiteral(action.token.value)}`
      return `DROP TOKEN TYPE REST${token}`
    }
    default:
      return unreachable(action)
  }
}

function printPublicKey({ publicKey }: Extract<AlterAction, { kind: 'CreateJwk' }>): string {
  if (publicKey === undefined) return ''
  const { x, y } = publicKey
  return ` WITH PUBLIC KEY x ${quoteLiteral(x.value)} y ${quoteLiteral(y.value)}`
}

function printPermissions(permissions: readonly PermissionWord[]): string {
  return permissions.map(({ text }) => text).join(', ')
}

function printTargets(targets: GrantTargets): string {
  switch (targets.kind) {
    case 'Database':
      return ''
    case 'AllTables':
      return ' ON ALL TABLES'
    case 'Tables':
      return ` ON ${targets.targets.map(printTarget).join(', ')}`
    default:
      return unreachable(targets)
  }
}

function printTarget({ table, columns }: TableTarget): string {
  const name = printQualifiedName(table)
  return columns === undefined ? name : `${name}(${printColumns(columns)})`
}

function printColumns(columns: TargetColumns): string {
  if (columns.kind === 'ColumnList') return printNames(columns.columns)
  return columns.exclude.length === 0 ? '*' : `* EXCLUDE (${printNames(columns.exclude)})`
}

function printOptions(options: {
  readonly grantOption: boolean
  readonly verification: boolean
}): string {
  const grantOption = options.grantOption ? ' WITH GRANT OPTION' : ''
  return grantOption + (options.verification ? ' WITH VERIFICATION' : '')
}
