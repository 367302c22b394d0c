import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'

/** Before the password is asked for: it would cross the network in clear. */
export function encryptionRequired(): SqlError {
  return new SqlError(
    SqlState.InvalidAuthorizationSpecification,
    'passwords are accepted over encrypted connections only',
    { severity: 'FATAL', hint: 'Connect with TLS, for example with sslmode=require.' },
  )
}

/** PostgreSQL 15, auth.c: `recv_password_packet`. */
export function passwordExpected(type: number): SqlError {
  return new SqlError(
    SqlState.ProtocolViolation,
    `expected password response, got message type ${type}`,
    { severity: 'FATAL' },
  )
}

/** PostgreSQL 15, postgres.c: `ProcessInterrupts`. */
export function loginTimedOut(): SqlError {
  return new SqlError(SqlState.QueryCanceled, 'canceling authentication due to timeout', {
    severity: 'FATAL',
  })
}

/** PostgreSQL 15, postmaster.c: `ProcessStartupPacket`; told after the login (questdb-rbac.md, H2). */
export function tooManyClients(): SqlError {
  return new SqlError(SqlState.TooManyConnections, 'sorry, too many clients already', {
    severity: 'FATAL',
  })
}

/** PostgreSQL 15, postgres.c: `ProcessInterrupts`. */
export function adminShutdown(): SqlError {
  return new SqlError(
    SqlState.AdminShutdown,
    'terminating connection due to administrator command',
    { severity: 'FATAL' },
  )
}

/** CVE-2021-23214: what came in clear must not be taken for what was encrypted. */
export function unencryptedData(): SqlError {
  return new SqlError(SqlState.ProtocolViolation, 'received unencrypted data after SSL request', {
    severity: 'FATAL',
    detail:
      'This could be either a client-software bug or evidence of an attempted man-in-the-middle attack.',
  })
}
