/** What is asked of a table to find and remove rows that are past their time to live. */
import type { BoundDelete, BoundExpression, BoundQuery } from '../../store/bound.ts'
import { invariant } from '../../errors/invariant.ts'
import type { Column, Table } from '../schema.ts'
import { binary, constant } from '../types/expressions.ts'

const range = 1

function designated(table: Table): Column {
  const column = table.columns.find(({ attnum }) => attnum === table.designatedTimestamp)
  invariant(column, 'a table with a time to live has a designated timestamp')
  return column
}

function valueOf({ attnum, type }: Column): BoundExpression {
  return { kind: 'ColumnReference', range, column: attnum, type }
}

/** The newest timestamp of a table. */
export function newestTimestamp(table: Table): BoundQuery {
  const column = designated(table)
  const { oid, schema, name } = table
  return {
    kind: 'Query',
    with: [],
    recursive: false,
    body: {
      kind: 'Select',
      distinct: { kind: 'None' },
      targets: [
        {
          kind: 'AggregateCall',
          function: 'max',
          arguments: [valueOf(column)],
          star: false,
          distinct: false,
          orderBy: [],
          withinGroup: false,
          type: column.type,
        },
      ],
      from: [{ kind: 'Relation', range, oid, name: { schema, name }, columns: [column] }],
      groupBy: [],
    },
    orderBy: [],
    columns: [{ name: 'max', type: column.type }],
  }
}

/** Removes the rows before a moment. */
export function expireRows(table: Table, keptFrom: bigint): BoundDelete {
  const column = designated(table)
  const { oid, schema, name, columns } = table
  const target = {
    range,
    oid,
    name: { schema, name },
    columns: columns.map((one) => ({ attnum: one.attnum, name: one.name })),
  }
  const where = binary(valueOf(column), '<', constant(keptFrom, column.type))
  return { kind: 'Delete', with: [], recursive: false, target, using: [], where }
}
