/**
 * PostgreSQL's coercions between the types that are offered: pg_cast of version 15, and the rules of
 * its chapter "Type Conversion" (parse_coerce.c).
 */
import type { ScalarTypeName, SqlType } from '../../store/sql-type.ts'
import { keyOf, sameType, scalar, withoutModifiers } from './scalar.ts'
import type { ArgumentType, TypeKey } from './scalar.ts'

/** Where a coercion happens: in an expression, into a column, by CAST. */
export type CoercionContext = 'implicit' | 'assignment' | 'explicit'

/** pg_type.typcategory. */
export type TypeCategory = 'B' | 'N' | 'S' | 'D' | 'T' | 'U' | 'A' | 'P'

const categoryOfScalar = {
  bool: 'B',
  int2: 'N',
  int4: 'N',
  int8: 'N',
  float4: 'N',
  float8: 'N',
  numeric: 'N',
  oid: 'N',
  text: 'S',
  varchar: 'S',
  bpchar: 'S',
  name: 'S',
  date: 'D',
  time: 'D',
  timestamp: 'D',
  timestamptz: 'D',
  interval: 'T',
  bytea: 'U',
  uuid: 'U',
  json: 'U',
} as const satisfies Record<ScalarTypeName, TypeCategory>

const preferredTypes: ReadonlySet<TypeKey> = new Set<TypeKey>([
  'bool',
  'float8',
  'oid',
  'text',
  'timestamptz',
  'interval',
])

/** The category of a type; of an array A, of a row P. */
export function categoryOf(type: SqlType): TypeCategory {
  if (type.kind === 'Array') return 'A'
  return type.kind === 'Record' ? 'P' : categoryOfScalar[type.name]
}

/** Whether the type is the preferred one of its category (pg_type.typispreferred). */
export function isPreferred(type: SqlType): boolean {
  return preferredTypes.has(keyOf(type))
}

/** pg_cast, by source: the targets reachable implicitly, by assignment, and by CAST alone. */
const castsFrom: Readonly<
  Partial<
    Record<ScalarTypeName, Readonly<Partial<Record<CoercionContext, readonly ScalarTypeName[]>>>>
  >
> = {
  bool: { assignment: ['text', 'varchar', 'bpchar'], explicit: ['int4'] },
  int2: { implicit: ['int4', 'int8', 'float4', 'float8', 'numeric', 'oid'] },
  int4: {
    implicit: ['int8', 'float4', 'float8', 'numeric', 'oid'],
    assignment: ['int2'],
    explicit: ['bool'],
  },
  int8: { implicit: ['float4', 'float8', 'numeric', 'oid'], assignment: ['int2', 'int4'] },
  float4: { implicit: ['float8'], assignment: ['int2', 'int4', 'int8', 'numeric'] },
  float8: { assignment: ['int2', 'int4', 'int8', 'float4', 'numeric'] },
  numeric: { implicit: ['float4', 'float8'], assignment: ['int2', 'int4', 'int8'] },
  oid: { assignment: ['int4', 'int8'] },
  text: { implicit: ['varchar', 'bpchar', 'name'] },
  varchar: { implicit: ['text', 'bpchar', 'name'] },
  bpchar: { implicit: ['text', 'varchar', 'name'] },
  name: { implicit: ['text'], assignment: ['varchar', 'bpchar'] },
  date: { implicit: ['timestamp', 'timestamptz'] },
  time: { implicit: ['interval'] },
  timestamp: { implicit: ['timestamptz'], assignment: ['date', 'time'] },
  timestamptz: { assignment: ['date', 'time', 'timestamp'] },
  interval: { assignment: ['time'] },
}

/** What each context admits besides its own casts. */
const admitted = {
  implicit: ['implicit'],
  assignment: ['implicit', 'assignment'],
  explicit: ['implicit', 'assignment', 'explicit'],
} as const satisfies Record<CoercionContext, readonly CoercionContext[]>

export interface Coercion {
  readonly from: ArgumentType
  readonly to: SqlType
  readonly context: CoercionContext
}

/** Whether a value of one type may become one of the other; modifiers play no part. */
export function canCoerce({ from, to, context }: Coercion): boolean {
  if (from === 'unknown') return true
  if (keyOf(from) === keyOf(to)) return from.kind !== 'Record' || canCoerceRecord(from, to, context)
  if (from.kind === 'Array' && to.kind === 'Array') {
    return canCoerce({ from: from.element, to: to.element, context })
  }
  if (from.kind === 'Scalar' && to.kind === 'Scalar') {
    const casts = castsFrom[from.name]
    const target = to.name
    if (admitted[context].some((one) => casts?.[one]?.includes(target) === true)) return true
  }
  return canConvertByText(from, to, context)
}

function canCoerceRecord(from: SqlType, to: SqlType, context: CoercionContext): boolean {
  if (from.kind !== 'Record' || to.kind !== 'Record') return false
  if (from.fields.length !== to.fields.length) return false
  return from.fields.every((field, index) => {
    const target = to.fields[index]
    return target !== undefined && canCoerce({ from: field, to: target, context })
  })
}

/**
 * PostgreSQL's automatic casts through text (find_coercion_pathway): any type to the string types by
 * assignment, the string types to any type by CAST. Rows have no text that could be read again.
 */
function canConvertByText(from: SqlType, to: SqlType, context: CoercionContext): boolean {
  if (context === 'implicit' || to.kind === 'Record' || from.kind === 'Record') return false
  if (to.kind === 'Scalar' && categoryOf(to) === 'S') return true
  return context === 'explicit' && from.kind === 'Scalar' && categoryOf(from) === 'S'
}

/**
 * The type that UNION, CASE, VALUES, ARRAY, COALESCE, GREATEST and IN give to their members
 * (select_common_type): all unknown is text; undefined where the members do not go together.
 */
export function commonType(types: readonly ArgumentType[]): SqlType | undefined {
  const known = types.filter((type) => type !== 'unknown')
  const [first, ...rest] = known
  if (first === undefined) return scalar('text')
  if (rest.every((type) => sameType(type, first))) return first
  let chosen: SqlType = first
  for (const next of rest) {
    if (keyOf(next) === keyOf(chosen)) continue
    if (categoryOf(next) !== categoryOf(chosen)) return undefined
    const forwards = canCoerce({ from: chosen, to: next, context: 'implicit' })
    const backwards = canCoerce({ from: next, to: chosen, context: 'implicit' })
    if (!isPreferred(chosen) && forwards && !backwards) chosen = next
  }
  const result = withoutModifiers(chosen)
  return known.every((from) => canCoerce({ from, to: result, context: 'implicit' }))
    ? result
    : undefined
}
