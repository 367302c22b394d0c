import type { BoundExpression } from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import type { DeclaredType, Signature } from '../select-candidate.ts'

/** What a row's builder may want to know about the call. */
export interface CallContext {
  /** The name in the dialect, for errors. */
  readonly name: string
  /** The result type, polymorphic types resolved. */
  readonly result: SqlType
  /** The types that the arguments were coerced to. */
  readonly arguments: readonly SqlType[]
}

/** A scalar function: what it runs as. `build` throws an SqlError where a guard forbids the call. */
export interface ScalarRow extends Signature {
  readonly kind: 'Scalar'
  readonly name: string
  readonly result: DeclaredType
  readonly build: (args: readonly BoundExpression[], context: CallContext) => BoundExpression
}

/** A call of an aggregate or window function of the engine, before DISTINCT, ORDER BY, FILTER and OVER. */
export interface EngineCall {
  readonly function: string
  readonly arguments: readonly BoundExpression[]
  readonly star?: boolean
  /** Of each value once, without the statement's saying so: count_distinct. */
  readonly distinct?: boolean
  readonly type: SqlType
}

/** Adds to an engine call what stands around it in the statement: DISTINCT, ORDER BY, FILTER, OVER. */
export type CompleteCall = (call: EngineCall) => BoundExpression

type BuildCall = (
  args: readonly BoundExpression[],
  complete: CompleteCall,
  context: CallContext,
) => BoundExpression

/** An aggregate function. */
export interface AggregateRow extends Signature {
  readonly kind: 'Aggregate'
  readonly name: string
  /** Called with `*`: count(*). */
  readonly star?: boolean
  /** WITHIN GROUP: how many arguments stand in the call; the rest are those of its ORDER BY. */
  readonly directArguments?: number
  /** Its values come in the order of the designated timestamp, which `build` is given as the last argument. */
  readonly byTimestamp?: true
  readonly result: DeclaredType
  readonly build: BuildCall
}

/** A function that needs OVER. */
export interface WindowRow extends Signature {
  readonly kind: 'Window'
  readonly name: string
  readonly result: DeclaredType
  readonly build: BuildCall
}

export type FunctionRow = ScalarRow | AggregateRow | WindowRow
