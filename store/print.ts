/**
 * From the bound tree to the engine's SQL (architecture.md, life of a statement, step 5): generated
 * names, literals in one spelling, operators, types and node kinds from closed tables, PostgreSQL's
 * meaning where the engine's differs.
 */
import { SqlError } from '../errors/sql-error.ts'
import { SqlState } from '../errors/sql-state.ts'
import { unreachable } from '../errors/unreachable.ts'
import type { BoundReturning, BoundStatement, BoundTarget, RangeId } from './bound.ts'
import { printExpression } from './print/expression.ts'
import { printExport, printImport } from './print/partition-file.ts'
import { printPhysicalChange } from './print/physical-change.ts'
import type { Printer } from './print/printer.ts'
import { printQuery } from './print/query.ts'
import { printUpsert } from './print/upsert.ts'
import { printDelete, printInsert, printUpdate } from './print/write.ts'
import type { Program, ProgramParameter, ProgramTarget } from './store.ts'

export interface PrintOptions {
  /** The random alias under which the database of the tables is attached. */
  readonly database: string
  /** Where the engine's files are; needed for statements about files only. */
  readonly filesDirectory?: string
}

/**
 * The program that runs a bound statement.
 * @throws SqlError for constants and operators that the engine cannot hold or do, 54001 for too much text
 */
export function printStatement(statement: BoundStatement, options: PrintOptions): Program {
  const parameters: ProgramParameter[] = []
  const printer = createPrinter(options, parameters)
  switch (statement.kind) {
    case 'Query': {
      const sql = printQuery(printer, statement)
      return { kind: 'Query', sql, parameters, columns: statement.columns.map(typeOnly) }
    }
    case 'Insert': {
      const { upsert } = statement
      const printed =
        upsert === undefined
          ? { sql: printInsert(printer, statement) }
          : printUpsert(printer, statement, upsert)
      return { ...writeOf(statement), kind: 'Insert', ...printed, parameters }
    }
    case 'Update':
      return {
        ...writeOf(statement),
        kind: 'Update',
        sql: printUpdate(printer, statement),
        parameters,
      }
    case 'Delete':
      return {
        ...writeOf(statement),
        kind: 'Delete',
        sql: printDelete(printer, statement),
        parameters,
      }
    case 'CreatePhysicalTable':
    case 'DropPhysicalTable':
    case 'AddPhysicalColumn':
    case 'DropPhysicalColumn':
    case 'SetPhysicalNotNull':
    case 'DropPhysicalNotNull':
    case 'AlterPhysicalColumnType':
    case 'RenamePhysicalColumn':
    case 'TruncatePhysicalTable': {
      const sql = printPhysicalChange(printer, statement)
      return { kind: 'PhysicalChange', sql, parameters, columns: [] }
    }
    case 'ExportPartition': {
      const sql = printExport(printer, statement)
      return { kind: 'Export', sql, parameters, columns: [] }
    }
    case 'ImportPartition':
      return {
        ...writeOf(statement),
        kind: 'Insert',
        sql: printImport(printer, statement),
        parameters,
      }
    default:
      return unreachable(statement)
  }
}

/** Longer SQL than this comes only of parts that are printed again and again. */
const sqlLengthMax = 16_777_216

/** Expressions that one statement may print, repeated ones each time. */
const printedExpressionsMax = 1_000_000

function tooComplex(): SqlError {
  return new SqlError(SqlState.StatementTooComplex, 'the statement repeats its parts too often')
}

function createPrinter(options: PrintOptions, parameters: ProgramParameter[]): Printer {
  const targets = new Map<RangeId, { readonly qualifier: string | undefined }>()
  let printedExpressions = 0
  const printer: Printer = {
    ...options,
    expression(expression) {
      printedExpressions += 1
      if (printedExpressions > printedExpressionsMax) throw tooComplex()
      const sql = printExpression(printer, expression)
      if (sql.length > sqlLengthMax) throw tooComplex()
      return sql
    },
    query: (query) => printQuery(printer, query),
    parameter(parameter) {
      const known = parameters.findIndex((other) => keyOf(other) === keyOf(parameter))
      const index = known < 0 ? parameters.push(parameter) - 1 : known
      return `$${index + 1}`
    },
    declareTarget: (range, qualifier) => void targets.set(range, { qualifier }),
    targetOf: (range) => targets.get(range),
  }
  return printer
}

function keyOf(parameter: ProgramParameter): string {
  return JSON.stringify(parameter)
}

interface Written {
  readonly target: BoundTarget
  readonly returning?: BoundReturning
}

function writeOf({ target, returning }: Written): Pick<Program, 'columns' | 'target'> {
  return { columns: (returning?.columns ?? []).map(typeOnly), target: programTarget(target) }
}

function programTarget({ oid, name, columns }: BoundTarget): ProgramTarget {
  return { oid, table: name.name, schema: name.schema, columns }
}

function typeOnly({ type }: Program['columns'][number]): Program['columns'][number] {
  return type === undefined ? {} : { type }
}
