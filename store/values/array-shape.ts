import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { SqlValue } from '../sql-type.ts'

/** An array as PostgreSQL holds it: the sizes of its dimensions and its elements, row by row. */
export interface ArrayShape {
  /** Empty for an array without elements, whatever its nesting. */
  readonly dimensions: readonly number[]
  readonly elements: readonly SqlValue[]
}

/**
 * Flattens a nested array.
 * @throws SqlError 2202E where inner arrays differ in size or are NULL: the engine's lists can, PostgreSQL's arrays cannot
 */
export function arrayShape(value: readonly SqlValue[]): ArrayShape {
  const dimensions: number[] = [value.length]
  let elements: readonly SqlValue[] = value
  while (elements.some(isArray)) {
    const inner = elements.map(innerArray)
    const size = inner[0]?.length ?? 0
    if (inner.some((items) => items.length !== size)) throw raggedArray()
    dimensions.push(size)
    elements = inner.flat()
  }
  return elements.length === 0 ? { dimensions: [], elements } : { dimensions, elements }
}

export function isArray(value: SqlValue): value is readonly SqlValue[] {
  return Array.isArray(value)
}

function innerArray(value: SqlValue): readonly SqlValue[] {
  if (!isArray(value)) throw raggedArray()
  return value
}

function raggedArray(): SqlError {
  return new SqlError(
    SqlState.ArraySubscriptError,
    'multidimensional arrays must have sub-arrays with matching dimensions',
  )
}
