import type {
  DeleteStmt,
  InsertStmt,
  Node as SyntaxNode,
  SelectStmt,
  UpdateStmt,
} from '@pgsql/types'
import type { QueryClauses } from './query-clauses.ts'

/** A half-open range of UTF-16 offsets in the text that the client sent. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A name as written (case kept, quotes removed) and where. Comparing names is the access model's matter. */
export interface Name {
  readonly text: string
  readonly span: Span
}

/** `[schema.]table`; without a schema the search path decides. */
export interface QualifiedName {
  readonly schema?: Name
  readonly name: Name
}

/** A string literal's value and where it stands. */
export interface Literal {
  readonly value: string
  readonly span: Span
}

/** `WITH PASSWORD p` or `WITH NO PASSWORD` (rules S4, S5). */
export type PasswordOption =
  { readonly kind: 'Password'; readonly password: Literal } | { readonly kind: 'NoPassword' }

export interface CreateUser {
  readonly kind: 'CreateUser'
  readonly name: Name
  readonly ifNotExists: boolean
  readonly password?: PasswordOption
}

export interface CreateServiceAccount {
  readonly kind: 'CreateServiceAccount'
  readonly name: Name
  readonly ifNotExists: boolean
  readonly password?: PasswordOption
  readonly ownedBy?: Name
}

export interface CreateGroup {
  readonly kind: 'CreateGroup'
  readonly name: Name
  readonly ifNotExists: boolean
  readonly externalAlias?: Literal
}

/** What ALTER USER and ALTER SERVICE ACCOUNT can do (grammar `alter_action`). */
export type AlterAction =
  | { readonly kind: 'Enable' }
  | { readonly kind: 'Disable' }
  | { readonly kind: 'SetPassword'; readonly password: Literal }
  | { readonly kind: 'RemovePassword' }
  | {
      readonly kind: 'CreateJwk'
      readonly publicKey?: { readonly x: Literal; readonly y: Literal }
    }
  | { readonly kind: 'CreateRestToken'; readonly ttl: Literal; readonly refresh: boolean }
  | { readonly kind: 'DropJwk' }
  | { readonly kind: 'DropRestToken'; readonly token?: Literal }

export interface AlterUser {
  readonly kind: 'AlterUser'
  readonly name: Name
  readonly action: AlterAction
}

export interface AlterServiceAccount {
  readonly kind: 'AlterServiceAccount'
  readonly name: Name
  readonly action: AlterAction
}

export interface AlterGroup {
  readonly kind: 'AlterGroup'
  readonly name: Name
  readonly action: 'AddAlias' | 'DropAlias'
  readonly alias: Literal
}

export interface DropUser {
  readonly kind: 'DropUser'
  readonly name: Name
  readonly ifExists: boolean
}

export interface DropServiceAccount {
  readonly kind: 'DropServiceAccount'
  readonly name: Name
  readonly ifExists: boolean
}

export interface DropGroup {
  readonly kind: 'DropGroup'
  readonly name: Name
  readonly ifExists: boolean
}

export interface AddUser {
  readonly kind: 'AddUser'
  readonly user: Name
  readonly groups: readonly Name[]
}

export interface RemoveUser {
  readonly kind: 'RemoveUser'
  readonly user: Name
  readonly groups: readonly Name[]
}

/** One permission word of GRANT or REVOKE: canonical upper-case text with single blanks, `ALL` included. */
export interface PermissionWord {
  readonly text: string
  readonly span: Span
}

/** The columns of one target: a list, or `*` with what EXCLUDE takes out. */
export type TargetColumns =
  | { readonly kind: 'ColumnList'; readonly columns: readonly Name[] }
  | { readonly kind: 'Star'; readonly exclude: readonly Name[]; readonly span: Span }

export interface TableTarget {
  readonly table: QualifiedName
  readonly columns?: TargetColumns
}

/** What stands after ON; its absence is `Database` (rule L4). */
export type GrantTargets =
  | { readonly kind: 'Database' }
  | { readonly kind: 'AllTables'; readonly span: Span }
  | { readonly kind: 'Tables'; readonly targets: readonly TableTarget[] }

