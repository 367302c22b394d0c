import type { BoundExpression, BoundQuery, BoundWindow, RangeId } from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import type { DetachedPartition } from '../../partitions/detached-partition.ts'
import { namedEnd, namedFrom } from '../../partitions/partition-name.ts'
import { partitionColumns } from '../../partitions/partition-columns.ts'
import { partitionUnit, type PartitionUnit } from '../../partitions/partition-unit.ts'
import type { Table } from '../../schema.ts'
import { and, binary, call, cast, constant, integer, text, when } from '../../types/expressions.ts'
import { scalar } from '../../types/scalar.ts'
import type { BindContext } from '../bind-context.ts'
import { boolType, int4Type, int8Type } from '../typed-expression.ts'
import {
  designatedColumn,
  groupColumn,
  partitionGroups,
  timestampType,
} from './partition-groups.ts'

const textType: SqlType = scalar('varchar')

/**
 * The rows of SHOW PARTITIONS. The timestamps in them are values of the designated timestamp, which
 * whoever may SELECT any column of the table may read (G37), so that the one permission that is asked
 * for (section 11) covers all that is told (R7). What a partition takes on disk the engine does not
 * say: one file holds all tables, and NULL is what is known.
 */
export function partitionList(table: Table, context: BindContext): BoundQuery {
  const unit = partitionUnit(table)
  const range = context.newHiddenRange()
  const timestamp = unit === undefined ? timestampType : designatedColumn(table).type
  const columns = partitionColumns(timestamp)
  const part = (body: BoundQuery['body']): BoundQuery => ({
    kind: 'Query',
    with: [],
    recursive: false,
    body,
    orderBy: [],
    columns,
  })
  const attached = part({
    kind: 'Select',
    distinct: { kind: 'None' },
    targets: attachedRow(unit, { range, timestamp }),
    from: [
      { kind: 'Derived', range, query: partitionGroups(table, unit, context), lateral: false },
    ],
    groupBy: [],
  })
  const lying = unit === undefined ? [] : (table.detached ?? [])
  const rows = lying.map((one) => detachedRow(one, { unit, timestamp }))
  const all: BoundQuery =
    rows.length === 0
      ? attached
      : part({
          kind: 'SetOperation',
          operator: 'UNION',
          all: true,
          left: attached,
          right: part({ kind: 'Values', rows }),
        })
  // Those that are not in the table have no number, and come last, as in QuestDB.
  return {
    ...all,
    orderBy: [1, 3].map((position) => ({
      key: { kind: 'OutputReference', position },
      descending: false,
    })),
  }
}

/** QuestDB's name of one that ATTACH PARTITION would take as it is. */
function detachedRow(
  { name, min, max, rows, bytes }: DetachedPartition,
  given: { readonly unit: PartitionUnit | undefined; readonly timestamp: SqlType },
): readonly BoundExpression[] {
  const { unit, timestamp } = given
  const size = constant(BigInt(bytes), int8Type)
  return [
    constant(null, int4Type),
    constant(unit ?? 'NONE', textType),
    constant(`${name}.attachable`, textType),
    constant(min, timestamp),
    constant(max, timestamp),
    constant(rows, int8Type),
    size,
    constant(sizeText(bytes), textType),
    no,
    no,
    no,
    yes,
    yes,
    yes,
    size,
  ]
}

/** `68.0 MiB`, as QuestDB writes sizes. */
export function sizeText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']
  let size = bytes
  let unit = 0
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024
    unit++
  }
  return `${size.toFixed(1)} ${units[unit] ?? ''}`
}

function attachedRow(
  unit: PartitionUnit | undefined,
  given: { readonly range: RangeId; readonly timestamp: SqlType },
): readonly BoundExpression[] {
  const { range, timestamp } = given
  const column = (position: number, type: SqlType): BoundExpression => ({
    kind: 'ColumnReference',
    range,
    column: position,
    type,
  })
  const start = column(groupColumn.start, timestampType)
  return [
    cast(binary(place(start, false), '-', integer(1), int8Type), int4Type),
    constant(unit ?? 'NONE', textType),
    unit === undefined ? constant('default', textType) : nameOf(unit, start),
    column(groupColumn.min, timestamp),
    column(groupColumn.max, timestamp),
    column(groupColumn.rows, int8Type),
    constant(null, int8Type),
    constant(null, textType),
    no,
    // The last partition is the one that new rows usually go to.
    binary(place(start, true), '=', constant(1n, int8Type)),
    yes,
    no,
    no,
    no,
    constant(null, int8Type),
  ]
}

const yes = constant(true, boolType)
const no = constant(false, boolType)

/** The partition's number from 1, from the first on or from the last. */
function place(start: BoundExpression, descending: boolean): BoundExpression {
  const window: BoundWindow = { partitionBy: [], orderBy: [{ key: start, descending }] }
  return {
    kind: 'WindowCall',
    function: 'row_number',
    arguments: [],
    star: false,
    distinct: false,
    ignoreNulls: false,
    window,
    type: int8Type,
  }
}

const formats = {
  HOUR: '%Y-%m-%dT%H',
  DAY: '%Y-%m-%d',
  WEEK: '%G-W%V',
  MONTH: '%Y-%m',
  YEAR: '%Y',
} as const satisfies Record<PartitionUnit, string>

/** As `partitionName` has it: NULL outside the years that four digits say. */
function nameOf(unit: PartitionUnit, start: BoundExpression): BoundExpression {
  const isNamed = and(
    binary(start, '>=', constant(namedFrom, timestampType)),
    binary(start, '<', constant(namedEnd, timestampType)),
  )
  const name = call('strftime', [start, text(formats[unit])], textType)
  return when([[isNamed, name]], constant(null, textType), textType)
}
