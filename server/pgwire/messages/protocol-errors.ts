import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'

/** PostgreSQL 15, pqformat.c: `pq_copymsgbytes`. */
export function insufficientData(): SqlError {
  return new SqlError(SqlState.ProtocolViolation, 'insufficient data left in message')
}

/** PostgreSQL 15, pqformat.c: `pq_getmsgstring`. */
export function unterminatedString(): SqlError {
  return new SqlError(SqlState.ProtocolViolation, 'invalid string in message')
}

/** PostgreSQL 15, pqformat.c: `pq_getmsgend`. */
export function leftoverData(): SqlError {
  return new SqlError(SqlState.ProtocolViolation, 'invalid message format')
}

/** PostgreSQL 15, postgres.c: `SocketBackend`; the stream cannot be trusted after it. */
export function invalidMessageType(type: number): SqlError {
  return new SqlError(SqlState.ProtocolViolation, `invalid frontend message type ${type}`, {
    severity: 'FATAL',
  })
}

/** A length that cannot be, or that the limit forbids; the stream cannot be followed after it. */
export function invalidMessageLength(length: number, lengthMax: number): SqlError {
  return new SqlError(SqlState.ProtocolViolation, 'invalid message length', {
    severity: 'FATAL',
    detail: `length ${length} is not between 4 and ${lengthMax}`,
  })
}

/** PostgreSQL 15, postmaster.c: `ProcessStartupPacket`. */
export function invalidStartupLength(): SqlError {
  return new SqlError(SqlState.ProtocolViolation, 'invalid length of startup packet', {
    severity: 'FATAL',
  })
}

/** PostgreSQL 15, postmaster.c: `ProcessStartupPacket`. */
export function invalidStartupLayout(): SqlError {
  return new SqlError(
    SqlState.ProtocolViolation,
    'invalid startup packet layout: expected terminator as last byte',
    { severity: 'FATAL' },
  )
}

/** PostgreSQL 15, postgres.c: the subtype byte of Describe and Close. */
export function invalidSubtype(message: 'DESCRIBE' | 'CLOSE', subtype: number): SqlError {
  return new SqlError(SqlState.ProtocolViolation, `invalid ${message} message subtype ${subtype}`)
}

/** PostgreSQL 15, postgres.c: `exec_bind_message`. */
export function unsupportedFormatCode(code: number): SqlError {
  return new SqlError(SqlState.InvalidParameterValue, `unsupported format code: ${code}`)
}

/** PostgreSQL 15, postgres.c: `exec_bind_message`. */
export function parameterFormatCount(formats: number, parameters: number): SqlError {
  return new SqlError(
    SqlState.ProtocolViolation,
    `bind message has ${formats} parameter formats but ${parameters} parameters`,
  )
}
