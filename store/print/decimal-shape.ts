/** What is known of the digits of numeric expressions: the engine's DECIMAL(precision, scale). */
import type { BinaryOperation, BoundExpression } from '../bound.ts'
import type { ScalarTypeName, SqlType } from '../sql-type.ts'

/** Digits in all and after the point, as the engine's DECIMAL counts them. */
export interface DecimalShape {
  readonly precision: number
  readonly scale: number
}

/** Most digits that the engine's DECIMAL holds. */
export const decimalDigitsMax = 38

/** numeric without limits, as columns hold it. */
export const wideShape: DecimalShape = { precision: decimalDigitsMax, scale: 18 }

/** The engine's type of a shape. */
export function decimalType({ precision, scale }: DecimalShape): string {
  return `DECIMAL(${precision}, ${scale})`
}

/** The shape of a decimal text; undefined if it has too many digits. */
export function decimalShape(text: string): DecimalShape | undefined {
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.')
  const digits = whole.replace(/^0+/, '').length
  const precision = Math.max(digits + fraction.length, 1)
  return precision > decimalDigitsMax ? undefined : { precision, scale: fraction.length }
}

/** The shape that the engine gives an expression as this printer prints it; undefined if not known. */
export function shapeOf(expression: BoundExpression | undefined): DecimalShape | undefined {
  if (expression === undefined) return undefined
  const declared = declaredShape(expression)
  if (declared !== undefined) return declared
  if (expression.kind === 'Constant') return constantShape(expression)
  if (expression.kind === 'Cast') return integerShape(expression.operand) ?? openCast(expression)
  if (expression.kind === 'BinaryOperation') return resultShape(expression)
  if (expression.kind !== 'PrefixOperation' || expression.operator === '|/') return undefined
  return shapeOf(expression.operand)
}

function openCast({
  operand,
}: BoundExpression & { readonly kind: 'Cast' }): DecimalShape | undefined {
  const isNumeric = operand.type?.kind === 'Scalar' && operand.type.name === 'numeric'
  return isNumeric ? shapeOf(operand) : wideShape
}

/** The shape of numeric(p, s). */
export function declaredShape({ type }: { readonly type?: SqlType }): DecimalShape | undefined {
  if (type?.kind !== 'Scalar' || type.precision === undefined) return undefined
  return { precision: type.precision, scale: type.scale ?? 0 }
}

function constantShape({
  value,
}: BoundExpression & { readonly kind: 'Constant' }): DecimalShape | undefined {
  return typeof value === 'string' ? decimalShape(value) : undefined
}

/** Most digits of the integers: a numeric cast from one has as many, and no fraction. */
export const integerDigits: ReadonlyMap<ScalarTypeName, number> = new Map([
  ['int2', 5],
  ['int4', 10],
  ['int8', 19],
  ['oid', 10],
])

function integerShape({ type }: BoundExpression): DecimalShape | undefined {
  const precision = type?.kind === 'Scalar' ? integerDigits.get(type.name) : undefined
  return precision === undefined ? undefined : { precision, scale: 0 }
}

function resultShape({ operator, left, right }: BinaryOperation): DecimalShape | undefined {
  if (operator === '/' || operator === '^') return wideShape
  const a = shapeOf(left)
  const b = shapeOf(right)
  if (a === undefined || b === undefined) return undefined
  if (operator === '+' || operator === '-') return widest(Math.max(a.scale, b.scale))
  return operator === '*' ? productShape(a, b) : undefined
}

/** As many digits before the point as numeric without limits has: the engine joins such shapes without loss. */
function widest(scale: number): DecimalShape {
  const whole = wideShape.precision - wideShape.scale
  return { precision: Math.min(whole + scale, decimalDigitsMax), scale }
}

/** The shape of a product: the sum of the scales, or numeric without limits where that is more. */
export function productShape(a: DecimalShape, b: DecimalShape): DecimalShape {
  return widest(Math.min(a.scale + b.scale, wideShape.scale))
}

/**
 * An operand for arithmetic. Over operands of up to 18 digits the engine computes in 64 bits and fails
 * where the result has more; with all digits it computes in 128 bits.
 */
export function widened(sql: string, shape: DecimalShape | undefined): string {
  if (shape === undefined) return sql
  const wide = widest(shape.scale)
  return shape.precision >= wide.precision ? sql : `CAST(${sql} AS ${decimalType(wide)})`
}

/** The sum of numerics of a known shape, which the engine gives with 38 digits. */
export function sumOf(sql: string, shape: DecimalShape | undefined): string {
  return shape === undefined ? sql : `CAST(${sql} AS ${decimalType(widest(shape.scale))})`
}
