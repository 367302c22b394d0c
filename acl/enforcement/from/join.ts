import type { JoinExpr, Node as SyntaxNode } from '@pgsql/types'
import type { BoundExpression, BoundJoin } from '../../../store/bound.ts'
import { foldName } from '../../names.ts'
import { commonType } from '../../types/coerce.ts'
import { notSupported, syntaxError, unknownColumn } from '../binding-errors.ts'
import { coerce, coerceToBoolean } from '../coercion.ts'
import { binaryOperation } from '../expression/operator.ts'
import { withVisibility } from '../scope.ts'
import type { NamespaceItem, ReadHow, Scope, ScopeColumn } from '../scope.ts'
import { stringsOf } from '../syntax.ts'
import { boolType, typeField } from '../typed-expression.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { checkNameConflicts, renameColumns, visibleItem } from './from-item.ts'
import type { FromDraft } from './from-item.ts'
import { bindTimeSeriesJoin } from './time-series-join.ts'

type BindItem = (node: SyntaxNode, scope: Scope) => FromDraft

const joinKinds = {
  JOIN_INNER: 'INNER',
  JOIN_LEFT: 'LEFT',
  JOIN_RIGHT: 'RIGHT',
  JOIN_FULL: 'FULL',
} as const

type JoinKind = (typeof joinKinds)[keyof typeof joinKinds]

/** A JOIN of any kind (parse_clause.c, transformFromClauseItem). */
export function bindJoin(node: JoinExpr, scope: Scope, bindItem: BindItem): FromDraft {
  const timeSeries = scope.context.clauses.joins.get(node)
  const kind = timeSeries === undefined ? joinKind(node) : 'LEFT'
  const left = bindItem(requireNode(node.larg), scope)
  const outside = scope.items
  scope.items = [
    ...outside,
    ...withVisibility(left.items, {
      lateralOnly: true,
      // Of a join by time the engine takes no right side that looks at the left one.
      lateralAllowed: timeSeries === undefined && (kind === 'INNER' || kind === 'LEFT'),
    }),
  ]
  const other = bindItem(requireNode(node.rarg), scope)
  scope.items = outside
  checkNameConflicts(scope, left.items, other.items)
  if (timeSeries !== undefined) {
    const { right, on } = bindTimeSeriesJoin(timeSeries, { left, right: other, scope })
    return joinDraft(node, { left, right, join: 'ASOF', on, merged: [], scope })
  }
  const right = other
  const merged = mergedColumns(node, { left, right, kind, scope })
  const items = withVisibility([...left.items, ...right.items], {
    lateralOnly: false,
    lateralAllowed: true,
  })
  const on = merged === undefined ? bindOn(node, items, scope) : merged.on
  const join = on === undefined ? 'CROSS' : kind
  return joinDraft(node, { left, right, join, on, merged: merged?.columns ?? [], scope })
}

/** The join as the query sees it, once its condition is known. */
function joinDraft(
  node: JoinExpr,
  given: {
    readonly left: FromDraft
    readonly right: FromDraft
    readonly join: BoundJoin['join']
    readonly on: BoundExpression | undefined
    readonly merged: readonly MergedColumn[]
    readonly scope: Scope
  },
): FromDraft {
  const { left, right, join, on, merged, scope } = given
  const items = withVisibility([...left.items, ...right.items], {
    lateralOnly: false,
    lateralAllowed: true,
  })
  const columns = joinedColumns({ left, right, merged })
  const missing = (column: string): void => {
    left.item.missing(column)
    right.item.missing(column)
  }
  const unknown = left.item.unknown || right.item.unknown
  const series = seriesColumn(left, merged, join)
  const timestampIndex = columns.findIndex((one) => one === series)
  const item = joinItem(node, { columns, missing, unknown, timestampIndex, scope })
  const inner = node.alias === undefined ? withVisibility(items, { columnsVisible: false }) : []
  return {
    item,
    items: [...inner, item],
    build: (): BoundJoin => ({
      kind: 'Join',
      join,
      left: left.build(),
      right: right.build(),
      ...(on === undefined ? {} : { on }),
    }),
  }
}

/** A join whose rows are those of its left side in time is a time series as that is. */
function seriesColumn(
  { item: { timestamp } }: FromDraft,
  merged: readonly MergedColumn[],
  join: BoundJoin['join'],
): ScopeColumn | undefined {
  if (join === 'RIGHT' || join === 'FULL') return undefined
  return merged.find((one) => one.left === timestamp)?.column ?? timestamp
}

function requireNode(node: SyntaxNode | undefined): SyntaxNode {
  if (node === undefined) throw notSupported('this join', undefined)
  return node
}

function joinKind(node: JoinExpr): JoinKind {
  const { jointype = 'JOIN_INNER' } = node
  if (isJoinType(jointype)) return joinKinds[jointype]
  throw notSupported('this kind of join', undefined)
}

function isJoinType(type: string): type is keyof typeof joinKinds {
  return Object.hasOwn(joinKinds, type)
}

/** An alias hides what the join consists of; without one the join has columns but no name. */
function joinItem(
  node: JoinExpr,
  given: Pick<NamespaceItem, 'columns' | 'missing' | 'unknown'> & {
    readonly timestampIndex: number
    readonly scope: Scope
  },
): NamespaceItem {
  const { columns, missing, unknown, timestampIndex, scope } = given
  const text = node.alias?.aliasname
  return {
    ...visibleItem({
      ...(text === undefined ? {} : { name: { text, key: foldName(text) } }),
      columns: renameColumns(columns, node.alias, { scope, name: text ?? 'unnamed_join' }),
      missing,
      unknown,
      timestampIndex,
    }),
    nameVisible: text !== undefined,
  }
}

