import { invariant } from '../../errors/invariant.ts'
import type { BoundExpression, BoundSort } from '../bound.ts'
import { operandOf } from './printer.ts'
import type { Printer } from './printer.ts'
import { unpadded } from './unpadded.ts'

/**
 * A sort key with its direction. Where nulls go is always written out: last if ascending, first if
 * descending, unless told otherwise (PostgreSQL's default).
 */
export function printSortKey(printer: Printer, { key, descending, nulls }: BoundSort): string {
  const place = nulls ?? (descending ? 'FIRST' : 'LAST')
  return `${printKey(printer, key)} ${descending ? 'DESC' : 'ASC'} NULLS ${place}`
}

/** An expression in the form in which the engine orders and compares it as PostgreSQL does. */
export function sortable(printer: Printer, expression: BoundExpression): string {
  return unpadded(operandOf(printer, expression))
}

function printKey(printer: Printer, key: BoundSort['key']): string {
  if (key.kind !== 'OutputReference') return sortable(printer, key)
  invariant(Number.isInteger(key.position) && key.position > 0, 'positions count from 1')
  return String(key.position)
}
