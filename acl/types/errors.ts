/** Makers of the errors that the rules about types end in, in PostgreSQL's words. */
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'

/** 22P02: `invalid input syntax for type integer: "x"`. */
export function invalidInput(typeText: string, text: string, detail?: string): SqlError {
  return new SqlError(
    SqlState.InvalidTextRepresentation,
    `invalid input syntax for type ${typeText}: "${text}"`,
    detail === undefined ? {} : { detail },
  )
}

/** 22P02: a json document that does not parse; PostgreSQL does not quote the document. */
export function invalidJson(detail: string): SqlError {
  return new SqlError(SqlState.InvalidTextRepresentation, 'invalid input syntax for type json', {
    detail,
  })
}

/** 22P02: `malformed array literal: "{1"`. */
export function malformedArray(text: string, detail?: string): SqlError {
  return new SqlError(
    SqlState.InvalidTextRepresentation,
    `malformed array literal: "${text}"`,
    detail === undefined ? {} : { detail },
  )
}

/** 22003: `value "99999999999" is out of range for type integer`. */
export function valueOutOfRange(typeText: string, text: string): SqlError {
  return new SqlError(
    SqlState.NumericValueOutOfRange,
    `value "${text}" is out of range for type ${typeText}`,
  )
}

/** 22003: `"1e400" is out of range for type double precision`. */
export function floatOutOfRange(typeText: string, text: string): SqlError {
  return new SqlError(
    SqlState.NumericValueOutOfRange,
    `"${text}" is out of range for type ${typeText}`,
  )
}

/** 22003: a value with more digits before the point than numeric(p, s) has room for. */
export function numericFieldOverflow(precision: number, scale: number): SqlError {
  const limit = precision === scale ? '1' : `10^${precision - scale}`
  return new SqlError(SqlState.NumericValueOutOfRange, 'numeric field overflow', {
    detail: `A field with precision ${precision}, scale ${scale} must round to an absolute value less than ${limit}.`,
  })
}

/** 22003: a numeric that PostgreSQL could hold and the store cannot (38 digits). */
export function numericTooLarge(): SqlError {
  return new SqlError(SqlState.NumericValueOutOfRange, 'value overflows numeric format', {
    detail:
      'A numeric without declared precision holds 20 digits before the point and 18 after it.',
  })
}

/** 22007: `invalid input syntax for type timestamp: "..."`. */
export function invalidDatetime(typeText: string, text: string): SqlError {
  return new SqlError(
    SqlState.InvalidDatetimeFormat,
    `invalid input syntax for type ${typeText}: "${text}"`,
  )
}

/** 22008: `date/time field value out of range: "2024-13-01"`. */
export function datetimeFieldOutOfRange(text: string, dateStyleHint = false): SqlError {
  return new SqlError(
    SqlState.DatetimeFieldOverflow,
    `date/time field value out of range: "${text}"`,
    dateStyleHint ? { hint: 'Perhaps you need a different "datestyle" setting.' } : {},
  )
}

/** 22008: `timestamp out of range: "300000-01-01"`, `date out of range: ...`. */
export function datetimeOutOfRange(typeText: 'date' | 'timestamp', text: string): SqlError {
  return new SqlError(SqlState.DatetimeFieldOverflow, `${typeText} out of range: "${text}"`)
}

/** 22015: an interval field that does not fit. */
export function intervalFieldOutOfRange(text: string): SqlError {
  return new SqlError(
    SqlState.IntervalFieldOverflow,
    `interval field value out of range: "${text}"`,
  )
}

/** 22023: `time zone "Mars/Base" not recognized`. */
export function unknownTimeZone(name: string): SqlError {
  return new SqlError(SqlState.InvalidParameterValue, `time zone "${name}" not recognized`)
}

/** 22008: years and months that fit and whose sum does not. */
export function intervalOutOfRange(): SqlError {
  return new SqlError(SqlState.DatetimeFieldOverflow, 'interval out of range')
}

/** 22009: a time zone displacement beyond its limits. */
export function timeZoneDisplacementOutOfRange(text: string): SqlError {
  return new SqlError(
    SqlState.InvalidTimeZoneDisplacement,
    `time zone displacement out of range: "${text}"`,
  )
}

/** 22001: `value too long for type character varying(3)`. */
export function valueTooLong(typeText: string): SqlError {
  return new SqlError(SqlState.StringDataRightTruncation, `value too long for type ${typeText}`)
}

/** 42704: `type "foo" does not exist`. */
export function unknownType(name: string): SqlError {
  return new SqlError(SqlState.UndefinedObject, `type "${name}" does not exist`)
}

/** 0A000: a type that exists elsewhere and is not offered here (rule R3). */
export function unsupportedType(name: string, hint?: string): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    `type "${name}" is not supported`,
    hint === undefined ? {} : { hint },
  )
}

/** 22023: modifiers that a type does not take or that are out of their range. */
export function invalidTypeModifier(message: string): SqlError {
  return new SqlError(SqlState.InvalidParameterValue, message)
}

/** 54000: an argument above the bound that duckdb-hardening.md, section 5.2, asks for. */
export function argumentTooLarge(functionName: string, what: string, max: number): SqlError {
  return new SqlError(
    SqlState.ProgramLimitExceeded,
    `${what} of function ${functionName} must not exceed ${max}`,
  )
}

/** 0A000: an argument that must be a constant of the statement. */
export function argumentNotConstant(functionName: string, what: string): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    `${what} of function ${functionName} must be a constant`,
  )
}

/** 0A000: a form of a function that has no counterpart of the same meaning in the engine. */
export function unsupportedForm(functionName: string, what: string): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    `${what} of function ${functionName} is not supported`,
  )
}

/** 0A000: `unit "week" not supported for type interval`. */
export function unsupportedUnit(unit: string, typeText: string): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    `unit "${unit}" not supported for type ${typeText}`,
  )
}

/** 22023: an argument outside the values that a function takes. */
export function invalidArgument(message: string): SqlError {
  return new SqlError(SqlState.InvalidParameterValue, message)
}

/** 42804: a polymorphic function was given nothing that has a type. */
export function undeterminedType(): SqlError {
  return new SqlError(
    SqlState.DatatypeMismatch,
    'could not determine polymorphic type because input has type unknown',
  )
}

/** 42725: `function foo(unknown) is not unique`. */
export function ambiguousFunction(signature: string): SqlError {
  return new SqlError(SqlState.AmbiguousFunction, `function ${signature} is not unique`, {
    hint: 'Could not choose a best candidate function. You might need to add explicit type casts.',
  })
}

/** 42725: `operator is not unique: text || ...`. */
export function ambiguousOperator(signature: string): SqlError {
  return new SqlError(SqlState.AmbiguousFunction, `operator is not unique: ${signature}`, {
    hint: 'Could not choose a best candidate operator. You might need to add explicit type casts.',
  })
}

/** 54001: an argument that an exact form has to repeat, and which is too large to be repeated. */
export function argumentTooComplex(functionName: string): SqlError {
  return new SqlError(
    SqlState.StatementTooComplex,
    `an argument of function ${functionName} is too complex`,
  )
}

/** 0A000: a volatile argument of a function whose exact form has to repeat it. */
export function volatileArgument(functionName: string): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    `a volatile argument of function ${functionName} is not supported`,
  )
}
