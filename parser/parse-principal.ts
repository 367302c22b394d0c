import { unreachable } from '../errors/unreachable.ts'
import { parsePrincipal, parseSecret, parseString } from './name.ts'
import { quoteName } from './quote.ts'
import type {
  AccessStatement,
  AlterAction,
  AlterGroup,
  CreateGroup,
  CreateServiceAccount,
  CreateUser,
  Literal,
  Name,
  PasswordOption,
} from './statement.ts'
import type { TokenReader } from './token-reader.ts'

// Statements about users, service accounts and groups (questdb-rbac.md, section 3). The word that
// says what the statement is about has been read when these functions are called.

/** create_user = "CREATE" "USER" [ "IF" "NOT" "EXISTS" ] user [ "WITH" password_opt ] ; */
export function parseCreateUser(reader: TokenReader): CreateUser {
  const ifNotExists = reader.acceptWords('IF', 'NOT', 'EXISTS')
  const name = parsePrincipal(reader)
  const password = parsePasswordClause(reader, name)
  return { kind: 'CreateUser', name, ifNotExists, ...(password === undefined ? {} : { password }) }
}

/**
 * create_sa = "CREATE" "SERVICE" "ACCOUNT" [ "IF" "NOT" "EXISTS" ] account
 *             [ "WITH" password_opt ] [ "OWNED" "BY" entity ] ;
 */
export function parseCreateServiceAccount(reader: TokenReader): CreateServiceAccount {
  const ifNotExists = reader.acceptWords('IF', 'NOT', 'EXISTS')
  const name = parsePrincipal(reader)
  const password = parsePasswordClause(reader, name)
  const ownedBy = parseOwnedBy(reader)
  return {
    kind: 'CreateServiceAccount',
    name,
    ifNotExists,
    ...(password === undefined ? {} : { password }),
    ...(ownedBy === undefined ? {} : { ownedBy }),
  }
}

/** [ "OWNED" "BY" entity ] */
export function parseOwnedBy(reader: TokenReader): Name | undefined {
  if (!reader.acceptWords('OWNED')) return undefined
  reader.expectWords('BY')
  return parsePrincipal(reader)
}

/** [ "WITH" password_opt ] */
function parsePasswordClause(reader: TokenReader, name: Name): PasswordOption | undefined {
  refusePasswordWithoutWith(reader, name)
  if (!reader.acceptWords('WITH')) return undefined
  return parsePasswordOption(reader)
}

/** password_opt = "PASSWORD" secret | "NO" "PASSWORD" ; */
function parsePasswordOption(reader: TokenReader): PasswordOption {
  if (reader.acceptWords('NO')) {
    reader.expectWords('PASSWORD')
    return { kind: 'NoPassword' }
  }
  if (reader.atWords('ENCRYPTED', 'PASSWORD')) throw reader.foreign("Use WITH PASSWORD '...'.")
  reader.expectWords('PASSWORD')
  return { kind: 'Password', password: parseSecret(reader) }
}

/** Y1: PostgreSQL has PASSWORD without WITH, and ENCRYPTED before it. */
function refusePasswordWithoutWith(reader: TokenReader, name: Name): void {
  const isForeign = reader.atWords('PASSWORD') || reader.atWords('ENCRYPTED', 'PASSWORD')
  if (isForeign) throw reader.foreign(`Use ${quoteName(name.text)} WITH PASSWORD '...'.`)
}

/** create_group = "CREATE" "GROUP" [ "IF" "NOT" "EXISTS" ] group [ "WITH" "EXTERNAL" "ALIAS" string ] ; */
export function parseCreateGroup(reader: TokenReader): CreateGroup {
  const ifNotExists = reader.acceptWords('IF', 'NOT', 'EXISTS')
  const name = parsePrincipal(reader)
  if (!reader.acceptWords('WITH')) return { kind: 'CreateGroup', name, ifNotExists }
  reader.expectWords('EXTERNAL', 'ALIAS')
  return { kind: 'CreateGroup', name, ifNotExists, externalAlias: parseString(reader) }
}

/** alter_user = "ALTER" "USER" user alter_action ; */
export function parseAlterUser(reader: TokenReader): AccessStatement {
  const name = parsePrincipal(reader)
  return { kind: 'AlterUser', name, action: parseAlterAction(reader, name) }
}

/** alter_sa = "ALTER" "SERVICE" "ACCOUNT" account alter_action ; */
export function parseAlterServiceAccount(reader: TokenReader): AccessStatement {
  const name = parsePrincipal(reader)
  return { kind: 'AlterServiceAccount', name, action: parseAlterAction(reader, name) }
}

/**
 * alter_action = "ENABLE" | "DISABLE" | "WITH" password_opt
 *              | "CREATE" "TOKEN" "TYPE" ( "JWK" ... | "REST" ... )
 *              | "DROP" "TOKEN" "TYPE" ( "JWK" | "REST" [ secret ] ) ;
 */
