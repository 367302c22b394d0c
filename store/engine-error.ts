import { randomBytes } from 'node:crypto'
import { SqlError } from '../errors/sql-error.ts'
import { SqlState } from '../errors/sql-state.ts'
import { checkViolation, notNullViolation, uniqueViolation } from './constraint-violation.ts'
import type { EngineFailure } from './protocol/response.ts'
import type { StoreEvent } from './store-options.ts'
import type { Program } from './store.ts'

/**
 * The failure of a call as the client sees it: fixed sentences and the user's own names. The engine's
 * words, which quote values, keys and physical names, go to the log only (duckdb-hardening.md, section 7).
 */
export function translateFailure(
  failure: EngineFailure,
  program: Program | undefined,
  log: (event: StoreEvent) => void,
): SqlError {
  if (failure.kind === 'Sql') return new SqlError(failure.sqlState, failure.message)
  const known = translate(failure.message, program)
  const id = known === undefined ? randomBytes(6).toString('hex') : undefined
  const error = known ?? internalError(id ?? '')
  log({
    kind: 'EngineError',
    sqlState: error.sqlState,
    message: failure.message,
    ...(id === undefined ? {} : { id }),
    ...(program === undefined ? {} : { sql: program.sql }),
  })
  return error
}

/** After such an error the engine answers nothing any more: its process has to be ended. */
export function isFatal(failure: EngineFailure): boolean {
  return failure.kind === 'Engine' && failure.message.startsWith('FATAL Error')
}

/**
 * Parser, binder and catalog errors, and whatever has no row here: the binder should have answered
 * first, so it is our mistake. The id finds it in the log.
 */
function internalError(id: string): SqlError {
  return new SqlError(SqlState.InternalError, `internal error ${id}`)
}

interface Rule {
  /** Tied to the start of the message, so that data inside of it decides nothing. */
  readonly pattern: RegExp
  readonly make: (match: RegExpExecArray, program: Program | undefined) => SqlError
}

function fixed(pattern: RegExp, state: SqlState, message: string): Rule {
  return { pattern, make: () => new SqlError(state, message) }
}

const serializationFailure = 'could not serialize access due to concurrent update'