export interface Grant {
  readonly kind: 'Grant'
  readonly permissions: readonly PermissionWord[]
  readonly targets: GrantTargets
  readonly grantee: Name
  readonly grantOption: boolean
  readonly verification: boolean
}

export interface Revoke {
  readonly kind: 'Revoke'
  readonly permissions: readonly PermissionWord[]
  readonly targets: GrantTargets
  readonly grantee: Name
}

export interface GrantAssume {
  readonly kind: 'GrantAssume'
  readonly account: Name
  readonly grantee: Name
  readonly grantOption: boolean
  readonly verification: boolean
}

export interface RevokeAssume {
  readonly kind: 'RevokeAssume'
  readonly account: Name
  readonly grantee: Name
}

export interface AssumeServiceAccount {
  readonly kind: 'AssumeServiceAccount'
  readonly account: Name
}

export interface ExitServiceAccount {
  readonly kind: 'ExitServiceAccount'
  readonly account?: Name
}

export interface ShowUsers {
  readonly kind: 'ShowUsers'
}

export interface ShowUser {
  readonly kind: 'ShowUser'
  readonly name?: Name
}

export interface ShowGroups {
  readonly kind: 'ShowGroups'
  readonly user?: Name
}

export interface ShowServiceAccounts {
  readonly kind: 'ShowServiceAccounts'
  readonly entity?: Name
}

export interface ShowServiceAccount {
  readonly kind: 'ShowServiceAccount'
  readonly name?: Name
}

export interface ShowPermissions {
  readonly kind: 'ShowPermissions'
  readonly entity?: Name
}

export interface ShowTables {
  readonly kind: 'ShowTables'
}

export interface ShowColumns {
  readonly kind: 'ShowColumns'
  readonly table: QualifiedName
}

export interface ShowCreateTable {
  readonly kind: 'ShowCreateTable'
  readonly table: QualifiedName
}

export interface ShowCreateView {
  readonly kind: 'ShowCreateView'
  readonly view: QualifiedName
}

/** What a dump can be cut down to (rule W14); `SCHEMA`, `ACL` and `ALL` stand for several. */
export type DumpCategory =
  | 'TABLES'
  | 'VIEWS'
  | 'MATERIALIZED_VIEWS'
  | 'USERS'
  | 'GROUPS'
  | 'SERVICE_ACCOUNTS'
  | 'PERMISSIONS'
  | 'SCHEMA'
  | 'ACL'
  | 'ALL'

/** INCLUDE lists what is dumped, EXCLUDE what is not. */
export interface DumpChoice {
  readonly verb: 'INCLUDE' | 'EXCLUDE'
  readonly categories: readonly DumpCategory[]
}

export interface ShowCreateDatabase {
  readonly kind: 'ShowCreateDatabase'
  /** Absent: everything that the asking principal may see (D39). */
  readonly choice?: DumpChoice
}

/** `SHOW name`, `SHOW TIME ZONE`, `SHOW TRANSACTION ISOLATION LEVEL`, `SHOW ALL`; name in lower case. */
export interface ShowSetting {
  readonly kind: 'ShowSetting'
  readonly name: string
}

/** A type as written in a table definition; `declared` is the text that SHOW COLUMNS gives back. */
export interface TypeName {
  /** Lower-case name without schema, e.g. `symbol`, `int4`, `varchar`; PostgreSQL's spelling where it has one. */
  readonly name: string
  /** Type modifiers, e.g. [10, 2] of numeric(10,2). */
  readonly modifiers: readonly number[]
  readonly arrayDimensions: number
  readonly declared: string
  readonly span: Span
}

/** A number as written; whether it makes sense is said after the permission. */
export interface IntegerLiteral {
  readonly value: number
  readonly span: Span
}

/** QuestDB's words behind SYMBOL: how its values are kept. */
export interface SymbolOptions {
  readonly capacity?: IntegerLiteral
  readonly cached?: boolean
}

/** INDEX [CAPACITY n], ADD INDEX [CAPACITY n]. */
export interface IndexOptions {
  readonly span: Span
  readonly capacity?: IntegerLiteral
}

