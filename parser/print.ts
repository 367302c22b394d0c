import { unreachable } from '../errors/unreachable.ts'
import { printAccessStatement, printName, printQualifiedName } from './print-access.ts'
import { printSchemaStatement } from './print-schema.ts'
import type {
  AccessStatement,
  AssumeServiceAccount,
  CancelQuery,
  BackupStatement,
  DumpChoice,
  ExitServiceAccount,
  Name,
  SchemaStatement,
  ShowParameters,
  ShowPartitions,
  ShowStatement,
} from './statement.ts'

/** The statements that this printer knows: the dialect's own, not those that handle rows. */
export type PrintableStatement =
  | AccessStatement
  | ShowStatement
  | AssumeServiceAccount
  | ExitServiceAccount
  | SchemaStatement
  | CancelQuery
  | ShowParameters
  | BackupStatement
  | ShowPartitions

/** SQL text that parses to `statement` again, up to where its parts stand. Secrets are printed. */
export function printStatement(statement: PrintableStatement): string {
  switch (statement.kind) {
    case 'ShowUsers':
      return 'SHOW USERS'
    case 'ShowUser':
      return `SHOW USER${printOptional(statement.name)}`
    case 'ShowGroups':
      return `SHOW GROUPS${printOptional(statement.user)}`
    case 'ShowServiceAccounts':
      return `SHOW SERVICE ACCOUNTS${printOptional(statement.entity)}`
    case 'ShowServiceAccount':
      return `SHOW SERVICE ACCOUNT${printOptional(statement.name)}`
    case 'ShowPermissions':
      return `SHOW PERMISSIONS${printOptional(statement.entity)}`
    case 'ShowTables':
      return 'SHOW TABLES'
    case 'ShowColumns':
      return `SHOW COLUMNS FROM ${printQualifiedName(statement.table)}`
    case 'ShowCreateTable':
      return `SHOW CREATE TABLE ${printQualifiedName(statement.table)}`
    case 'ShowCreateView':
      return `SHOW CREATE VIEW ${printQualifiedName(statement.view)}`
    case 'ShowCreateDatabase':
      return `SHOW CREATE DATABASE${printDumpChoice(statement.choice)}`
    case 'ShowPartitions':
      return `SHOW PARTITIONS FROM ${printQualifiedName(statement.table)}`
    case 'ShowParameters':
      return 'SHOW PARAMETERS'
    case 'CancelQuery':
      return `CANCEL QUERY ${statement.queryId}`
    case 'AssumeServiceAccount':
      return `ASSUME SERVICE ACCOUNT ${printName(statement.account)}`
    case 'ExitServiceAccount':
      return `EXIT SERVICE ACCOUNT${printOptional(statement.account)}`
    case 'BackupDatabase':
      return 'BACKUP DATABASE'
    case 'BackupTable':
      return `BACKUP TABLE ${statement.tables.map(printQualifiedName).join(', ')}`
    case 'CreateCheckpoint':
      return statement.words === 'CHECKPOINT' ? 'CHECKPOINT CREATE' : 'SNAPSHOT PREPARE'
    case 'ReleaseCheckpoint':
      return statement.words === 'CHECKPOINT' ? 'CHECKPOINT RELEASE' : 'SNAPSHOT COMPLETE'
    case 'CreateUser':
    case 'CreateServiceAccount':
    case 'CreateGroup':
    case 'AlterUser':
    case 'AlterServiceAccount':
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
      return printAccessStatement(statement)
    case 'CreateTable':
    case 'CreateTableAs':
    case 'CreateTableLike':
    case 'DropTable':
    case 'RenameTable':
    case 'Truncate':
    case 'AddColumn':
    case 'DropColumn':
    case 'RenameColumn':
    case 'SetDeduplication':
    case 'AlterColumn':
    case 'SetTableParameters':
    case 'SetTableType':
    case 'SuspendWal':
    case 'ResumeWal':
    case 'Reindex':
    case 'Vacuum':
    case 'DropAllTables':
    case 'UnsupportedStatement':
    case 'DropPartition':
    case 'DetachPartition':
    case 'AttachPartition':
    case 'SquashPartitions':
    case 'SetTimeToLive':
    case 'CreateView':
    case 'AlterView':
    case 'DropView':
    case 'CompileView':
      return printSchemaStatement(statement)
    default:
      return unreachable(statement)
  }
}

function printOptional(name: Name | undefined): string {
  return name === undefined ? '' : ` ${printName(name)}`
}

function printDumpChoice(choice: DumpChoice | undefined): string {
  return choice === undefined ? '' : ` ${choice.verb} (${choice.categories.join(', ')})`
}
