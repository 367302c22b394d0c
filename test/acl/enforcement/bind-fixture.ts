import { bind } from '../../../acl/enforcement/bind.ts'
import type { BindableStatement, Binding, BindOptions } from '../../../acl/enforcement/binding.ts'
import { foldName, relationKey } from '../../../acl/names.ts'
import type { RelationKey } from '../../../acl/names.ts'
import type { Requirement } from '../../../acl/requirement.ts'
import type { Column, Relation, Schema, Table, TableConstraint } from '../../../acl/schema.ts'
import { typeFromName } from '../../../acl/types/type-name.ts'
import { unreachable } from '../../../errors/unreachable.ts'
import { parseStatements } from '../../../parser/parse.ts'
import type { Statement } from '../../../parser/statement.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import { oid } from '../brands.ts'

/** `a int4, ts timestamp` as columns. */
function columnsOf(text: string): readonly Column[] {
  return text.split(', ').map((part, index) => {
    const [name = '', type = 'text'] = part.split(' ')
    return {
      attnum: index + 1,
      name,
      key: foldName(name),
      type: typeFromName({ name: type, modifiers: [], arrayDimensions: 0 }),
      declaredType: type,
      notNull: false,
      hasDefault: false,
    }
  })
}

/** A table of a test's schema. */
export function table(
  name: string,
  columns: string,
  given: Partial<Pick<Table, 'designatedTimestamp' | 'constraints' | 'schema'>> & {
    readonly oid?: number
  } = {},
): Table {
  const schema = given.schema ?? 'public'
  const list = columnsOf(columns)
  return {
    kind: 'Table',
    oid: oid(given.oid ?? 100 + name.length * 300 + (name.codePointAt(0) ?? 0)),
    key: relationKey({ schema, name }),
    schema,
    name,
    columns: list,
    wal: false,
    dedupKeys: [],
    constraints: given.constraints ?? [],
    nextAttnum: list.length + 1,
    ...(given.designatedTimestamp === undefined
      ? {}
      : { designatedTimestamp: given.designatedTimestamp }),
  }
}

export function primaryKey(...attnums: readonly number[]): TableConstraint {
  return { kind: 'PrimaryKey', name: 'pk', attnums }
}

export function schemaOf(relations: readonly Relation[]): Schema {
  const byKey = new Map<RelationKey, Relation>(relations.map((one) => [one.key, one]))
  return {
    epoch: 1,
    relation: (key) => byKey.get(key),
    relations: () => [...byKey.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  }
}

export function optionsFor(schema: Schema, given: Partial<BindOptions> = {}): BindOptions {
  let next = 5_000
  return {
    schema,
    parameterTypes: [],
    searchPath: ['public'],
    allocateOid: () => next++,
    ...given,
  }
}

const bindableKinds: ReadonlySet<string> = new Set<BindableStatement['kind']>([
  'Query',
  'Insert',
  'Update',
  'Delete',
  'CreateTable',
  'CreateTableAs',
  'CreateTableLike',
  'DropTable',
  'RenameTable',
  'Truncate',
  'AddColumn',
  'DropColumn',
  'RenameColumn',
  'AlterColumn',
  'SetTableParameters',
  'SetTableType',
  'SuspendWal',
  'ResumeWal',
  'Reindex',
  'Vacuum',
  'DropAllTables',
  'UnsupportedStatement',
  'CreateView',
  'AlterView',
  'DropView',
  'CompileView',
])

function isBindable(statement: Statement): statement is BindableStatement {
  return bindableKinds.has(statement.kind)
}

/** Parses one statement and binds it. */
export function bindText(sql: string, options: BindOptions): Binding {
  const [parsed] = parseStatements(sql)
  if (parsed === undefined || !isBindable(parsed.statement)) {
    throw new Error(`not a bindable statement: ${sql}`)
  }
  return bind(parsed.statement, options)
}

/** A requirement in the words of an error: `SELECT on t(a, b*)`; a star marks what only `*` reached. */
export function words(requirement: Requirement): string {
  const permission: string = requirement.permission
  switch (requirement.kind) {
    case 'Database':
      return permission
    case 'Relation':
      return `${permission} on ${requirement.relation.name}`
    case 'Columns': {
      const names = requirement.columns.map(({ name, throughStar }) =>
        throughStar ? `${name}*` : name,
      )
      return `${permission} on ${requirement.relation.name}(${names.join(', ')})`
    }
    case 'EveryTable':
      return `${permission} on every table`
    case 'AnyColumn':
      return `${permission} on any of ${requirement.relation.name}`
    case 'UnknownRelation':
      return `${permission} on unknown ${requirement.relation.name}`
    case 'UnknownColumn':
      return `${permission} on ${requirement.relation.name}(unknown ${requirement.column})`
    default:
      return unreachable(requirement)
  }
}

/** What came out, short enough for a table of expectations. */
export function outcome(binding: Binding): {
  readonly needs: readonly string[]
  readonly error?: string
  readonly columns?: readonly string[]
} {
  const needs = binding.requirements.map(words)
  if (binding.kind === 'Unbindable') {
    return { needs, error: `${binding.error.sqlState} ${binding.error.message}` }
  }
  if (binding.kind === 'SchemaChange') return { needs }
  return { needs, columns: binding.columns.map(({ name, type }) => `${name} ${typeWord(type)}`) }
}

function typeWord(type: SqlType | undefined): string {
  if (type === undefined) return '?'
  if (type.kind === 'Scalar') return type.name
  return type.kind === 'Array' ? `${type.element.name}[]` : 'record'
}
