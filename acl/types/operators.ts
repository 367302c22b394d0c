/**
 * PostgreSQL's operators over the types that are offered: which one is meant (chapter "Type
 * Conversion", parse_oper.c), what its operands are coerced to, and the form the store runs it in.
 */
import { unreachable } from '../../errors/unreachable.ts'
import type { BinaryOperator, BoundExpression } from '../../store/bound.ts'
import type { SqlType } from '../../store/sql-type.ts'
import { ambiguousOperator } from './errors.ts'
import { operatorRows, prefixRows } from './operator-rows.ts'
import type { OperatorRow, PrefixRow } from './operator-rows.ts'
import type { ArgumentType } from './scalar.ts'
import { keyOf } from './scalar.ts'
import { selectCandidate } from './select-candidate.ts'
import type { Match } from './select-candidate.ts'
import { typeText } from './type-name.ts'

/** An operator that the store has itself. */
export interface ResolvedBinary {
  readonly kind: 'Binary'
  readonly operator: BinaryOperator
  readonly left: SqlType
  readonly right: SqlType
  readonly result: SqlType
}

/** An operator that is written as another expression over its two operands. */
export interface ResolvedExpression {
  readonly kind: 'Expression'
  readonly left: SqlType
  readonly right: SqlType
  readonly result: SqlType
  readonly build: (left: BoundExpression, right: BoundExpression) => BoundExpression
}

/** An operator before its only operand. */
export interface ResolvedPrefix {
  readonly kind: 'Prefix'
  readonly right: SqlType
  readonly result: SqlType
  readonly build: (operand: BoundExpression) => BoundExpression
}

export type ResolvedOperator = ResolvedBinary | ResolvedExpression | ResolvedPrefix

export interface OperatorOperands {
  /** As written: `+`, `!~~` (NOT LIKE), `!=`. */
  readonly operator: string
  /** Absent for an operator before its operand. */
  readonly left?: ArgumentType | undefined
  readonly right: ArgumentType
}

/**
 * The operator that PostgreSQL would choose; undefined if there is none or it is not offered (42883).
 * @throws SqlError 42725 where PostgreSQL cannot choose
 */
export function resolveOperator(operands: OperatorOperands): ResolvedOperator | undefined {
  const operator = operands.operator === '!=' ? '<>' : operands.operator
  if (operands.left === undefined) return resolvePrefix(operator, operands.right)
  const rows = operatorRows.get(operator)
  if (rows === undefined) return undefined
  const { left, right } = operands
  const match = selectBinary({ operator, rows, left, right })
  if (match === undefined) return undefined
  return resolvedBinary(match)
}

/** The operator over its coerced operands, as the store's tree has it. */
export function applyOperator(
  resolved: ResolvedOperator,
  left: BoundExpression | undefined,
  right: BoundExpression,
): BoundExpression {
  switch (resolved.kind) {
    case 'Prefix':
      return resolved.build(right)
    case 'Binary':
      return {
        kind: 'BinaryOperation',
        operator: resolved.operator,
        left: left ?? right,
        right,
        type: resolved.result,
      }
    case 'Expression':
      return resolved.build(left ?? right, right)
    default:
      return unreachable(resolved)
  }
}

function resolvePrefix(operator: string, right: ArgumentType): ResolvedPrefix | undefined {
  const rows = prefixRows.get(operator)
  if (rows === undefined) return undefined
  const selection = selectCandidate<PrefixRow>(rows, [right])
  if (selection.kind === 'Ambiguous') throw ambiguousOperator(`${operator} ${textOf(right)}`)
  if (selection.kind === 'None') return undefined
  const { candidate, arguments: types, resolve } = selection.match
  const [operand] = types
  if (operand === undefined) return undefined
  const result = resolve(candidate.result)
  const { operator: own, build } = candidate
  if (build !== undefined) return { kind: 'Prefix', right: operand, result, build }
  if (own === undefined) return undefined
  return {
    kind: 'Prefix',
    right: operand,
    result,
    build: (one) => ({ kind: 'PrefixOperation', operator: own, operand: one, type: result }),
  }
}

interface BinarySelection {
  readonly operator: string
  readonly rows: readonly OperatorRow[]
  readonly left: ArgumentType
  readonly right: ArgumentType
}

function selectBinary({
  operator,
  rows,
  left,
  right,
}: BinarySelection): Match<OperatorRow> | undefined {
  // binary_oper_exact: an unknown operand is first taken to be of the other's type.
  const known = left === 'unknown' ? right : left
  if (known !== 'unknown' && (left === 'unknown' || right === 'unknown')) {
    const key = keyOf(known)
    const same = rows.find((row) => row.arguments.every((argument) => argument === key))
    const selection = same === undefined ? undefined : selectCandidate([same], [known, known])
    if (selection?.kind === 'Match') return selection.match
  }
  const selection = selectCandidate(rows, [left, right])
  if (selection.kind === 'Ambiguous') {
    throw ambiguousOperator(`${textOf(left)} ${operator} ${textOf(right)}`)
  }
  return selection.kind === 'Match' ? selection.match : undefined
}

function resolvedBinary(match: Match<OperatorRow>): ResolvedOperator | undefined {
  const { candidate, resolve } = match
  const types = candidate.coerceTo?.map(resolve) ?? match.arguments
  const [left, right] = types
  if (left === undefined || right === undefined) return undefined
  const result = resolve(candidate.result)
  const { operator, build } = candidate
  if (build !== undefined) return { kind: 'Expression', left, right, result, build }
  return operator === undefined ? undefined : { kind: 'Binary', operator, left, right, result }
}

function textOf(type: ArgumentType): string {
  return type === 'unknown' ? type : typeText(type)
}
