/**
 * PostgreSQL's choice among operators or functions of one name by the types of their arguments
 * (chapter "Type Conversion"; parse_func.c: func_match_argtypes, func_select_candidate;
 * parse_coerce.c: check_generic_type_consistency, enforce_generic_type_consistency).
 */
import { unreachable } from '../../errors/unreachable.ts'
import type { SqlType } from '../../store/sql-type.ts'
import { canCoerce, categoryOf, commonType, isPreferred } from './coerce.ts'
import type { TypeCategory } from './coerce.ts'
import { undeterminedType } from './errors.ts'
import { arrayOf, keyOf, scalar, typeOfKey, withoutModifiers } from './scalar.ts'
import type { ArgumentType, TypeKey } from './scalar.ts'

/** PostgreSQL's polymorphic pseudo-types. */
export type PolymorphicType =
  | 'anyelement'
  | 'anyarray'
  | 'anynonarray'
  | 'anycompatible'
  | 'anycompatiblearray'
  | 'anycompatiblenonarray'
  | 'any'

/** A type in a declaration. */
export type DeclaredType = TypeKey | PolymorphicType

/** What can be called: the declared types of its arguments. */
export interface Signature {
  readonly arguments: readonly DeclaredType[]
  /** The last argument may be repeated: VARIADIC. */
  readonly variadic?: boolean
}

/** A chosen candidate, with the types its arguments are to be coerced to. */
export interface Match<T extends Signature> {
  readonly candidate: T
  readonly arguments: readonly SqlType[]
  /** What the polymorphic types of the declaration came to stand for. */
  readonly resolve: (declared: DeclaredType) => SqlType
}

/** One match, none, or several between which PostgreSQL would not choose either. */
export type Selection<T extends Signature> =
  | { readonly kind: 'Match'; readonly match: Match<T> }
  | { readonly kind: 'None' }
  | { readonly kind: 'Ambiguous' }

/** Chooses among the candidates as PostgreSQL does. */
export function selectCandidate<T extends Signature>(
  candidates: readonly T[],
  types: readonly ArgumentType[],
): Selection<T> {
  const expanded = candidates.flatMap((candidate) => {
    const declared = declaredTypes(candidate, types.length)
    return declared === undefined ? [] : [{ candidate, declared }]
  })
  const exact = expanded.find(({ declared }) => isExact(declared, types))
  if (exact !== undefined) return matched(exact, types)
  const possible = expanded.filter(({ declared }) => isPossible(declared, types))
  const [only] = possible
  if (only === undefined) return { kind: 'None' }
  if (possible.length === 1) return matched(only, types)
  const chosen = narrow(possible, types)
  return chosen === undefined ? { kind: 'Ambiguous' } : matched(chosen, types)
}

interface Expanded<T> {
  readonly candidate: T
  /** One for each argument given. */
  readonly declared: readonly DeclaredType[]
}

/** The declaration stretched over `count` arguments, or undefined if it does not take so many. */
function declaredTypes(candidate: Signature, count: number): readonly DeclaredType[] | undefined {
  const declared = candidate.arguments
  if (candidate.variadic !== true) return declared.length === count ? declared : undefined
  const last = declared.at(-1)
  if (last === undefined || count < declared.length) return undefined
  return [...declared, ...Array.from({ length: count - declared.length }, () => last)]
}

function isPolymorphic(declared: DeclaredType): declared is PolymorphicType {
  return declared.startsWith('any')
}

function isExact(declared: readonly DeclaredType[], types: readonly ArgumentType[]): boolean {
  return declared.every((one, index) => {
    const type = types[index]
    return type !== undefined && type !== 'unknown' && one === keyOf(type)
  })
}

function isPossible(declared: readonly DeclaredType[], types: readonly ArgumentType[]): boolean {
  const fits = declared.every((one, index) => {
    const from = types[index]
    if (from === undefined) return false
    if (from === 'unknown') return true
    if (isPolymorphic(one)) return true
    return one === 'record'
      ? from.kind === 'Record'
      : canCoerce({ from, to: typeOfKey(one), context: 'implicit' })
  })
  return fits && bindPolymorphic(declared, types) !== undefined
}

/** What the polymorphic types stand for. */
interface Bindings {
  /** anyelement, with anyarray its array. */
  readonly element: SqlType | 'undetermined' | undefined
  /** anycompatible, with anycompatiblearray its array. */
  readonly compatible: SqlType | undefined
}

