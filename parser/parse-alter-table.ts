import { COLUMNS_MAX } from './limits.ts'
import { parseAlterColumn } from './parse-alter-column.ts'
import { parseQualifiedName, parseRelationName } from './name.ts'
import { skipDependents } from './parse-drop.ts'
import { parseColumn } from './parse-column.ts'
import { parsePartitionAction } from './parse-partition.ts'
import { parseDedup } from './parse-dedup.ts'
import { parseOwnedBy } from './parse-principal.ts'
import { parseTimeToLive } from './parse-table-storage.ts'
import { parseStorageParameters } from './parse-storage-parameters.ts'
import { parseUnsupportedTableAction } from './parse-unsupported.ts'
import { parseResumeWal, parseSuspendWal } from './parse-wal.ts'
import type {
  AddColumn,
  AlteredTable,
  ColumnDefinition,
  DropColumn,
  RenameColumn,
  RenameTable,
  SchemaStatement,
  SetTableParameters,
  SetTableType,
  SetTimeToLive,
} from './statement.ts'
import { tooManyColumns } from './syntax-error.ts'
import type { TokenReader } from './token-reader.ts'

/**
 * alter_table = "ALTER" "TABLE" [ "IF" "EXISTS" ] [ "ONLY" ] table
 *               ( add_column | drop_column | rename_column | "RENAME" "TO" table | alter_column | partitions
 *               | "SET" "PARAM" parameters | "SET" "TYPE" [ "BYPASS" ] "WAL" | resume_wal | suspend_wal
 *               | dedup ) ;
 *
 * ALTER TABLE has been read.
 */
export function parseAlterTable(reader: TokenReader): SchemaStatement {
  if (reader.atWords('ALL')) throw unsupportedAction(reader, 'ALL IN TABLESPACE')
  const ifTableExists = reader.acceptWords('IF', 'EXISTS')
  reader.acceptWords('ONLY')
  const table: AlteredTable = {
    table: parseQualifiedName(reader),
    ...(ifTableExists ? { ifTableExists } : {}),
  }
  const unsupported = parseUnsupportedTableAction(reader, table)
  if (unsupported !== undefined) return unsupported
  if (reader.acceptWords('ALTER')) return parseAlterColumn(reader, table)
  if (reader.acceptWords('SET', 'PARAM')) return parseSetParameters(reader, table)
  if (reader.acceptWords('SET', 'TYPE')) return parseSetType(reader, table)
  if (reader.acceptWords('RESUME', 'WAL')) return parseResumeWal(reader, table)
  if (reader.acceptWords('SUSPEND', 'WAL')) return parseSuspendWal(reader, table)
  if (reader.acceptWords('SET', 'TTL')) return parseSetTimeToLive(reader, table)
  const partitions = parsePartitionAction(reader, table)
  if (partitions !== undefined) return partitions
  if (reader.atWords('DEDUP')) return parseDedup(reader, table)
  refuseOtherActions(reader)
  if (reader.acceptWords('ADD')) return parseAddColumn(reader, table)
  if (reader.acceptWords('DROP')) return parseDropColumn(reader, table)
  reader.expectWords('RENAME')
  return parseRename(reader, table)
}

/** "SET" "TTL" ( ttl | "0" ) ; a number without a unit is for nothing but zero. */
function parseSetTimeToLive(reader: TokenReader, table: AlteredTable): SetTimeToLive {
  const token = reader.peek()
  if (reader.remaining === 1 && token.kind === 'Number' && token.text === '0') {
    reader.skip(1)
    return { kind: 'SetTimeToLive', ...table }
  }
  return { kind: 'SetTimeToLive', ...table, ttl: parseTimeToLive(reader) }
}

/** What else QuestDB and PostgreSQL can do to a table, by the words that say so. */
const otherActions = [
  ['SET'],
  ['RESET'],
  ['ENABLE'],
  ['DISABLE'],
  ['OWNER', 'TO'],
  ['INHERIT'],
  ['NO', 'INHERIT'],
  ['OF'],
  ['NOT', 'OF'],
  ['VALIDATE', 'CONSTRAINT'],
  ['CLUSTER', 'ON'],
  ['REPLICA', 'IDENTITY'],
  ['ADD', 'CONSTRAINT'],
  ['ADD', 'PRIMARY', 'KEY'],
  ['ADD', 'UNIQUE'],
  ['ADD', 'CHECK'],
  ['ADD', 'FOREIGN', 'KEY'],
  ['ADD', 'EXCLUDE', 'USING'],
  ['DROP', 'CONSTRAINT'],
  ['RENAME', 'CONSTRAINT'],
] as const

function refuseOtherActions(reader: TokenReader): void {
  for (const words of otherActions) {
    if (reader.atWords(...words)) throw unsupportedAction(reader, words.join(' '))
  }
}

function unsupportedAction(reader: TokenReader, action: string): Error {
  return reader.notSupported(`ALTER TABLE ... ${action}`, reader.peek().start)
}

/**
 * add_column = "ADD" [ "COLUMN" ] [ "IF" "NOT" "EXISTS" ] column_def
 *              { "," [ "ADD" [ "COLUMN" ] [ "IF" "NOT" "EXISTS" ] ] column_def } [ "OWNED" "BY" entity ] ;
 *
 * PostgreSQL repeats ADD COLUMN, QuestDB does not.
 */
