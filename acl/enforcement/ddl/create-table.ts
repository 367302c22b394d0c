import type { CreateTable, CreateTableAs, CreateTableLike } from '../../../parser/statement.ts'
import type { BoundInsert, PhysicalColumn, PhysicalConstraint } from '../../../store/bound.ts'
import { foldName } from '../../names.ts'
import type { Oid, RelationName } from '../../names.ts'
import type { Column, Relation, Table } from '../../schema.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import { typeText } from '../../types/type-name.ts'
import {
  alreadyExists,
  duplicateColumn,
  invalidTableDefinition,
  tooManyColumns,
  unknownRelation,
} from '../binding-errors.ts'
import { checkDeclarations } from '../check-declarations.ts'
import { bindDeclarations } from '../declarations.ts'
import { Scope } from '../scope.ts'
import { upsertField } from '../upsert.ts'
import { checkSyntax } from '../syntax-gate.ts'
import { toOid } from '../oid.ts'
import { defineColumns } from './column-definition.ts'
import { indexIsDeclaredOnly } from './column-storage.ts'
import { checkNewName, newRelationName } from './new-name.ts'
import { renameOutput } from '../query/rename-output.ts'
import { existsAlready } from './schema-notices.ts'
import { ownedByField } from './schema-draft.ts'
import type { SchemaDraft } from './schema-draft.ts'
import { defineConstraints } from './table-constraint.ts'
import { defineStorage, withIndexes } from './table-storage.ts'
import type { StorageOfTable } from './table-storage.ts'

/** duckdb-hardening.md, section 5.3. */
const columnsMax = 1_600

type AnyCreateTable = CreateTable | CreateTableAs | CreateTableLike

/** CREATE TABLE with columns: CREATE TABLE alone is needed. */
export function bindCreateTable(statement: CreateTable, draft: SchemaDraft): void {
  const name = newTableName(statement, draft)
  if (name === undefined) return
  const { context } = draft
  const keyed = withKeysNotNull(statement)
  const defined = defineColumns(keyed.columns, { context, firstAttnum: 1, taken: [] })
  const declared = defined.map(({ column }) => column)
  const columns = withIndexes(declared, statement.storage)
  const { constraints, physical } = defineConstraints(statement.constraints, {
    context,
    table: name.name,
    columns,
  })
  const storage = defineStorage(statement.storage, columns, constraints)
  addTable(statement, draft, {
    name,
    columns,
    physicalColumns: defined.map((one) => one.physical),
    constraints,
    physicalConstraints: physical,
    storage,
  })
}

/** CREATE TABLE AS: SELECT for the query besides; the rows are put in by a second step. */
export function bindCreateTableAs(statement: CreateTableAs, draft: SchemaDraft): void {
  const { context } = draft
  const name = newTableName(statement, draft)
  const { tree } = statement.query
  checkSyntax({ SelectStmt: tree }, context)
  checkDeclarations(statement.query)
  bindDeclarations(statement.query, context, 'Query')
  const bound = context.binders.query(tree, new Scope(context))
  const query = renameOutput(
    bound,
    (statement.columnNames ?? []).map(({ text }) => text),
    context,
  )
  if (name === undefined || context.error !== undefined) return
  const found = query.columns.map((column, index): Column => {
    const { type } = column
    if (type === undefined || type.kind === 'Record') {
      throw invalidTableDefinition(`column "${column.name}" has pseudo-type record`, undefined)
    }
    checkNewName({ text: column.name, span: statement.table.name.span })
    return plainColumn({
      attnum: index + 1,
      name: column.name,
      type,
      declaredType: asDeclared(type),
    })
  })
  checkDistinctNames(found)
  const storage = defineStorage(statement.storage, found)
  const columns = withIndexes(withTimestampNotNull(found, storage), statement.storage)
  const table = addTable(statement, draft, {
    name,
    columns,
    physicalColumns: columns.map(physicalColumn),
    constraints: [],
    physicalConstraints: [],
    storage,
  })
  if (!statement.withData) return
  const insert: BoundInsert = {
    kind: 'Insert',
    with: [],
    recursive: false,
    target: {
      range: context.newHiddenRange(),
      oid: table.oid,
      name: { schema: table.schema, name: table.name },
      columns: columns.map((column) => ({ attnum: column.attnum, name: column.name })),
    },
    columns: columns.map(({ attnum }) => attnum),
    source: query,
    ...upsertField(table),
  }
  draft.step({ kind: 'Fill', insert })
}

/** CREATE TABLE (LIKE s): SELECT on every column of s; columns and storage are taken over. */
export function bindCreateTableLike(statement: CreateTableLike, draft: SchemaDraft): void {
  const { context } = draft
  const name = newTableName(statement, draft)
  const offset = statement.source.name.span.start
  const { name: sourceName, relation } = draft.find(statement.source)
  if (relation === undefined) {
    context.requirements.addSource(sourceName, 'Unknown', offset)
    draft.fail(unknownRelation(sourceName, 'table', offset))
    return
  }
  context.requirements.addSource(sourceName, relation.kind, offset)
  for (const column of relation.columns) {
    context.requirements.addRead(sourceName, column, { throughStar: true, written: undefined })
  }
  if (name === undefined) return
  const numbers = new Map(relation.columns.map(({ attnum }, index) => [attnum, index + 1]))
  const isView = relation.kind === 'View'
  const columns = relation.columns.map((column, index) =>
    plainColumn({
      ...column,
      attnum: index + 1,
      declaredType: isView ? asDeclared(column.type) : column.declaredType,
    }),
  )
  addTable(statement, draft, {
    name,
    columns,
    physicalColumns: columns.map(physicalColumn),
    constraints: [],
    physicalConstraints: [],
    storage: storageLike(relation, numbers),
  })
}

