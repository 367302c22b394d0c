import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'

/** PostgreSQL 15, postgres.c: `exec_bind_message`. */
export function incorrectBinaryFormat(number: number | undefined): SqlError {
  const which = number === undefined ? '' : ` ${number}`
  return new SqlError(
    SqlState.InvalidBinaryRepresentation,
    `incorrect binary data format in bind parameter${which}`,
  )
}

/** PostgreSQL 15, arrayfuncs.c: `ReadArrayBinary`. */
export function improperElement(number: number): SqlError {
  return new SqlError(
    SqlState.InvalidBinaryRepresentation,
    `improper binary format in array element ${number}`,
  )
}

/** PostgreSQL 15, arrayfuncs.c: `array_recv`. */
export function invalidArrayDimensions(dimensions: number): SqlError {
  return new SqlError(
    SqlState.InvalidBinaryRepresentation,
    `invalid number of dimensions: ${dimensions}`,
  )
}

/** PostgreSQL 15, arrayfuncs.c: `array_recv`. */
export function tooManyArrayDimensions(dimensions: number, dimensionsMax: number): SqlError {
  return new SqlError(
    SqlState.ProgramLimitExceeded,
    `number of array dimensions (${dimensions}) exceeds the maximum allowed (${dimensionsMax})`,
  )
}

/** PostgreSQL 15, arrayfuncs.c: `array_recv`. */
export function invalidArrayFlags(): SqlError {
  return new SqlError(SqlState.InvalidBinaryRepresentation, 'invalid array flags')
}

/** PostgreSQL 15, arrayfuncs.c: `array_recv`. */
export function wrongElementType(oids: { given: number; expected: number }): SqlError {
  return new SqlError(
    SqlState.DatatypeMismatch,
    `binary data has array element type ${oids.given} instead of expected ${oids.expected}`,
  )
}

/** A value would forget where its subscripts begin, so only the usual beginning is taken. */
export function lowerBoundRefused(lowerBound: number): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    `arrays with the lower bound ${lowerBound} are not supported`,
    { hint: 'Send arrays whose subscripts begin with 1.' },
  )
}

/** PostgreSQL 15, arrayutils.c: `ArrayGetNItems`. */
export function arrayTooLarge(elementsMax: number): SqlError {
  return new SqlError(
    SqlState.ProgramLimitExceeded,
    `array size exceeds the maximum allowed (${elementsMax})`,
  )
}

/** PostgreSQL 15, arrayfuncs.c, `ReadArrayBinary`: an element's length is more than there is. */
export function insufficientElements(): SqlError {
  return new SqlError(SqlState.InvalidBinaryRepresentation, 'insufficient data left in message')
}

/** PostgreSQL 15, numeric.c: `numeric_recv`. */
export function invalidNumeric(part: 'sign' | 'scale' | 'digit'): SqlError {
  return new SqlError(
    SqlState.InvalidBinaryRepresentation,
    `invalid ${part} in external "numeric" value`,
  )
}

/** Numbers are held as decimals of the engine, which has no infinite ones. */
export function infiniteNumeric(): SqlError {
  return new SqlError(
    SqlState.NumericValueOutOfRange,
    'infinite values of type numeric are not supported',
  )
}

/** PostgreSQL 15, date.c and timestamp.c. */
export function outOfRange(type: 'date' | 'time' | 'timestamp'): SqlError {
  return new SqlError(SqlState.DatetimeFieldOverflow, `${type} out of range`)
}

/** PostgreSQL 15, rowtypes.c: `record_recv`. */
export function recordInput(): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    'input of anonymous composite types is not implemented',
  )
}
