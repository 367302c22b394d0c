import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import type { ColumnName, TimeSeriesJoin, TimeSeriesKey } from '../../../parser/query-clauses.ts'
import type { BoundExpression } from '../../../store/bound.ts'
import { foldName, relationKey } from '../../names.ts'
import { binary, constant, when } from '../../types/expressions.ts'
import { scalar } from '../../types/scalar.ts'
import { fixedInterval } from '../../types/time-unit.ts'
import {
  ambiguousColumn,
  areNotSupported,
  invalidColumnReference,
  missingFromEntry,
  unknownColumn,
} from '../binding-errors.ts'
import { withPlace } from '../expression/call-parts.ts'
import { binaryOperation } from '../expression/operator.ts'
import { readColumnOf } from '../name-lookup.ts'
import type { NamespaceItem, Scope, ScopeColumn } from '../scope.ts'
import { boolType, failedExpression } from '../typed-expression.ts'
import type { TypedExpression } from '../typed-expression.ts'
import type { FromDraft } from './from-item.ts'

/** The condition of a join by time, and its right side as the query sees it. */
export interface BoundTimeSeriesJoin {
  readonly right: FromDraft
  readonly on: BoundExpression
}

interface Sides {
  readonly left: FromDraft
  readonly right: FromDraft
  readonly scope: Scope
}

/**
 * ASOF JOIN and LT JOIN: each row of the left side with the latest row of the right that is not after
 * it (LT: that is before it) and has the same keys; NULLs where there is none. Both designated
 * timestamps and the keys are read (questdb-rbac.md, section 11). Keys that are NULL equal nothing, as
 * in any join here. Of rows of the right side with the same keys and timestamp QuestDB takes the last
 * of the table; tables here have no order, so that it is one of them, whichever.
 */
export function bindTimeSeriesJoin(clause: TimeSeriesJoin, sides: Sides): BoundTimeSeriesJoin {
  const { context } = sides.scope
  const keys = clause.keys.flatMap((key) => context.attempt(() => [bindKey(key, sides)], []))
  const read = (side: 'left' | 'right'): TypedExpression =>
    context.attempt(() => timestampOf(sides[side].item, side, clause), {
      expression: failedExpression,
      type: undefined,
      location: undefined,
    })
  const left = read('left')
  const right = read('right')
  const order = binaryOperation(context, {
    operator: clause.join === 'ASOF' ? '>=' : '>',
    left,
    right,
    location: undefined,
  })
  const operands = [...keys, order.expression]
  const on: BoundExpression = { kind: 'Logical', operator: 'AND', operands, type: boolType }
  return { on, right: withTolerance(clause, sides.right, { left, right }) }
}

function timestampOf(
  item: NamespaceItem,
  side: 'left' | 'right',
  { span }: TimeSeriesJoin,
): TypedExpression {
  const { timestamp } = item
  if (timestamp !== undefined) return timestamp.read({ throughStar: true, location: undefined })
  throw new SqlError(
    SqlState.WrongObjectType,
    `${side} side of time series join has no timestamp`,
    { offset: span.start, hint: 'Write TIMESTAMP(column) behind the table or subquery.' },
  )
}

function bindKey(key: TimeSeriesKey, sides: Sides): BoundExpression {
  const [left, right] = keyColumns(key, sides)
  const operands = { operator: '=', left, right, location: undefined } as const
  const { start } = key.kind === 'Shared' ? key.column.span : key.left.span
  const { expression } = withPlace(start, () => binaryOperation(sides.scope.context, operands))
  const isEquality = expression.kind === 'BinaryOperation' && expression.operator === '='
  if (isEquality || expression === failedExpression) return expression
  throw areNotSupported('keys of these types in a time series join', start)
}

