import type { Node as SyntaxNode } from '@pgsql/types'
import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import type { BoundSort } from '../../../store/bound.ts'
import { foldName } from '../../names.ts'
import { invalidColumnReference, notSupported, unknownColumn } from '../binding-errors.ts'
import type { Scope } from '../scope.ts'
import { sortDirection } from '../sort-direction.ts'
import { locationOf, stringsOf } from '../syntax.ts'

interface OutputOrderPlace {
  readonly scope: Scope
  readonly construct: 'UNION/INTERSECT/EXCEPT' | 'VALUES'
}

/** ORDER BY of a set operation or of VALUES: by the names or positions of its output only. */
export function bindOutputOrder(
  nodes: readonly SyntaxNode[] | undefined,
  columns: readonly { readonly name: string }[],
  place: OutputOrderPlace,
): readonly BoundSort[] {
  const { context } = place.scope
  return (nodes ?? []).flatMap((node) =>
    context.attempt((): readonly BoundSort[] => {
      if (!('SortBy' in node) || node.SortBy.node === undefined) {
        throw notSupported('this ORDER BY', undefined)
      }
      const position = outputPosition(node.SortBy.node, columns, place)
      return [
        { key: { kind: 'OutputReference', position }, ...sortDirection(node.SortBy, context) },
      ]
    }, []),
  )
}

function outputPosition(
  node: SyntaxNode,
  columns: readonly { readonly name: string }[],
  { scope, construct }: OutputOrderPlace,
): number {
  const offset = scope.context.offsetOf(locationOf(node))
  if ('A_Const' in node && node.A_Const.ival !== undefined) {
    const position = node.A_Const.ival.ival ?? 0
    if (position >= 1 && position <= columns.length) return position
    throw invalidColumnReference(`ORDER BY position ${position} is not in select list`, offset)
  }
  const names = 'ColumnRef' in node ? stringsOf(node.ColumnRef.fields) : []
  const [name] = names
  if (name === undefined || names.length > 1) throw invalidOrder(construct, offset)
  const key = foldName(name)
  const position = columns.findIndex((column) => foldName(column.name) === key) + 1
  if (position === 0) throw unknownColumn(name, offset)
  return position
}

function invalidOrder(construct: string, offset: number | undefined): SqlError {
  return new SqlError(SqlState.FeatureNotSupported, `invalid ${construct} ORDER BY clause`, {
    detail: 'Only result column names can be used, not expressions or functions.',
    hint: 'Add the expression/function to every SELECT, or move the UNION into a FROM clause.',
    ...(offset === undefined ? {} : { offset }),
  })
}
