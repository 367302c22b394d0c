import type { RequiredColumn } from '../requirement.ts'
import type { Column } from '../schema.ts'

/** A column as a requirement names it. */
export function requiredColumn(column: Column, throughStar: boolean): RequiredColumn {
  const { key, name, attnum } = column
  return { key, name, attnum, throughStar }
}
