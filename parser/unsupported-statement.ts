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
  ['DoStmt', 'DO'],
  ['DropOwnedStmt', 'DROP OWNED'],
  ['DropSubscriptionStmt', 'DROP SUBSCRIPTION'],
  ['DropTableSpaceStmt', 'DROP TABLESPACE'],
  ['DropUserMappingStmt', 'DROP USER MAPPING'],
  ['DropdbStmt', 'DROP DATABASE'],
  ['ExecuteStmt', 'EXECUTE'],
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
  ['RuleStmt', 'CREATE RULE'],
  ['SecLabelStmt', 'SECURITY LABEL'],
])

/** The transaction statements that this parser leaves to PostgreSQL's grammar. */
const transactionWords: ReadonlyMap<string, string> = new Map([
  ['TRANS_STMT_PREPARE', 'PREPARE TRANSACTION'],
])

/** What a statement of PostgreSQL is called. */
export function statementWords(tree: SyntaxNode): string {
  return wordsByContent(tree) ?? wordsByNode.get(Object.keys(tree)[0] ?? '') ?? 'this statement'
}

/** Nodes that stand for several statements. */
function wordsByContent(tree: SyntaxNode): string | undefined {
  if ('TransactionStmt' in tree) return transactionWords.get(tree.TransactionStmt.kind ?? '')
  if ('DropStmt' in tree) return `DROP ${objectWords(tree.DropStmt.removeType)}`
  if ('DefineStmt' in tree) return `CREATE ${objectWords(tree.DefineStmt.kind)}`
  if ('AlterTableStmt' in tree) return `ALTER ${objectWords(tree.AlterTableStmt.objtype)}`
  if ('RenameStmt' in tree) return `ALTER ${objectWords(tree.RenameStmt.renameType)} ... RENAME`
  if ('VacuumStmt' in tree) return tree.VacuumStmt.is_vacuumcmd === true ? 'VACUUM' : 'ANALYZE'
  if ('FetchStmt' in tree) return tree.FetchStmt.ismove === true ? 'MOVE' : 'FETCH'
  if ('CreateFunctionStmt' in tree && tree.CreateFunctionStmt.is_procedure === true) {
    return 'CREATE PROCEDURE'
  }
  if ('CreateStmt' in tree) return createWords(tree.CreateStmt.relation?.relpersistence, 'TABLE')
  if ('CreateTableAsStmt' in tree) {
    return createWords(tree.CreateTableAsStmt.into?.rel?.relpersistence, 'TABLE')
  }
  if ('ViewStmt' in tree) return createWords(tree.ViewStmt.view?.relpersistence, 'VIEW')
  return undefined
}

/** `OBJECT_FOREIGN_TABLE` is a foreign table. */
function objectWords(type: string | undefined): string {
  const words = type?.replace('OBJECT_', '').replaceAll('_', ' ') ?? ''
  return words === 'MATVIEW' ? 'MATERIALIZED VIEW' : words
}

/** Permanent tables and views are read by our own grammar; of views only those WITH RECURSIVE are left. */
function createWords(persistence: string | undefined, what: 'TABLE' | 'VIEW'): string {
  if (persistence === 't') return `CREATE TEMPORARY ${what}`
  if (persistence === 'u') return `CREATE UNLOGGED ${what}`
  return what === 'VIEW' ? 'CREATE RECURSIVE VIEW' : 'CREATE TABLE'
}
