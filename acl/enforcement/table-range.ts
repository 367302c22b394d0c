import type { BoundRelation, RangeId } from '../../store/bound.ts'
import type { RelationName } from '../names.ts'
import type { Column, Table } from '../schema.ts'
import type { BindContext } from './bind-context.ts'
import type { ScopeColumn } from './scope.ts'
import type { TypedExpression } from './typed-expression.ts'

/** A table in a query, and which of its columns the query has read so far. */
export interface TableRange {
  readonly range: RangeId
  readonly columns: readonly ScopeColumn[]
  /** The table cut down to the columns read (rule R2). */
  readonly project: () => BoundRelation
}

/** Makes the columns of a table readable; each reading is a requirement and widens the projection. */
export function tableRange(
  table: Table,
  given: { readonly context: BindContext; readonly name: RelationName; readonly range: RangeId },
): TableRange {
  const { context, name, range } = given
  const used = new Set<number>()
  const columns = table.columns.map((column): ScopeColumn => ({
    name: column.name,
    key: column.key,
    type: column.type,
    reference: { range, column: column.attnum },
    read: ({ throughStar, location, written }) => {
      used.add(column.attnum)
      context.requirements.addRead(name, column, { throughStar, written })
      return columnReference(column, { context, range, location })
    },
  }))
  return {
    range,
    columns,
    project: () => ({
      kind: 'Relation',
      range,
      oid: table.oid,
      name: { schema: table.schema, name: table.name },
      columns: table.columns
        .filter(({ attnum }) => used.has(attnum))
        .map(({ attnum, name: columnName, type }) => ({ attnum, name: columnName, type })),
    }),
  }
}

function columnReference(
  column: Column,
  given: {
    readonly context: BindContext
    readonly range: RangeId
    readonly location: number | undefined
  },
): TypedExpression {
  const expression = {
    kind: 'ColumnReference',
    range: given.range,
    column: column.attnum,
    type: column.type,
  } as const
  if (given.location !== undefined) given.context.locations.set(expression, given.location)
  return { expression, type: column.type, location: given.location }
}
