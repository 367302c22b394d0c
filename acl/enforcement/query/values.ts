import type { SelectStmt } from '@pgsql/types'
import { notSupported, syntaxError } from '../binding-errors.ts'
import { unify } from '../coercion.ts'
import type { Scope } from '../scope.ts'
import { itemsOf } from '../syntax.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { bindLimit } from './limit.ts'
import { bindOutputOrder } from './output-order.ts'
import type { SelectDraft } from './select-draft.ts'
import { outputColumn } from './select-draft.ts'

/** VALUES as a query: its columns are column1, column2, ... (transformValuesClause). */
export function bindValues(tree: SelectStmt, scope: Scope): SelectDraft {
  const { context } = scope
  const rows = bindRows(tree, scope)
  const width = rows[0]?.length ?? 0
  const columns = Array.from({ length: width }, (_, index) => {
    const members = rows.flatMap((row) => {
      const value = row[index]
      return value === undefined ? [] : [value]
    })
    return {
      name: `column${index + 1}`,
      ...context.attempt(() => unify(context, members, 'VALUES'), {
        expressions: members.map(({ expression }) => expression),
      }),
    }
  })
  const orderBy = bindOutputOrder(tree.sortClause, columns, { scope, construct: 'VALUES' })
  const limits = bindLimit(tree, scope)
  const draftColumns = columns.map(({ name, type, expressions }) => ({
    name,
    value: {
      expression: expressions[0] ?? ({ kind: 'Constant', value: null } as const),
      type,
      location: undefined,
    },
  }))
  return {
    columns: draftColumns,
    isPlain: false,
    build: () => ({
      kind: 'Query',
      with: [],
      recursive: false,
      body: {
        kind: 'Values',
        rows: rows.map((_, row) =>
          columns.map(
            ({ expressions }) => expressions[row] ?? ({ kind: 'Constant', value: null } as const),
          ),
        ),
      },
      orderBy,
      ...limits,
      columns: columns.map(({ name, type }) => outputColumn({ name }, type)),
    }),
  }
}

/** The rows, all of one length. */
function bindRows(tree: SelectStmt, scope: Scope): readonly (readonly TypedExpression[])[] {
  const { context } = scope
  const rows = (tree.valuesLists ?? []).map((row) =>
    itemsOf(row).map((node) => {
      if ('SetToDefault' in node) {
        throw syntaxError(
          'DEFAULT is not allowed in this context',
          context.offsetOf(node.SetToDefault.location),
        )
      }
      return context.binders.expression(node, scope, 'VALUES')
    }),
  )
  const width = rows[0]?.length
  if (width === undefined) throw notSupported('VALUES without rows', undefined)
  const other = rows.find((row) => row.length !== width)
  if (other !== undefined) {
    const offset = context.offsetOf(other[0]?.location)
    throw syntaxError('VALUES lists must all be the same length', offset)
  }
  return rows
}
