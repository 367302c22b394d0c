import type {
  BoundDerived,
  BoundExpression,
  BoundGrouping,
  BoundSelect,
  BoundSort,
  ColumnReference,
} from '../../../store/bound.ts'
import { mapExpression, mapFromItem, mapQuery, visitExpressions } from '../bound-tree.ts'
import type { QueryMapper } from '../bound-tree.ts'
import type { Scope } from '../scope.ts'
import { typeField } from '../typed-expression.ts'

/** A SELECT and its order while LATEST ON and SAMPLE BY make another one of it. */
export interface SeriesSelect {
  readonly body: BoundSelect
  readonly orderBy: readonly BoundSort[]
}

/** Every expression replaced by what `change` makes of it, or left where that is undefined; subqueries too. */
export function rewriteExpression(
  root: BoundExpression,
  change: (expression: BoundExpression) => BoundExpression | undefined,
): BoundExpression {
  const mapper: QueryMapper = {
    expression: (one) => change(one) ?? mapExpression(one, mapper),
    query: (one) => mapQuery(one, mapper),
    fromItem: (one) => mapFromItem(one, mapper),
  }
  return mapper.expression(root)
}

/**
 * FROM and WHERE as one derived table of the columns that are used above them, so that something can be
 * computed over their rows before the rest is. `computed` comes first among its columns; `others` are
 * columns that are wanted besides.
 */
export function withSourceDerived(
  { body, orderBy }: SeriesSelect,
  computed: BoundExpression,
  scope: Scope,
  others: readonly ColumnReference[] = [],
): { readonly select: SeriesSelect; readonly computed: ColumnReference; readonly move: Move } {
  const { from, where, ...above } = body
  const range = scope.context.newHiddenRange()
  const used = { ...above, targets: [...above.targets, ...others], from: [] }
  const columns = ownColumns({ body: used, orderBy }, scope)
  const inner: BoundSelect = {
    kind: 'Select',
    distinct: { kind: 'None' },
    targets: [computed, ...columns],
    from,
    ...(where === undefined ? {} : { where }),
    groupBy: [],
  }
  const positions = new Map(columns.map((column, index) => [keyOf(column), index + 2]))
  const move: Move = (expression) =>
    rewriteExpression(expression, (part) => {
      const position = part.kind === 'ColumnReference' ? positions.get(keyOf(part)) : undefined
      if (position === undefined) return undefined
      return { kind: 'ColumnReference', range, column: position, ...typeField(part.type) }
    })
  const select = {
    body: moveSelect({ ...above, from: [derivedOf(inner, range)] }, move),
    orderBy: moveSorts(orderBy, move),
  }
  return {
    select,
    computed: { kind: 'ColumnReference', range, column: 1, ...typeField(computed.type) },
    move,
  }
}

/** An expression over the rows of FROM as one over the derived table. */
export type Move = (expression: BoundExpression) => BoundExpression

/** A SELECT as an item of FROM. */
export function derivedOf(body: BoundSelect, range: number): BoundDerived {
  return {
    kind: 'Derived',
    range,
    lateral: false,
    query: {
      kind: 'Query',
      with: [],
      recursive: false,
      body,
      orderBy: [],
      columns: body.targets.map(({ type }, index) => ({
        name: `${index + 1}`,
        ...typeField(type),
      })),
    },
  }
}

function keyOf({ range, column }: ColumnReference): string {
  return `${range}.${column}`
}

/** The columns of the SELECT's own FROM that stand in it, each once. */
function ownColumns({ body, orderBy }: SeriesSelect, scope: Scope): readonly ColumnReference[] {
  const found = new Map<string, ColumnReference>()
  const query = { kind: 'Query', with: [], recursive: false, body, orderBy, columns: [] } as const
  visitExpressions(query, (part) => {
    if (part.kind === 'ColumnReference' && scope.ownRanges.has(part.range)) {
      found.set(keyOf(part), part)
    }
    return true
  })
  return [...found.values()]
}

function moveSelect(body: BoundSelect, move: Move): BoundSelect {
  return {
    ...body,
    distinct:
      body.distinct.kind === 'On'
        ? { kind: 'On', expressions: body.distinct.expressions.map(move) }
        : body.distinct,
    targets: body.targets.map(move),
    groupBy: body.groupBy.map((item) => moveGrouping(item, move)),
    ...(body.having === undefined ? {} : { having: move(body.having) }),
  }
}

function moveGrouping(item: BoundGrouping, move: Move): BoundGrouping {
  if (item.kind === 'Expression') return { ...item, expression: move(item.expression) }
  if (item.kind === 'Set') return { ...item, expressions: item.expressions.map(move) }
  return { ...item, items: item.items.map((one) => moveGrouping(one, move)) }
}

function moveSorts(sorts: readonly BoundSort[], move: Move): readonly BoundSort[] {
  return sorts.map((sort) => ({
    ...sort,
    key: sort.key.kind === 'OutputReference' ? sort.key : move(sort.key),
  }))
}