export interface ColumnDefinition {
  readonly name: Name
  readonly type: TypeName
  /** SYMBOL columns only; absent: nothing was said. */
  readonly symbol?: SymbolOptions
  /** SYMBOL columns only. */
  readonly index?: IndexOptions
  readonly notNull: boolean
  /** The expression of DEFAULT, as PostgreSQL's grammar read it. Locations: see {@link QuerySyntax}. */
  readonly default?: ExpressionSyntax
  readonly collation?: Name
}

export type TableConstraint =
  | {
      readonly kind: 'PrimaryKey' | 'Unique'
      readonly name?: Name
      readonly columns: readonly Name[]
    }
  | { readonly kind: 'Check'; readonly name?: Name; readonly expression: ExpressionSyntax }

/** How a designated timestamp's table is cut into partitions (QuestDB). */
export type PartitionUnit = 'NONE' | 'HOUR' | 'DAY' | 'WEEK' | 'MONTH' | 'YEAR'

/** QuestDB's storage clauses; what they mean for a store is the store's matter. */
export interface TableStorage {
  readonly timestamp?: Name
  readonly partitionBy?: PartitionUnit
  readonly wal?: boolean
  readonly dedupKeys?: readonly Name[]
  readonly ttl?: TimeToLive
  readonly parameters?: StorageParameters
  /** `, INDEX(c CAPACITY n)`, one a clause. */
  readonly indexes?: readonly (IndexOptions & { readonly column: Name })[]
}

/** Storage parameters by QuestDB's names: WITH of CREATE TABLE, ALTER TABLE SET PARAM. */
export interface StorageParameters {
  readonly maxUncommittedRows?: IntegerLiteral
  /** In microseconds. */
  readonly o3MaxLag?: IntegerLiteral
}

/** TTL of a table: how long its partitions are kept. Who cannot keep the promise must refuse it. */
export interface TimeToLive {
  readonly amount: number
  readonly unit: 'HOUR' | 'DAY' | 'WEEK' | 'MONTH' | 'YEAR'
  readonly span: Span
}

export interface CreateTable {
  readonly kind: 'CreateTable'
  readonly table: QualifiedName
  readonly ifNotExists: boolean
  readonly columns: readonly ColumnDefinition[]
  readonly constraints: readonly TableConstraint[]
  readonly storage: TableStorage
  readonly ownedBy?: Name
}

export interface CreateTableAs {
  readonly kind: 'CreateTableAs'
  readonly table: QualifiedName
  readonly ifNotExists: boolean
  readonly query: QuerySyntax<SelectStmt>
  /** Names given before AS, in PostgreSQL's form. */
  readonly columnNames?: readonly Name[]
  readonly withData: boolean
  readonly storage: TableStorage
  readonly ownedBy?: Name
}

export interface CreateTableLike {
  readonly kind: 'CreateTableLike'
  readonly table: QualifiedName
  readonly ifNotExists: boolean
  readonly source: QualifiedName
  readonly ownedBy?: Name
}

export interface DropTable {
  readonly kind: 'DropTable'
  readonly tables: readonly QualifiedName[]
  readonly ifExists: boolean
  readonly cascadePermissions: boolean
}

/** The table that ALTER TABLE changes. */
export interface AlteredTable {
  readonly table: QualifiedName
  /** ALTER TABLE IF EXISTS t: where there is no such table, a notice and nothing else. */
  readonly ifTableExists?: true
}

/** RENAME TABLE a TO b, ALTER TABLE a RENAME TO b. */
export interface RenameTable extends AlteredTable {
  readonly kind: 'RenameTable'
  readonly to: QualifiedName
}

export interface Truncate {
  readonly kind: 'Truncate'
  readonly tables: readonly QualifiedName[]
  /** TRUNCATE TABLE IF EXISTS: what is not there is skipped with a notice. */
  readonly ifExists?: true
}

export interface AddColumn extends AlteredTable {
  readonly kind: 'AddColumn'
  readonly ifNotExists: boolean
  readonly columns: readonly ColumnDefinition[]
  readonly ownedBy?: Name
}

export interface DropColumn extends AlteredTable {
  readonly kind: 'DropColumn'
  readonly ifExists: boolean
  readonly columns: readonly Name[]
  readonly cascadePermissions: boolean
}

