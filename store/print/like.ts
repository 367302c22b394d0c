import type { LikeMatch } from '../bound.ts'
import { operandOf } from './printer.ts'
import type { Printer } from './printer.ts'
import { textOf } from './text-of.ts'

/**
 * LIKE and ILIKE. The backslash escapes unless ESCAPE says otherwise; for a constant pattern without
 * one the escape is left out, which lets the engine use its fast forms.
 */
export function printLike(printer: Printer, like: LikeMatch): string {
  const word = `${like.negated ? 'NOT ' : ''}${like.caseInsensitive ? 'ILIKE' : 'LIKE'}`
  const operand = operandOf(printer, like.operand)
  const pattern = textOf(operandOf(printer, like.pattern))
  // Blank-padded text matches with its spaces, as in PostgreSQL.
  return `(${operand.sql} ${word} ${pattern}${printEscape(printer, like)})`
}

function printEscape(printer: Printer, { pattern, escape }: LikeMatch): string {
  if (escape !== undefined) return ` ESCAPE ${printer.expression(escape)}`
  const needsNone =
    pattern.kind === 'Constant' &&
    typeof pattern.value === 'string' &&
    !pattern.value.includes('\\')
  return needsNone ? '' : " ESCAPE '\\'"
}
