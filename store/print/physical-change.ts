/** Changes of physical tables. */
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type {
  CreatePhysicalTable,
  PhysicalChange,
  PhysicalColumn,
  PhysicalConstraint,
  SessionValueName,
} from '../bound.ts'
import { printAddedDefault } from './added-default.ts'
import { printExpression } from './expression.ts'
import { columnName, qualifiedTableName } from './names.ts'
import type { Printer } from './printer.ts'
import { raise } from './raise.ts'
import { engineType } from './type.ts'

/** The range under which CHECK sees the columns (store/bound.ts, PhysicalConstraint). */
const checkRange = 0

const nullRefused = raise(SqlState.NotNullViolation, 'column contains null values')

/** DDL of the engine for one change. */
export function printPhysicalChange(given: Printer, change: PhysicalChange): string {
  const printer = storedPrinter(given)
  const table = qualifiedTableName(printer.database, change.oid)
  switch (change.kind) {
    case 'CreatePhysicalTable':
      return `CREATE TABLE ${table} (${printTableElements(printer, change)})`
    case 'DropPhysicalTable':
      return `DROP TABLE ${table}`
    case 'AddPhysicalColumn':
      if (change.column.notNull) throw notNullInOneStep()
      return `ALTER TABLE ${table} ADD COLUMN ${printAddedColumn(change.column)}`
    case 'DropPhysicalColumn':
      return `ALTER TABLE ${table} DROP COLUMN ${columnName(change.attnum)}`
    case 'SetPhysicalNotNull':
      return `ALTER TABLE ${table} ALTER COLUMN ${columnName(change.attnum)} SET NOT NULL`
    case 'DropPhysicalNotNull':
      return `ALTER TABLE ${table} ALTER COLUMN ${columnName(change.attnum)} DROP NOT NULL`
    case 'AlterPhysicalColumnType': {
      printer.declareTarget(checkRange, undefined)
      const type = `SET DATA TYPE ${engineType(change.type)}`
      const value = printer.expression(change.using)
      const using = `USING (${change.notNull ? `COALESCE(${value}, ${nullRefused})` : value})`
      return `ALTER TABLE ${table} ALTER COLUMN ${columnName(change.attnum)} ${type} ${using}`
    }
    case 'RenamePhysicalColumn':
      return `ALTER TABLE ${table} RENAME COLUMN ${columnName(change.attnum)} TO ${columnName(change.to)}`
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

function printAddedColumn(column: PhysicalColumn): string {
  const value =
    column.default === undefined ? '' : ` DEFAULT ${printAddedDefault(column, column.default)}`
  return `${columnName(column.attnum)} ${engineType(column.type)}${value}`
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

/** What is stored with a table is run by any session later: it has no parameters, but may tell the time. */
function storedPrinter(printer: Printer): Printer {
  const stored: Printer = {
    ...printer,
    expression: (expression) => printExpression(stored, expression),
    parameter: (parameter) => {
      if (parameter.kind === 'Session' && timeOfRunning.has(parameter.name)) return 'now()'
      throw notStorable()
    },
  }
  return stored
}

const timeOfRunning: ReadonlySet<SessionValueName> = new Set([
  'transaction_timestamp',
  'statement_timestamp',
  'clock_timestamp',
])

function notStorable(): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    'defaults and constraints cannot use parameters or values of the session',
  )
}

function notNullInOneStep(): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    'adding a NOT NULL column in one step is not supported',
  )
}
