import type {
  BoundExpression,
  BoundGrouping,
  BoundSelect,
  BoundSort,
  ColumnReference,
} from '../../../store/bound.ts'
import { groupingError } from '../binding-errors.ts'
import { visitExpressions } from '../bound-tree.ts'
import { expressionKey } from '../expression-key.ts'
import type { Scope } from '../scope.ts'
import { groupedExpressions } from './group-by.ts'

interface Grouped {
  readonly scope: Scope
  readonly targets: readonly BoundExpression[]
  readonly groupBy: readonly BoundGrouping[]
  readonly having: BoundExpression | undefined
  readonly orderBy: readonly BoundSort[]
  readonly distinct: BoundSelect['distinct']
}

/**
 * What stands outside aggregates must be grouped (parse_agg.c, parseCheckAggregates). Answers with the
 * columns that a grouped primary key determines and that the query uses: the engine wants them named.
 */
export function checkGrouping(select: Grouped): readonly BoundGrouping[] {
  const { scope, groupBy, having } = select
  if (!scope.hasAggregates && groupBy.length === 0 && having === undefined) return []
  const keys = new Set(groupedExpressions(groupBy).map((expression) => expressionKey(expression)))
  const determined = new Map<string, ColumnReference>()
  for (const expression of outsideAggregates(select)) {
    visitExpressions(expression, (part, depth) =>
      checkPart(part, depth, { select, keys, determined }),
    )
  }
  return [...determined.values()].map((expression) => ({ kind: 'Expression', expression }))
}

function outsideAggregates(select: Grouped): readonly BoundExpression[] {
  const sorts = select.orderBy.flatMap(({ key }) => (key.kind === 'OutputReference' ? [] : [key]))
  const distinct = select.distinct.kind === 'On' ? select.distinct.expressions : []
  const having = select.having === undefined ? [] : [select.having]
  return [...select.targets, ...having, ...sorts, ...distinct]
}

interface Check {
  readonly select: Grouped
  readonly keys: ReadonlySet<string>
  readonly determined: Map<string, ColumnReference>
}

/** Whether the parts of this one have to be checked as well. */
function checkPart(part: BoundExpression, depth: number, check: Check): boolean {
  const { select, keys } = check
  const { scope } = select
  if (part.kind === 'AggregateCall' && depth === 0) return false
  if (part.kind === 'GroupingCall' && depth === 0) {
    if (!part.arguments.every((argument) => keys.has(expressionKey(argument)))) {
      throw groupingError(
        'arguments to GROUPING must be grouping expressions of the associated query level',
        scope.context.offsetOf(scope.context.locations.get(part)),
      )
    }
    return false
  }
  if (keys.size > 0 && keys.has(expressionKey(part))) return false
  if (part.kind === 'ColumnReference' && scope.ownRanges.has(part.range)) {
    if (isDetermined(part, check)) check.determined.set(expressionKey(part), part)
    else throw ungrouped(part, depth, scope)
  }
  return true
}

/** Grouped by its table's primary key a column has one value; not with several grouping sets. */
function isDetermined(column: ColumnReference, { select, keys }: Check): boolean {
  if (!select.groupBy.every(({ kind }) => kind === 'Expression')) return false
  const info = select.scope.context.ranges.get(column.range)
  const primaryKey = info?.table?.constraints.find(({ kind }) => kind === 'PrimaryKey')
  if (primaryKey === undefined || primaryKey.attnums.length === 0) return false
  return primaryKey.attnums.every((attnum) => {
    const type = info?.table?.columns.find((one) => one.attnum === attnum)?.type
    const reference: ColumnReference = {
      kind: 'ColumnReference',
      range: column.range,
      column: attnum,
      ...(type === undefined ? {} : { type }),
    }
    return keys.has(expressionKey(reference))
  })
}

function ungrouped(column: ColumnReference, depth: number, scope: Scope): Error {
  const { context } = scope
  const info = context.ranges.get(column.range)
  const name = `"${info?.name ?? ''}.${info?.columnName(column.column) ?? ''}"`
  return groupingError(
    depth === 0
      ? `column ${name} must appear in the GROUP BY clause or be used in an aggregate function`
      : `subquery uses ungrouped column ${name} from outer query`,
    context.offsetOf(context.locations.get(column)),
  )
}
