import { compareNames } from './compare-names.ts'
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

/**
 * Each column once, in table order (Q2), as one that the statement named if it did (Z2). With one among
 * them that is not there the order is that of the names: a place would tell which of them are (G61).
 */
export function inTableOrder(
  relation: Relation | undefined,
  columns: readonly RequiredColumn[],
): readonly RequiredColumn[] {
  const starsFirst = columns.toSorted((a, b) => Number(b.throughStar) - Number(a.throughStar))
  const byKey = new Map(starsFirst.map((column) => [column.key, column]))
  const places = new Map(relation?.columns.map((column, place) => [column.key, place]))
  const placeOf = ({ key }: RequiredColumn): number => places.get(key) ?? 0
  const areAllThere = [...byKey.keys()].every((key) => places.has(key))
  return [...byKey.values()].toSorted((a, b) =>
    areAllThere ? placeOf(a) - placeOf(b) : compareNames(a.name, b.name),
  )
}
