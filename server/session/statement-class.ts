import type { Statement } from '../../parser/statement.ts'

/** What is alike in how statements are described and run; a new kind does not compile without its class. */
const classes = {
  CreateUser: 'Access',
  CreateServiceAccount: 'Access',
  CreateGroup: 'Access',
  AlterUser: 'Access',
  AlterServiceAccount: 'Access',
  AlterGroup: 'Access',
  DropUser: 'Access',
  DropServiceAccount: 'Access',
  DropGroup: 'Access',
  AddUser: 'Access',
  RemoveUser: 'Access',
  Grant: 'Access',
  Revoke: 'Access',
  GrantAssume: 'Access',
  RevokeAssume: 'Access',
  AssumeServiceAccount: 'Assumption',
  ExitServiceAccount: 'Assumption',
  ShowUsers: 'Show',
  ShowUser: 'Show',
  ShowGroups: 'Show',
  ShowServiceAccounts: 'Show',
  ShowServiceAccount: 'Show',
  ShowPermissions: 'Show',
  ShowTables: 'Show',
  ShowColumns: 'Show',
  ShowCreateTable: 'Show',
  ShowCreateView: 'Show',
  ShowCreateDatabase: 'Show',
  ShowPartitions: 'Data',
  ShowSetting: 'Session',
  CreateTable: 'Schema',
  CreateTableAs: 'Schema',
  CreateTableLike: 'Schema',
  DropTable: 'Schema',
  RenameTable: 'Schema',
  Truncate: 'Schema',
  AddColumn: 'Schema',
  DropColumn: 'Schema',
  RenameColumn: 'Schema',
  SetDeduplication: 'Schema',
  AlterColumn: 'Schema',
  SetTableParameters: 'Schema',
  SetTableType: 'Schema',
  SuspendWal: 'Schema',
  ResumeWal: 'Schema',
  Reindex: 'Schema',
  Vacuum: 'Maintenance',
  DropAllTables: 'Schema',
  UnsupportedStatement: 'Maintenance',
  DropPartition: 'Schema',
  DetachPartition: 'Schema',
  AttachPartition: 'Schema',
  SquashPartitions: 'Schema',
  SetTimeToLive: 'Schema',
  CreateView: 'Schema',
  AlterView: 'Schema',
  DropView: 'Schema',
  CompileView: 'Schema',
  CopyFrom: 'Copy',
  CancelCopy: 'Copy',
  BackupDatabase: 'Backup',
  BackupTable: 'Backup',
  CreateCheckpoint: 'Backup',
  ReleaseCheckpoint: 'Backup',
  Query: 'Data',
  Insert: 'Data',
  Update: 'Data',
  Delete: 'Data',
  Explain: 'Explain',
  Begin: 'Session',
  Commit: 'Session',
  Rollback: 'Session',
  Savepoint: 'Session',
  ReleaseSavepoint: 'Session',
  RollbackToSavepoint: 'Session',
  SetTransaction: 'Session',
  SetSetting: 'Session',
  ResetSetting: 'Session',
  Deallocate: 'Session',
  DiscardAll: 'Session',
  CancelQuery: 'Server',
  ServerCall: 'Server',
  ShowParameters: 'Server',
  DiscardPart: 'Session',
  ClosePortal: 'Session',
  Unlisten: 'Session',
} as const satisfies Record<Statement['kind'], string>

type Classes = typeof classes
export type StatementClass = Classes[keyof Classes]

/** The statements of one class. */
export type StatementOf<Class extends StatementClass> = Extract<
  Statement,
  {
    readonly kind: {
      [Kind in keyof Classes]: Classes[Kind] extends Class ? Kind : never
    }[keyof Classes]
  }
>

export function isOfClass<Class extends StatementClass>(
  statement: Statement,
  statementClass: Class,
): statement is StatementOf<Class> {
  return classes[statement.kind] === statementClass
}