/** ON sees the join's own two sides only. */
function bindOn(
  node: JoinExpr,
  items: readonly NamespaceItem[],
  scope: Scope,
): BoundExpression | undefined {
  const { quals } = node
  if (quals === undefined) return undefined
  const outside = scope.items
  scope.items = items
  try {
    const value = scope.context.binders.expression(quals, scope, 'JOIN conditions')
    return coerceToBoolean(scope, value, 'JOIN/ON')
  } finally {
    scope.items = outside
  }
}

/** A column that USING or NATURAL makes of one on each side. */
interface MergedColumn {
  readonly key: ScopeColumn['key']
  readonly left: ScopeColumn
  readonly right: ScopeColumn
  readonly column: ScopeColumn
}

interface Sides {
  readonly left: FromDraft
  readonly right: FromDraft
  readonly kind: JoinKind
  readonly scope: Scope
}

function mergedColumns(
  node: JoinExpr,
  sides: Sides,
):
  | { readonly columns: readonly MergedColumn[]; readonly on: BoundExpression | undefined }
  | undefined {
  const using = stringsOf(node.usingClause)
  const isNatural = node.isNatural === true
  if (!isNatural && using.length === 0) return undefined
  if (node.join_using_alias !== undefined) throw notSupported('an alias of USING', undefined)
  const names = isNatural ? commonNames(sides) : using
  const columns = names.flatMap((name) => {
    const merged = mergeColumn(name, isNatural, sides)
    return merged === undefined ? [] : [merged]
  })
  const tests = columns.map((merged) => equality(merged, isNatural, sides.scope))
  // NATURAL without a common column joins every row with every row, but an outer join stays one.
  const always: BoundExpression = { kind: 'Constant', value: true, type: boolType }
  const [only] = tests
  const on =
    tests.length > 1
      ? ({ kind: 'Logical', operator: 'AND', operands: tests, type: boolType } as const)
      : (only ?? (sides.kind === 'INNER' ? undefined : always))
  return { columns, on }
}

function commonNames({ left, right }: Sides): readonly string[] {
  const keys = new Set(right.item.columns.map(({ key }) => key))
  const seen = new Set<ScopeColumn['key']>()
  return left.item.columns.flatMap(({ key, name }) => {
    if (!keys.has(key) || seen.has(key)) return []
    seen.add(key)
    return [name]
  })
}

function mergeColumn(name: string, isNatural: boolean, sides: Sides): MergedColumn | undefined {
  const { scope, kind } = sides
  const { context } = scope
  const key = foldName(name)
  const onSide = (draft: FromDraft, side: 'left' | 'right'): ScopeColumn | undefined => {
    const matches = draft.item.columns.filter((column) => column.key === key)
    const [found] = matches
    const how: ReadHow = { throughStar: isNatural, location: undefined, written: name }
    for (const column of matches) column.read(how)
    if (matches.length > 1) {
      context.fail(
        syntaxError(
          `common column name "${name}" appears more than once in ${side} table`,
          undefined,
        ),
      )
    }
    if (found === undefined && !draft.item.unknown) {
      draft.item.missing(name)
      context.fail(unknownColumn(name, undefined))
    }
    return found
  }
  const left = onSide(sides.left, 'left')
  const right = onSide(sides.right, 'right')
  if (left === undefined || right === undefined) return undefined
  return { key, left, right, column: visibleColumn(left, right, { kind, scope }) }
}

/** The one column that is seen: of the side whose rows are all kept, for FULL the first that is not null. */
function visibleColumn(
  left: ScopeColumn,
  right: ScopeColumn,
  { kind, scope }: { readonly kind: JoinKind; readonly scope: Scope },
): ScopeColumn {
  const { context } = scope
  const type =
    left.type === undefined || right.type === undefined
      ? undefined
      : commonType([left.type, right.type])
  const asCommon = (value: TypedExpression): TypedExpression =>
    type === undefined
      ? value
      : {
          expression: coerce(context, value, { to: type, context: 'implicit' }),
          type,
          location: value.location,
        }
  const read = (how: ReadHow): TypedExpression => {
    // Either side is read, whichever is shown: the join compares both.
    const one = asCommon(left.read(how))
    const other = asCommon(right.read(how))
    if (kind === 'RIGHT') return other
    if (kind !== 'FULL') return one
    return {
      expression: {
        kind: 'ConditionalCall',
        function: 'coalesce',
        arguments: [one.expression, other.expression],
        ...typeField(type),
      },
      type,
      location: how.location,
    }
  }
  return { name: left.name, key: left.key, type, read }
}

function equality(merged: MergedColumn, isNatural: boolean, scope: Scope): BoundExpression {
  const how: ReadHow = { throughStar: isNatural, location: undefined }
  return binaryOperation(scope.context, {
    operator: '=',
    left: merged.left.read(how),
    right: merged.right.read(how),
    location: undefined,
  }).expression
}

/** Merged columns come first, then the rest of the left side, then of the right. */
function joinedColumns(given: {
  readonly left: FromDraft
  readonly right: FromDraft
  readonly merged: readonly MergedColumn[]
}): readonly ScopeColumn[] {
  const { left, right, merged } = given
  const leftMerged = new Set(merged.map((one) => one.left))
  const rightMerged = new Set(merged.map((one) => one.right))
  return [
    ...merged.map(({ column }) => column),
    ...left.item.columns.filter((column) => !leftMerged.has(column)),
    ...right.item.columns.filter((column) => !rightMerged.has(column)),
  ]
}
