import type { Notice } from '../../../errors/notice.ts'
import { SqlState } from '../../../errors/sql-state.ts'

/** IF NOT EXISTS met something of the name. */
export function existsAlready(kind: 'relation' | 'column', name: string): Notice {
  return {
    severity: 'NOTICE',
    sqlState: kind === 'relation' ? SqlState.DuplicateTable : SqlState.DuplicateColumn,
    message: `${kind} "${name}" already exists, skipping`,
  }
}

/** IF EXISTS met nothing of the name. */
export function doesNotExist(kind: 'table' | 'view' | 'relation' | 'column', name: string): Notice {
  return {
    severity: 'NOTICE',
    sqlState: SqlState.SuccessfulCompletion,
    message: `${kind} "${name}" does not exist, skipping`,
  }
}
