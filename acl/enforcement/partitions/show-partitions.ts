import type { FuncCall, RangeFunction } from '@pgsql/types'
import type { ShowPartitions } from '../../../parser/statement.ts'
import { foldName, type RelationName } from '../../names.ts'
import type { Table } from '../../schema.ts'
import { BindContext, type Binders } from '../bind-context.ts'
import type { Binding, BindOptions } from '../binding.ts'
import { notSupported, unknownRelation, wrongObject, type Offset } from '../binding-errors.ts'
import { derivedColumns } from '../from/derived-columns.ts'
import { renameColumns, visibleItem, type FromDraft } from '../from/from-item.ts'
import { findRelation } from '../relation-lookup.ts'
import type { Scope } from '../scope.ts'
import { partitionList } from './partition-list.ts'

/** SHOW PARTITIONS FROM t: SELECT on at least one column. */
export function bindShowPartitions(
  { table: written }: ShowPartitions,
  options: BindOptions,
  binders: Binders,
): Binding {
  const context = new BindContext({
    options,
    syntax: { offsetOf: () => undefined },
    binders,
  })
  const table = listedTable(context, {
    name: written.name.text,
    ...(written.schema === undefined ? {} : { schema: written.schema.text }),
    offset: written.name.span.start,
    location: undefined,
  })
  const { error } = context
  const requirements = context.requirements.list()
  if (error !== undefined || table === undefined) {
    return {
      kind: 'Unbindable',
      requirements,
      error: error ?? notSupported('this statement', undefined),
    }
  }
  const statement = partitionList(table, context)
  return { kind: 'Data', statement, requirements, parameters: [], columns: statement.columns }
}

/** `table_partitions('t')` in FROM: what SHOW PARTITIONS says, as rows of a query. */
export function bindTablePartitions(call: FuncCall, node: RangeFunction, scope: Scope): FromDraft {
  const { context } = scope
  const offset = context.offsetOf(call.location)
  const [argument, ...others] = call.args ?? []
  const name =
    argument !== undefined && 'A_Const' in argument ? argument.A_Const.sval?.sval : undefined
  if (name === undefined || others.length > 0) {
    throw notSupported('table_partitions() of anything but one string literal', offset)
  }
  if (node.ordinality === true) throw notSupported('WITH ORDINALITY here', offset)
  const table = listedTable(context, { name, offset, location: call.location })
  const query = table === undefined ? undefined : partitionList(table, context)
  const alias = node.alias?.aliasname ?? 'table_partitions'
  const range = context.newRange({
    name: alias,
    scope,
    columnName: (column) => query?.columns[column - 1]?.name ?? '',
  })
  scope.ownRanges.add(range)
  const item = visibleItem({
    name: { text: alias, key: foldName(alias) },
    columns: renameColumns(
      derivedColumns(query?.columns ?? [], { context, range }),
      query === undefined ? undefined : node.alias,
      { scope, name: alias },
    ),
    missing: () => undefined,
    unknown: query === undefined,
  })
  return {
    item,
    items: [item],
    build: () =>
      query === undefined
        ? { kind: 'Relation', range, oid: 0, name: { schema: '', name }, columns: [] }
        : { kind: 'Derived', range, query, lateral: false, partitions: true },
  }
}

/** The table whose partitions are asked for; the requirement is noted before what it is (G61). */
function listedTable(
  context: BindContext,
  given: {
    readonly name: string
    readonly schema?: string
    readonly offset: Offset
    readonly location: number | undefined
  },
): Table | undefined {
  const { name, relation } = findRelation(context.options, given)
  note(context, name, relation?.kind ?? 'Unknown', given.location)
  if (relation?.kind === 'Table') return relation
  context.fail(
    relation === undefined
      ? unknownRelation(name, 'table', given.offset)
      : wrongObject(`${name.name} is a view`, given.offset),
  )
  return undefined
}

function note(
  context: BindContext,
  name: RelationName,
  kind: 'Table' | 'View' | 'Unknown',
  location: number | undefined,
): void {
  context.requirements.addSource(name, kind, location)
}
