import type {
  AccessStatement,
  SchemaStatement,
  ShowStatement,
  Statement,
} from '../../parser/statement.ts'
import { parseStatements } from '../../parser/parse.ts'

/** The one statement of a text. */
export function onlyStatement(sql: string): Statement {
  const [parsed, ...others] = parseStatements(sql)
  if (parsed === undefined || others.length > 0) throw new Error(`one statement, not: ${sql}`)
  return parsed.statement
}

export function accessStatement(sql: string): AccessStatement {
  const statement = onlyStatement(sql)
  if (!isAccessStatement(statement)) throw new Error(`not about access: ${sql}`)
  return statement
}

export function showStatement(sql: string): ShowStatement {
  const statement = onlyStatement(sql)
  if (!isShowStatement(statement)) throw new Error(`not a SHOW: ${sql}`)
  return statement
}

const showKinds = [
  'ShowUsers',
  'ShowUser',
  'ShowGroups',
  'ShowServiceAccounts',
  'ShowServiceAccount',
  'ShowPermissions',
  'ShowTables',
  'ShowColumns',
  'ShowCreateTable',
  'ShowCreateView',
  'ShowCreateDatabase',
] as const satisfies readonly ShowStatement['kind'][]

function isShowStatement(statement: Statement): statement is ShowStatement {
  return showKinds.some((kind) => kind === statement.kind)
}

const schemaKinds = [
  'CreateTable',
  'DropTable',
  'RenameTable',
  'AddColumn',
  'DropColumn',
  'RenameColumn',
  'CreateView',
  'AlterView',
  'DropView',
] as const satisfies readonly SchemaStatement['kind'][]

export function isSchemaStatement(statement: Statement): statement is SchemaStatement {
  return schemaKinds.some((kind) => kind === statement.kind)
}

const accessKinds = [
  'CreateUser',
  'CreateServiceAccount',
  'CreateGroup',
  'AlterUser',
  'AlterServiceAccount',
  'AlterGroup',
  'DropUser',
  'DropServiceAccount',
  'DropGroup',
  'AddUser',
  'RemoveUser',
  'Grant',
  'Revoke',
  'GrantAssume',
  'RevokeAssume',
] as const satisfies readonly AccessStatement['kind'][]

export function isAccessStatement(statement: Statement): statement is AccessStatement {
  return accessKinds.some((kind) => kind === statement.kind)
}
