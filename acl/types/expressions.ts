/** Short makers of nodes of the bound tree, for the tables of operators and functions. */
import type { SqlState } from '../../errors/sql-state.ts'
import type { BinaryOperator, BoundExpression, Constant } from '../../store/bound.ts'
import type { SqlType, SqlValue } from '../../store/sql-type.ts'
import { scalar } from './scalar.ts'

/** A call of a function of the engine. */
export function call(
  name: string,
  args: readonly BoundExpression[],
  type: SqlType,
): BoundExpression {
  return { kind: 'FunctionCall', function: name, arguments: args, type }
}

/** CAST(operand AS type). */
export function cast(operand: BoundExpression, type: SqlType): BoundExpression {
  return { kind: 'Cast', operand, type }
}

/** A constant of a type. */
export function constant(value: SqlValue, type: SqlType): Constant {
  return { kind: 'Constant', value, type }
}

/** A constant int4. */
export function integer(value: number): Constant {
  return constant(value, scalar('int4'))
}

/** A constant text. */
export function text(value: string): Constant {
  return constant(value, scalar('text'))
}

/** left operator right. */
export function binary(
  left: BoundExpression,
  operator: BinaryOperator,
  right: BoundExpression,
  type: SqlType = scalar('bool'),
): BoundExpression {
  return { kind: 'BinaryOperation', operator, left, right, type }
}

/** CASE WHEN condition THEN value ... ELSE otherwise END. */
export function when(
  branches: readonly (readonly [condition: BoundExpression, value: BoundExpression])[],
  otherwise: BoundExpression,
  type: SqlType,
): BoundExpression {
  return {
    kind: 'CaseExpression',
    // oxlint-disable-next-line unicorn/no-thenable -- the contract of store/bound.ts names it so; never awaited
    branches: branches.map(([condition, value]) => ({ when: condition, then: value })),
    otherwise,
    type,
  }
}

/** operand IS NULL. */
export function isNull(operand: BoundExpression): BoundExpression {
  return { kind: 'NullTest', operand, negated: false, type: scalar('bool') }
}

/** The value of a constant, or undefined for any other expression; CASTs of constants are not folded. */
export function constantValue(expression: BoundExpression | undefined): SqlValue | undefined {
  return expression?.kind === 'Constant' ? expression.value : undefined
}

/** The number of a constant of a number's type, casts to other types of numbers included. */
export function constantNumber(expression: BoundExpression | undefined): number | undefined {
  if (expression?.kind === 'Cast') {
    const { type } = expression
    const isNumber = type.kind === 'Scalar' && numberTypes.has(type.name)
    return isNumber ? constantNumber(expression.operand) : undefined
  }
  if (expression?.kind === 'PrefixOperation' && expression.operator === '-') {
    const operand = constantNumber(expression.operand)
    return operand === undefined ? undefined : -operand
  }
  const value = constantValue(expression)
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  const isNumeric = expression?.type?.kind === 'Scalar' && expression.type.name === 'numeric'
  return typeof value === 'string' && isNumeric ? Number(value) : undefined
}

const numberTypes: ReadonlySet<string> = new Set(['int2', 'int4', 'int8', 'float8', 'numeric'])

/** The number of an integral constant, or undefined. */
export function constantInteger(expression: BoundExpression | undefined): number | undefined {
  const value = constantNumber(expression)
  return value !== undefined && Number.isInteger(value) ? value : undefined
}

/** The condition under which all hold. */
export function and(...operands: readonly BoundExpression[]): BoundExpression {
  return { kind: 'Logical', operator: 'AND', operands, type: scalar('bool') }
}

/** The condition under which one holds. */
export function or(...operands: readonly BoundExpression[]): BoundExpression {
  return { kind: 'Logical', operator: 'OR', operands, type: scalar('bool') }
}

/** The first that is not NULL. */
export function coalesce(operands: readonly BoundExpression[], type: SqlType): BoundExpression {
  return { kind: 'ConditionalCall', function: 'coalesce', arguments: operands, type }
}

/** The texts one after another; NULL counts as nothing. */
export function concat(parts: readonly BoundExpression[]): BoundExpression {
  return call('concat', parts, scalar('text'))
}

/**
 * Raises the error when it is evaluated: the store knows the engine's message by its form
 * (store/print/raise.ts). The message is a sentence of ours, never data (rule R7).
 */
export function raise(sqlState: SqlState, message: string): BoundExpression {
  return {
    kind: 'FunctionCall',
    function: 'error',
    arguments: [text(`grantd:${sqlState}:${message}`)],
  }
}

/** A numeric with so many decimals, for results whose scale PostgreSQL shows. */
export function numericOfScale(scale: number, precision = 38): SqlType {
  return { ...scalar('numeric'), precision, scale }
}