/** One after the other, as QuestDB has them in a list. */
export interface RenameColumn extends AlteredTable {
  readonly kind: 'RenameColumn'
  readonly renames: readonly { readonly column: Name; readonly to: Name }[]
}

/** What ALTER TABLE t ALTER COLUMN c does. */
export type ColumnAction =
  | {
      readonly kind: 'SetType'
      readonly type: TypeName
      readonly symbol?: SymbolOptions
      readonly index?: IndexOptions
      /** PostgreSQL's USING: what the new values are made of. */
      readonly using?: ExpressionSyntax
    }
  | { readonly kind: 'AddIndex'; readonly capacity?: IntegerLiteral }
  | { readonly kind: 'DropIndex' }
  | { readonly kind: 'SetCached'; readonly cached: boolean }
  | { readonly kind: 'SetSymbolCapacity'; readonly capacity: IntegerLiteral }

export interface AlterColumn extends AlteredTable {
  readonly kind: 'AlterColumn'
  readonly column: Name
  readonly action: ColumnAction
}

/** ALTER TABLE t SET PARAM name = value, ... */
export interface SetTableParameters extends AlteredTable {
  readonly kind: 'SetTableParameters'
  readonly parameters: StorageParameters
}

/** ALTER TABLE t SET TYPE WAL | BYPASS WAL. */
export interface SetTableType extends AlteredTable {
  readonly kind: 'SetTableType'
  readonly wal: boolean
}

/** ALTER TABLE t SUSPEND WAL, RESUME WAL. */
export interface SuspendWal extends AlteredTable {
  readonly kind: 'SuspendWal'
  /** WITH code, message: known, and refused after the permission. */
  readonly with?: { readonly span: Span }
}

export interface ResumeWal extends AlteredTable {
  readonly kind: 'ResumeWal'
  /** FROM TXN n: known, and refused after the permission. */
  readonly from?: { readonly span: Span }
}

/** REINDEX TABLE t [COLUMN c, ...] [PARTITION p, ...] LOCK EXCLUSIVE. */
export interface Reindex {
  readonly kind: 'Reindex'
  readonly table: QualifiedName
  /** Absent: every indexed column. */
  readonly columns?: readonly Name[]
  /** PARTITION: known, and refused after the permission. */
  readonly partition?: { readonly span: Span }
}

/** VACUUM TABLE t: gives unused storage back. */
export interface Vacuum {
  readonly kind: 'Vacuum'
  readonly table: QualifiedName
}

export interface DropAllTables {
  readonly kind: 'DropAllTables'
}

/**
 * A statement that the registry has a permission for and grantd does not have: who holds the permission is
 * told so. What follows the names is not read.
 */
export interface UnsupportedStatement {
  readonly kind: 'UnsupportedStatement'
  readonly permission: string
  /** What the error says is not supported. */
  readonly words: string
  /** What the permission is needed on; absent: the database. */
  readonly target?:
    | ({ readonly kind: 'Table' } & AlteredTable)
    /** A materialized or live view; there is none. */
    | { readonly kind: 'View'; readonly view: QualifiedName }
    /** Every column of a table or view. */
    | { readonly kind: 'Export'; readonly relation: QualifiedName }
  /** The statement's own text. */
  readonly text: string
  /** Where the words that are not supported stand. */
  readonly span: Span
}

/** Which partitions a statement is about: by name, or by a condition on the designated timestamp. */
export type PartitionSelection =
  | { readonly kind: 'Named'; readonly names: readonly Literal[] }
  | { readonly kind: 'Matching'; readonly condition: ExpressionSyntax }

type NamedPartitions = Extract<PartitionSelection, { readonly kind: 'Named' }>

/** ALTER TABLE t [FORCE] DROP PARTITION ...; FORCE leaves out what is not there. */
export interface DropPartition extends AlteredTable {
  readonly kind: 'DropPartition'
  readonly force: boolean
  readonly selection: PartitionSelection
}

export interface DetachPartition extends AlteredTable {
  readonly kind: 'DetachPartition'
  readonly selection: PartitionSelection
}

export interface AttachPartition extends AlteredTable {
  readonly kind: 'AttachPartition'
  readonly selection: NamedPartitions
}

