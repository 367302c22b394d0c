import type { Node as SyntaxNode } from '@pgsql/types'

/**
 * The statements of PostgreSQL's grammar that grantd does not have, by node, in the words that people
 * know them by (postgres `src/include/tcop/cmdtaglist.h`).
 */
const wordsByNode: ReadonlyMap<string, string> = new Map([
  ['AlterCollationStmt', 'ALTER COLLATION'],
  ['AlterDatabaseRefreshCollStmt', 'ALTER DATABASE'],
  ['AlterDatabaseSetStmt', 'ALTER DATABASE'],
  ['AlterDatabaseStmt', 'ALTER DATABASE'],
  ['AlterDefaultPrivilegesStmt', 'ALTER DEFAULT PRIVILEGES'],
  ['AlterDomainStmt', 'ALTER DOMAIN'],
  ['AlterEnumStmt', 'ALTER TYPE'],
  ['AlterEventTrigStmt', 'ALTER EVENT TRIGGER'],
  ['AlterExtensionContentsStmt', 'ALTER EXTENSION'],
  ['AlterExtensionStmt', 'ALTER EXTENSION'],
  ['AlterFdwStmt', 'ALTER FOREIGN DATA WRAPPER'],
  ['AlterForeignServerStmt', 'ALTER SERVER'],
  ['AlterFunctionStmt', 'ALTER FUNCTION'],
  ['AlterObjectDependsStmt', 'ALTER ... DEPENDS ON'],
  ['AlterObjectSchemaStmt', 'ALTER ... SET SCHEMA'],
  ['AlterOpFamilyStmt', 'ALTER OPERATOR FAMILY'],
  ['AlterOperatorStmt', 'ALTER OPERATOR'],
  ['AlterOwnerStmt', 'ALTER ... OWNER TO'],
  ['AlterPolicyStmt', 'ALTER POLICY'],
  ['AlterPublicationStmt', 'ALTER PUBLICATION'],
  ['AlterSeqStmt', 'ALTER SEQUENCE'],
  ['AlterStatsStmt', 'ALTER STATISTICS'],
  ['AlterSubscriptionStmt', 'ALTER SUBSCRIPTION'],
  ['AlterSystemStmt', 'ALTER SYSTEM'],
  ['AlterTSConfigurationStmt', 'ALTER TEXT SEARCH CONFIGURATION'],
  ['AlterTSDictionaryStmt', 'ALTER TEXT SEARCH DICTIONARY'],
  ['AlterTableMoveAllStmt', 'ALTER ... ALL IN TABLESPACE'],
  ['AlterTableSpaceOptionsStmt', 'ALTER TABLESPACE'],
  ['AlterTypeStmt', 'ALTER TYPE'],
  ['AlterUserMappingStmt', 'ALTER USER MAPPING'],
  ['CallStmt', 'CALL'],
  ['CheckPointStmt', 'CHECKPOINT'],
  ['ClosePortalStmt', 'CLOSE'],
  ['ClusterStmt', 'CLUSTER'],
  ['CommentStmt', 'COMMENT'],
  ['CompositeTypeStmt', 'CREATE TYPE'],
  ['ConstraintsSetStmt', 'SET CONSTRAINTS'],
  ['CopyStmt', 'COPY'],
  ['CreateAmStmt', 'CREATE ACCESS METHOD'],
  ['CreateCastStmt', 'CREATE CAST'],
  ['CreateConversionStmt', 'CREATE CONVERSION'],
  ['CreateDomainStmt', 'CREATE DOMAIN'],
  ['CreateEnumStmt', 'CREATE TYPE'],
  ['CreateEventTrigStmt', 'CREATE EVENT TRIGGER'],
  ['CreateExtensionStmt', 'CREATE EXTENSION'],
  ['CreateFdwStmt', 'CREATE FOREIGN DATA WRAPPER'],
  ['CreateForeignServerStmt', 'CREATE SERVER'],
  ['CreateForeignTableStmt', 'CREATE FOREIGN TABLE'],
  ['CreateFunctionStmt', 'CREATE FUNCTION'],
  ['CreateOpClassStmt', 'CREATE OPERATOR CLASS'],
  ['CreateOpFamilyStmt', 'CREATE OPERATOR FAMILY'],
  ['CreatePLangStmt', 'CREATE LANGUAGE'],
  ['CreatePolicyStmt', 'CREATE POLICY'],
  ['CreatePublicationStmt', 'CREATE PUBLICATION'],
  ['CreateRangeStmt', 'CREATE TYPE'],
  ['CreateSchemaStmt', 'CREATE SCHEMA'],
  ['CreateSeqStmt', 'CREATE SEQUENCE'],
  ['CreateStatsStmt', 'CREATE STATISTICS'],
  ['CreateSubscriptionStmt', 'CREATE SUBSCRIPTION'],
  ['CreateTableSpaceStmt', 'CREATE TABLESPACE'],
  ['CreateTransformStmt', 'CREATE TRANSFORM'],
  ['CreateTrigStmt', 'CREATE TRIGGER'],
  ['CreateUserMappingStmt', 'CREATE USER MAPPING'],
  ['CreatedbStmt', 'CREATE DATABASE'],
  ['DeclareCursorStmt', 'DECLARE CURSOR'],
  ['DefineStmt', 'CREATE'],
  ['DoStmt', 'DO'],
  ['DropOwnedStmt', 'DROP OWNED'],
  ['DropSubscriptionStmt', 'DROP SUBSCRIPTION'],
  ['DropTableSpaceStmt', 'DROP TABLESPACE'],
  ['DropUserMappingStmt', 'DROP USER MAPPING'],
  ['DropdbStmt', 'DROP DATABASE'],
  ['ExecuteStmt', 'EXECUTE'],
  ['FetchStmt', 'FETCH'],
  ['ImportForeignSchemaStmt', 'IMPORT FOREIGN SCHEMA'],
  ['IndexStmt', 'CREATE INDEX'],
  ['ListenStmt', 'LISTEN'],
  ['LoadStmt', 'LOAD'],
  ['LockStmt', 'LOCK TABLE'],
  ['MergeStmt', 'MERGE'],
  ['NotifyStmt', 'NOTIFY'],
  ['PrepareStmt', 'PREPARE'],
  ['ReassignOwnedStmt', 'REASSIGN OWNED'],
  ['RefreshMatViewStmt', 'REFRESH MATERIALIZED VIEW'],
  ['ReindexStmt', 'REINDEX'],
  ['RenameStmt', 'ALTER ... RENAME'],
  ['RuleStmt', 'CREATE RULE'],
  ['SecLabelStmt', 'SECURITY LABEL'],
  ['UnlistenStmt', 'UNLISTEN'],
  ['VacuumStmt', 'VACUUM'],
])

