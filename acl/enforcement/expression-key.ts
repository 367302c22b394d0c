import type { BoundExpression } from '../../store/bound.ts'

/** A text that two expressions share exactly if they are the same: for GROUP BY, DISTINCT, ORDER BY. */
export function expressionKey(expression: BoundExpression): string {
  return JSON.stringify(expression, (_name, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`
    if (typeof value === 'number' && !Number.isFinite(value)) return `${value}`
    return Object.is(value, -0) ? '-0' : value
  })
}
