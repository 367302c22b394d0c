import type { FuncCall } from '@pgsql/types'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { RelationName } from '../names.ts'
import { displayRelation } from '../names.ts'
import { isServerFunction } from '../server-functions.ts'
import { stringsOf } from './syntax.ts'

/** Where in the client's text an error lies; absent where the tree does not say. */
export type Offset = number | undefined

function at(offset: Offset): { readonly offset?: number } {
  return offset === undefined ? {} : { offset }
}

/** What nobody decided on is refused (rule R3). */
export function notSupported(what: string, offset: Offset): SqlError {
  return new SqlError(SqlState.FeatureNotSupported, `${what} is not supported`, at(offset))
}

/** The same, where the words are a plural. */
export function areNotSupported(what: string, offset: Offset): SqlError {
  return new SqlError(SqlState.FeatureNotSupported, `${what} are not supported`, at(offset))
}

/** questdb-rbac.md, section 15. */
export function unknownRelation(
  relation: RelationName,
  kind: 'table' | 'view',
  offset: Offset,
): SqlError {
  return new SqlError(
    SqlState.UndefinedTable,
    `${kind} does not exist [${kind}=${displayRelation(relation)}]`,
    at(offset),
  )
}

/** questdb-rbac.md, section 15. */
export function unknownColumn(name: string, offset: Offset): SqlError {
  return new SqlError(SqlState.UndefinedColumn, `Invalid column: ${name}`, at(offset))
}

export function ambiguousColumn(name: string, offset: Offset): SqlError {
  return new SqlError(
    SqlState.AmbiguousColumn,
    `column reference "${name}" is ambiguous`,
    at(offset),
  )
}

export function duplicateColumn(name: string, offset: Offset): SqlError {
  return new SqlError(SqlState.DuplicateColumn, `Duplicate column: ${name}`, at(offset))
}

export function missingFromEntry(name: string, offset: Offset): SqlError {
  return new SqlError(
    SqlState.UndefinedTable,
    `missing FROM-clause entry for table "${name}"`,
    at(offset),
  )
}

export function invalidFromReference(name: string, offset: Offset): SqlError {
  return new SqlError(
    SqlState.InvalidColumnReference,
    `invalid reference to FROM-clause entry for table "${name}"`,
    {
      ...at(offset),
      detail: 'The combining JOIN type must be INNER or LEFT for a LATERAL reference.',
    },
  )
}

export function invalidColumnReference(message: string, offset: Offset): SqlError {
  return new SqlError(SqlState.InvalidColumnReference, message, at(offset))
}

export function duplicateAlias(name: string, offset: Offset): SqlError {
  return new SqlError(
    SqlState.DuplicateAlias,
    `table name "${name}" specified more than once`,
    at(offset),
  )
}

export function duplicateWithName(name: string, offset: Offset): SqlError {
  return new SqlError(
    SqlState.DuplicateAlias,
    `WITH query name "${name}" specified more than once`,
    at(offset),
  )
}

export function syntaxError(message: string, offset: Offset): SqlError {
  return new SqlError(SqlState.SyntaxError, message, at(offset))
}

export function datatypeMismatch(message: string, offset: Offset, hint?: string): SqlError {
  return new SqlError(SqlState.DatatypeMismatch, message, {
    ...at(offset),
    ...(hint === undefined ? {} : { hint }),
  })
}

export function cannotCast(from: string, to: string, offset: Offset): SqlError {
  return new SqlError(SqlState.CannotCoerce, `cannot cast type ${from} to ${to}`, at(offset))
}

export function unknownOperator(text: string, offset: Offset): SqlError {
  return new SqlError(SqlState.UndefinedFunction, `operator does not exist: ${text}`, {
    ...at(offset),
    hint: 'No operator matches the given name and argument types. You might need to add explicit type casts.',
  })
}

export function unknownFunction(text: string, offset: Offset): SqlError {
  return new SqlError(SqlState.UndefinedFunction, `function ${text} does not exist`, {
    ...at(offset),
    hint: 'No function matches the given name and argument types. You might need to add explicit type casts.',
  })
}

/**
 * A function that does something to the server is no expression: how often one is evaluated, and whether it
 * is at all, is the engine's choice. Its call is a statement of its own (parser/parse-server.ts).
 */
export function refuseServerFunction(call: FuncCall, offset: Offset): void {
  const [name, ...others] = stringsOf(call.funcname)
  if (name === undefined || others.length > 0 || !isServerFunction(name)) return
  throw new SqlError(SqlState.FeatureNotSupported, `${name}() is not supported here`, {
    ...at(offset),
    hint: `Call it alone, with literals or parameters: SELECT ${name}(...).`,
  })
}

export function wrongObject(message: string, offset: Offset): SqlError {
  return new SqlError(SqlState.WrongObjectType, message, at(offset))
}

export function groupingError(message: string, offset: Offset): SqlError {
  return new SqlError(SqlState.GroupingError, message, at(offset))
}

export function windowingError(message: string, offset: Offset): SqlError {
  return new SqlError(SqlState.WindowingError, message, at(offset))
}

export function unknownWindow(name: string, offset: Offset): SqlError {
  return new SqlError(SqlState.UndefinedObject, `window "${name}" does not exist`, at(offset))
}

export function emptyArray(offset: Offset): SqlError {
  return new SqlError(SqlState.IndeterminateDatatype, 'cannot determine type of empty array', {
    ...at(offset),
    hint: 'Explicitly cast to the desired type, for example ARRAY[]::integer[].',
  })
}

export function invalidRecursion(message: string, offset: Offset): SqlError {
  return new SqlError(SqlState.InvalidRecursion, message, at(offset))
}

export function inconsistentParameter(
  number: number,
  types: { readonly first: string; readonly second: string },
  offset: Offset,
): SqlError {
  return new SqlError(
    SqlState.AmbiguousParameter,
    `inconsistent types deduced for parameter $${number}`,
    { ...at(offset), detail: `${types.first} versus ${types.second}` },
  )
}

export function unknownParameter(number: number, offset: Offset): SqlError {
  return new SqlError(SqlState.UndefinedParameter, `there is no parameter $${number}`, at(offset))
}

export function tooManyColumns(columnsMax: number): SqlError {
  return new SqlError(SqlState.TooManyColumns, `statement has more than ${columnsMax} columns`)
}

export function tooComplex(message: string): SqlError {
  return new SqlError(SqlState.StatementTooComplex, message)
}

/** A view whose definition names what is gone (V10). */
export function invalidView(view: string, missing: SqlError, offset: Offset): SqlError {
  return new SqlError(missing.sqlState, `view ${view} is invalid: ${missing.message}`, at(offset))
}

export function alreadyExists(kind: 'table' | 'view', offset: Offset): SqlError {
  return new SqlError(SqlState.DuplicateTable, `${kind} already exists`, at(offset))
}

export function invalidTableDefinition(message: string, offset: Offset): SqlError {
  return new SqlError(SqlState.InvalidTableDefinition, message, at(offset))
}

/** V11. */
export function circularView(): SqlError {
  return new SqlError(SqlState.InvalidRecursion, 'circular dependency detected')
}

export function unknownConstraint(name: string, table: string, offset: Offset): SqlError {
  return new SqlError(
    SqlState.UndefinedObject,
    `constraint "${name}" for table "${table}" does not exist`,
    at(offset),
  )
}
