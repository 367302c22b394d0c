import { driverCode } from '../../errors/driver-code.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'

/** One at a time: each takes the disk, and the copies share one place in the engine. */
export function backupInProgress(): SqlError {
  return new SqlError(SqlState.ObjectInUse, 'another backup or checkpoint is being made', {
    hint: 'Try again when it has ended.',
  })
}

/** QuestDB's words for a second CHECKPOINT CREATE. */
export function checkpointExists(): SqlError {
  return new SqlError(
    SqlState.ObjectNotInPrerequisiteState,
    'Waiting for CHECKPOINT RELEASE to be called',
  )
}

export function momentNotReached(seconds: number): SqlError {
  return new SqlError(
    SqlState.QueryCanceled,
    `canceling the backup: the tables could not be looked at within ${seconds} seconds`,
    { hint: 'Try again later.' },
  )
}

/** What the client is told of a file that cannot be written: no path, which is the operator's to know. */
export function backupFailed(error: unknown): unknown {
  if (error instanceof SqlError) return error
  const code = driverCode(error)
  if (code === undefined) return error
  const isFull = code === 'ENOSPC' || code === 'EDQUOT'
  return new SqlError(
    isFull ? SqlState.DiskFull : SqlState.IoError,
    `could not write the backup: ${isFull ? 'no space left' : reasonOf(code)}`,
    { hint: "The server's log says where; see cairo.sql.backup.root.", cause: error },
  )
}

function reasonOf(code: string): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'permission denied'
    case 'EROFS':
      return 'read-only file system'
    case 'ENOTDIR':
    case 'EEXIST':
      return 'the place is not a directory'
    default:
      return `the file system says ${code}`
  }
}

/** The operator's errors: of the restore command, and of a start that finds something to restore. */
export function cannotRestore(reason: string, hint?: string): SqlError {
  return new SqlError(SqlState.ObjectNotInPrerequisiteState, `cannot restore: ${reason}`, {
    severity: 'FATAL',
    ...(hint === undefined ? {} : { hint }),
  })
}

export function backupDamaged(reason: string, cause?: unknown): SqlError {
  return new SqlError(SqlState.DataCorrupted, `the backup is damaged: ${reason}`, {
    severity: 'FATAL',
    hint: 'Nothing was restored. Take another backup.',
    cause,
  })
}
