import type { BoundExpression, BoundQuery, RangeId } from '../bound.ts'
import type { SqlType } from '../sql-type.ts'
import type { ProgramParameter } from '../store.ts'

/**
 * What the printing of one statement shares: the way down into expressions and queries (they contain
 * each other), the parameters found so far, and how the columns of the written table are named.
 */
export interface Printer {
  /** The random alias under which the database is attached. */
  readonly database: string
  /** Where the engine's files are, for statements about them. */
  readonly filesDirectory?: string
  expression(expression: BoundExpression): string
  query(query: BoundQuery): string
  /** `$n` without a cast; the same parameter keeps its number. */
  parameter(parameter: ProgramParameter): string
  /** Columns of this range print by their physical name under the qualifier, if any. */
  declareTarget(range: RangeId, qualifier: string | undefined): void
  /** The qualifier of a declared range; `kind` tells a projection from a target. */
  targetOf(range: RangeId): { readonly qualifier: string | undefined } | undefined
}

/** An operand that was printed, with the type that its values have. */
export interface Operand {
  readonly sql: string
  readonly type: SqlType | undefined
  readonly expression?: BoundExpression
}

/** Prints an expression and keeps what is known of it. */
export function operandOf(printer: Printer, expression: BoundExpression): Operand {
  return { sql: printer.expression(expression), type: expression.type, expression }
}
