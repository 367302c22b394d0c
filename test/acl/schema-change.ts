/** What the binder would make of a statement about tables, as far as the model is concerned. */
import { unreachable } from '../../errors/unreachable.ts'
import type { Change } from '../../acl/change.ts'
import type { AccessModel } from '../../acl/model.ts'
import { foldName, relationName } from '../../acl/names.ts'
import type { Column, Relation, Table } from '../../acl/schema.ts'
import type { BoundQuery } from '../../store/bound.ts'
import type { Name, QualifiedName, SchemaStatement } from '../../parser/statement.ts'
import { oid } from './brands.ts'

export function schemaChange(
  model: AccessModel,
  statement: SchemaStatement,
  number: number,
): Change {
  switch (statement.kind) {
    case 'CreateTable': {
      const table = tableOf(statement, number)
      const { ifNotExists } = statement
      return { kind: 'CreateTable', table, ifNotExists, ...owned(statement.ownedBy) }
    }
    case 'DropTable':
    case 'DropView': {
      const [name] = statement.kind === 'DropTable' ? statement.tables : statement.views
      const relationKind = statement.kind === 'DropTable' ? 'Table' : 'View'
      const { cascadePermissions } = statement
      return { kind: 'DropRelation', relationKind, ...bound(model, name), cascadePermissions }
    }
    case 'RenameTable':
      return { kind: 'RenameTable', ...bound(model, statement.table), to: named(statement.to) }
    case 'AddColumn': {
      const first = existing(model, statement.table).nextAttnum
      const columns = statement.columns.map(({ name }, place) => column(name, first + place))
      return {
        kind: 'AddColumns',
        ...bound(model, statement.table),
        columns,
        ...owned(statement.ownedBy),
      }
    }
    case 'DropColumn': {
      const { columns } = existing(model, statement.table)
      const keys = new Set(statement.columns.map(({ text }) => foldName(text)))
      const attnums = columns.filter(({ key }) => keys.has(key)).map(({ attnum }) => attnum)
      const { cascadePermissions } = statement
      return { kind: 'DropColumns', ...bound(model, statement.table), attnums, cascadePermissions }
    }
    case 'RenameColumn': {
      const [rename] = statement.renames
      if (rename === undefined) throw new Error('a column')
      const key = foldName(rename.column.text)
      const found = existing(model, statement.table).columns.find((one) => one.key === key)
      const to = { key: foldName(rename.to.text), name: rename.to.text }
      const attnum = found?.attnum ?? 0
      return { kind: 'RenameColumn', ...bound(model, statement.table), attnum, to }
    }
    case 'CreateView':
    case 'AlterView': {
      const relation = named(statement.view)
      const old = model.schema.relation(relation.key)
      const isReplaced =
        statement.kind === 'AlterView' || (statement.orReplace && old !== undefined)
      return {
        kind: 'CreateView',
        oid: isReplaced ? (old?.oid ?? oid(0)) : oid(number),
        relation,
        columns: [plainColumn('a', 1)],
        text: statement.query.text,
        definition: noQuery,
        mode: isReplaced ? 'Replace' : 'Create',
        ...(statement.kind === 'CreateView' ? owned(statement.ownedBy) : {}),
      }
    }
    case 'CreateTableAs':
    case 'CreateTableLike':
    case 'Truncate':
    case 'CompileView':
    case 'AlterColumn':
    case 'SetDeduplication':
    case 'SetTableParameters':
    case 'SetTableType':
    case 'SuspendWal':
    case 'ResumeWal':
    case 'Reindex':
    case 'Vacuum':
    case 'DropAllTables':
    case 'UnsupportedStatement':
    case 'DropPartition':
    case 'DetachPartition':
    case 'AttachPartition':
    case 'SquashPartitions':
    case 'SetTimeToLive':
      throw new Error(`${statement.kind} is not of these tests`)
    default:
      return unreachable(statement)
  }
}

/** Nothing here runs a definition. */
const noQuery: BoundQuery = JSON.parse('{}')

function tableOf(
  statement: Extract<SchemaStatement, { readonly kind: 'CreateTable' }>,
  number: number,
): Table {
  const columns = statement.columns.map(({ name }, place) => column(name, place + 1))
  const timestamp = statement.storage.timestamp
  const designated = columns.find(({ key }) => key === foldName(timestamp?.text ?? ''))
  return {
    kind: 'Table',
    oid: oid(number),
    ...named(statement.table),
    columns,
    ...(designated === undefined ? {} : { designatedTimestamp: designated.attnum }),
    ...(statement.storage.partitionBy === undefined
      ? {}
      : { partitionBy: statement.storage.partitionBy }),
    wal: statement.storage.wal === true,
    dedupKeys: [],
    constraints: [],
    nextAttnum: columns.length + 1,
  }
}

function column(name: Name, attnum: number): Column {
  return plainColumn(name.text, attnum)
}

export function plainColumn(name: string, attnum: number): Column {
  return {
    attnum,
    name,
    key: foldName(name),
    type: { kind: 'Scalar', name: 'int4' },
    declaredType: name === 'sym' ? 'SYMBOL' : 'INT',
    notNull: false,
    hasDefault: false,
  }
}

function named(name: QualifiedName): ReturnType<typeof relationName> {
  const schema = name.schema === undefined ? {} : { schema: name.schema.text }
  return relationName({ ...schema, name: name.name.text })
}

function bound(
  model: AccessModel,
  name: QualifiedName | undefined,
): { readonly relation: ReturnType<typeof relationName>; readonly oid: Relation['oid'] } {
  if (name === undefined) throw new Error('a name')
  const relation = named(name)
  return { relation, oid: model.schema.relation(relation.key)?.oid ?? oid(0) }
}

function existing(model: AccessModel, name: QualifiedName): Pick<Table, 'columns' | 'nextAttnum'> {
  const relation = model.schema.relation(named(name).key)
  return relation?.kind === 'Table' ? relation : { columns: [], nextAttnum: 1 }
}

function owned(name: Name | undefined): {
  readonly ownedBy?: { readonly key: ReturnType<typeof foldName>; readonly name: string }
} {
  return name === undefined ? {} : { ownedBy: { key: foldName(name.text), name: name.text } }
}