/** Finds one type for each family of polymorphic types, or undefined if there is none. */
function bindPolymorphic(
  declared: readonly DeclaredType[],
  types: readonly ArgumentType[],
): Bindings | undefined {
  if (!declared.some(isPolymorphic)) return { element: undefined, compatible: undefined }
  const element = bindElement(declared, types)
  const compatible = bindCompatible(declared, types)
  if (element === 'conflict' || compatible === 'conflict') return undefined
  return { element, compatible }
}

/** anyelement, anyarray, anynonarray: all the same type exactly; unknown alone is an error. */
function bindElement(
  declared: readonly DeclaredType[],
  types: readonly ArgumentType[],
): SqlType | undefined | 'undetermined' | 'conflict' {
  let found: SqlType | undefined
  let hasUnknown = false
  for (const [index, one] of declared.entries()) {
    const type = types[index]
    if (type === undefined) return 'conflict'
    if (one !== 'anyelement' && one !== 'anyarray' && one !== 'anynonarray') continue
    if (type === 'unknown') {
      hasUnknown = true
      continue
    }
    const bound = one === 'anyarray' ? elementOf(type) : type
    if (bound === undefined) return 'conflict'
    if (one === 'anynonarray' && bound.kind === 'Array') return 'conflict'
    if (found !== undefined && keyOf(found) !== keyOf(bound)) return 'conflict'
    found ??= bound
  }
  if (found !== undefined) {
    const isArrayNeeded = declared.includes('anyarray')
    const isNonArrayNeeded = declared.includes('anynonarray')
    if (isArrayNeeded && found.kind !== 'Scalar') return 'conflict'
    if (isNonArrayNeeded && found.kind === 'Array') return 'conflict'
    return withoutModifiers(found)
  }
  return hasUnknown ? 'undetermined' : undefined
}

function elementOf(type: SqlType): SqlType | undefined {
  return type.kind === 'Array' ? type.element : undefined
}

/** anycompatible and its array: the common type of all. */
function bindCompatible(
  declared: readonly DeclaredType[],
  types: readonly ArgumentType[],
): SqlType | undefined | 'conflict' {
  const members: ArgumentType[] = []
  let isArrayNeeded = false
  for (const [index, one] of declared.entries()) {
    const type = types[index]
    if (type === undefined) return 'conflict'
    if (one === 'anycompatiblearray') {
      isArrayNeeded = true
      if (type === 'unknown') continue
      const element = elementOf(type)
      if (element === undefined) return 'conflict'
      members.push(element)
    } else if (one === 'anycompatible' || one === 'anycompatiblenonarray') {
      if (one === 'anycompatiblenonarray' && type !== 'unknown' && type.kind === 'Array') {
        return 'conflict'
      }
      members.push(type)
    }
  }
  if (members.length === 0) return isArrayNeeded ? scalar('text') : undefined
  const common = commonType(members)
  if (common === undefined) return 'conflict'
  if (isArrayNeeded && common.kind !== 'Scalar') return 'conflict'
  return withoutModifiers(common)
}

/** func_select_candidate: exact matches, then preferred types, then what unknowns can be. */
function narrow<T extends Signature>(
  possible: readonly Expanded<T>[],
  types: readonly ArgumentType[],
): Expanded<T> | undefined {
  const byExact = best(possible, ({ declared }) =>
    count(declared, types, (one, type) => one === keyOf(type)),
  )
  if (byExact.length === 1) return byExact[0]
  const byPreferred = best(byExact, ({ declared }) =>
    count(
      declared,
      types,
      (one, type) => one === keyOf(type) || isPreferredWithin(one, categoryOf(type)),
    ),
  )
  if (byPreferred.length === 1) return byPreferred[0]
  if (!types.includes('unknown')) return undefined
  const byUnknown = narrowByUnknowns(byPreferred, types)
  if (byUnknown.length === 1) return byUnknown[0]
  return byKnownType(byUnknown, types)
}

/** A polymorphic type matches no type exactly and is preferred by none. */
function isPreferredWithin(declared: DeclaredType, category: TypeCategory): boolean {
  if (isPolymorphic(declared)) return false
  const type = typeOfKey(declared)
  return isPreferred(type) && categoryOf(type) === category
}

