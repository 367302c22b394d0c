/** INSERT, UPDATE, DELETE. */
import { unreachable } from '../../errors/unreachable.ts'
import type {
  BoundAssignment,
  BoundDelete,
  BoundExpression,
  BoundInsert,
  BoundOnConflict,
  BoundReturning,
  BoundUpdate,
} from '../bound.ts'
import { printFromItem } from './from.ts'
import { printInsertSource } from './insert-source.ts'
import { columnName, qualifiedTableName, rangeName, tableName } from './names.ts'
import type { Printer } from './printer.ts'
import { clause, printTargets, printWith } from './query.ts'

/** The engine gives the target of an INSERT no alias that RETURNING could see: it goes by its own name. */
export function printInsert(printer: Printer, insert: BoundInsert): string {
  const { target, columns, source, onConflict, returning } = insert
  printer.declareTarget(target.range, tableName(target.oid))
  if (onConflict !== undefined) printer.declareTarget(onConflict.excluded, '"excluded"')
  const list = columns.length === 0 ? '' : ` (${columns.map(columnName).join(', ')})`
  return joined([
    printWith(printer, insert),
    `INSERT INTO ${qualifiedTableName(printer.database, target.oid)}${source === undefined ? '' : list}`,
    source === undefined ? 'DEFAULT VALUES' : printInsertSource(printer, insert, source),
    onConflict === undefined ? '' : printOnConflict(printer, onConflict),
    printReturning(printer, returning),
  ])
}

function printOnConflict(printer: Printer, { target, action }: BoundOnConflict): string {
  const columns = target.length === 0 ? '' : ` (${target.map(columnName).join(', ')})`
  switch (action.kind) {
    case 'Nothing':
      return `ON CONFLICT${columns} DO NOTHING`
    case 'Update': {
      const set = printAssignments(printer, action.assignments)
      const where = clause('WHERE', optional(printer, action.where))
      return joined([`ON CONFLICT${columns} DO UPDATE SET ${set}`, where])
    }
    default:
      return unreachable(action)
  }
}

export function printUpdate(printer: Printer, update: BoundUpdate): string {
  const { target, assignments, from, where, returning } = update
  const alias = rangeName(target.range)
  printer.declareTarget(target.range, alias)
  return joined([
    printWith(printer, update),
    `UPDATE ${qualifiedTableName(printer.database, target.oid)} AS ${alias}`,
    `SET ${printAssignments(printer, assignments)}`,
    clause('FROM', from.map((item) => printFromItem(printer, item)).join(', ')),
    clause('WHERE', optional(printer, where)),
    printReturning(printer, returning),
  ])
}

export function printDelete(printer: Printer, statement: BoundDelete): string {
  const { target, using, where, returning } = statement
  const alias = rangeName(target.range)
  printer.declareTarget(target.range, alias)
  return joined([
    printWith(printer, statement),
    `DELETE FROM ${qualifiedTableName(printer.database, target.oid)} AS ${alias}`,
    clause('USING', using.map((item) => printFromItem(printer, item)).join(', ')),
    clause('WHERE', optional(printer, where)),
    printReturning(printer, returning),
  ])
}

function printAssignments(printer: Printer, assignments: readonly BoundAssignment[]): string {
  return assignments
    .map(({ attnum, value }) => `${columnName(attnum)} = ${printer.expression(value)}`)
    .join(', ')
}

function printReturning(printer: Printer, returning: BoundReturning | undefined): string {
  return returning === undefined ? '' : `RETURNING ${printTargets(printer, returning.targets)}`
}

function optional(printer: Printer, expression: BoundExpression | undefined): string {
  return expression === undefined ? '' : printer.expression(expression)
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ')
}
