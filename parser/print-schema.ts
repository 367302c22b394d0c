import { unreachable } from '../errors/unreachable.ts'
import { printName, printNames, printOwnedBy, printQualifiedName } from './print-access.ts'
import { quoteLiteral } from './quote.ts'
import type {
  AlteredTable,
  ColumnAction,
  ColumnDefinition,
  CreateTableAs,
  CreateView,
  IntegerLiteral,
  Name,
  PartitionSelection,
  QualifiedName,
  SchemaStatement,
  StorageParameters,
  TableConstraint,
  TableStorage,
} from './statement.ts'

/** A schema statement as SQL text that parses to the same statement. */
export function printSchemaStatement(statement: SchemaStatement): string {
  switch (statement.kind) {
    case 'CreateTable': {
      const elements = [
        ...statement.columns.map(printColumn),
        ...statement.constraints.map(printConstraint),
      ]
      const head = printHead('CREATE TABLE', statement.table, statement)
      const storage = printStorage(statement.storage)
      return `${head} (${elements.join(', ')})${storage}${printOwnedBy(statement.ownedBy)}`
    }
    case 'CreateTableAs':
      return printTableAs(statement)
    case 'CreateTableLike': {
      const head = printHead('CREATE TABLE', statement.table, statement)
      const source = printQualifiedName(statement.source)
      return `${head} (LIKE ${source})${printOwnedBy(statement.ownedBy)}`
    }
    case 'DropTable':
      return printDrop('DROP TABLE', statement.tables, statement)
    case 'DropView':
      return printDrop('DROP VIEW', statement.views, statement)
    case 'CompileView':
      return `COMPILE VIEW ${printQualifiedName(statement.view)}`
    case 'RenameTable': {
      const to = printQualifiedName(statement.to)
      if (statement.ifTableExists === true) return `${printAlter(statement)} RENAME TO ${to}`
      return `RENAME TABLE ${printQualifiedName(statement.table)} TO ${to}`
    }
    case 'Truncate':
      return `TRUNCATE TABLE ${statement.ifExists === true ? 'IF EXISTS ' : ''}${statement.tables.map(printQualifiedName).join(', ')}`
    case 'AddColumn': {
      const ifNotExists = statement.ifNotExists ? 'IF NOT EXISTS ' : ''
      const columns = statement.columns.map(printColumn).join(', ')
      const owner = printOwnedBy(statement.ownedBy)
      return `${printAlter(statement)} ADD COLUMN ${ifNotExists}${columns}${owner}`
    }
    case 'DropColumn': {
      const ifExists = statement.ifExists ? 'IF EXISTS ' : ''
      const columns = printNames(statement.columns) + printCascade(statement)
      return `${printAlter(statement)} DROP COLUMN ${ifExists}${columns}`
    }
    case 'SetDeduplication': {
      const { keys } = statement
      const action = keys === undefined ? 'DISABLE' : `ENABLE UPSERT KEYS(${printNames(keys)})`
      return `${printAlter(statement)} DEDUP ${action}`
    }
    case 'RenameColumn': {
      const renames = statement.renames.map(
        ({ column, to }) => `${printName(column)} TO ${printName(to)}`,
      )
      return `${printAlter(statement)} RENAME COLUMN ${renames.join(', ')}`
    }
    case 'AlterColumn': {
      const column = printName(statement.column)
      return `${printAlter(statement)} ALTER COLUMN ${column} ${printColumnAction(statement.action)}`
    }
    case 'SetTableParameters':
      return `${printAlter(statement)} SET PARAM ${printParameters(statement.parameters)}`
    case 'SetTableType':
      return `${printAlter(statement)} SET TYPE ${statement.wal ? 'WAL' : 'BYPASS WAL'}`
    case 'SuspendWal': {
      const given = statement.with === undefined ? '' : " WITH 1, ''"
      return `${printAlter(statement)} SUSPEND WAL${given}`
    }
    case 'ResumeWal': {
      const from = statement.from === undefined ? '' : ' FROM TXN 1'
      return `${printAlter(statement)} RESUME WAL${from}`
    }
    case 'Reindex': {
      const { table, columns, partition } = statement
      const of = columns === undefined ? '' : ` COLUMN ${printNames(columns)}`
      const inside = partition === undefined ? '' : ' PARTITION p'
      return `REINDEX TABLE ${printQualifiedName(table)}${of}${inside} LOCK EXCLUSIVE`
    }
    case 'Vacuum':
      return `VACUUM TABLE ${printQualifiedName(statement.table)}`
    case 'DropAllTables':
      return 'DROP ALL TABLES'
    case 'UnsupportedStatement':
      return statement.text
    case 'DropPartition': {
      const force = statement.force ? 'FORCE ' : ''
      return `${printAlter(statement)} ${force}DROP PARTITION ${printSelection(statement.selection)}`
    }
    case 'DetachPartition':
      return `${printAlter(statement)} DETACH PARTITION ${printSelection(statement.selection)}`
    case 'AttachPartition':
      return `${printAlter(statement)} ATTACH PARTITION ${printSelection(statement.selection)}`
    case 'SetTimeToLive': {
      const { ttl } = statement
      return `${printAlter(statement)} SET TTL ${ttl === undefined ? '0' : `${ttl.amount} ${ttl.unit}`}`
    }
    case 'SquashPartitions':
      return `${printAlter(statement)} SQUASH PARTITIONS`
    case 'CreateView':
      return printView(statement)
    case 'AlterView':
      return `ALTER VIEW ${printQualifiedName(statement.view)} AS ${printQuery(statement.query.text)}`
    default:
      return unreachable(statement)
  }
}

