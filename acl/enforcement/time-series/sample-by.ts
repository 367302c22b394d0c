import type { SelectStmt } from '@pgsql/types'
import type { SampleBy, SampleFill } from '../../../parser/query-clauses.ts'
import type { ExpressionSyntax } from '../../../parser/statement.ts'
import type { BoundExpression, ColumnReference } from '../../../store/bound.ts'
import { scalar } from '../../types/scalar.ts'
import type { BucketZone } from '../../types/time-buckets.ts'
import { notSupported, syntaxError } from '../binding-errors.ts'
import { coerce } from '../coercion.ts'
import { withPlace } from '../expression/call-parts.ts'
import type { Scope } from '../scope.ts'
import { failedExpression } from '../typed-expression.ts'
import { bindClauseExpression } from './clause-expression.ts'
import type { ClauseExpression } from './clause-expression.ts'
import { readTimestamp } from './designated-timestamp.ts'
import { sampleZone } from './sample-zone.ts'

/** What stands in a bucket without rows; a constant takes the type of its column later. */
export type BoundFill =
  | Exclude<SampleFill, { readonly kind: 'Value' }>
  | {
      readonly kind: 'Value'
      readonly value: ClauseExpression
      readonly span: SampleFill['span']
    }

/** SAMPLE BY with its expressions bound. */
export interface BoundSampleBy {
  readonly clause: SampleBy
  readonly timestamp: ColumnReference
  /** Local times. */
  readonly from?: BoundExpression
  readonly to?: BoundExpression
  /** Empty: buckets without rows are left out. */
  readonly fills: readonly BoundFill[]
  readonly zone?: BucketZone
}

/** SAMPLE BY: the designated timestamp is read (questdb-rbac.md, section 11). */
export function bindSampleBy(clause: SampleBy, scope: Scope): BoundSampleBy | undefined {
  const { context } = scope
  context.attempt(() => refuseMixtures(clause), undefined)
  const { alignment, span } = clause
  const zone =
    alignment.kind === 'Calendar' && alignment.timeZone !== undefined
      ? sampleZone(alignment.timeZone)
      : undefined
  const from = bindBound(clause.from, scope)
  const to = bindBound(clause.to, scope)
  const fills = clause.fills.flatMap((fill): readonly BoundFill[] => {
    if (fill.kind === 'None') return []
    if (fill.kind !== 'Value') return [fill]
    return [{ ...fill, value: bindClauseExpression(fill.value, context) }]
  })
  const timestamp = context.attempt(() => readTimestamp(scope, 'SAMPLE BY', span.start), undefined)
  if (timestamp === undefined) return undefined
  return {
    clause,
    timestamp,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    fills,
    ...(zone === undefined ? {} : { zone }),
  }
}

function bindBound(
  syntax: ExpressionSyntax | undefined,
  { context }: Scope,
): BoundExpression | undefined {
  if (syntax === undefined) return undefined
  const { value, offset } = bindClauseExpression(syntax, context)
  const to = scalar('timestamp')
  const read = (): BoundExpression => coerce(context, value, { to, context: 'assignment' })
  return context.attempt(() => withPlace(offset, read), failedExpression)
}

/** What QuestDB's documentation of SAMPLE BY says does not go together. */
function refuseMixtures({ fills, alignment, from, to }: SampleBy): void {
  const isBounded = from !== undefined || to !== undefined
  const none = fills.find(({ kind }) => kind === 'None')
  if (none !== undefined && fills.length > 1) {
    throw syntaxError('FILL(NONE) cannot be combined with other fill values', none.span.start)
  }
  if (isBounded && alignment.kind === 'FirstObservation') {
    throw notSupported('FROM and TO with ALIGN TO FIRST OBSERVATION', alignment.span.start)
  }
  const linear = fills.find(({ kind }) => kind === 'Linear')
  if (isBounded && linear !== undefined) {
    throw notSupported('FROM and TO with FILL(LINEAR)', linear.span.start)
  }
}

/** The clauses of a SELECT that SAMPLE BY takes the place of, or that mean nothing beside it. */
export function checkSampledSelect(tree: SelectStmt, clause: SampleBy, latest: boolean): void {
  const refuse = (what: string): never => {
    throw notSupported(`${what} with SAMPLE BY`, clause.span.start)
  }
  if (tree.groupClause !== undefined) refuse('GROUP BY')
  if (tree.havingClause !== undefined) refuse('HAVING')
  if (tree.distinctClause !== undefined) refuse('DISTINCT')
  if (tree.windowClause !== undefined) refuse('WINDOW')
  if (latest) refuse('LATEST ON')
  const hasStar = tree.targetList?.some(
    (target) =>
      'ResTarget' in target &&
      target.ResTarget.val !== undefined &&
      'ColumnRef' in target.ResTarget.val &&
      target.ResTarget.val.ColumnRef.fields?.some((field) => 'A_Star' in field) === true,
  )
  if (hasStar === true) refuse('* in the select list')
}
