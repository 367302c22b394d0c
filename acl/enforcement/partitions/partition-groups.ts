import type { BoundExpression, BoundQuery, BoundSelect, RangeId } from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import { invariant } from '../../../errors/invariant.ts'
import type { PartitionUnit } from '../../partitions/partition-unit.ts'
import type { Column, Table } from '../../schema.ts'
import { call, text } from '../../types/expressions.ts'
import { scalar } from '../../types/scalar.ts'
import type { BindContext } from '../bind-context.ts'
import { int8Type } from '../typed-expression.ts'

/** Columns of {@link partitionGroups}, by position. */
export const groupColumn = { start: 1, rows: 2, min: 3, max: 4 } as const

export const timestampType: SqlType = scalar('timestamp')

/** The column whose values say in which partition a row is. */
export function designatedColumn(table: Table): Column {
  const column = table.columns.find(({ attnum }) => attnum === table.designatedTimestamp)
  invariant(column, 'a table that is partitioned has a designated timestamp')
  return column
}

/**
 * A row for each partition that a table has: where it begins (UTC, without time zone), how many rows it
 * has, its least and its greatest timestamp. Without a unit there is one, of no beginning.
 */
export function partitionGroups(
  table: Table,
  unit: PartitionUnit | undefined,
  context: BindContext,
): BoundQuery {
  const range = context.newHiddenRange()
  const body = unit === undefined ? wholeTable(table, range) : groups(table, { unit, range })
  return {
    kind: 'Query',
    with: [],
    recursive: false,
    body,
    orderBy: [],
    columns: [
      { name: 'start', type: timestampType },
      { name: 'rows', type: int8Type },
      { name: 'min', ...typeOf(table) },
      { name: 'max', ...typeOf(table) },
    ],
  }
}

function typeOf(table: Table): { readonly type: SqlType } {
  const { designatedTimestamp } = table
  return { type: designatedTimestamp === undefined ? timestampType : designatedColumn(table).type }
}

function groups(
  table: Table,
  { unit, range }: { readonly unit: PartitionUnit; readonly range: RangeId },
): BoundSelect {
  const { attnum, name, type } = designatedColumn(table)
  const value: BoundExpression = { kind: 'ColumnReference', range, column: attnum, type }
  const start = startExpression(unit, value)
  return {
    ...selectFrom(table, range, [{ attnum, name, type }]),
    targets: [start, count, edge('min', value), edge('max', value)],
    groupBy: [{ kind: 'Expression', expression: start }],
  }
}

/** A table without partitions has one to QuestDB, and no timestamps are told of it. */
function wholeTable(table: Table, range: RangeId): BoundSelect {
  const nothing: BoundExpression = { kind: 'Constant', value: null, type: timestampType }
  return { ...selectFrom(table, range, []), targets: [nothing, count, nothing, nothing] }
}

/** Where the partition begins in which a timestamp lies; partitions are of UTC, whatever the session's zone. */
export function startExpression(unit: PartitionUnit, value: BoundExpression): BoundExpression {
  return call('date_trunc', [text(unit.toLowerCase()), withoutZone(value)], timestampType)
}

function withoutZone(value: BoundExpression): BoundExpression {
  const hasZone = value.kind === 'ColumnReference' && isWithZone(value.type)
  return hasZone ? call('timezone', [text('UTC'), value], timestampType) : value
}

export function isWithZone(type: SqlType | undefined): boolean {
  return type?.kind === 'Scalar' && type.name === 'timestamptz'
}

const count: BoundExpression = {
  kind: 'AggregateCall',
  function: 'count',
  arguments: [],
  star: true,
  distinct: false,
  orderBy: [],
  withinGroup: false,
  type: int8Type,
}

function edge(
  name: 'min' | 'max',
  value: BoundExpression & { readonly type?: SqlType },
): BoundExpression {
  return {
    ...count,
    kind: 'AggregateCall',
    function: name,
    arguments: [value],
    star: false,
    distinct: false,
    orderBy: [],
    withinGroup: false,
    ...(value.type === undefined ? {} : { type: value.type }),
  }
}

function selectFrom(
  table: Table,
  range: RangeId,
  columns: readonly Pick<Column, 'attnum' | 'name' | 'type'>[],
): BoundSelect {
  const { oid, schema, name } = table
  return {
    kind: 'Select',
    distinct: { kind: 'None' },
    targets: [],
    from: [{ kind: 'Relation', range, oid, name: { schema, name }, columns }],
    groupBy: [],
  }
}
