import type { CutClause } from './cut-clauses.ts'
import type {
  QueryClauses,
  SelectClauses,
  TimeSeriesJoin,
  TimestampClause,
} from './query-clauses.ts'
import type { Span } from './statement.ts'

export interface AttachedClauses extends QueryClauses {
  /** The first clause that belongs to no node: it stands where it may not. */
  readonly stray: Span | undefined
}

/**
 * Finds the node that each clause belongs to, by the name that was left in its place, and takes that
 * name out of the tree.
 */
export function attachClauses(
  tree: unknown,
  clauses: ReadonlyMap<string, CutClause>,
): AttachedClauses {
  const found: Found = { selects: new Map(), joins: new Map(), timestamps: new Map() }
  const left = new Map(clauses)
  const pending: unknown[] = left.size === 0 ? [] : [tree]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (!isObject(node)) continue
    for (const [field, value] of Object.entries(node)) {
      attachField(node, { field, value }, { found, left })
      pending.push(value)
    }
  }
  const [stray] = left.values()
  return { ...found, stray: stray?.span }
}

interface Found {
  readonly selects: Map<object, SelectClauses>
  readonly joins: Map<object, TimeSeriesJoin>
  readonly timestamps: Map<object, TimestampClause>
}

interface Search {
  readonly found: Found
  /** Those whose node is still to be found. */
  readonly left: Map<string, CutClause>
}

function attachField(
  node: object,
  { field, value }: { readonly field: string; readonly value: unknown },
  search: Search,
): void {
  switch (field) {
    case 'windowClause':
    case 'groupClause':
      return attachSelect(node, field, value, search)
    case 'usingClause':
      return attachJoin(node, value, search)
    case 'alias':
      return attachTimestamp(node, value, search)
    default:
  }
}

function attachSelect(select: object, field: string, value: unknown, search: Search): void {
  const { found, left } = search
  const items: readonly unknown[] = Array.isArray(value) ? value : []
  const others = items.filter((item) => {
    const name = nameOf(item)
    const clause = name === undefined ? undefined : left.get(name)
    if (name === undefined || clause === undefined) return true
    const known = found.selects.get(select)
    if (clause.kind === 'SampleBy') found.selects.set(select, { ...known, sampleBy: clause })
    else if (clause.kind === 'LatestOn') found.selects.set(select, { ...known, latestOn: clause })
    else return true
    left.delete(name)
    return false
  })
  if (others.length === 0) Reflect.deleteProperty(select, field)
  else Reflect.set(select, field, others)
}

function attachJoin(join: object, value: unknown, { found, left }: Search): void {
  const [item]: readonly unknown[] = Array.isArray(value) ? value : []
  const name = nameOf(item)
  const clause = name === undefined ? undefined : left.get(name)
  if (name === undefined || clause?.kind !== 'TimeSeriesJoin') return
  left.delete(name)
  found.joins.set(join, clause)
  Reflect.deleteProperty(join, 'usingClause')
}

/** The name took the alias's place; column names behind it stay where they are. */
function attachTimestamp(item: object, alias: unknown, { found, left }: Search): void {
  if (!isObject(alias) || !('aliasname' in alias) || 'functions' in item) return
  const name = typeof alias.aliasname === 'string' ? alias.aliasname : ''
  const clause = left.get(name)
  if (clause?.kind !== 'TimestampClause') return
  // Names of columns go with an alias.
  if (clause.alias === undefined && 'colnames' in alias) return
  left.delete(name)
  found.timestamps.set(item, clause)
  if (clause.alias === undefined) Reflect.deleteProperty(item, 'alias')
  else Reflect.set(alias, 'aliasname', clause.alias)
}

/** Of a window, a column reference or a string: its name, if that is all there is to it. */
function nameOf(item: unknown): string | undefined {
  if (!isObject(item)) return undefined
  if ('WindowDef' in item && isObject(item.WindowDef) && 'name' in item.WindowDef) {
    return textOf(item.WindowDef.name)
  }
  if ('ColumnRef' in item && isObject(item.ColumnRef) && 'fields' in item.ColumnRef) {
    const { fields } = item.ColumnRef
    return Array.isArray(fields) && fields.length === 1 ? nameOf(fields[0]) : undefined
  }
  if ('String' in item && isObject(item.String) && 'sval' in item.String) {
    return textOf(item.String.sval)
  }
  return undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
