/**
 * PostgreSQL's functions over the types that are offered, and what each runs as: the one list of
 * functions that a statement may name (rule R3). The engine's names in it are those that
 * acl/enforcement/data/duckdb-functions.json allows, with its guards.
 */
import { unreachable } from '../../errors/unreachable.ts'
import type { BoundExpression } from '../../store/bound.ts'
import type { SqlType } from '../../store/sql-type.ts'
import { ambiguousFunction } from './errors.ts'
import { aggregateRows } from './functions/aggregate.ts'
import { arrayRows } from './functions/array.ts'
import { datetimeRows } from './functions/datetime.ts'
import { jsonRows } from './functions/json.ts'
import { mathRows } from './functions/math.ts'
import type { AggregateRow, CompleteCall, FunctionRow } from './functions/row.ts'
import { sessionRows } from './functions/session.ts'
import { stringRows } from './functions/string.ts'
import { seriesRows } from './functions/series.ts'
import { windowRows } from './functions/window.ts'
import type { ArgumentType } from './scalar.ts'
import { selectCandidate } from './select-candidate.ts'
import type { Match } from './select-candidate.ts'
import { typeText } from './type-name.ts'

/** A scalar function; the arguments are to be coerced (Cast) to `arguments`, then given to `build`. */
export interface ResolvedScalar {
  readonly kind: 'Scalar'
  readonly arguments: readonly SqlType[]
  readonly result: SqlType
  readonly build: (args: readonly BoundExpression[]) => BoundExpression
}

/** An aggregate; `complete` makes the AggregateCall or WindowCall of each engine call it consists of. */
export interface ResolvedAggregate {
  readonly kind: 'Aggregate'
  readonly arguments: readonly SqlType[]
  readonly result: SqlType
  /** WITHIN GROUP is required; `arguments` are the direct ones, then the ORDER BY's. */
  readonly isOrderedSet: boolean
  /** `build` wants the designated timestamp of the SELECT's rows behind the arguments. */
  readonly byTimestamp: boolean
  readonly build: (args: readonly BoundExpression[], complete: CompleteCall) => BoundExpression
}

/** A function that needs OVER. */
export interface ResolvedWindow {
  readonly kind: 'Window'
  readonly arguments: readonly SqlType[]
  readonly result: SqlType
  readonly build: (args: readonly BoundExpression[], complete: CompleteCall) => BoundExpression
}

export type ResolvedFunction = ResolvedScalar | ResolvedAggregate | ResolvedWindow

export interface FunctionUse {
  /** Lower-case, as libpg-query gives it; a qualifier other than pg_catalog is the binder's to refuse. */
  readonly name: string
  readonly arguments: readonly ArgumentType[]
  /** `count(*)`. */
  readonly star?: boolean
  /** WITHIN GROUP: the types of its ORDER BY, after the direct ones in `arguments`. */
  readonly withinGroup?: readonly ArgumentType[]
}

const rowsByName = grouped([
  ...stringRows,
  ...mathRows,
  ...datetimeRows,
  ...arrayRows,
  ...jsonRows,
  ...sessionRows,
  ...aggregateRows,
  ...seriesRows,
  ...windowRows,
])

function grouped(rows: readonly FunctionRow[]): ReadonlyMap<string, readonly FunctionRow[]> {
  const groups = new Map<string, FunctionRow[]>()
  for (const row of rows) {
    const group = groups.get(row.name)
    if (group === undefined) groups.set(row.name, [row])
    else group.push(row)
  }
  return groups
}

/** The names of all functions that are offered, for tests and documents. */
export const functionNames: readonly string[] = [...rowsByName.keys()].toSorted()

/**
 * The function that PostgreSQL would choose; undefined if there is none or it is not offered (42883).
 * @throws SqlError 42725 where PostgreSQL cannot choose
 */
export function resolveFunction(use: FunctionUse): ResolvedFunction | undefined {
  const rows = rowsByName.get(use.name)?.filter((row) => isOfShape(row, use))
  if (rows === undefined || rows.length === 0) return undefined
  const types = [...use.arguments, ...(use.withinGroup ?? [])]
  const selection = selectCandidate(rows, types)
  switch (selection.kind) {
    case 'None':
      return undefined
    case 'Ambiguous':
      throw ambiguousFunction(signatureText(use.name, types))
    case 'Match':
      return resolved(selection.match)
    default:
      return unreachable(selection)
  }
}

/** Whether the row is called as the statement calls it: with `*`, with WITHIN GROUP, or plainly. */
function isOfShape(row: FunctionRow, use: FunctionUse): boolean {
  if (row.kind !== 'Aggregate') return use.star !== true && use.withinGroup === undefined
  if ((row.star ?? false) !== (use.star ?? false)) return false
  return use.withinGroup === undefined
    ? row.directArguments === undefined
    : row.directArguments === use.arguments.length
}

function resolved(match: Match<FunctionRow>): ResolvedFunction {
  const { candidate, arguments: types, resolve } = match
  const result = resolve(candidate.result)
  const context = { name: candidate.name, result, arguments: types }
  if (candidate.kind === 'Scalar') {
    const { build } = candidate
    return { kind: 'Scalar', arguments: types, result, build: (args) => build(args, context) }
  }
  const { build } = candidate
  const common = {
    arguments: types,
    result,
    build: (args: readonly BoundExpression[], complete: CompleteCall) =>
      build(args, complete, context),
  }
  return candidate.kind === 'Window'
    ? { kind: 'Window', ...common }
    : {
        kind: 'Aggregate',
        ...common,
        isOrderedSet: isOrderedSet(candidate),
        byTimestamp: candidate.byTimestamp ?? false,
      }
}

function isOrderedSet(row: AggregateRow): boolean {
  return row.directArguments !== undefined
}

/** `f(integer, unknown)`, as PostgreSQL's messages have it. */
export function signatureText(name: string, types: readonly ArgumentType[]): string {
  const texts = types.map((type) => (type === 'unknown' ? type : typeText(type)))
  return `${name}(${texts.join(', ')})`
}