function storageLike(relation: Relation, numbers: ReadonlyMap<number, number>): StorageOfTable {
  if (relation.kind === 'View') return { wal: false, dedupKeys: [] }
  const { designatedTimestamp, partitionBy, wal, dedupKeys, parameters, timeToLive } = relation
  const designated =
    designatedTimestamp === undefined ? undefined : numbers.get(designatedTimestamp)
  return {
    ...(designated === undefined ? {} : { designatedTimestamp: designated }),
    ...(partitionBy === undefined ? {} : { partitionBy }),
    wal,
    dedupKeys: dedupKeys.flatMap((attnum) => numbers.get(attnum) ?? []),
    ...(parameters === undefined ? {} : { parameters }),
    ...(timeToLive === undefined ? {} : { timeToLive }),
  }
}

/** The name, if the table is to be made; with IF NOT EXISTS one that exists is left as it is. */
function newTableName(statement: AnyCreateTable, draft: SchemaDraft): RelationName | undefined {
  const { context } = draft
  draft.needDatabase('CREATE TABLE')
  const name = newRelationName(statement.table, context.options)
  const existing = context.options.schema.relation(name.key)
  if (existing === undefined) return name
  if (statement.ifNotExists && existing.kind === 'Table') {
    draft.notice(existsAlready('relation', name.name))
    return undefined
  }
  draft.fail(
    alreadyExists(existing.kind === 'Table' ? 'table' : 'view', statement.table.name.span.start),
  )
  return undefined
}

/** Members of the primary key are not null, and neither is the designated timestamp. */
function withKeysNotNull(statement: CreateTable): Pick<CreateTable, 'columns'> {
  const keys = statement.constraints.flatMap((constraint) =>
    constraint.kind === 'PrimaryKey' ? constraint.columns : [],
  )
  const names = [...keys, ...(statement.storage.timestamp ? [statement.storage.timestamp] : [])]
  const required = new Set(names.map(({ text }) => foldName(text)))
  return {
    columns: statement.columns.map((column) =>
      required.has(foldName(column.name.text)) ? { ...column, notNull: true } : column,
    ),
  }
}

/** A table made from a query has what CREATE TABLE would have made of it: no timestamp is null. */
function withTimestampNotNull(
  columns: readonly Column[],
  { designatedTimestamp }: StorageOfTable,
): readonly Column[] {
  return columns.map((column) =>
    column.attnum === designatedTimestamp ? { ...column, notNull: true } : column,
  )
}

/** A type as a column definition of that type would have declared it. */
function asDeclared(type: SqlType): string {
  const text = typeText(type)
  return text.includes('"') ? text : text.toUpperCase()
}

interface NewTable {
  readonly name: RelationName
  readonly columns: readonly Column[]
  readonly physicalColumns: readonly PhysicalColumn[]
  readonly constraints: Table['constraints']
  readonly physicalConstraints: readonly PhysicalConstraint[]
  readonly storage: StorageOfTable
}

function addTable(statement: AnyCreateTable, draft: SchemaDraft, given: NewTable): Table {
  const { name, columns } = given
  if (columns.length === 0) {
    throw invalidTableDefinition('a table must have at least one column', undefined)
  }
  if (columns.length > columnsMax) throw tooManyColumns(columnsMax)
  const oid: Oid = toOid(draft.context.options.allocateOid())
  const table: Table = {
    kind: 'Table',
    oid,
    key: name.key,
    schema: name.schema,
    name: name.name,
    columns,
    ...given.storage,
    constraints: given.constraints,
    nextAttnum: columns.length + 1,
  }
  if (statement.kind !== 'CreateTableLike') {
    for (const { name: column, index } of columns) {
      if (index !== undefined) draft.notice(indexIsDeclaredOnly(column))
    }
  }
  draft.change({
    kind: 'CreateTable',
    table,
    ifNotExists: statement.ifNotExists,
    ...ownedByField(statement.ownedBy),
    offset: statement.table.name.span.start,
  })
  draft.physical({
    kind: 'CreatePhysicalTable',
    oid,
    columns: given.physicalColumns,
    constraints: given.physicalConstraints,
  })
  return table
}

/** A column without default: what is taken from a query or another relation. */
function plainColumn(
  given: Pick<Column, 'attnum' | 'name' | 'type' | 'declaredType' | 'symbol' | 'index'> & {
    readonly notNull?: boolean
  },
): Column {
  const { attnum, name, type, declaredType, notNull = false, symbol, index } = given
  return {
    attnum,
    name,
    key: foldName(name),
    type,
    declaredType,
    notNull,
    hasDefault: false,
    ...(symbol === undefined ? {} : { symbol }),
    ...(index === undefined ? {} : { index }),
  }
}

function physicalColumn({ attnum, type, notNull }: Column): PhysicalColumn {
  return { attnum, type, notNull }
}

function checkDistinctNames(columns: readonly Column[]): void {
  const seen = new Set<string>()
  for (const { key, name } of columns) {
    if (seen.has(key)) throw duplicateColumn(name, undefined)
    seen.add(key)
  }
}
