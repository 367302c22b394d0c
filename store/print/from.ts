/** Items of FROM. */
import { invariant } from '../../errors/invariant.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type {
  BoundCteReference,
  BoundDerived,
  BoundFromItem,
  BoundJoin,
  BoundRelation,
  BoundServerRelation,
} from '../bound.ts'
import { printAsofJoin } from './asof-join.ts'
import {
  columnName,
  cteName,
  outputName,
  outputNames,
  qualifiedTableName,
  rangeName,
} from './names.ts'
import type { Printer } from './printer.ts'
import { printTableFunction } from './table-function.ts'
import { engineType } from './type.ts'

/** An item of FROM under its generated name. */
export function printFromItem(printer: Printer, item: BoundFromItem): string {
  switch (item.kind) {
    case 'Relation':
      return printRelation(printer, item)
    case 'Derived':
      return printDerived(printer, item)
    case 'CteReference':
      return printCteReference(item)
    case 'TableFunction':
      return printTableFunction(printer, item)
    case 'ServerRelation':
      return printServerRelation(printer, item)
    case 'Join':
      return printJoin(printer, item)
    default:
      return unreachable(item)
  }
}

/**
 * The projection of a table to the columns that the binder found (rule R2). The engine wants at least
 * one column; where none is read (count(*)) it is a constant.
 */
function printRelation(printer: Printer, { oid, range, columns }: BoundRelation): string {
  const list = columns.map(({ attnum }) => `${columnName(attnum)} AS ${outputName(attnum)}`)
  const projected = list.length === 0 ? `NULL AS ${outputName(0)}` : list.join(', ')
  const table = qualifiedTableName(printer.database, oid)
  return `(SELECT ${projected} FROM ${table}) AS ${rangeName(range)}`
}

function printDerived(printer: Printer, { range, query, lateral }: BoundDerived): string {
  const names = outputNames(query.columns.length)
  return `${lateral ? 'LATERAL ' : ''}(${printer.query(query)}) AS ${rangeName(range)}(${names})`
}

function printCteReference({ cte, range }: BoundCteReference): string {
  return `${cteName(cte)} AS ${rangeName(range)}`
}

/** Rows that the server answers come in as one list parameter a column, of equal lengths. */
function printServerRelation(printer: Printer, { range, columns }: BoundServerRelation): string {
  invariant(columns.length > 0, 'a server relation has columns')
  const lists = columns.map(({ type }, index) => {
    const number = printer.parameter({ kind: 'ServerColumn', range, column: index + 1, type })
    return `unnest(CAST(${number} AS ${engineType(type)}[])) AS ${outputName(index + 1)}`
  })
  return `(SELECT ${lists.join(', ')}) AS ${rangeName(range)}`
}

const joinWords = {
  INNER: 'INNER JOIN',
  LEFT: 'LEFT JOIN',
  RIGHT: 'RIGHT JOIN',
  FULL: 'FULL JOIN',
  CROSS: 'CROSS JOIN',
} as const satisfies Record<Exclude<BoundJoin['join'], 'ASOF'>, string>

function printJoin(printer: Printer, item: BoundJoin): string {
  const { join, left, right, on } = item
  if (join === 'ASOF') {
    return printAsofJoin(printer, item, (side) => printFromItem(printer, side))
  }
  const sides = `${printFromItem(printer, left)} ${joinWords[join]} ${printFromItem(printer, right)}`
  if (join === 'CROSS') return `(${sides})`
  return `(${sides} ON ${on === undefined ? 'true' : printer.expression(on)})`
}
