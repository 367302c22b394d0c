import type { BoundExpression } from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import { foldName } from '../../names.ts'
import { binary, constant, when } from '../../types/expressions.ts'
import { sameType } from '../../types/scalar.ts'
import { datatypeMismatch, notSupported, syntaxError, unknownColumn } from '../binding-errors.ts'
import { coerce, typeWords } from '../coercion.ts'
import { withPlace } from '../expression/call-parts.ts'
import type { BoundFill } from './sample-by.ts'
import { interpolated } from './sample-fill.ts'
import type { FilledRow } from './sample-fill.ts'
import type { Base, Item, SampledQuery } from './sample-query.ts'

/** Where an aggregate is, and in what. */
export interface FilledItem {
  readonly index: number
  readonly position: number
  readonly filled: FilledRow
  readonly base: Base
  readonly query: SampledQuery
}

/** An aggregate where there are rows, and what FILL says where there are none. */
export function filledValue(item: Item, place: FilledItem): BoundExpression {
  const { index, position, filled, base, query } = place
  const { context } = query.scope
  const fill = fillOf(index, base, query)
  const column = filled.column(position)
  const type = item.type ?? column.type
  if (type === undefined) throw notSupported('FILL of this output', fill?.span.start)
  const nothing = constant(null, type)
  const there = [filled.isThere, column] as const
  switch (fill?.kind) {
    case undefined:
    case 'Null':
    case 'None':
      return when([there], nothing, type)
    case 'Prev': {
      if (fill.column === undefined) return when([[filled.isBehind, column]], nothing, type)
      const other = filled.column(positionNamed(fill.column, type, { base, query }))
      return when([there, [filled.isBehind, other]], nothing, type)
    }
    case 'Linear': {
      if (base.keyCount > 0) throw notSupported('FILL(LINEAR) with keys', fill.span.start)
      const isWhole = numberKind(type)
      if (isWhole === undefined) {
        throw datatypeMismatch(
          `FILL(LINEAR) of type ${typeWords(type)} is not possible`,
          fill.span.start,
        )
      }
      const { buckets } = base
      const between = interpolated(filled, { position, type, isWhole, buckets })
      const hasNext = binary(filled.bucket, '<', filled.next(1))
      return when([there, [hasNext, between]], nothing, type)
    }
    case 'Value': {
      const { value, offset } = fill.value
      const read = (): BoundExpression =>
        coerce(context, value, { to: type, context: 'assignment' })
      return when([there], withPlace(offset, read), type)
    }
    default:
      return fill satisfies never
  }
}

/** Whether a type of numbers has no fractions; undefined for what is no number. */
function numberKind(type: SqlType): boolean | undefined {
  if (type.kind !== 'Scalar') return undefined
  if (type.name === 'int2' || type.name === 'int4' || type.name === 'int8') return true
  const isFraction = type.name === 'float4' || type.name === 'float8' || type.name === 'numeric'
  return isFraction ? false : undefined
}

/** One fill is that of every aggregate; several are in the order of the select list. */
function fillOf(index: number, base: Base, query: SampledQuery): BoundFill | undefined {
  const { fills, clause } = query.sample
  const aggregates = aggregateIndices(base, query)
  const [only, ...others] = fills
  if (others.length === 0) {
    const isOfOne = only?.kind === 'Prev' && only.column !== undefined
    if (isOfOne && aggregates.length > 1) {
      throw syntaxError('PREV of a column cannot be the fill of all aggregates', only.span.start)
    }
    return index < query.outputs.length ? only : undefined
  }
  if (fills.length !== aggregates.length) {
    throw syntaxError(
      `FILL has ${fills.length} values for ${aggregates.length} aggregates`,
      clause.fills[0]?.span.start,
    )
  }
  const place = aggregates.indexOf(index)
  return place < 0 ? undefined : fills[place]
}

function aggregateIndices({ positions, keyCount }: Base, { outputs }: SampledQuery): number[] {
  return positions.flatMap((position, index) =>
    index < outputs.length && position !== undefined && position > keyCount + 1 ? [index] : [],
  )
}

function positionNamed(
  { text, span }: NonNullable<Extract<BoundFill, { readonly kind: 'Prev' }>['column']>,
  type: SqlType,
  { base, query }: Pick<FilledItem, 'base' | 'query'>,
): number {
  const key = foldName(text)
  const index = aggregateIndices(base, query).find(
    (one) => foldName(query.outputs[one]?.name ?? '') === key,
  )
  const position = index === undefined ? undefined : base.positions[index]
  if (position === undefined) throw unknownColumn(text, span.start)
  const found = base.body.targets[position - 1]?.type
  if (found === undefined || !sameType(found, type)) {
    throw datatypeMismatch(`PREV(${text}) is of another type than its column`, span.start)
  }
  return position
}