/** Counts the arguments of known type that satisfy the claim. */
function count(
  declared: readonly DeclaredType[],
  types: readonly ArgumentType[],
  claim: (declared: DeclaredType, type: SqlType) => boolean,
): number {
  return declared.filter((one, index) => {
    const type = types[index]
    return type !== undefined && type !== 'unknown' && claim(one, type)
  }).length
}

/** The members with the highest score. */
function best<T>(members: readonly T[], score: (member: T) => number): readonly T[] {
  const highest = Math.max(...members.map(score))
  return members.filter((member) => score(member) === highest)
}

/** For each unknown argument the category that the candidates agree on; string if any takes one. */
function narrowByUnknowns<T extends Signature>(
  candidates: readonly Expanded<T>[],
  types: readonly ArgumentType[],
): readonly Expanded<T>[] {
  const slots: {
    readonly index: number
    readonly category: TypeCategory | 'any'
    readonly preferred: boolean
  }[] = []
  for (const [index, type] of types.entries()) {
    if (type !== 'unknown') continue
    const members = candidates.map(({ declared }) => slotOf(declared[index]))
    const categories = new Set(members.map((member) => member.category))
    const isString = categories.has('S')
    const [category] = categories
    if (category === undefined || (categories.size > 1 && !isString)) return candidates
    const chosen = isString ? 'S' : category
    const preferred = members.some((member) => member.category === chosen && member.preferred)
    slots.push({ index, category: chosen, preferred })
  }
  const kept = candidates.filter(({ declared }) =>
    slots.every(({ index, category, preferred }) => {
      const slot = slotOf(declared[index])
      return slot.category === category && (!preferred || slot.preferred)
    }),
  )
  return kept.length > 0 ? kept : candidates
}

function slotOf(declared: DeclaredType | undefined): {
  readonly category: TypeCategory | 'any'
  readonly preferred: boolean
} {
  if (declared === undefined || isPolymorphic(declared))
    return { category: 'any', preferred: false }
  const type = typeOfKey(declared)
  return { category: categoryOf(type), preferred: isPreferred(type) }
}

/** Last resort: if all known arguments have one type, unknown ones are taken to have it too. */
function byKnownType<T extends Signature>(
  candidates: readonly Expanded<T>[],
  types: readonly ArgumentType[],
): Expanded<T> | undefined {
  const known = types.filter((type) => type !== 'unknown')
  const [first] = known
  if (first === undefined || !known.every((type) => keyOf(type) === keyOf(first))) return undefined
  const supposed = types.map(() => first)
  const fitting = candidates.filter(({ declared }) => isPossible(declared, supposed))
  return fitting.length === 1 ? fitting[0] : undefined
}

function matched<T extends Signature>(
  { candidate, declared }: Expanded<T>,
  types: readonly ArgumentType[],
): Selection<T> {
  const bindings = bindPolymorphic(declared, types) ?? {
    element: undefined,
    compatible: undefined,
  }
  if (bindings.element === 'undetermined') throw undeterminedType()
  const { element, compatible } = bindings
  const resolve = (one: DeclaredType): SqlType => resolveDeclared(one, { element, compatible })
  const coerced = declared.map((one, index) => {
    const type = types[index]
    if (one === 'any' || one === 'record') {
      return type === undefined || type === 'unknown' ? scalar('text') : type
    }
    const target = resolve(one)
    // The same type keeps its modifiers: no cast is needed.
    return type !== undefined && type !== 'unknown' && keyOf(type) === keyOf(target) ? type : target
  })
  return { kind: 'Match', match: { candidate, arguments: coerced, resolve } }
}

interface KnownBindings {
  readonly element: SqlType | undefined
  readonly compatible: SqlType | undefined
}

function resolveDeclared(declared: DeclaredType, bindings: KnownBindings): SqlType {
  if (!isPolymorphic(declared)) return typeOfKey(declared)
  switch (declared) {
    case 'anyelement':
    case 'anynonarray':
      return bindings.element ?? scalar('text')
    case 'anyarray':
      return arrayTypeOf(bindings.element)
    case 'anycompatible':
    case 'anycompatiblenonarray':
      return bindings.compatible ?? scalar('text')
    case 'anycompatiblearray':
      return arrayTypeOf(bindings.compatible)
    case 'any':
      return scalar('text')
    default:
      return unreachable(declared)
  }
}

function arrayTypeOf(element: SqlType | undefined): SqlType {
  return element?.kind === 'Scalar' ? arrayOf(element) : arrayOf(scalar('text'))
}
