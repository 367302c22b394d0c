import type { Node as SyntaxNode, WindowDef } from '@pgsql/types'
import type { BoundWindow, FrameBound } from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import { categoryOf } from '../../types/coerce.ts'
import { foldName } from '../../names.ts'
import type { FoldedName } from '../../names.ts'
import { visitExpressions } from '../bound-tree.ts'
import { notSupported, unknownWindow, windowingError } from '../binding-errors.ts'
import { coerce, settle } from '../coercion.ts'
import type { Scope } from '../scope.ts'
import { int8Type } from '../typed-expression.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { bindCallSorts } from '../expression/call-parts.ts'
import type { CallSort } from '../expression/call-parts.ts'

/** The WINDOW clause by name; each name once. */
export function namedWindows(
  nodes: readonly SyntaxNode[] | undefined,
  scope: Scope,
): ReadonlyMap<FoldedName, WindowDef> {
  const windows = new Map<FoldedName, WindowDef>()
  for (const node of nodes ?? []) {
    if (!('WindowDef' in node)) continue
    const { name = '', location } = node.WindowDef
    const key = foldName(name)
    if (windows.has(key)) {
      scope.context.fail(
        windowingError(`window "${name}" is already defined`, scope.context.offsetOf(location)),
      )
    }
    windows.set(key, node.WindowDef)
  }
  return windows
}

/** A window with what it takes from the one that it names (parse_clause.c, transformWindowDefinitions). */
interface Merged {
  readonly partition: readonly SyntaxNode[]
  readonly order: readonly SyntaxNode[]
  readonly frameSource: WindowDef
}

/** What stands after OVER, or a definition of the WINDOW clause, written out. */
export function bindWindow(definition: WindowDef, scope: Scope): BoundWindow {
  const { partition, order, frameSource } = merged(definition, scope, new Set())
  const { context } = scope
  const partitionBy = partition.map(
    (node) =>
      settle(context, context.binders.expression(node, scope, 'window definitions')).expression,
  )
  const sorts = bindCallSorts(order, scope, 'window definitions').map((sort) => ({
    ...sort,
    value: settle(context, sort.value),
  }))
  const frame = bindFrame(frameSource, sorts, scope)
  return {
    partitionBy,
    orderBy: sorts.map(({ value, direction }) => ({ key: value.expression, ...direction })),
    ...(frame === undefined ? {} : { frame }),
  }
}

function merged(definition: WindowDef, scope: Scope, seen: ReadonlySet<FoldedName>): Merged {
  const { context } = scope
  const offset = context.offsetOf(definition.location)
  const isReference = definition.name !== undefined && !isDefinition(definition, scope)
  const base = isReference ? definition.name : definition.refname
  const own = {
    partition: definition.partitionClause ?? [],
    order: definition.orderClause ?? [],
    frameSource: definition,
  }
  if (base === undefined) return own
  const key = foldName(base)
  const found = scope.windows.get(key)
  if (found === undefined || seen.has(key)) throw unknownWindow(base, offset)
  const inherited = merged(found, scope, new Set([...seen, key]))
  // `OVER w` is w itself, its frame included; `OVER (w ...)` builds on it.
  if (isReference) return inherited
  if (own.partition.length > 0) {
    throw windowingError(`cannot override PARTITION BY clause of window "${base}"`, offset)
  }
  if (own.order.length > 0 && inherited.order.length > 0) {
    throw windowingError(`cannot override ORDER BY clause of window "${base}"`, offset)
  }
  if (hasFrame(inherited.frameSource)) {
    throw windowingError(`cannot copy window "${base}" because it has a frame clause`, offset)
  }
  return {
    partition: inherited.partition,
    order: inherited.order.length > 0 ? inherited.order : own.order,
    frameSource: definition,
  }
}

/** Whether the node is one of the WINDOW clause, where `name` is what it is called. */
function isDefinition(definition: WindowDef, scope: Scope): boolean {
  return [...scope.windows.values()].includes(definition)
}

