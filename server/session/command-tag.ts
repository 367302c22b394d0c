import type { Statement } from '../../parser/statement.ts'

/**
 * The command tag of each kind of statement (rule X5; PostgreSQL 15, cmdtaglist.h). Statements that
 * read or write rows put their count behind it ({@link rowCountTag}).
 */
export const commandTags = {
  CreateUser: 'CREATE USER',
  CreateServiceAccount: 'CREATE SERVICE ACCOUNT',
  CreateGroup: 'CREATE GROUP',
  AlterUser: 'ALTER USER',
  AlterServiceAccount: 'ALTER SERVICE ACCOUNT',
  AlterGroup: 'ALTER GROUP',
  DropUser: 'DROP USER',
  DropServiceAccount: 'DROP SERVICE ACCOUNT',
  DropGroup: 'DROP GROUP',
  AddUser: 'ADD USER',
  RemoveUser: 'REMOVE USER',
  Grant: 'GRANT',
  Revoke: 'REVOKE',
  GrantAssume: 'GRANT',
  RevokeAssume: 'REVOKE',
  AssumeServiceAccount: 'ASSUME SERVICE ACCOUNT',
  ExitServiceAccount: 'EXIT SERVICE ACCOUNT',
  ShowUsers: 'SHOW',
  ShowUser: 'SHOW',
  ShowGroups: 'SHOW',
  ShowServiceAccounts: 'SHOW',
  ShowServiceAccount: 'SHOW',
  ShowPermissions: 'SHOW',
  ShowTables: 'SHOW',
  ShowColumns: 'SHOW',
  ShowCreateTable: 'SHOW',
  ShowCreateView: 'SHOW',
  ShowCreateDatabase: 'SHOW',
  ShowSetting: 'SHOW',
  CreateTable: 'CREATE TABLE',
  CreateTableAs: 'SELECT',
  CreateTableLike: 'CREATE TABLE',
  DropTable: 'DROP TABLE',
  RenameTable: 'ALTER TABLE',
  Truncate: 'TRUNCATE TABLE',
  AddColumn: 'ALTER TABLE',
  DropColumn: 'ALTER TABLE',
  RenameColumn: 'ALTER TABLE',
  CreateView: 'CREATE VIEW',
  AlterView: 'ALTER VIEW',
  DropView: 'DROP VIEW',
  CompileView: 'COMPILE VIEW',
  Query: 'SELECT',
  Insert: 'INSERT',
  Update: 'UPDATE',
  Delete: 'DELETE',
  Explain: 'EXPLAIN',
  Begin: 'BEGIN',
  Commit: 'COMMIT',
  Rollback: 'ROLLBACK',
  SetTransaction: 'SET',
  SetSetting: 'SET',
  ResetSetting: 'RESET',
  Deallocate: 'DEALLOCATE',
  DiscardAll: 'DISCARD ALL',
  CancelQuery: 'CANCEL QUERY',
  ServerCall: 'SELECT',
  ShowParameters: 'SHOW',
} as const satisfies Record<Statement['kind'], string>

/** `SELECT 3`, `INSERT 0 3` (the zero stands for the OID that PostgreSQL no longer gives), `UPDATE 3`. */
export function rowCountTag(
  kind: 'Query' | 'CreateTableAs' | 'Insert' | 'Update' | 'Delete',
  rowCount: number,
): string {
  return kind === 'Insert' ? `INSERT 0 ${rowCount}` : `${commandTags[kind]} ${rowCount}`
}