export interface SquashPartitions extends AlteredTable {
  readonly kind: 'SquashPartitions'
}

/** ALTER TABLE t SET TTL; absent: rows are kept for ever (`SET TTL 0`). */
export interface SetTimeToLive extends AlteredTable {
  readonly kind: 'SetTimeToLive'
  readonly ttl?: TimeToLive
}

export type PartitionAction = DropPartition | DetachPartition | AttachPartition

/** SHOW PARTITIONS FROM t: what is there is read from the table's rows. */
export interface ShowPartitions {
  readonly kind: 'ShowPartitions'
  readonly table: QualifiedName
}

/** ALTER TABLE t DEDUP ENABLE UPSERT KEYS(...); without keys: DEDUP DISABLE. */
export interface SetDeduplication extends AlteredTable {
  readonly kind: 'SetDeduplication'
  readonly keys?: readonly Name[]
}

export interface CreateView {
  readonly kind: 'CreateView'
  readonly view: QualifiedName
  readonly orReplace: boolean
  readonly ifNotExists: boolean
  readonly columnNames?: readonly Name[]
  readonly query: QuerySyntax<SelectStmt>
  readonly ownedBy?: Name
}

export interface AlterView {
  readonly kind: 'AlterView'
  readonly view: QualifiedName
  readonly query: QuerySyntax<SelectStmt>
}

/** COMPILE VIEW v: whether the definition still holds (V12). */
export interface CompileView {
  readonly kind: 'CompileView'
  readonly view: QualifiedName
}

export interface DropView {
  readonly kind: 'DropView'
  readonly views: readonly QualifiedName[]
  readonly ifExists: boolean
  readonly cascadePermissions: boolean
}

/**
 * A tree of PostgreSQL's own grammar. `location` fields in it are libpg-query's: byte offsets in
 * UTF-8. `offsetOf` turns one into an offset in UTF-16 units of the text that the client sent.
 */
export interface QuerySyntax<Tree> {
  readonly tree: Tree
  /** The source text that `tree` was read from (for a view's stored definition). */
  readonly text: string
  /** Where `text` begins in the text that the client sent. */
  readonly start: number
  readonly offsetOf: (location: number | undefined) => number | undefined
  /** DECLARE before the query (V7). */
  readonly declarations?: readonly Declaration[]
  /**
   * Where the text uses variables: by offset, their names without the `@`. In `tree` a ParamRef stands
   * in their place. Absent where no DECLARE is around: `@a` is an operator then.
   */
  readonly variables?: VariableUses
  /** QuestDB's clauses, which are not in `tree`. Absent where there are none. */
  readonly clauses?: QueryClauses
}

export type VariableUses = ReadonlyMap<number, Name>

/** variable = [ "OVERRIDABLE" ] "@" identifier ":=" expression ; the name's text is without the `@`. */
export interface Declaration {
  readonly name: Name
  readonly overridable: boolean
  readonly expression: ExpressionSyntax
}

export type ExpressionSyntax = QuerySyntax<SyntaxNode>

export interface Query {
  readonly kind: 'Query'
  readonly query: QuerySyntax<SelectStmt>
}

export interface Insert {
  readonly kind: 'Insert'
  readonly query: QuerySyntax<InsertStmt>
}

export interface Update {
  readonly kind: 'Update'
  readonly query: QuerySyntax<UpdateStmt>
}

export interface Delete {
  readonly kind: 'Delete'
  readonly query: QuerySyntax<DeleteStmt>
}

/** EXPLAIN without ANALYZE; other options are refused by the parser by name. */
export interface Explain {
  readonly kind: 'Explain'
  readonly statement: Query | Insert | Update | Delete
}

export interface Begin {
  readonly kind: 'Begin'
  readonly readOnly: boolean
  /** Lower case, e.g. `serializable`; absent: not given. */
  readonly isolation?: string
  /** START TRANSACTION answers with its own command tag. */
  readonly tag: 'BEGIN' | 'START TRANSACTION'
}

