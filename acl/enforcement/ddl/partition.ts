/** ALTER TABLE ... DROP, DETACH, ATTACH, SQUASH PARTITION (questdb-rbac.md, section 11). */
import { SqlState } from '../../../errors/sql-state.ts'
import type { PartitionAction, SquashPartitions } from '../../../parser/statement.ts'
import type { BoundExpression, BoundQuery } from '../../../store/bound.ts'
import { namedPartition } from '../../partitions/partition-name.ts'
import { partitionUnit, type PartitionUnit } from '../../partitions/partition-unit.ts'
import { constant } from '../../types/expressions.ts'
import type { PartitionStep } from '../binding.ts'
import { wrongObject } from '../binding-errors.ts'
import { groupColumn, partitionGroups, timestampType } from '../partitions/partition-groups.ts'
import { bindPartitionCondition } from '../partitions/partition-condition.ts'
import { boolType, int8Type } from '../typed-expression.ts'
import { refuseSuspended } from '../suspended.ts'
import { boundTarget } from '../write-target.ts'
import { requireAltered, type NamedTable } from './named-table.ts'
import type { SchemaDraft } from './schema-draft.ts'

const permissionOf = {
  DropPartition: 'DROP PARTITION',
  DetachPartition: 'DETACH PARTITION',
  AttachPartition: 'ATTACH PARTITION',
  SquashPartitions: 'DROP PARTITION',
} as const satisfies Record<(PartitionAction | SquashPartitions)['kind'], string>

/** Which partitions there are is the rows' to say: they are looked up when the statement runs. */
export function bindPartitionAction(statement: PartitionAction, draft: SchemaDraft): void {
  const found = requirePartitioned(statement, draft)
  if (found === undefined) return
  const { named, unit } = found
  const { table } = named
  draft.step({
    kind: 'Partitions',
    action: actionOf(statement),
    relation: named.name,
    table,
    unit,
    target: boundTarget(table, draft.context.newHiddenRange()),
    ...selectionOf(statement, { ...found, draft }),
  })
}

function actionOf(statement: PartitionAction): PartitionStep['action'] {
  if (statement.kind === 'DropPartition') return statement.force ? 'ForceDrop' : 'Drop'
  return statement.kind === 'DetachPartition' ? 'Detach' : 'Attach'
}

/** A partition is never in parts here: there is nothing to put together, and that is done. */
export function bindSquashPartitions(statement: SquashPartitions, draft: SchemaDraft): void {
  if (requirePartitioned(statement, draft) === undefined) return
  draft.notice({
    severity: 'NOTICE',
    sqlState: SqlState.SuccessfulCompletion,
    message: 'no partition is split: there is nothing to squash',
  })
}

interface Partitioned {
  readonly named: NamedTable
  readonly unit: PartitionUnit
}

/** The permission first, by name; that a table has no partitions is told to who holds it (G61). */
function requirePartitioned(
  statement: PartitionAction | SquashPartitions,
  draft: SchemaDraft,
): Partitioned | undefined {
  const permission = permissionOf[statement.kind]
  const named = requireAltered(draft, statement, permission)
  if (named === undefined) return undefined
  draft.needRelation(permission, named.name)
  const offset = statement.table.name.span.start
  const unit = partitionUnit(named.table)
  if (unit === undefined) {
    draft.fail(wrongObject('table is not partitioned', offset))
    return undefined
  }
  refuseSuspended(draft.context, named.table, offset)
  return { named, unit }
}

function selectionOf(
  { selection }: PartitionAction,
  given: Partitioned & { readonly draft: SchemaDraft },
): Pick<PartitionStep, 'listing' | 'selection'> {
  const { named, unit, draft } = given
  if (selection.kind === 'Named') {
    const names = selection.names.map(({ value, span }) => ({
      range: namedPartition(unit, value, span.start),
      offset: span.start,
    }))
    return {
      listing: listing(given, () => constant(true, boolType)),
      selection: { kind: 'Named', names },
    }
  }
  const { context } = draft
  const { condition } = selection
  return {
    listing: listing(given, (range) =>
      bindPartitionCondition(condition, { context, table: named.table, range }),
    ),
    selection: { kind: 'Matching', offset: condition.start },
  }
}

/** Each partition's beginning, rows, least and greatest timestamp, and whether the condition holds for it. */
function listing(
  { named: { table }, unit, draft }: Partitioned & { readonly draft: SchemaDraft },
  condition: (range: number) => BoundExpression,
): BoundQuery {
  const range = draft.context.newHiddenRange()
  const query = partitionGroups(table, unit, draft.context)
  const types = [timestampType, int8Type, query.columns[2]?.type, query.columns[3]?.type]
  const read = Object.values(groupColumn).map((column, index): BoundExpression => {
    const type = types[index]
    return { kind: 'ColumnReference', range, column, ...(type === undefined ? {} : { type }) }
  })
  return {
    kind: 'Query',
    with: [],
    recursive: false,
    body: {
      kind: 'Select',
      distinct: { kind: 'None' },
      targets: [...read, condition(range)],
      from: [{ kind: 'Derived', range, query, lateral: false }],
      groupBy: [],
    },
    orderBy: [{ key: { kind: 'OutputReference', position: 1 }, descending: false }],
    columns: [...query.columns, { name: 'matches', type: boolType }],
  }
}
