import type { BoundExpression } from '../../store/bound.ts'
import type { SqlType } from '../../store/sql-type.ts'

/**
 * What is known of an expression's type: a type, `unknown` (a bare literal or parameter, which takes
 * the type of its context), or nothing (only the engine knows).
 */
export type KnownType = SqlType | 'unknown' | undefined

/** An expression on its way into the bound tree. Of an `unknown` one the expression is a draft. */
export interface TypedExpression {
  readonly expression: BoundExpression
  readonly type: KnownType
  /** libpg-query's location, for errors. */
  readonly location: number | undefined
}

/** Stands where binding failed; the statement is refused, so nobody ever runs it. */
export const failedExpression: BoundExpression = { kind: 'Constant', value: null }

export const boolType: SqlType = { kind: 'Scalar', name: 'bool' }
export const textType: SqlType = { kind: 'Scalar', name: 'text' }
export const int4Type: SqlType = { kind: 'Scalar', name: 'int4' }
export const int8Type: SqlType = { kind: 'Scalar', name: 'int8' }
export const numericType: SqlType = { kind: 'Scalar', name: 'numeric' }

/** `{ type }` where one is known: `exactOptionalPropertyTypes` wants it absent otherwise. */
export function typeField(type: KnownType): { readonly type?: SqlType } {
  return type === undefined || type === 'unknown' ? {} : { type }
}