/** SET TRANSACTION modes, SET SESSION CHARACTERISTICS AS TRANSACTION modes. */
export interface SetTransaction {
  readonly kind: 'SetTransaction'
  /** The transaction that is open, or those that the session begins from now on. */
  readonly scope: 'Transaction' | 'Session'
  /** Absent: not given. */
  readonly readOnly?: boolean
  readonly isolation?: string
}

export interface Commit {
  readonly kind: 'Commit'
}

export interface Rollback {
  readonly kind: 'Rollback'
}

/** SAVEPOINT name; the name folded unless it was quoted. */
export interface Savepoint {
  readonly kind: 'Savepoint'
  readonly name: Name
}

/** RELEASE [SAVEPOINT] name. */
export interface ReleaseSavepoint {
  readonly kind: 'ReleaseSavepoint'
  readonly name: Name
}

/** ROLLBACK TO [SAVEPOINT] name. */
export interface RollbackToSavepoint {
  readonly kind: 'RollbackToSavepoint'
  readonly name: Name
}

/** SET [SESSION|LOCAL] name = values | DEFAULT; the name in lower case. */
export interface SetSetting {
  readonly kind: 'SetSetting'
  readonly name: string
  /** Absent: SET ... TO DEFAULT. */
  readonly value?: string
  readonly local: boolean
}

/** RESET name; without a name RESET ALL. */
export interface ResetSetting {
  readonly kind: 'ResetSetting'
  readonly name?: string
}

/** DEALLOCATE name, DEALLOCATE ALL (no name). */
export interface Deallocate {
  readonly kind: 'Deallocate'
  readonly name?: Name
}

export interface DiscardAll {
  readonly kind: 'DiscardAll'
}

/** DISCARD of one kind of thing. */
export interface DiscardPart {
  readonly kind: 'DiscardPart'
  readonly part: 'PLANS' | 'SEQUENCES' | 'TEMP'
}

/** CLOSE name, CLOSE ALL (no name). */
export interface ClosePortal {
  readonly kind: 'ClosePortal'
  readonly name?: Name
}

/** UNLISTEN channel, UNLISTEN * (no channel). */
export interface Unlisten {
  readonly kind: 'Unlisten'
  readonly channel?: Name
}

/** BACKUP DATABASE: everything, as it is at one moment. */
/** COPY t FROM 'file': what the file is like, and what becomes of it. */
export interface CopyOptions {
  readonly header?: boolean
  /** The designated timestamp of a table that is made. */
  readonly timestamp?: Name
  /** Of the designated timestamp. */
  readonly format?: Literal
  readonly delimiter?: string
  readonly partitionBy?: PartitionUnit
  readonly onError?: 'SKIP_ROW' | 'SKIP_COLUMN' | 'ABORT'
}

export interface CopyFrom {
  readonly kind: 'CopyFrom'
  readonly table: QualifiedName
  readonly file: Literal
  readonly options: CopyOptions
}

/** COPY 'id' CANCEL. */
export interface CancelCopy {
  readonly kind: 'CancelCopy'
  readonly id: Literal
}

export interface BackupDatabase {
  readonly kind: 'BackupDatabase'
}

/** BACKUP TABLE t, ...: definitions and rows. */
export interface BackupTable {
  readonly kind: 'BackupTable'
  readonly tables: readonly QualifiedName[]
}

/** CHECKPOINT CREATE, SNAPSHOT PREPARE. */
export interface CreateCheckpoint {
  readonly kind: 'CreateCheckpoint'
  readonly words: 'CHECKPOINT' | 'SNAPSHOT'
}

/** CHECKPOINT RELEASE, SNAPSHOT COMPLETE. */
export interface ReleaseCheckpoint {
  readonly kind: 'ReleaseCheckpoint'
  readonly words: 'CHECKPOINT' | 'SNAPSHOT'
}

/** Statements that look at or change principals and their access. */
/** `CANCEL QUERY n`: stops a statement that runs. */
export interface CancelQuery {
  readonly kind: 'CancelQuery'
  readonly queryId: number
  readonly span: Span
}

/** Functions that do something to the server itself (W21), and cancel_query(). */
export type ServerFunctionName =
  | 'cancel_query'
  | 'reload_tls'
  | 'reload_config'
  | 'dump_memory_usage'
  | 'dump_thread_stacks'
  | 'flush_query_cache'
  | 'hydrate_table_metadata'

