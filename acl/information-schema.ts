/**
 * `information_schema.tables` and `information_schema.columns`: what migration tools ask before they
 * make their own tables (client-compatibility.md, section 7). PostgreSQL's columns in PostgreSQL's
 * order; the rows are what the principal can see (G60).
 */
import { invariant } from '../errors/invariant.ts'
import { unreachable } from '../errors/unreachable.ts'
import type { ArrayType, ScalarType } from '../store/sql-type.ts'
import { effectiveList, type EffectiveList } from './effective-list.ts'
import { integerColumn, textColumn, type ListingColumn, type ListingRow } from './listing.ts'
import { permission } from './permission-registry.ts'
import type { Column, Relation } from './schema.ts'
import type { ServerRelation } from './server-relation.ts'
import { typeText } from './types/type-name.ts'
import { columnsHeld, visibleColumns, visibleRelations } from './visible.ts'

/** What current_database() says. */
const catalogName = 'grantd'

/** The domain information_schema.sql_identifier is a name. */
const identifierColumn = (name: string): ListingColumn => ({
  name,
  type: { kind: 'Scalar', name: 'name' },
})
/** The domain information_schema.yes_or_no. */
const yesOrNoColumn = (name: string): ListingColumn => ({
  name,
  type: { kind: 'Scalar', name: 'varchar', length: 3 },
})

const yesOrNo = (claim: boolean): string => (claim ? 'YES' : 'NO')

const tables: ServerRelation = {
  columns: [
    ...['table_catalog', 'table_schema', 'table_name'].map(identifierColumn),
    textColumn('table_type'),
    identifierColumn('self_referencing_column_name'),
    textColumn('reference_generation'),
    ...['user_defined_type_catalog', 'user_defined_type_schema', 'user_defined_type_name'].map(
      identifierColumn,
    ),
    yesOrNoColumn('is_insertable_into'),
    yesOrNoColumn('is_typed'),
    textColumn('commit_action'),
  ],
  arity: [0, 0],
  rows: ({ model, actor }) =>
    visibleRelations(effectiveList(model, actor.effective), model.schema).map(tableRow),
}

/** Views are read-only (V9). */
function tableRow({ schema, name, kind }: Relation): ListingRow {
  const isTable = kind === 'Table'
  return [
    catalogName,
    schema,
    name,
    isTable ? 'BASE TABLE' : 'VIEW',
    null,
    null,
    null,
    null,
    null,
    yesOrNo(isTable),
    'NO',
    null,
  ]
}

const columns: ServerRelation = {
  columns: [
    ...['table_catalog', 'table_schema', 'table_name', 'column_name'].map(identifierColumn),
    integerColumn('ordinal_position'),
    textColumn('column_default'),
    yesOrNoColumn('is_nullable'),
    textColumn('data_type'),
    ...[
      'character_maximum_length',
      'character_octet_length',
      'numeric_precision',
      'numeric_precision_radix',
      'numeric_scale',
      'datetime_precision',
    ].map(integerColumn),
    textColumn('interval_type'),
    integerColumn('interval_precision'),
    ...[
      'character_set_catalog',
      'character_set_schema',
      'character_set_name',
      'collation_catalog',
      'collation_schema',
      'collation_name',
      'domain_catalog',
      'domain_schema',
      'domain_name',
      'udt_catalog',
      'udt_schema',
      'udt_name',
      'scope_catalog',
      'scope_schema',
      'scope_name',
    ].map(identifierColumn),
    integerColumn('maximum_cardinality'),
    identifierColumn('dtd_identifier'),
    yesOrNoColumn('is_self_referencing'),
    yesOrNoColumn('is_identity'),
    ...[
      'identity_generation',
      'identity_start',
      'identity_increment',
      'identity_maximum',
      'identity_minimum',
    ].map(textColumn),
    yesOrNoColumn('identity_cycle'),
    textColumn('is_generated'),
    textColumn('generation_expression'),
    yesOrNoColumn('is_updatable'),
  ],
  arity: [0, 0],
  rows: ({ model, actor }) => {
    const list = effectiveList(model, actor.effective)
    return visibleRelations(list, model.schema).flatMap((relation) => columnRows(list, relation))
  },
}

function columnRows(list: EffectiveList, relation: Relation): readonly ListingRow[] {
  const readable = new Set(columnsHeld(list, relation, permission('SELECT')))
  return visibleColumns(list, relation).map((column) =>
    columnRow(relation, column, readable.has(column)),
  )
}

const none = (count: number): ListingRow => Array.from({ length: count }, () => null)

/** @param isReadable whether the default may be told: it may say more than that there is a column */
function columnRow(relation: Relation, column: Column, isReadable: boolean): ListingRow {
  const { type } = column
  // Not the attribute number: a column keeps its place when its type is changed, and gets another number.
  const place = relation.columns.indexOf(column) + 1
  invariant(type.kind !== 'Record', 'no column is a record')
  return [
    catalogName,
    relation.schema,
    relation.name,
    column.name,
    place,
    isReadable ? (column.default ?? null) : null,
    yesOrNo(!column.notNull),
    dataType(type),
    ...(type.kind === 'Scalar' ? measures(type) : none(6)),
    // interval_type, interval_precision; character set, collation and domain are the default ones.
    ...none(11),
    catalogName,
    'pg_catalog',
    typeName(type),
    ...none(4),
    String(place),
    'NO',
    'NO',
    ...none(5),
    'NO',
    'NEVER',
    null,
    yesOrNo(relation.kind === 'Table'),
  ]
}

/** The type without its modifiers; PostgreSQL says no more of an array than that it is one. */
function dataType(type: ScalarType | ArrayType): string {
  if (type.kind === 'Array') return 'ARRAY'
  return type.name === 'bpchar' ? 'character' : typeText({ kind: 'Scalar', name: type.name })
}

/** The type's own name in pg_type. */
function typeName(type: ScalarType | ArrayType): string {
  return type.kind === 'Array' ? `_${type.element.name}` : type.name
}

/** The most bytes of a character in UTF-8, and of a text without a limit. */
const characterBytesMax = 4
const textBytesMax = 2 ** 30

/** Character length, bytes; numeric precision, radix, scale; precision of the seconds. */
function measures(type: ScalarType): ListingRow {
  switch (type.name) {
    case 'text':
    case 'varchar':
    case 'bpchar': {
      const length = type.length ?? null
      const bytes = length === null ? textBytesMax : length * characterBytesMax
      return [length, bytes, null, null, null, null]
    }
    case 'int2':
      return [null, null, 16, 2, 0, null]
    case 'int4':
      return [null, null, 32, 2, 0, null]
    case 'int8':
      return [null, null, 64, 2, 0, null]
    case 'float4':
      return [null, null, 24, 2, null, null]
    case 'float8':
      return [null, null, 53, 2, null, null]
    case 'numeric':
      return [null, null, type.precision ?? null, 10, type.scale ?? null, null]
    case 'date':
      return [null, null, null, null, null, 0]
    case 'time':
    case 'timestamp':
    case 'timestamptz':
    case 'interval':
      return [null, null, null, null, null, 6]
    case 'bool':
    case 'bytea':
    case 'uuid':
    case 'json':
    case 'oid':
    case 'name':
      return none(6)
    default:
      return unreachable(type.name)
  }
}

/** The relations of the schema, by name in lower case. */
export const informationSchema: ReadonlyMap<string, ServerRelation> = new Map([
  ['tables', tables],
  ['columns', columns],
])
