/** Changes of physical tables. */
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type {
  CreatePhysicalTable,
  PhysicalChange,
  PhysicalColumn,
  PhysicalConstraint,
} from '../bound.ts'
import { columnName, qualifiedTableName } from './names.ts'
import type { Printer } from './printer.ts'
import { engineType } from './type.ts'

/** The range under which CHECK sees the columns (store/bound.ts, PhysicalConstraint). */
const checkRange = 0

/** DDL of the engine for one change. */
export function printPhysicalChange(printer: Printer, change: PhysicalChange): string {
  const table = qualifiedTableName(printer.database, change.oid)
  switch (change.kind) {
    case 'CreatePhysicalTable':
      return `CREATE TABLE ${table} (${printTableElements(printer, change)})`
    case 'DropPhysicalTable':
      return `DROP TABLE ${table}`
    case 'AddPhysicalColumn':
      if (change.column.notNull) throw notNullInOneStep()
      return `ALTER TABLE ${table} ADD COLUMN ${printColumn(printer, change.column)}`
    case 'DropPhysicalColumn':
      return `ALTER TABLE ${table} DROP COLUMN ${columnName(change.attnum)}`
    case 'SetPhysicalNotNull':
      return `ALTER TABLE ${table} ALTER COLUMN ${columnName(change.attnum)} SET NOT NULL`
    case 'TruncatePhysicalTable':
      return `TRUNCATE ${table}`
    default:
      return unreachable(change)
  }
}

/** The engine wants a column; a table without any gets one that no attribute number names. */
function printTableElements(
  printer: Printer,
  { columns, constraints }: CreatePhysicalTable,
): string {
  printer.declareTarget(checkRange, undefined)
  const hidden = columns.length === 0 ? [`${columnName(0)} BOOLEAN`] : []
  return [
    ...hidden,
    ...columns.map((column) => printColumn(printer, column)),
    ...constraints.map((constraint) => printConstraint(printer, constraint)),
  ].join(', ')
}

function printColumn(printer: Printer, column: PhysicalColumn): string {
  const notNull = column.notNull ? ' NOT NULL' : ''
  const value =
    column.default === undefined ? '' : ` DEFAULT (${printer.expression(column.default)})`
  return `${columnName(column.attnum)} ${engineType(column.type)}${value}${notNull}`
}

function printConstraint(printer: Printer, constraint: PhysicalConstraint): string {
  switch (constraint.kind) {
    case 'PrimaryKey':
      return `PRIMARY KEY (${constraint.attnums.map(columnName).join(', ')})`
    case 'Unique':
      return `UNIQUE (${constraint.attnums.map(columnName).join(', ')})`
    case 'Check':
      return `CHECK (${printer.expression(constraint.expression)})`
    default:
      return unreachable(constraint)
  }
}

function notNullInOneStep(): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    'adding a NOT NULL column in one step is not supported',
  )
}
