import {
  addConstraint,
  parseColumn,
  parseConstraintName,
  parseSharedConstraint,
} from './parse-column.ts'
import { COLUMNS_MAX } from './limits.ts'
import { parseQualifiedName, parseRelationName } from './name.ts'
import { parseOwnedBy } from './parse-principal.ts'
import { parseDefinitionQuery, parseParenthesisedQuery, startsQuery } from './parse-query.ts'
import { parseTableStorage, refuseTableOptions } from './parse-table-storage.ts'
import type {
  ColumnDefinition,
  CreateTable,
  CreateTableAs,
  CreateTableLike,
  Name,
  QualifiedName,
  TableConstraint,
} from './statement.ts'
import { tooManyColumns } from './syntax-error.ts'
import type { TokenReader } from './token-reader.ts'

type CreateTableStatement = CreateTable | CreateTableAs | CreateTableLike

/** What CREATE TABLE begins with in every form. */
interface TableHead {
  readonly table: QualifiedName
  readonly ifNotExists: boolean
}

/**
 * create_table = "CREATE" "TABLE" [ "IF" "NOT" "EXISTS" ] table
 *                ( "(" column_defs ")" | [ "AS" ] "(" query ")" | "(" "LIKE" table ")"
 *                | [ "(" columns ")" ] "AS" query [ "WITH" [ "NO" ] "DATA" ] )
 *                storage [ "OWNED" "BY" entity ] ;
 *
 * QuestDB's and PostgreSQL's forms; CREATE TABLE has been read.
 */
export function parseCreateTable(reader: TokenReader): CreateTableStatement {
  const ifNotExists = reader.acceptWords('IF', 'NOT', 'EXISTS')
  const head = { table: parseQualifiedName(reader), ifNotExists }
  refuseTableOptions(reader)
  if (reader.acceptWords('AS')) return parseTableAs(reader, head)
  if (reader.atSymbol('(') && startsQuery(reader, 1)) return parseTableAs(reader, head)
  reader.expectSymbol('(')
  if (reader.acceptWords('LIKE')) return parseTableLike(reader, head)
  if (isNameList(reader)) {
    const columnNames = reader.list(() => parseRelationName(reader))
    reader.expectSymbol(')')
    reader.expectWords('AS')
    return { ...parseTableAs(reader, head), columnNames }
  }
  return parseTableOfColumns(reader, head)
}

/** A name and then `,` or `)`: columns of CREATE TABLE t (a, b) AS ... have no types. */
function isNameList(reader: TokenReader): boolean {
  const { kind } = reader.peek()
  const isName = kind === 'Word' || kind === 'QuotedName'
  return isName && (reader.atSymbol(',', 1) || reader.atSymbol(')', 1))
}

/** "(" "LIKE" table ")" [ "OWNED" "BY" entity ] ; PostgreSQL's INCLUDING has no match here. */
function parseTableLike(reader: TokenReader, head: TableHead): CreateTableLike {
  const source = parseQualifiedName(reader)
  if (reader.atWords('INCLUDING') || reader.atWords('EXCLUDING')) {
    throw reader.notSupported('LIKE ... INCLUDING', reader.peek().start)
  }
  reader.expectSymbol(')')
  return { kind: 'CreateTableLike', ...head, source, ...optionalOwner(reader) }
}

function parseTableOfColumns(reader: TokenReader, head: TableHead): CreateTable {
  const columns: ColumnDefinition[] = []
  const constraints: TableConstraint[] = []
  if (!reader.atSymbol(')')) reader.list(() => parseTableElement(reader, columns, constraints))
  reader.expectSymbol(')')
  const storage = parseTableStorage(reader)
  const owner = optionalOwner(reader)
  return { kind: 'CreateTable', ...head, columns, constraints, storage, ...owner }
}

function optionalOwner(reader: TokenReader): { readonly ownedBy?: Name } {
  const ownedBy = parseOwnedBy(reader)
  return ownedBy === undefined ? {} : { ownedBy }
}

/** table_element = column_def | [ "CONSTRAINT" name ] table_constraint ; */
function parseTableElement(
  reader: TokenReader,
  columns: ColumnDefinition[],
  constraints: TableConstraint[],
): void {
  const { start } = reader.peek()
  if (reader.atWords('LIKE')) throw reader.notSupported('LIKE beside columns', start)
  const constraint = parseTableConstraint(reader)
  if (constraint !== undefined) {
    addConstraint(constraints, constraint, start)
    return
  }
  const parsed = parseColumn(reader)
  columns.push(parsed.column)
  if (columns.length > COLUMNS_MAX) throw tooManyColumns(COLUMNS_MAX, start)
  for (const own of parsed.constraints) addConstraint(constraints, own, start)
}

/** table_constraint = "PRIMARY" "KEY" "(" columns ")" | "UNIQUE" "(" columns ")" | "CHECK" "(" expr ")" ; */
function parseTableConstraint(reader: TokenReader): TableConstraint | undefined {
  const words = ['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN']
  const isExclusion = reader.atWords('EXCLUDE', 'USING')
  if (!isExclusion && !words.some((word) => reader.atWords(word))) return undefined
  const name = parseConstraintName(reader)
  const parseColumns = (): readonly Name[] => reader.parenthesised(() => parseRelationName(reader))
  const constraint = parseSharedConstraint(reader, name, parseColumns)
  if (constraint === undefined) throw reader.unexpected()
  return constraint
}

/** AS, if it is there, has been read. QuestDB's form has the query in parentheses and storage clauses behind it. */
function parseTableAs(reader: TokenReader, head: TableHead): CreateTableAs {
  if (reader.atWords('EXECUTE')) throw reader.notSupported('CREATE TABLE AS EXECUTE')
  const query = parseParenthesisedQuery(reader)
  if (query === undefined) {
    const { withData, ...definition } = parseDefinitionQuery(reader, 'WithData')
    return { kind: 'CreateTableAs', ...head, withData, storage: {}, ...definition }
  }
  const storage = parseTableStorage(reader)
  const withData = parseWithData(reader)
  return { kind: 'CreateTableAs', ...head, query, withData, storage, ...optionalOwner(reader) }
}

/** [ "WITH" [ "NO" ] "DATA" ] */
function parseWithData(reader: TokenReader): boolean {
  if (reader.acceptWords('WITH', 'NO', 'DATA')) return false
  reader.acceptWords('WITH', 'DATA')
  return true
}