function parseAddColumn(reader: TokenReader, table: AlteredTable): AddColumn {
  reader.acceptWords('COLUMN')
  const ifNotExists = reader.acceptWords('IF', 'NOT', 'EXISTS')
  const columns: ColumnDefinition[] = []
  reader.list(() => {
    columns.push(parseAddedColumn(reader, ifNotExists))
    if (columns.length > COLUMNS_MAX) throw tooManyColumns(COLUMNS_MAX, reader.start)
  })
  const ownedBy = parseOwnedBy(reader)
  return {
    kind: 'AddColumn',
    ...table,
    ifNotExists,
    columns,
    ...(ownedBy === undefined ? {} : { ownedBy }),
  }
}

function parseAddedColumn(reader: TokenReader, ifNotExists: boolean): ColumnDefinition {
  refuseSecondAction(reader, 'ADD')
  if (reader.acceptWords('ADD')) {
    reader.acceptWords('COLUMN')
    const isSame = reader.atWords('IF', 'NOT', 'EXISTS') === ifNotExists
    if (!isSame) throw unsupportedAction(reader, 'ADD with and without IF NOT EXISTS')
    reader.acceptWords('IF', 'NOT', 'EXISTS')
  }
  const { start } = reader.peek()
  const { column, constraints } = parseColumn(reader)
  if (constraints.length > 0) {
    throw reader.notSupported('ALTER TABLE ... ADD COLUMN with a constraint', start)
  }
  return column
}

/** Several actions in one statement must be of one kind, since they become one statement. */
function refuseSecondAction(reader: TokenReader, action: 'ADD' | 'DROP'): void {
  const isList = reader.previous().kind === 'Symbol'
  if (!isList) return
  const after = reader.peek(1)
  const isAction = ['ADD', 'DROP', 'ALTER'].some((word) => word !== action && reader.atWords(word))
  // `ADD COLUMN a INT, alter INT` is a column called alter; ALTER COLUMN and DROP COLUMN are not.
  const isColumnWord = after.kind === 'Word' && after.word === 'COLUMN'
  if (isAction && (isColumnWord || after.kind === 'QuotedName')) {
    throw unsupportedAction(reader, 'with several actions')
  }
}

/**
 * drop_column = "DROP" [ "COLUMN" ] [ "IF" "EXISTS" ] column
 *               { "," [ "DROP" [ "COLUMN" ] [ "IF" "EXISTS" ] ] column } [ "CASCADE" "PERMISSIONS" ] ;
 */
function parseDropColumn(reader: TokenReader, table: AlteredTable): DropColumn {
  reader.acceptWords('COLUMN')
  const ifExists = reader.acceptWords('IF', 'EXISTS')
  const columns = reader.list(() => {
    refuseSecondAction(reader, 'DROP')
    if (reader.acceptWords('DROP', 'COLUMN')) acceptSameIfExists(reader, ifExists)
    return parseRelationName(reader)
  })
  const cascadePermissions = skipDependents(reader)
  return { kind: 'DropColumn', ...table, ifExists, columns, cascadePermissions }
}

/** DROP COLUMN a, DROP COLUMN IF EXISTS b would skip the one and not the other: one statement, one rule. */
function acceptSameIfExists(reader: TokenReader, ifExists: boolean): void {
  if (!ifExists && reader.atWords('IF', 'EXISTS')) {
    throw unsupportedAction(reader, 'DROP with and without IF EXISTS')
  }
  reader.acceptWords('IF', 'EXISTS')
}

/** rename = "RENAME" ( "TO" table | [ "COLUMN" ] column "TO" column { "," column "TO" column } ) ; */
function parseRename(reader: TokenReader, table: AlteredTable): RenameTable | RenameColumn {
  if (reader.acceptWords('TO')) {
    return { kind: 'RenameTable', ...table, to: parseQualifiedName(reader) }
  }
  reader.acceptWords('COLUMN')
  const renames = reader.list(() => {
    const column = parseRelationName(reader)
    reader.expectWords('TO')
    return { column, to: parseRelationName(reader) }
  })
  return { kind: 'RenameColumn', ...table, renames }
}

/** "SET" "PARAM" parameters ; */
function parseSetParameters(reader: TokenReader, table: AlteredTable): SetTableParameters {
  const parameters = parseStorageParameters(reader, 'SET PARAM')
  return { kind: 'SetTableParameters', ...table, parameters }
}

/** "SET" "TYPE" [ "BYPASS" ] "WAL" ; */
function parseSetType(reader: TokenReader, table: AlteredTable): SetTableType {
  const wal = !reader.acceptWords('BYPASS')
  reader.expectWords('WAL')
  return { kind: 'SetTableType', ...table, wal }
}

/** rename_table = "RENAME" "TABLE" table "TO" table ; */
export function parseRenameTable(reader: TokenReader): RenameTable {
  reader.expectWords('RENAME', 'TABLE')
  const table = parseQualifiedName(reader)
  reader.expectWords('TO')
  return { kind: 'RenameTable', table, to: parseQualifiedName(reader) }
}
