import type { BoundExpression } from '../../store/bound.ts'
import type { SqlType } from '../../store/sql-type.ts'
import { canCoerce, categoryOf, commonType } from '../types/coerce.ts'
import type { CoercionContext } from '../types/coerce.ts'
import { keyOf, sameType, withoutModifiers } from '../types/scalar.ts'
import type { ArgumentType } from '../types/scalar.ts'
import { typeText } from '../types/type-name.ts'
import type { SqlError } from '../../errors/sql-error.ts'
import type { BindContext } from './bind-context.ts'
import { cannotCast, datatypeMismatch, inconsistentParameter } from './binding-errors.ts'
import { foldCast } from './constant-folding.ts'
import { bindLiteral } from './literal.ts'
import type { Scope } from './scope.ts'
import type { TypedExpression } from './typed-expression.ts'
import { boolType, failedExpression, textType, typeField } from './typed-expression.ts'

/** A type as the tables of operators and functions take it. */
export function argumentType(value: TypedExpression): ArgumentType {
  return value.type ?? 'unknown'
}

/** The words for a type in an error. */
export function typeWords(type: ArgumentType | undefined): string {
  return type === undefined || type === 'unknown' ? 'unknown' : typeText(type)
}

/**
 * The expression as a value of the type (parse_coerce.c, coerce_to_target_type): literals are read,
 * parameters take the type, everything else is cast where the context admits it.
 */
export function coerce(
  context: BindContext,
  value: TypedExpression,
  target: { readonly to: SqlType; readonly context: CoercionContext },
): BoundExpression {
  const { to } = target
  if (value.type === undefined) return value.expression
  if (value.type === 'unknown') return coerceUnknown(context, value, target)
  if (sameType(value.type, to)) return value.expression
  if (keyOf(value.type) === keyOf(to) && sameType(withoutModifiers(to), to)) {
    // The same type without limits: varchar(3) is a varchar as it is.
    if (to.kind !== 'Record') return value.expression
  }
  if (!canCoerce({ from: value.type, to, context: target.context })) {
    throw cannotCast(typeWords(value.type), typeText(to), context.offsetOf(value.location))
  }
  return foldedCast(value, to) ?? castTo(value.expression, target)
}

/** Only between number types as such: a limit of digits is the store's to apply. */
function foldedCast(value: TypedExpression, to: SqlType): BoundExpression | undefined {
  const { type } = value
  if (type === undefined || type === 'unknown' || !sameType(withoutModifiers(to), to))
    return undefined
  return categoryOf(type) === 'N' ? foldCast(value.expression, to) : undefined
}

/** Assignment is told apart: a text too long for its column is an error, not cut (22001). */
function castTo(
  operand: BoundExpression,
  { to, context }: { readonly to: SqlType; readonly context: CoercionContext },
): BoundExpression {
  return {
    kind: 'Cast',
    operand,
    type: to,
    ...(context === 'explicit' ? {} : { assignment: true }),
  }
}

function coerceUnknown(
  context: BindContext,
  { expression, location }: TypedExpression,
  target: { readonly to: SqlType; readonly context: CoercionContext },
): BoundExpression {
  const { to } = target
  const plain = withoutModifiers(to)
  const value = unknownAs(context, expression, plain, location)
  return sameType(plain, to) ? value : castTo(value, target)
}

function unknownAs(
  context: BindContext,
  expression: BoundExpression,
  type: SqlType,
  location: number | undefined,
): BoundExpression {
  if (expression.kind === 'Parameter') {
    return parameterAs(context, expression.number, type, location)
  }
  if (expression.kind !== 'Variable') return literalAs(context, expression, type, location)
  // Of one that has no type of its own, each use has the type of its place.
  return { ...expression, type, value: unknownAs(context, expression.value, type, location) }
}

function literalAs(
  context: BindContext,
  expression: BoundExpression,
  type: SqlType,
  location: number | undefined,
): BoundExpression {
  if (expression.kind !== 'Constant') return expression
  if (typeof expression.value !== 'string') return { kind: 'Constant', value: null, type }
  return bindLiteral(context, { text: expression.value, type, location })
}

function parameterAs(
  context: BindContext,
  number: number,
  type: SqlType,
  location: number | undefined,
): BoundExpression {
  const decided = context.parameters.decide(number, type)
  const parameter = { kind: 'Parameter', number, type: decided } as const
  if (sameType(decided, type)) return parameter
  if (!canCoerce({ from: decided, to: type, context: 'assignment' })) {
    throw inconsistentParameter(
      number,
      { first: typeText(decided), second: typeText(type) },
      context.offsetOf(location),
    )
  }
  return { kind: 'Cast', operand: parameter, type }
}

/** What is still unknown when a query is done is text (parse_target.c, resolveTargetListUnknowns). */
export function settle(context: BindContext, value: TypedExpression): TypedExpression {
  if (value.type !== 'unknown') return value
  const expression = coerce(context, value, { to: textType, context: 'implicit' })
  return { expression, type: textType, location: value.location }
}

/** A condition: `argument of WHERE must be type boolean, not type integer`. */
export function coerceToBoolean(
  scope: Scope,
  value: TypedExpression,
  construct: string,
): BoundExpression {
  const { context } = scope
  if (value.type === undefined) return value.expression
  if (!canCoerce({ from: value.type, to: boolType, context: 'assignment' })) {
    context.fail(
      datatypeMismatch(
        `argument of ${construct} must be type boolean, not type ${typeWords(value.type)}`,
        context.offsetOf(value.location),
      ),
    )
    return failedExpression
  }
  return coerce(context, value, { to: boolType, context: 'assignment' })
}

/** Several expressions as values of one type (select_common_type): CASE, COALESCE, IN, ARRAY, VALUES. */
export function unify(
  context: BindContext,
  values: readonly TypedExpression[],
  construct: string,
): { readonly expressions: readonly BoundExpression[]; readonly type?: SqlType } {
  const types = values.map(({ type }) => type)
  if (types.includes(undefined)) return { expressions: values.map(({ expression }) => expression) }
  const known = types.filter((type) => type !== undefined)
  const common = commonType(known)
  if (common === undefined) throw unmatchedTypes(context, values, construct)
  const expressions = values.map((value) =>
    coerce(context, value, { to: common, context: 'implicit' }),
  )
  return { expressions, ...typeField(common) }
}

/** `CASE types integer and text cannot be matched`. */
function unmatchedTypes(
  context: BindContext,
  values: readonly TypedExpression[],
  construct: string,
): SqlError {
  const known = values.filter(({ type }) => type !== undefined && type !== 'unknown')
  const [first] = known
  const second = known.find(({ type }, index) => {
    const before = known.slice(0, index).map((value) => argumentType(value))
    return commonType([...before, type ?? 'unknown']) === undefined
  })
  return datatypeMismatch(
    `${construct} types ${typeWords(first?.type)} and ${typeWords(second?.type)} cannot be matched`,
    context.offsetOf(second?.location),
  )
}
