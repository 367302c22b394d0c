import type { BoundExpression } from '../../store/bound.ts'
import type { SqlType, SqlValue } from '../../store/sql-type.ts'

/**
 * A number constant as one of another number type, where that is exact: many functions and clauses
 * want a constant and not the cast of one. `undefined`: it has to be cast by the store.
 */
export function foldCast(operand: BoundExpression, to: SqlType): BoundExpression | undefined {
  if (operand.kind !== 'Constant' || to.kind !== 'Scalar' || operand.type?.kind !== 'Scalar') {
    return undefined
  }
  const value = fold(operand.value, to.name)
  return value === undefined ? undefined : { kind: 'Constant', value, type: to }
}

function fold(value: SqlValue, to: string): SqlValue | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0)) {
    if (to === 'int8') return BigInt(value)
    if (to === 'float8') return value
    return to === 'numeric' ? String(value) : undefined
  }
  // The text of a numeric has no exponent; the nearest float8 is what PostgreSQL makes of it.
  if (typeof value === 'string' && to === 'float8' && /^-?\d+(?:\.\d+)?$/.test(value)) {
    const number = Number(value)
    return Number.isFinite(number) ? number : undefined
  }
  return undefined
}
