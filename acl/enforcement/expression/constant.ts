import type { A_Const, ParamRef } from '@pgsql/types'
import type { SqlType, SqlValue } from '../../../store/sql-type.ts'
import { notSupported, unknownParameter } from '../binding-errors.ts'
import type { Scope } from '../scope.ts'
import type { TypedExpression } from '../typed-expression.ts'
import { bindVariable } from './variable.ts'
import { boolType, int4Type, int8Type, numericType } from '../typed-expression.ts'

/** The highest number of a parameter: Bind's count is an Int16 (protocol, "Message Formats"). */
const parametersMax = 65_535

/** A literal: integers are int4, int8, else numeric; strings take the type of their context (make_const). */
export function bindConstant(node: A_Const, scope: Scope): TypedExpression {
  const { location } = node
  if (node.isnull === true) return literal(null, location)
  if (node.sval !== undefined) return literal(node.sval.sval ?? '', location)
  if (node.boolval !== undefined) return constant(node.boolval.boolval ?? false, boolType, location)
  if (node.ival !== undefined) return constant(node.ival.ival ?? 0, int4Type, location)
  if (node.fval !== undefined) return numberConstant(node.fval.fval ?? '0', location)
  throw notSupported('a bit string', scope.context.offsetOf(location))
}

/** `$n`, or the variable that it stands in for: of the type that is known by now, else of the type of its context. */
export function bindParameter(node: ParamRef, scope: Scope): TypedExpression {
  const { context } = scope
  const { number = 0, location } = node
  const variable = context.variableAt(location)
  if (variable !== undefined) return bindVariable(variable, scope, location)
  if (number < 1 || number > parametersMax) {
    throw unknownParameter(number, context.offsetOf(location))
  }
  context.parameters.use(number)
  const type = context.parameters.typeOf(number)
  return {
    expression: { kind: 'Parameter', number, type: type ?? { kind: 'Scalar', name: 'text' } },
    type: type ?? 'unknown',
    location,
  }
}

function literal(value: string | null, location: number | undefined): TypedExpression {
  return { expression: { kind: 'Constant', value }, type: 'unknown', location }
}

function constant(value: SqlValue, type: SqlType, location: number | undefined): TypedExpression {
  return { expression: { kind: 'Constant', value, type }, type, location }
}

const int8Max = 9_223_372_036_854_775_807n

/** What the grammar could not hold as an int4. Written with a point or an exponent it is numeric. */
function numberConstant(text: string, location: number | undefined): TypedExpression {
  if (/^-?\d+$/.test(text) || /^0[xob]/i.test(text.replaceAll('_', ''))) {
    const value = BigInt(text.replaceAll('_', ''))
    if (value <= int8Max && value >= -int8Max - 1n) return constant(value, int8Type, location)
    return constant(value.toString(), numericType, location)
  }
  return constant(plainDecimal(text.replaceAll('_', '')), numericType, location)
}

/** `1.5e3` as `1500`: a numeric's text has no exponent. */
function plainDecimal(text: string): string {
  const match = /^(-?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text)
  if (match === null) return text
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  const shift = Number(exponent)
  const digits = whole + fraction
  const point = whole.length + shift
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  if (point >= digits.length) return `${sign}${digits}${'0'.repeat(point - digits.length)}`
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}