function keyColumns(
  key: TimeSeriesKey,
  sides: Sides,
): readonly [left: TypedExpression, right: TypedExpression] {
  if (key.kind === 'Shared') {
    const { text, span } = key.column
    const read = ({ item }: FromDraft): TypedExpression =>
      withPlace(span.start, () =>
        readColumnOf(item, text, { scope: sides.scope, location: undefined }),
      )
    const right = sides.scope.context.attempt(() => read(sides.right), undefined)
    const left = read(sides.left)
    if (right === undefined) throw unknownColumn(text, span.start)
    return [left, right]
  }
  const first = readOn(key.left, sides)
  const second = readOn(key.right, sides)
  if (first.side === 'left' && second.side === 'right') return [first.value, second.value]
  if (first.side === 'right' && second.side === 'left') return [second.value, first.value]
  throw invalidColumnReference(
    'ON of a time series join compares a column of its left side with one of its right',
    key.left.span.start,
  )
}

interface FoundOn {
  readonly side: 'left' | 'right'
  readonly value: TypedExpression
}

/** A column of one of the two sides, and of which. */
function readOn(name: ColumnName, { left, right, scope }: Sides): FoundOn {
  const { start } = name.span
  return withPlace(start, () => {
    const found = [
      ...itemsWith(name, left).map((item) => ({ side: 'left', item }) as const),
      ...itemsWith(name, right).map((item) => ({ side: 'right', item }) as const),
    ]
    const column = name.parts.at(-1)?.text ?? ''
    const read = found.map(({ side, item }) => ({
      side,
      value: readColumnOf(item, column, { scope, location: undefined }),
    }))
    const [only] = read
    if (only === undefined) throw notFound(name, { left, right, scope })
    // Each of the candidates was read: who may not know of one of them does not hear of the clash.
    if (read.length > 1) throw ambiguousColumn(column, start)
    return only
  })
}

/** The items of a side that a name means: the side itself, or those that the table's name means. */
function itemsWith({ parts }: ColumnName, { item, items }: FromDraft): readonly NamespaceItem[] {
  const [column, table, schema] = parts.map(({ text }) => text).toReversed()
  if (table === undefined) {
    const key = foldName(column ?? '')
    return item.unknown || item.columns.some((one) => one.key === key) ? [item] : []
  }
  return items.filter((one) => {
    if (!one.nameVisible) return false
    if (schema === undefined) return one.name?.key === foldName(table)
    return one.relation?.key === relationKey({ schema, name: table })
  })
}

function notFound({ parts, span }: ColumnName, { left, right }: Sides): SqlError {
  const [column = '', table] = parts.map(({ text }) => text).toReversed()
  if (table !== undefined) return missingFromEntry(table, span.start)
  left.item.missing(column)
  right.item.missing(column)
  return unknownColumn(column, span.start)
}

/**
 * TOLERANCE: a match that is too old is none. The engine takes one inequality only, and needs no other:
 * if the latest row is too old, all are. So what is seen of the right side is NULL then.
 */
function withTolerance(
  { tolerance }: TimeSeriesJoin,
  draft: FromDraft,
  timestamps: { readonly left: TypedExpression; readonly right: TypedExpression },
): FromDraft {
  if (tolerance === undefined) return draft
  const { left, right } = timestamps
  const type = left.type === undefined || left.type === 'unknown' ? scalar('timestamp') : left.type
  const width = constant(fixedInterval(tolerance), scalar('interval'))
  const oldest = binary(left.expression, '-', width, type)
  const isRecent = binary(right.expression, '>=', oldest)
  const guarded = (column: ScopeColumn): ScopeColumn => ({
    name: column.name,
    key: column.key,
    type: column.type,
    read: (how) => {
      const value = column.read(how)
      if (value.type === undefined || value.type === 'unknown') return value
      const none = constant(null, value.type)
      return { ...value, expression: when([[isRecent, value.expression]], none, value.type) }
    },
  })
  const guardedItem = (item: NamespaceItem): NamespaceItem => {
    const { timestamp, columns, ...rest } = item
    const index = timestamp === undefined ? -1 : columns.indexOf(timestamp)
    const seen = columns.map(guarded)
    const seenTimestamp = seen[index]
    return {
      ...rest,
      columns: seen,
      ...(seenTimestamp === undefined ? {} : { timestamp: seenTimestamp }),
    }
  }
  const items = new Map([...draft.items, draft.item].map((item) => [item, guardedItem(item)]))
  const seenOf = (item: NamespaceItem): NamespaceItem => items.get(item) ?? guardedItem(item)
  return { ...draft, item: seenOf(draft.item), items: draft.items.map(seenOf) }
}
