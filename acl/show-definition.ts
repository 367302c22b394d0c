/** Relations as the statements that make them (questdb-rbac.md, 9.4): what the parser reads back to the same. */
import { invariant } from '../errors/invariant.ts'
import { foldName } from './names.ts'
import type { Column, NamedInText, Relation, Table, TableConstraint, View } from './schema.ts'
import { quotedColumn, quotedColumns, quotedRelation } from './sql-text.ts'

/** PostgreSQL's NAMEDATALEN less one: a longer name was made up from others and is made up again. */
const nameBytesMax = 63

/** The statement that makes a relation, without owner (W18) and semicolon. */
export function definitionOf(relation: Relation): string {
  return relation.kind === 'Table' ? tableDefinition(relation) : viewDefinition(relation)
}

function tableDefinition(table: Table): string {
  const elements = [
    ...table.columns.map((column) => columnText(column, table)),
    ...table.constraints.map((constraint) => constraintText(constraint, table)),
  ]
  return `CREATE TABLE ${quotedRelation(table)} (${elements.join(', ')})${storageText(table)}`
}

/** The designated timestamp is never null, which need not be said. */
function columnText(column: Column, table: Table): string {
  const isRequired = column.notNull && column.attnum !== table.designatedTimestamp
  const notNull = isRequired ? ' NOT NULL' : ''
  const value = column.default === undefined ? '' : ` DEFAULT ${column.default}`
  const type = `${column.declaredType}${symbolText(column)}`
  return `${quotedColumn(column.name)} ${type}${notNull}${value}`
}

/** What QuestDB keeps of a SYMBOL column, where it was said. */
function symbolText({ symbol, index }: Column): string {
  const kept =
    symbol === undefined
      ? ''
      : ` CAPACITY ${symbol.capacity} ${symbol.cached ? 'CACHE' : 'NOCACHE'}`
  return index === undefined ? kept : `${kept} INDEX CAPACITY ${index.capacity}`
}

function constraintText(constraint: TableConstraint, table: Table): string {
  const isSayable = Buffer.byteLength(constraint.name, 'utf8') <= nameBytesMax
  const name = isSayable ? `CONSTRAINT ${quotedColumn(constraint.name)} ` : ''
  if (constraint.kind === 'Check') return `${name}CHECK (${checkText(constraint, table)})`
  const word = constraint.kind === 'PrimaryKey' ? 'PRIMARY KEY' : 'UNIQUE'
  return `${name}${word} (${quotedColumns(columnsOf(table, constraint.attnums))})`
}

/** The condition as its author wrote it, but with the names that columns have now. */
function checkText(
  { text, names = [] }: Extract<TableConstraint, { readonly kind: 'Check' }>,
  table: Table,
): string {
  let result = ''
  let written = 0
  for (const named of names) {
    result += text.slice(written, named.start) + namedText(text, named, table)
    written = named.end
  }
  return result + text.slice(written)
}

function namedText(text: string, { start, end, attnum, words }: NamedInText, table: Table): string {
  const column = columnOf(table, attnum)
  const now = [table.name, column.name].map(foldName).slice(-words.length)
  const isStill = words.every((word, place) => foldName(word) === now[place])
  return isStill ? text.slice(start, end) : quotedColumn(column.name)
}

/**
 * WAL is what a partitioned table has unless it says otherwise. That writing is suspended is a state of the
 * moment and no part of what a table is: one that is made anew can be written to.
 */
function storageText(table: Table): string {
  const { designatedTimestamp, partitionBy, wal, dedupKeys } = table
  const isPartitioned = partitionBy !== undefined && partitionBy !== 'NONE'
  const clauses = [
    designatedTimestamp === undefined
      ? ''
      : ` TIMESTAMP(${quotedColumns(columnsOf(table, [designatedTimestamp]))})`,
    partitionBy === undefined ? '' : ` PARTITION BY ${partitionBy}`,
    timeToLiveText(table),
    wal ? ' WAL' : isPartitioned ? ' BYPASS WAL' : '',
    parametersText(table),
    dedupKeys.length === 0
      ? ''
      : ` DEDUP UPSERT KEYS(${quotedColumns(columnsOf(table, dedupKeys))})`,
  ]
  return clauses.join('')
}

/** `TTL 2 WEEKS`, as QuestDB says it. */
function timeToLiveText({ timeToLive }: Table): string {
  if (timeToLive === undefined) return ''
  const { amount, unit } = timeToLive
  return ` TTL ${amount} ${unit}${amount === 1 ? '' : 'S'}`
}

function parametersText({ parameters = {} }: Table): string {
  const { maxUncommittedRows, o3MaxLagMicros } = parameters
  const list = [
    ...(maxUncommittedRows === undefined ? [] : [`maxUncommittedRows=${maxUncommittedRows}`]),
    ...(o3MaxLagMicros === undefined ? [] : [`o3MaxLag=${o3MaxLagMicros}us`]),
  ]
  return list.length === 0 ? '' : ` WITH ${list.join(', ')}`
}

function columnsOf(table: Table, attnums: readonly number[]): readonly Column[] {
  return attnums.map((attnum) => columnOf(table, attnum))
}

function columnOf(table: Table, attnum: number): Column {
  const column = table.columns.find((one) => one.attnum === attnum)
  invariant(column, 'what a table says about a column goes with the column')
  return column
}

/** Names of the columns are said where they are not the query's own. */
function viewDefinition(view: View): string {
  const names = view.columnsNamed === true ? ` (${quotedColumns(view.columns)})` : ''
  return `CREATE VIEW ${quotedRelation(view)}${names} AS (${view.text})`
}