/** The transaction statements that this parser leaves to PostgreSQL's grammar. */
const transactionWords: ReadonlyMap<string, string> = new Map([
  ['TRANS_STMT_SAVEPOINT', 'SAVEPOINT'],
  ['TRANS_STMT_RELEASE', 'RELEASE SAVEPOINT'],
  ['TRANS_STMT_PREPARE', 'PREPARE TRANSACTION'],
])

/** What a statement of PostgreSQL is called. */
export function statementWords(tree: SyntaxNode): string {
  if ('TransactionStmt' in tree) {
    return transactionWords.get(tree.TransactionStmt.kind ?? '') ?? 'this transaction statement'
  }
  if ('DropStmt' in tree) {
    const type = tree.DropStmt.removeType?.replace('OBJECT_', '').replaceAll('_', ' ')
    return `DROP ${type === 'MATVIEW' ? 'MATERIALIZED VIEW' : (type ?? '')}`
  }
  if ('VacuumStmt' in tree && tree.VacuumStmt.is_vacuumcmd !== true) return 'ANALYZE'
  if ('FetchStmt' in tree && tree.FetchStmt.ismove === true) return 'MOVE'
  if ('CreateFunctionStmt' in tree && tree.CreateFunctionStmt.is_procedure === true) {
    return 'CREATE PROCEDURE'
  }
  return wordsByNode.get(Object.keys(tree)[0] ?? '') ?? 'this statement'
}
