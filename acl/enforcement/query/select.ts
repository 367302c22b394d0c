import type { SelectStmt } from '@pgsql/types'
import type { BoundSelect } from '../../../store/bound.ts'
import { notSupported } from '../binding-errors.ts'
import { bindFromClause } from '../from/from-clause.ts'
import type { Scope } from '../scope.ts'
import { bindCondition } from '../where.ts'
import { bindDistinct } from './distinct.ts'
import { bindGroupBy } from './group-by.ts'
import { checkGrouping } from './grouping-check.ts'
import { bindLimit } from './limit.ts'
import { bindOrderBy } from './order-by.ts'
import { outputColumn } from './select-draft.ts'
import type { SelectDraft } from './select-draft.ts'
import {
  applySeriesClauses,
  bindSeriesClauses,
  outputTimestamp,
  sampledGroups,
} from '../time-series/series-clauses.ts'
import { bindTargetList } from './target-list.ts'
import { bindWindow, namedWindows } from './window.ts'

/** A plain SELECT, its clauses in the order in which PostgreSQL analyses them (transformSelectStmt). */
export function bindSelect(tree: SelectStmt, scope: Scope): SelectDraft {
  const { context } = scope
  if (tree.lockingClause !== undefined) throw notSupported('FOR UPDATE', undefined)
  scope.windows = namedWindows(tree.windowClause, scope)
  const from = bindFromClause(tree.fromClause, scope)
  const targets = bindTargetList(tree.targetList, scope, 'SELECT')
  const where = bindCondition(tree.whereClause, scope, 'WHERE')
  const having = bindCondition(tree.havingClause, scope, 'HAVING')
  const orderBy = bindOrderBy(tree.sortClause, targets, scope)
  const groupBy = bindGroupBy(tree.groupClause, targets, scope)
  const distinct = bindDistinct(tree.distinctClause, {
    targets,
    orderBy,
    scope,
    sortNodes: tree.sortClause,
  })
  const limits = bindLimit(tree, scope)
  const series = bindSeriesClauses(tree, scope)
  // A window that no call uses is checked all the same.
  for (const definition of scope.windows.values()) {
    context.attempt(() => bindWindow(definition, scope), undefined)
  }
  const isPlain = distinct.kind === 'None' && orderBy.length === 0 && series === undefined
  const isGrouped = scope.hasAggregates || groupBy.length > 0 || having !== undefined
  const hasRowsOfItsOwn = isGrouped || distinct.kind !== 'None'
  const timestamp = outputTimestamp(targets.list(), orderBy, {
    scope,
    isSeries: !hasRowsOfItsOwn || series?.sampleBy !== undefined,
  })
  return {
    columns: targets.list(),
    isPlain,
    build: (values) => {
      const expressions = values.map(({ expression }) => expression)
      const extra = checkGrouping({
        scope,
        targets: expressions,
        groupBy:
          series?.sampleBy === undefined
            ? groupBy
            : sampledGroups(series.sampleBy, expressions, scope),
        having,
        orderBy,
        distinct,
      })
      const body: BoundSelect = {
        kind: 'Select',
        distinct,
        targets: expressions,
        from: from(),
        ...(where === undefined ? {} : { where }),
        groupBy: [...groupBy, ...extra],
        ...(having === undefined ? {} : { having }),
      }
      const outputs = targets.list().map((column, index) => ({
        ...column.value,
        ...values[index],
        name: column.name,
      }))
      const select = applySeriesClauses({ body, orderBy }, series, { outputs, scope })
      return {
        kind: 'Query',
        with: [],
        recursive: false,
        body: select.body,
        orderBy: select.orderBy,
        ...limits,
        columns: targets.list().map((column, index) => outputColumn(column, values[index]?.type)),
        ...(timestamp === undefined ? {} : { timestamp }),
      }
    },
  }
}