/** FRAMEOPTION_... of postgres, parsenodes.h. */
const frameOption = {
  nondefault: 0x1,
  range: 0x2,
  rows: 0x4,
  groups: 0x8,
  startUnboundedPreceding: 0x20,
  endUnboundedPreceding: 0x40,
  startUnboundedFollowing: 0x80,
  endUnboundedFollowing: 0x100,
  startCurrentRow: 0x200,
  endCurrentRow: 0x400,
  startOffsetPreceding: 0x800,
  endOffsetPreceding: 0x1000,
  startOffsetFollowing: 0x2000,
  endOffsetFollowing: 0x4000,
  excludeCurrentRow: 0x8000,
  excludeGroup: 0x10000,
  excludeTies: 0x20000,
} as const

function hasOption(definition: WindowDef, option: keyof typeof frameOption): boolean {
  return ((definition.frameOptions ?? 0) & frameOption[option]) !== 0
}

function hasFrame(definition: WindowDef): boolean {
  return hasOption(definition, 'nondefault')
}

function bindFrame(
  definition: WindowDef,
  sorts: readonly CallSort[],
  scope: Scope,
): BoundWindow['frame'] {
  if (!hasFrame(definition)) return undefined
  const { context } = scope
  const offset = context.offsetOf(definition.location)
  const unit = unitOf(definition)
  if (unit === 'GROUPS' && sorts.length === 0) {
    throw windowingError('GROUPS mode requires an ORDER BY clause', offset)
  }
  const start = bound(definition, 'start')
  const end = bound(definition, 'end')
  const hasOffset = definition.startOffset !== undefined || definition.endOffset !== undefined
  if (unit === 'RANGE' && hasOffset && sorts.length !== 1) {
    throw windowingError(
      'RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column',
      offset,
    )
  }
  const type = unit === 'RANGE' ? rangeOffsetType(sorts[0]?.value, scope) : int8Type
  const exclude = excluded(definition)
  return {
    unit,
    start: withOffset(start, definition.startOffset, { type, scope, unit }),
    end: withOffset(end, definition.endOffset, { type, scope, unit }),
    ...(exclude === undefined ? {} : { exclude }),
  }
}

function unitOf(definition: WindowDef): 'ROWS' | 'RANGE' | 'GROUPS' {
  if (hasOption(definition, 'rows')) return 'ROWS'
  return hasOption(definition, 'groups') ? 'GROUPS' : 'RANGE'
}

function excluded(definition: WindowDef): 'CURRENT ROW' | 'GROUP' | 'TIES' | undefined {
  if (hasOption(definition, 'excludeCurrentRow')) return 'CURRENT ROW'
  if (hasOption(definition, 'excludeGroup')) return 'GROUP'
  return hasOption(definition, 'excludeTies') ? 'TIES' : undefined
}

function bound(definition: WindowDef, side: 'start' | 'end'): FrameBound['kind'] {
  if (hasOption(definition, `${side}UnboundedPreceding`)) return 'UnboundedPreceding'
  if (hasOption(definition, `${side}UnboundedFollowing`)) return 'UnboundedFollowing'
  if (hasOption(definition, `${side}OffsetPreceding`)) return 'Preceding'
  if (hasOption(definition, `${side}OffsetFollowing`)) return 'Following'
  return 'CurrentRow'
}

/** The distance is of the sort key's own type; over dates and times it is an interval. */
function rangeOffsetType(key: TypedExpression | undefined, scope: Scope): SqlType {
  const type = key?.type
  if (type === undefined || type === 'unknown') return int8Type
  const category = categoryOf(type)
  if (category === 'D' || category === 'T') return { kind: 'Scalar', name: 'interval' }
  if (category === 'N') return type
  throw notSupported('RANGE with an offset over this type', scope.context.offsetOf(key?.location))
}

function withOffset(
  kind: FrameBound['kind'],
  node: SyntaxNode | undefined,
  given: { readonly type: SqlType; readonly scope: Scope; readonly unit: string },
): FrameBound {
  if (node === undefined) return { kind }
  const { type, scope, unit } = given
  const { context } = scope
  const value = context.binders.expression(node, scope, 'window definitions')
  if (containsColumn(value)) {
    throw windowingError(
      `argument of ${unit} must not contain variables`,
      context.offsetOf(value.location),
    )
  }
  return { kind, offset: coerce(context, value, { to: type, context: 'implicit' }) }
}

function containsColumn(value: TypedExpression): boolean {
  let found = false
  visitExpressions(value.expression, (expression) => {
    found ||= expression.kind === 'ColumnReference'
    return !found
  })
  return found
}
