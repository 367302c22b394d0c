import type { SelectStmt } from '@pgsql/types'
import type { BoundExpression, BoundGrouping, BoundSort } from '../../../store/bound.ts'
import type { Scope } from '../scope.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { isTimestampType, readsTimestamp } from './designated-timestamp.ts'
import { applyLatestOn, bindLatestOn } from './latest-on.ts'
import type { BoundLatestOn } from './latest-on.ts'
import { bindSampleBy, checkSampledSelect } from './sample-by.ts'
import type { BoundSampleBy } from './sample-by.ts'
import { sampleItemKind } from './sample-items.ts'
import { sampledSelect } from './sample-select.ts'
import type { SeriesSelect } from './series-select.ts'

/** QuestDB's clauses of a SELECT, bound. */
export interface BoundSeriesClauses {
  readonly latestOn?: BoundLatestOn
  readonly sampleBy?: BoundSampleBy
}

/** LATEST ON and SAMPLE BY, after FROM; undefined if the SELECT has neither. */
export function bindSeriesClauses(tree: SelectStmt, scope: Scope): BoundSeriesClauses | undefined {
  const { context } = scope
  const clauses = context.clauses.selects.get(tree)
  if (clauses === undefined) return undefined
  const { latestOn, sampleBy } = clauses
  if (sampleBy !== undefined) {
    context.attempt(() => checkSampledSelect(tree, sampleBy, latestOn !== undefined), undefined)
  }
  const latest = latestOn === undefined ? undefined : bindLatestOn(latestOn, scope)
  const sample =
    sampleBy === undefined
      ? undefined
      : context.attempt(() => bindSampleBy(sampleBy, scope), undefined)
  return {
    ...(latest === undefined ? {} : { latestOn: latest }),
    ...(sample === undefined ? {} : { sampleBy: sample }),
  }
}

/** The SELECT with what its clauses make of it. */
export function applySeriesClauses(
  select: SeriesSelect,
  clauses: BoundSeriesClauses | undefined,
  given: {
    readonly outputs: readonly (TypedExpression & { readonly name: string })[]
    readonly scope: Scope
  },
): SeriesSelect {
  const { latestOn, sampleBy } = clauses ?? {}
  // A statement that failed is not run.
  if (given.scope.context.error !== undefined) return select
  if (sampleBy !== undefined) return sampledSelect({ select, sample: sampleBy, ...given })
  return latestOn === undefined ? select : applyLatestOn(select, latestOn, given.scope)
}

/**
 * What a SELECT with SAMPLE BY is grouped by, for the check of what stands outside aggregates: its keys,
 * and the timestamp in place of the bucket. As a set, since a bucket determines no row.
 */
export function sampledGroups(
  { timestamp }: BoundSampleBy,
  targets: readonly BoundExpression[],
  scope: Scope,
): readonly BoundGrouping[] {
  const keys = targets.filter((target) => sampleItemKind(target, timestamp, scope) === 'Key')
  return [{ kind: 'Set', expressions: [timestamp, ...keys] }]
}

/**
 * The position of the output by which the rows are a time series: the first that ORDER BY sorts by, if
 * that is a timestamp going up, else the designated timestamp of FROM where it is put out as it is.
 */
export function outputTimestamp(
  outputs: readonly { readonly value: TypedExpression }[],
  orderBy: readonly BoundSort[],
  { scope, isSeries }: { readonly scope: Scope; readonly isSeries: boolean },
): number | undefined {
  const [first] = orderBy
  if (first?.key.kind === 'OutputReference' && !first.descending) {
    const { position } = first.key
    if (isTimestampType(outputs[position - 1]?.value.type)) return position
  }
  if (!isSeries) return undefined
  const index = outputs.findIndex(({ value }) => readsTimestamp(value.expression, scope))
  return index < 0 ? undefined : index + 1
}
