import { foldName, relationKey } from '../names.ts'
import {
  ambiguousColumn,
  duplicateAlias,
  invalidFromReference,
  missingFromEntry,
  unknownColumn,
} from './binding-errors.ts'
import { scopesFrom } from './scope.ts'
import type { NamespaceItem, ReadHow, Scope, ScopeColumn } from './scope.ts'
import { failedExpression } from './typed-expression.ts'
import type { TypedExpression } from './typed-expression.ts'

/** Where a name stands. */
interface Place {
  readonly location: number | undefined
}

/**
 * A bare name as a column, innermost scope first (parse_relation.c, colNameToVar); `undefined` if
 * no scope has such a column.
 */
export function findColumn(
  scope: Scope,
  name: string,
  { location }: Place,
): TypedExpression | undefined {
  const key = foldName(name)
  for (const level of scopesFrom(scope)) {
    const visible = level.items.filter((item) => item.columnsVisible && isReachable(item, level))
    const matches = visible.flatMap((item) =>
      item.columns.filter((column) => column.key === key).map((column) => ({ item, column })),
    )
    const [match] = matches
    if (match === undefined) {
      if (visible.some((item) => item.unknown)) return failed(location)
      continue
    }
    const [found] = matches.map(({ column }) =>
      column.read({ throughStar: false, location, written: name }),
    )
    // Each of the candidates was read: who may not know of one of them does not hear of the clash.
    if (matches.length > 1) throw ambiguousColumn(name, scope.context.offsetOf(location))
    checkLateral(match.item, name, scope, location)
    return found
  }
  return undefined
}

/** Whether a bare name is a column, without reading it. */
export function hasColumn(scope: Scope, name: string): boolean {
  const key = foldName(name)
  return [...scopesFrom(scope)].some((level) =>
    level.items.some(
      (item) =>
        item.columnsVisible &&
        isReachable(item, level) &&
        item.columns.some((column) => column.key === key),
    ),
  )
}

/** A bare name that is no column: every relation in reach lacks it (G61). */
export function columnMissing(scope: Scope, name: string, { location }: Place): never {
  for (const level of scopesFrom(scope)) {
    for (const item of level.items) {
      if (item.columnsVisible && isReachable(item, level)) item.missing(name)
    }
  }
  throw unknownColumn(name, scope.context.offsetOf(location))
}

/** `t` or `schema.t` before a dot (parse_relation.c, refnameNamespaceItem); `undefined` if nothing is called so. */
export function findItem(
  scope: Scope,
  name: { readonly schema?: string; readonly name: string },
  { location }: Place,
): NamespaceItem | undefined {
  const matchesName = itemMatcher(name)
  for (const level of scopesFrom(scope)) {
    const matches = level.items.filter(
      (item) => item.nameVisible && isReachable(item, level) && matchesName(item),
    )
    if (matches.length > 1) throw duplicateAlias(name.name, scope.context.offsetOf(location))
    const [match] = matches
    if (match === undefined) continue
    checkLateral(match, name.name, scope, location)
    return match
  }
  return undefined
}

/** The same, where there has to be one. */
export function requireItem(
  scope: Scope,
  name: { readonly schema?: string; readonly name: string },
  place: Place,
): NamespaceItem {
  const item = findItem(scope, name, place)
  if (item === undefined) {
    throw missingFromEntry(name.name, scope.context.offsetOf(place.location))
  }
  return item
}

/** `t.c`. */
export function readColumnOf(
  item: NamespaceItem,
  name: string,
  { scope, location }: Place & { readonly scope: Scope },
): TypedExpression {
  const key = foldName(name)
  const matches = item.columns.filter((column) => column.key === key)
  const found = matches.map((column) =>
    column.read({ throughStar: false, location, written: name }),
  )
  if (matches.length > 1) throw ambiguousColumn(name, scope.context.offsetOf(location))
  const [column] = found
  if (column !== undefined) return column
  if (item.unknown) return failed(location)
  item.missing(name)
  throw unknownColumn(name, scope.context.offsetOf(location))
}

/** The columns that `*` stands for, in order (parse_target.c, ExpandAllTables). */
export function starColumns(scope: Scope): readonly ScopeColumn[] {
  return scope.items.filter((item) => item.columnsVisible).flatMap((item) => item.columns)
}

/** Every column of an item as a row: a whole-row reference. */
export function wholeRow(item: NamespaceItem, location: number | undefined): TypedExpression {
  const how: ReadHow = { throughStar: true, location }
  const fields = item.columns.map((column) => column.read(how))
  const types = fields.flatMap(({ type }) =>
    type === undefined || type === 'unknown' ? [] : [type],
  )
  const type =
    types.length === fields.length ? ({ kind: 'Record', fields: types } as const) : undefined
  return {
    expression: {
      kind: 'RowConstructor',
      fields: fields.map((field) => field.expression),
      ...(type === undefined ? {} : { type }),
    },
    type,
    location,
  }
}

function failed(location: number | undefined): TypedExpression {
  return { expression: failedExpression, type: undefined, location }
}

function itemMatcher(name: {
  readonly schema?: string
  readonly name: string
}): (item: NamespaceItem) => boolean {
  if (name.schema === undefined) {
    const key = foldName(name.name)
    return (item) => item.name?.key === key
  }
  const key = relationKey({ schema: name.schema, name: name.name })
  return (item) => item.relation?.key === key
}

function isReachable(item: NamespaceItem, level: Scope): boolean {
  return !item.lateralOnly || level.lateralActive
}

function checkLateral(
  item: NamespaceItem,
  name: string,
  scope: Scope,
  location: number | undefined,
): void {
  if (item.lateralOnly && !item.lateralAllowed) {
    throw invalidFromReference(item.name?.text ?? name, scope.context.offsetOf(location))
  }
}
