import type { ColumnRef } from '@pgsql/types'
import { areNotSupported, syntaxError } from '../binding-errors.ts'
import {
  columnMissing,
  findColumn,
  findItem,
  readColumnOf,
  requireItem,
  wholeRow,
} from '../name-lookup.ts'
import type { Scope } from '../scope.ts'
import { stringsOf } from '../syntax.ts'
import type { TypedExpression } from '../typed-expression.ts'

/** `c`, `t.c`, `s.t.c`, or a relation's name as a value: its whole row (transformColumnRef). */
export function bindColumnRef(node: ColumnRef, scope: Scope): TypedExpression {
  const { location } = node
  const names = stringsOf(node.fields)
  if (names.length < (node.fields?.length ?? 0)) return bindStar(names, scope, location)
  const [first, second, third] = names
  if (first === undefined || names.length > 3) {
    throw areNotSupported('names of more than three parts', scope.context.offsetOf(location))
  }
  if (second === undefined) return bareName(first, scope, location)
  if (third === undefined) {
    const item = requireItem(scope, { name: first }, { location })
    return readColumnOf(item, second, { scope, location })
  }
  const item = requireItem(scope, { schema: first, name: second }, { location })
  return readColumnOf(item, third, { scope, location })
}

function bareName(name: string, scope: Scope, location: number | undefined): TypedExpression {
  const column = findColumn(scope, name, { location })
  if (column !== undefined) return column
  const item = findItem(scope, { name }, { location })
  return item === undefined ? columnMissing(scope, name, { location }) : wholeRow(item, location)
}

/** `t.*` where a value stands is the whole row; `*` alone is none. */
function bindStar(
  names: readonly string[],
  scope: Scope,
  location: number | undefined,
): TypedExpression {
  const [first, second] = names
  if (first === undefined) {
    throw syntaxError(
      'row expansion via "*" is not supported here',
      scope.context.offsetOf(location),
    )
  }
  const item = requireItem(
    scope,
    second === undefined ? { name: first } : { schema: first, name: second },
    { location },
  )
  return wholeRow(item, location)
}
