import type { Node as SyntaxNode } from '@pgsql/types'
import type { StarName } from './bind-context.ts'
import { areNotSupported, syntaxError } from './binding-errors.ts'
import { requireItem, starColumns } from './name-lookup.ts'
import type { Scope, ScopeColumn } from './scope.ts'
import { stringsOf } from './syntax.ts'
import type { TypedExpression } from './typed-expression.ts'

/** A star written out. */
export interface StarMember {
  readonly name: string
  readonly value: TypedExpression
}

/** `*`, `t.*`, `s.t.*`: the columns it stands for, read; `undefined` for any other node. */
export function starMembers(node: SyntaxNode, scope: Scope): readonly StarMember[] | undefined {
  if (!('ColumnRef' in node)) return undefined
  const { fields = [], location } = node.ColumnRef
  const last = fields.at(-1)
  if (last === undefined || !('A_Star' in last)) return undefined
  const offset = scope.context.offsetOf(location)
  const [first, second, ...rest] = stringsOf(fields)
  if (rest.length > 0) throw areNotSupported('names of more than three parts', offset)
  if (first === undefined) {
    if (scope.items.length === 0) {
      throw syntaxError('SELECT * with no tables specified is not valid', offset)
    }
    scope.context.stars.set(node.ColumnRef, starNames(scope))
    return readAll(starColumns(scope), location)
  }
  const name = second === undefined ? { name: first } : { schema: first, name: second }
  const { columns } = requireItem(scope, name, { location })
  scope.context.stars.set(
    node.ColumnRef,
    columns.map((column) => ({ name: column.name })),
  )
  return readAll(columns, location)
}

/** By what names a star's columns can be said: with the table's, where the column is its own. */
function starNames(scope: Scope): readonly StarName[] {
  const named = scope.items.flatMap((item) =>
    item.name !== undefined && item.nameVisible ? [{ name: item.name, columns: item.columns }] : [],
  )
  return starColumns(scope).map((column) => {
    const owner = named.find(({ columns }) => columns.includes(column))
    return { ...(owner === undefined ? {} : { table: owner.name.text }), name: column.name }
  })
}

/** The same for `t.*` in a row. */
export function starColumnsOf(
  node: SyntaxNode,
  scope: Scope,
): readonly TypedExpression[] | undefined {
  return starMembers(node, scope)?.map(({ value }) => value)
}

function readAll(
  columns: readonly ScopeColumn[],
  location: number | undefined,
): readonly StarMember[] {
  return columns.map((column) => ({
    name: column.name,
    value: column.read({ throughStar: true, location }),
  }))
}
