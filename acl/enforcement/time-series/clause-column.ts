import type { ColumnName } from '../../../parser/query-clauses.ts'
import { unknownColumn } from '../binding-errors.ts'
import { areNotSupported } from '../binding-errors.ts'
import { withPlace } from '../expression/call-parts.ts'
import { columnMissing, findColumn, readColumnOf, requireItem } from '../name-lookup.ts'
import type { Scope } from '../scope.ts'
import type { TypedExpression } from '../typed-expression.ts'

/** A column that a clause of QuestDB's names, looked up as any column reference; it is read. */
export function readClauseColumn({ parts, span }: ColumnName, scope: Scope): TypedExpression {
  const place = { location: undefined }
  return withPlace(span.start, () => {
    const [name, table, schema, ...rest] = parts.map(({ text }) => text).toReversed()
    if (name === undefined) throw unknownColumn('', span.start)
    if (rest.length > 0) throw areNotSupported('names of more than three parts', span.start)
    if (table === undefined) {
      return findColumn(scope, name, place) ?? columnMissing(scope, name, place)
    }
    const item = requireItem(
      scope,
      schema === undefined ? { name: table } : { schema, name: table },
      place,
    )
    return readColumnOf(item, name, { scope, ...place })
  })
}
