import type { BoundDelete, BoundExpression, BoundTarget } from '../../store/bound.ts'
import type { SqlValue } from '../../store/sql-type.ts'
import type { Column } from '../schema.ts'
import { and, binary, constant, or } from '../types/expressions.ts'

/** Timestamps from one to another, both among them. */
export interface TimestampSpan {
  readonly min: SqlValue
  readonly max: SqlValue
}

/** The deletion of the rows whose designated timestamp lies in one of the spans. */
export function deleteSpans(
  target: BoundTarget,
  column: Pick<Column, 'attnum' | 'type'>,
  spans: readonly TimestampSpan[],
): BoundDelete {
  const value: BoundExpression = {
    kind: 'ColumnReference',
    range: target.range,
    column: column.attnum,
    type: column.type,
  }
  const conditions = spans.map(({ min, max }) =>
    and(
      binary(value, '>=', constant(min, column.type)),
      binary(value, '<=', constant(max, column.type)),
    ),
  )
  const [only, ...others] = conditions
  const where = only !== undefined && others.length === 0 ? only : or(...conditions)
  return { kind: 'Delete', with: [], recursive: false, target, using: [], where }
}