/** An argument of a function of the server, and where it stands. */
export type ServerArgument =
  | { readonly kind: 'Integer'; readonly value: bigint; readonly offset: number | undefined }
  | { readonly kind: 'Text'; readonly value: string; readonly offset: number | undefined }
  | { readonly kind: 'Null'; readonly offset: number | undefined }
  | {
      readonly kind: 'Parameter'
      readonly number: number
      /** Of a cast around it. */
      readonly type?: ServerParameterType
      readonly offset: number | undefined
    }

export type ServerParameterType = 'int2' | 'int4' | 'int8' | 'text' | 'varchar'

/** `SELECT reload_tls()`: a call that is the whole of a query, and does something. */
export interface ServerCall {
  readonly kind: 'ServerCall'
  readonly function: ServerFunctionName
  readonly arguments: readonly ServerArgument[]
  /** The name of its column. */
  readonly label: string
  readonly offset: number | undefined
}

/** `SHOW PARAMETERS`: the configuration of the server. */
export interface ShowParameters {
  readonly kind: 'ShowParameters'
}

/** Statements about the running server, not about what it keeps. */
export type ServerStatement = CancelQuery | ServerCall | ShowParameters

export type AccessStatement =
  | CreateUser
  | CreateServiceAccount
  | CreateGroup
  | AlterUser
  | AlterServiceAccount
  | AlterGroup
  | DropUser
  | DropServiceAccount
  | DropGroup
  | AddUser
  | RemoveUser
  | Grant
  | Revoke
  | GrantAssume
  | RevokeAssume

export type ShowStatement =
  | ShowUsers
  | ShowUser
  | ShowGroups
  | ShowServiceAccounts
  | ShowServiceAccount
  | ShowPermissions
  | ShowTables
  | ShowColumns
  | ShowCreateTable
  | ShowCreateView
  | ShowCreateDatabase

/** Statements that change what relations there are. */
export type SchemaStatement =
  | CreateTable
  | CreateTableAs
  | CreateTableLike
  | DropTable
  | RenameTable
  | Truncate
  | AddColumn
  | DropColumn
  | RenameColumn
  | SetDeduplication
  | AlterColumn
  | SetTableParameters
  | SetTableType
  | SuspendWal
  | ResumeWal
  | Reindex
  | Vacuum
  | DropAllTables
  | UnsupportedStatement
  | PartitionAction
  | SquashPartitions
  | SetTimeToLive
  | CreateView
  | AlterView
  | DropView
  | CompileView

/** Statements that copy what there is to files of the server's. */
export type CopyStatement = CopyFrom | CancelCopy

export type BackupStatement = BackupDatabase | BackupTable | CreateCheckpoint | ReleaseCheckpoint
/** Statements of PostgreSQL's grammar that read or write rows. */
export type RowStatement = Query | Insert | Update | Delete

/** Statements that read or write rows. */
export type DataStatement = RowStatement | ShowPartitions

export type SessionStatement =
  | AssumeServiceAccount
  | ExitServiceAccount
  | Begin
  | Commit
  | Rollback
  | Savepoint
  | ReleaseSavepoint
  | RollbackToSavepoint
  | SetTransaction
  | SetSetting
  | ResetSetting
  | ShowSetting
  | Deallocate
  | DiscardAll
  | DiscardPart
  | ClosePortal
  | Unlisten

/** Every statement that grantd knows; a new one compiles only when each switch over it has decided. */
export type Statement =
  | AccessStatement
  | ShowStatement
  | SchemaStatement
  | BackupStatement
  | CopyStatement
  | DataStatement
  | Explain
  | SessionStatement
  | ServerStatement

/** A statement, its source, and where in it secrets stand (rule S16). */
export interface ParsedStatement {
  readonly statement: Statement
  /** The statement's own text, without the `;`. */
  readonly text: string
  /** Where `text` lies in the whole text that the client sent. */
  readonly span: Span
  /** Spans (in the client's whole text) of passwords, tokens and keys: to be shown as `'***'`. */
  readonly secrets: readonly Span[]
}
