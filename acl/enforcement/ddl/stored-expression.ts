import type { ExpressionSyntax } from '../../../parser/statement.ts'
import type { BoundExpression, SessionValueName } from '../../../store/bound.ts'
import type { Column } from '../../schema.ts'
import { assignTo } from '../assignment.ts'
import { areNotSupported, notSupported, unknownParameter } from '../binding-errors.ts'
import { BindContext } from '../bind-context.ts'
import { visitExpressions } from '../bound-tree.ts'
import type { Clause } from '../clause.ts'
import { Scope } from '../scope.ts'
import { visibleItem } from '../from/from-item.ts'
import { foldName } from '../../names.ts'
import type { NamespaceItem } from '../scope.ts'
import { checkSyntax } from '../syntax-gate.ts'
import type { TypedExpression } from '../typed-expression.ts'
import type { NamedTable } from './named-table.ts'
import type { SchemaDraft } from './schema-draft.ts'

/** DEFAULT: a value that needs no row, no table and no session beyond the time. */
export function bindDefault(
  syntax: ExpressionSyntax,
  given: { readonly context: BindContext; readonly column: Pick<Column, 'name' | 'type'> },
): BoundExpression {
  return bindStoredExpression(syntax, {
    context: given.context,
    clause: 'DEFAULT expressions',
    items: [],
    finish: (value, { context }) => assignTo(context, given.column, value),
  })
}

/**
 * USING of ALTER COLUMN ... TYPE: a value made of the row as it is. What it reads needs SELECT, as in UPDATE:
 * it would otherwise bring a column that is hidden into one that is not.
 */
export function bindTransform(
  syntax: ExpressionSyntax,
  given: {
    readonly draft: SchemaDraft
    readonly named: NamedTable
    readonly column: Pick<Column, 'name' | 'type'>
  },
): BoundExpression {
  const { context } = given.draft
  return bindStoredExpression(syntax, {
    context,
    clause: 'transform expressions',
    items: [readRow(given.named, context)],
    finish: (value, scope) => assignTo(scope.context, given.column, value),
  })
}

/** The row before the change: range 0, columns by attribute number. */
function readRow({ name, table }: NamedTable, { requirements }: BindContext): NamespaceItem {
  requirements.addTarget(name, undefined)
  return visibleItem({
    name: { text: table.name, key: foldName(table.name) },
    columns: table.columns.map((column) => ({
      name: column.name,
      key: column.key,
      type: column.type,
      read: ({ throughStar, location, written }) => {
        requirements.addRead(name, column, { throughStar, written })
        const { attnum, type } = column
        return {
          expression: { kind: 'ColumnReference', range: 0, column: attnum, type },
          type,
          location,
        }
      },
    })),
    missing: (column) => requirements.addUnknownColumn(name, column),
  })
}

interface StoredExpression {
  readonly context: BindContext
  readonly clause: Extract<
    Clause,
    'DEFAULT expressions' | 'CHECK constraints' | 'transform expressions'
  >
  /** What columns it may name. */
  readonly items: readonly NamespaceItem[]
  readonly finish: (value: TypedExpression, scope: Scope) => BoundExpression
}

/** The clock's values; who asks is known to a statement only. */
const clocks: ReadonlySet<SessionValueName> = new Set([
  'transaction_timestamp',
  'statement_timestamp',
  'clock_timestamp',
])

/** An expression that is kept with a table: bound by itself, since its text has places of its own. */
export function bindStoredExpression(
  syntax: ExpressionSyntax,
  given: StoredExpression,
): BoundExpression {
  const { clause, items } = given
  const { options, binders } = given.context
  checkSyntax(syntax.tree, { offsetOf: syntax.offsetOf })
  const context = new BindContext({ options, syntax, binders })
  const scope = new Scope(context)
  scope.items = items
  const value = binders.expression(syntax.tree, scope, clause)
  const expression = context.attempt(() => given.finish(value, scope), value.expression)
  if (context.error !== undefined) throw context.error
  const offset = syntax.offsetOf(value.location)
  visitExpressions(expression, (part, depth) => {
    if (depth > 0 || isSubquery(part)) throw areNotSupported(`subqueries in ${clause}`, offset)
    if (part.kind === 'Parameter') throw unknownParameter(part.number, offset)
    if (
      part.kind === 'SessionValue' &&
      (clause !== 'DEFAULT expressions' || !clocks.has(part.name))
    ) {
      throw notSupported(`${part.name} in ${clause}`, offset)
    }
    return true
  })
  return expression
}

function isSubquery({ kind }: BoundExpression): boolean {
  return (
    kind === 'ScalarSubquery' ||
    kind === 'ExistsSubquery' ||
    kind === 'ArraySubquery' ||
    kind === 'QuantifiedSubquery'
  )
}
