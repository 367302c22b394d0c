import { foldName } from './names.ts'
import type { RequiredColumn } from './requirement.ts'
import type { Relation } from './schema.ts'

/** A column that a statement named; one that is not there stands after those that are. */
export function namedColumn(relation: Relation | undefined, name: string): RequiredColumn {
  const key = foldName(name)
  const columns = relation?.columns ?? []
  const found = columns.find((column) => column.key === key)
  const last = Math.max(0, ...columns.map((column) => column.attnum))
  return { key, name, attnum: found?.attnum ?? last + 1, throughStar: false }
}

/** Each column once, in table order (Q2), as one that the statement named if it did (Z2). */
export function inTableOrder(columns: readonly RequiredColumn[]): readonly RequiredColumn[] {
  const starsFirst = columns.toSorted((a, b) => Number(b.throughStar) - Number(a.throughStar))
  const byKey = new Map(starsFirst.map((column) => [column.key, column]))
  return [...byKey.values()].toSorted((a, b) => a.attnum - b.attnum)
}