/** The first row that matches counts. */
const rules: readonly Rule[] = [
  // Raised by printed SQL (store/print): a fixed sentence of ours, never data.
  {
    pattern: /^Invalid Input Error: grantd:([0-9A-Z]{5}):([^\n]*)/,
    make: ([, state = '', message = '']) => new SqlError(stateOf(state), message),
  },

  fixed(/^INTERRUPT Error/, SqlState.QueryCanceled, 'canceling statement due to user request'),
  fixed(/^Out of Memory Error/, SqlState.OutOfMemory, 'out of memory'),

  fixed(
    /^TransactionContext Error: Current transaction is aborted/,
    SqlState.InFailedSqlTransaction,
    'current transaction is aborted, commands ignored until end of transaction block',
  ),
  fixed(
    /^TransactionContext Error: Cannot write to database "[^"]*" - transaction is launched in read-only mode/,
    SqlState.ReadOnlySqlTransaction,
    'cannot execute a statement that writes in a read-only transaction',
  ),
  {
    pattern:
      /^TransactionContext Error: Failed to commit: PRIMARY KEY or UNIQUE constraint violation/,
    make: (_, program) => uniqueViolation('', program?.target),
  },
  fixed(
    /^TransactionContext Error: (Failed to commit: )?(Conflict|Transaction conflict|Catalog write-write conflict|Attempting to modify table|Failed to alter table)/,
    SqlState.SerializationFailure,
    serializationFailure,
  ),
  fixed(
    /^TransactionContext Error: Cannot CHECKPOINT: there are other write transactions active/,
    SqlState.ObjectInUse,
    'storage cannot be given back while other transactions write',
  ),
  // The binder found the column: another session dropped it, or changed its type, before the engine looked.
  fixed(
    /^Binder Error: (Referenced (update )?column "?c\d+"? not found|Table "t\d+" does not have a column (with name|named) "c\d+")/,
    SqlState.SerializationFailure,
    serializationFailure,
  ),
  // The binder found the table: another session dropped it before the engine looked.
  fixed(
    /^Catalog Error: Table with name t\d+ does not exist/,
    SqlState.SerializationFailure,
    serializationFailure,
  ),

  {
    pattern: /^Constraint Error: Duplicate key "(.*)" violates (primary key|unique)/s,
    make: ([, key = '', kind], program) =>
      uniqueViolation(key, program?.target, kind === 'primary key'),
  },
  {
    pattern: /^Constraint Error: PRIMARY KEY or UNIQUE constraint violation/,
    make: (_, program) => uniqueViolation('', program?.target),
  },
  {
    pattern: /^Constraint Error: NOT NULL constraint failed: t\d+\.c(\d+)/,
    make: ([, attnum], program) => notNullViolation(Number(attnum), program),
  },
  {
    pattern: /^Constraint Error: CHECK constraint failed on table t\d+ with expression (.*)/s,
    make: ([, expression = ''], program) => checkViolation(expression, program?.target),
  },

  fixed(
    /^Invalid Input Error: More than one row returned by a subquery/,
    SqlState.CardinalityViolation,
    'more than one row returned by a subquery used as an expression',
  ),
  // The planner of 1.5.6 loses a column of an outer query beneath subqueries of subqueries; nothing was run.
  fixed(
    /^INTERNAL Error: Failed to bind column reference "/,
    SqlState.FeatureNotSupported,
    'a column of an outer query cannot be used at this depth of subqueries',
  ),
  fixed(
    /^Binder Error: LIMIT\/OFFSET cannot be negative/,
    SqlState.InvalidRowCountInLimit,
    'LIMIT and OFFSET must not be negative',
  ),
  fixed(
    /^Binder Error: interval cannot be 0!/,
    SqlState.InvalidParameterValue,
    'step size cannot equal zero',
  ),
  fixed(
    /^Syntax Error: Invalid escape string/,
    SqlState.InvalidEscapeSequence,
    'invalid escape string',
  ),
  fixed(
    /^Not implemented Error: Unknown TimeZone/,
    SqlState.InvalidParameterValue,
    'time zone not recognized',
  ),

  fixed(
    /^(Parser|Binder) Error: Max expression depth limit/,
    SqlState.StatementTooComplex,
    'stack depth limit exceeded',
  ),
  // A date that no timestamp can hold.
  fixed(
    /^(Conversion|Invalid Input) Error: Type INT32 with value \d+-\d\d-\d\d( \(BC\))? can't be cast/,
    SqlState.DatetimeFieldOverflow,
    'date out of range for timestamp',
  ),
  fixed(
    /^Conversion Error: (Date and time not in timestamp range|ICU date overflows timestamp range|Epoch seconds out of range|Timestamp difference is out of bounds)/,
    SqlState.DatetimeFieldOverflow,
    'timestamp out of range',
  ),
  fixed(
    /^Conversion Error: Could not convert string/,
    SqlState.InvalidTextRepresentation,
    'invalid input syntax for the type',
  ),
  fixed(
    /^Conversion Error: Malformed JSON/,
    SqlState.InvalidTextRepresentation,
    'invalid input syntax for type json',
  ),
  fixed(
    /^Conversion Error: Invalid hex escape/,
    SqlState.InvalidTextRepresentation,
    'invalid input syntax for type bytea',
  ),
  fixed(
    /^Conversion Error: (Type \S+ with value|Casting value|Could not cast value)/,
    SqlState.NumericValueOutOfRange,
    'value out of range for the type',
  ),
  fixed(
    /^Conversion Error: (date|time|timestamp) (field value )?out of range/i,
    SqlState.DatetimeFieldOverflow,
    'date/time field value out of range',
  ),
  fixed(
    /^Conversion Error: invalid (date|time|timestamp) field format/,
    SqlState.InvalidDatetimeFormat,
    'invalid input syntax for a date or time',
  ),
  fixed(
    /^Conversion Error: extract specifier/,
    SqlState.InvalidParameterValue,
    'date/time unit not recognized',
  ),
  fixed(
    /^Conversion Error/,
    SqlState.InvalidTextRepresentation,
    'value cannot be converted to the type',
  ),

  {
    pattern: /^Out of Range Error: Overflow in \w+ of (INT16|INT32|INT64) /,
    make: ([, type]) =>
      new SqlError(SqlState.NumericValueOutOfRange, `${integerNames.get(type)} out of range`),
  },
  fixed(
    /^Out of Range Error: cannot take square root/,
    SqlState.InvalidArgumentForPowerFunction,
    'cannot take square root of a negative number',
  ),
  fixed(
    /^Out of Range Error: cannot take logarithm of zero/,
    SqlState.InvalidArgumentForLogarithm,
    'cannot take logarithm of zero',
  ),
  fixed(
    /^Out of Range Error: cannot take logarithm/,
    SqlState.InvalidArgumentForLogarithm,
    'cannot take logarithm of a negative number',
  ),
  fixed(/^Out of Range Error: Date/, SqlState.DatetimeFieldOverflow, 'date out of range'),
  fixed(
    /^Out of Range Error: Timestamp/i,
    SqlState.DatetimeFieldOverflow,
    'timestamp out of range',
  ),
  fixed(/^Out of Range Error/, SqlState.NumericValueOutOfRange, 'value out of range'),

  // Several statements in one text: only our own printer can have sent them.
  fixed(
    /^Invalid Input Error: (?!Cannot prepare multiple statements)/,
    SqlState.InvalidParameterValue,
    'invalid argument of a function',
  ),
  fixed(
    /^IO Error: .*No space left on device/s,
    SqlState.DiskFull,
    'could not write table data: no space left',
  ),
  fixed(/^(IO|Permission) Error/, SqlState.IoError, 'could not read or write table data'),
]

const integerNames: ReadonlyMap<string | undefined, string> = new Map([
  ['INT16', 'smallint'],
  ['INT32', 'integer'],
  ['INT64', 'bigint'],
])

function translate(message: string, program: Program | undefined): SqlError | undefined {
  for (const rule of rules) {
    const match = rule.pattern.exec(message)
    if (match !== null) return rule.make(match, program)
  }
  return undefined
}

const knownStates: ReadonlyMap<string, SqlState> = new Map(
  Object.values(SqlState).map((state) => [state, state]),
)

function stateOf(text: string): SqlState {
  return knownStates.get(text) ?? SqlState.InternalError
}
