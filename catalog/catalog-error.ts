import { driverCode, driverMessage } from '../errors/driver-code.ts'
import { SqlError } from '../errors/sql-error.ts'
import { SqlState } from '../errors/sql-state.ts'

/** The file is there and is not, or is no longer, a catalog that can be trusted. It is left as it is. */
export function catalogDamaged(path: string, reason: string, cause?: unknown): SqlError {
  return new SqlError(SqlState.DataCorrupted, `catalog "${path}" is damaged: ${reason}`, {
    severity: 'FATAL',
    hint: 'The file was left as it is. Restore it from a backup, or move it away to start anew.',
    cause,
  })
}

export function catalogNewer(path: string, versions: { found: number; known: number }): SqlError {
  return new SqlError(
    SqlState.ObjectNotInPrerequisiteState,
    `catalog "${path}" was written by a newer grantd: it has version ${versions.found}, ` +
      `this program knows versions up to ${versions.known}`,
    { severity: 'FATAL', hint: 'The file was left as it is. Start the newer grantd.' },
  )
}

export function dataDirectoryInUse(directory: string, cause: unknown): SqlError {
  return new SqlError(
    SqlState.LockFileExists,
    `data directory "${directory}" is in use by another grantd`,
    {
      severity: 'FATAL',
      hint: 'Stop the other server, or give this one a data.dir of its own.',
      cause,
    },
  )
}

export function dataDirectoryUnusable(directory: string, cause: unknown): SqlError {
  return new SqlError(SqlState.IoError, `data directory "${directory}" cannot be used`, {
    severity: 'FATAL',
    detail: driverMessage(cause),
    cause,
  })
}

/** Runs what touches the catalog; what SQLite reports about disk and file becomes a SqlError. */
export function convertDriverErrors<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw sqlErrorOf(error) ?? error
  }
}

/**
 * What a client is told of an error of SQLite: the situation, not the driver's words. Undefined for what
 * can only be a bug of ours (a constraint, wrong SQL): that ends as XX000.
 * https://sqlite.org/rescode.html
 */
export function sqlErrorOf(error: unknown): SqlError | undefined {
  if (error instanceof SqlError) return undefined
  const code = driverCode(error)
  if (code === undefined) return undefined
  switch (primaryCode(code)) {
    case 'SQLITE_FULL':
      return failure(SqlState.DiskFull, 'could not write the catalog: no space left', error)
    case 'SQLITE_IOERR':
    case 'SQLITE_READONLY':
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_PERM':
      return failure(SqlState.IoError, 'could not read or write the catalog', error)
    case 'SQLITE_NOMEM':
      return failure(SqlState.OutOfMemory, 'out of memory', error)
    case 'SQLITE_BUSY':
    case 'SQLITE_LOCKED':
      return failure(SqlState.ObjectInUse, 'the catalog is locked by another program', error)
    case 'SQLITE_CORRUPT':
    case 'SQLITE_NOTADB':
      return failure(SqlState.DataCorrupted, 'the catalog is damaged', error)
    default:
      return undefined
  }
}

/** `SQLITE_IOERR` of `SQLITE_IOERR_WRITE`. */
function primaryCode(code: string): string {
  return code.split('_').slice(0, 2).join('_')
}

function failure(sqlState: SqlState, message: string, cause: unknown): SqlError {
  return new SqlError(sqlState, message, { cause })
}