function printHead(
  verb: string,
  name: QualifiedName,
  { ifNotExists }: { readonly ifNotExists: boolean },
): string {
  return `${verb} ${ifNotExists ? 'IF NOT EXISTS ' : ''}${printQualifiedName(name)}`
}

function printAlter({ table, ifTableExists }: AlteredTable): string {
  const ifExists = ifTableExists === true ? 'IF EXISTS ' : ''
  return `ALTER TABLE ${ifExists}${printQualifiedName(table)}`
}

function printSelection(selection: PartitionSelection): string {
  switch (selection.kind) {
    case 'Named':
      return `LIST ${selection.names.map(({ value }) => quoteLiteral(value)).join(', ')}`
    case 'Matching':
      return `WHERE ${selection.condition.text}`
    default:
      return unreachable(selection)
  }
}

function printDrop(
  verb: string,
  names: readonly QualifiedName[],
  options: { readonly ifExists: boolean; readonly cascadePermissions: boolean },
): string {
  const ifExists = options.ifExists ? 'IF EXISTS ' : ''
  const list = names.map(printQualifiedName).join(', ')
  return `${verb} ${ifExists}${list}${printCascade(options)}`
}

function printCascade({ cascadePermissions }: { readonly cascadePermissions: boolean }): string {
  return cascadePermissions ? ' CASCADE PERMISSIONS' : ''
}

/** A line break ends a comment that the text of a query may end in. */
function printQuery(text: string): string {
  return `(${text}\n)`
}

function printTableAs(statement: CreateTableAs): string {
  const head = printHead('CREATE TABLE', statement.table, statement)
  const names = printColumnNames(statement.columnNames)
  const data = statement.withData ? '' : ' WITH NO DATA'
  const tail = printStorage(statement.storage) + data + printOwnedBy(statement.ownedBy)
  return `${head}${names} AS ${printQuery(statement.query.text)}${tail}`
}

function printView(statement: CreateView): string {
  const verb = statement.orReplace ? 'CREATE OR REPLACE VIEW' : 'CREATE VIEW'
  const head = printHead(verb, statement.view, statement)
  const names = printColumnNames(statement.columnNames)
  return `${head}${names} AS ${printQuery(statement.query.text)}${printOwnedBy(statement.ownedBy)}`
}

function printColumnNames(names: readonly Name[] | undefined): string {
  return names === undefined ? '' : ` (${printNames(names)})`
}

function printColumn(column: ColumnDefinition): string {
  const collation = column.collation === undefined ? '' : ` COLLATE ${printName(column.collation)}`
  const expression = column.default === undefined ? '' : ` DEFAULT ${column.default.text}`
  const notNull = column.notNull ? ' NOT NULL' : ''
  const type = printColumnType(column)
  return `${printName(column.name)} ${type}${collation}${expression}${notNull}`
}

function printColumnType(column: Pick<ColumnDefinition, 'type' | 'symbol' | 'index'>): string {
  const { type, symbol, index } = column
  const cache = symbol?.cached === undefined ? '' : symbol.cached ? ' CACHE' : ' NOCACHE'
  const indexed = index === undefined ? '' : ` INDEX${printCapacity(index)}`
  return `${type.declared}${printCapacity(symbol)}${cache}${indexed}`
}

function printCapacity(options: { readonly capacity?: IntegerLiteral } | undefined): string {
  return options?.capacity === undefined ? '' : ` CAPACITY ${options.capacity.value}`
}

function printColumnAction(action: ColumnAction): string {
  switch (action.kind) {
    case 'SetType': {
      const using = action.using === undefined ? '' : ` USING ${action.using.text}`
      return `TYPE ${printColumnType(action)}${using}`
    }
    case 'AddIndex':
      return `ADD INDEX${printCapacity(action)}`
    case 'DropIndex':
      return 'DROP INDEX'
    case 'SetCached':
      return action.cached ? 'CACHE' : 'NOCACHE'
    case 'SetSymbolCapacity':
      return `SYMBOL CAPACITY ${action.capacity.value}`
    default:
      return unreachable(action)
  }
}

function printParameters({ maxUncommittedRows, o3MaxLag }: StorageParameters): string {
  return [
    ...(maxUncommittedRows === undefined
      ? []
      : [`maxUncommittedRows = ${maxUncommittedRows.value}`]),
    ...(o3MaxLag === undefined ? [] : [`o3MaxLag = ${o3MaxLag.value}us`]),
  ].join(', ')
}

function printConstraint(constraint: TableConstraint): string {
  const name = constraint.name === undefined ? '' : `CONSTRAINT ${printName(constraint.name)} `
  switch (constraint.kind) {
    case 'PrimaryKey':
      return `${name}PRIMARY KEY (${printNames(constraint.columns)})`
    case 'Unique':
      return `${name}UNIQUE (${printNames(constraint.columns)})`
    case 'Check':
      return `${name}CHECK (${constraint.expression.text}\n)`
    default:
      return unreachable(constraint)
  }
}

function printStorage(storage: TableStorage): string {
  const { timestamp, partitionBy, ttl, wal, dedupKeys, parameters, indexes = [] } = storage
  const clauses = [
    timestamp === undefined ? '' : ` TIMESTAMP(${printName(timestamp)})`,
    partitionBy === undefined ? '' : ` PARTITION BY ${partitionBy}`,
    ttl === undefined ? '' : ` TTL ${ttl.amount} ${ttl.unit}`,
    wal === undefined ? '' : wal ? ' WAL' : ' BYPASS WAL',
    dedupKeys === undefined ? '' : ` DEDUP UPSERT KEYS(${printNames(dedupKeys)})`,
    parameters === undefined ? '' : ` WITH ${printParameters(parameters)}`,
    ...indexes.map((index) => `, INDEX(${printName(index.column)}${printCapacity(index)})`),
  ]
  return clauses.join('')
}