function parseAlterAction(reader: TokenReader, name: Name): AlterAction {
  refusePasswordWithoutWith(reader, name)
  const word = reader.expectOneOf(['ENABLE', 'DISABLE', 'WITH', 'CREATE', 'DROP'])
  switch (word) {
    case 'ENABLE':
      return { kind: 'Enable' }
    case 'DISABLE':
      return { kind: 'Disable' }
    case 'WITH': {
      const option = parsePasswordOption(reader)
      if (option.kind === 'NoPassword') return { kind: 'RemovePassword' }
      return { kind: 'SetPassword', password: option.password }
    }
    case 'CREATE':
      reader.expectWords('TOKEN', 'TYPE')
      return parseCreateToken(reader)
    case 'DROP':
      reader.expectWords('TOKEN', 'TYPE')
      return parseDropToken(reader)
    default:
      return unreachable(word)
  }
}

/**
 * "JWK" [ "WITH" "PUBLIC" "KEY" "x" string "y" string ] | "REST" "WITH" "TTL" ttl [ "REFRESH" ]
 *
 * TTL is mandatory and TRANSIENT is not known (D10).
 */
function parseCreateToken(reader: TokenReader): AlterAction {
  if (reader.expectOneOf(['JWK', 'REST']) === 'JWK') {
    if (!reader.acceptWords('WITH')) return { kind: 'CreateJwk' }
    reader.expectWords('PUBLIC', 'KEY', 'X')
    const x = parseKeyPart(reader)
    reader.expectWords('Y')
    const y = parseKeyPart(reader)
    return { kind: 'CreateJwk', publicKey: { x, y } }
  }
  reader.expectWords('WITH', 'TTL')
  const ttl = parseTtl(reader)
  return { kind: 'CreateRestToken', ttl, refresh: reader.acceptWords('REFRESH') }
}

function parseKeyPart(reader: TokenReader): Literal {
  const part = parseString(reader)
  reader.markSecret(part.span)
  return part
}

/** ttl = string | integer unit ; without a space between them (S11), so one token. */
function parseTtl(reader: TokenReader): Literal {
  const token = reader.peek()
  if (token.kind !== 'NumberUnit') return parseString(reader)
  reader.skip(1)
  return { value: token.text, span: { start: token.start, end: token.end } }
}

/** "JWK" | "REST" [ secret ] */
function parseDropToken(reader: TokenReader): AlterAction {
  if (reader.expectOneOf(['JWK', 'REST']) === 'JWK') return { kind: 'DropJwk' }
  if (reader.isAtEnd) return { kind: 'DropRestToken' }
  return { kind: 'DropRestToken', token: parseSecret(reader) }
}

/** alter_group = "ALTER" "GROUP" group ( "WITH" | "DROP" ) "EXTERNAL" "ALIAS" string ; */
export function parseAlterGroup(reader: TokenReader): AlterGroup {
  const name = parsePrincipal(reader)
  if (reader.atWords('ADD', 'USER'))
    throw reader.foreign(`Use ADD USER ... TO ${quoteName(name.text)}.`)
  if (reader.atWords('DROP', 'USER'))
    throw reader.foreign(`Use REMOVE USER ... FROM ${quoteName(name.text)}.`)
  const action = reader.expectOneOf(['WITH', 'DROP']) === 'WITH' ? 'AddAlias' : 'DropAlias'
  reader.expectWords('EXTERNAL', 'ALIAS')
  return { kind: 'AlterGroup', name, action, alias: parseString(reader) }
}

/** drop_user, drop_sa, drop_group: ... [ "IF" "EXISTS" ] name ; */
export function parseDropPrincipal(
  reader: TokenReader,
  kind: 'DropUser' | 'DropServiceAccount' | 'DropGroup',
): AccessStatement {
  const ifExists = reader.acceptWords('IF', 'EXISTS')
  return { kind, name: parsePrincipal(reader), ifExists }
}

/** add_user = "ADD" "USER" user "TO" group { "," group } ; */
export function parseAddUser(reader: TokenReader): AccessStatement {
  reader.expectWords('ADD', 'USER')
  const user = parsePrincipal(reader)
  reader.expectWords('TO')
  return { kind: 'AddUser', user, groups: reader.list(() => parsePrincipal(reader)) }
}

/** remove_user = "REMOVE" "USER" user "FROM" group { "," group } ; */
export function parseRemoveUser(reader: TokenReader): AccessStatement {
  reader.expectWords('REMOVE', 'USER')
  const user = parsePrincipal(reader)
  reader.expectWords('FROM')
  return { kind: 'RemoveUser', user, groups: reader.list(() => parsePrincipal(reader)) }
}
