import { unreachable } from '../errors/unreachable.ts'
import { printName, printNames, printOwnedBy, printQualifiedName } from './print-access.ts'
import type {
  AlteredTable,
  ColumnDefinition,
  CreateTableAs,
  CreateView,
  Name,
  QualifiedName,
  SchemaStatement,
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
    case 'RenameColumn': {
      const change = `${printName(statement.column)} TO ${printName(statement.to)}`
      return `${printAlter(statement)} RENAME COLUMN ${change}`
    }
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
  return `${printName(column.name)} ${column.type.declared}${collation}${expression}${notNull}`
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
  const { timestamp, partitionBy, ttl, wal, dedupKeys } = storage
  const clauses = [
    timestamp === undefined ? '' : ` TIMESTAMP(${printName(timestamp)})`,
    partitionBy === undefined ? '' : ` PARTITION BY ${partitionBy}`,
    ttl === undefined ? '' : ` TTL ${ttl.amount} ${ttl.unit}`,
    wal === undefined ? '' : wal ? ' WAL' : ' BYPASS WAL',
    dedupKeys === undefined ? '' : ` DEDUP UPSERT KEYS(${printNames(dedupKeys)})`,
  ]
  return clauses.join('')
}
