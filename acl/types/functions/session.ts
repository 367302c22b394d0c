import type { BoundExpression, SessionValueName } from '../../../store/bound.ts'
import type { ScalarTypeName } from '../../../store/sql-type.ts'
import { cast } from '../expressions.ts'
import { scalar } from '../scalar.ts'
import { built, engine } from './make-row.ts'
import type { ScalarRow } from './row.ts'
import { sessionValue } from './session-value.ts'

function sessionRow(name: string, value: SessionValueName, type: ScalarTypeName): ScalarRow {
  return built(name, [], type, () => sessionValue(value, type))
}

/** Functions that tell who and when (questdb-rbac.md, W20; U9). */
export const sessionRows: readonly ScalarRow[] = [
  engine('gen_random_uuid', [], 'uuid'),
  sessionRow('now', 'transaction_timestamp', 'timestamptz'),
  sessionRow('transaction_timestamp', 'transaction_timestamp', 'timestamptz'),
  sessionRow('statement_timestamp', 'statement_timestamp', 'timestamptz'),
  sessionRow('clock_timestamp', 'clock_timestamp', 'timestamptz'),
  sessionRow('current_user', 'current_user', 'name'),
  sessionRow('session_user', 'session_user', 'name'),
  sessionRow('current_schema', 'current_schema', 'name'),
  sessionRow('current_database', 'current_database', 'name'),
  sessionRow('version', 'server_version', 'text'),
  sessionRow('pg_backend_pid', 'backend_pid', 'int4'),
]

/**
 * CURRENT_DATE, LOCALTIMESTAMP, USER and the like: syntax in PostgreSQL, by the operation of
 * libpg-query's SQLValueFunction. Forms with a precision (`CURRENT_TIMESTAMP(3)`) are undefined.
 */
export function sqlValueFunction(operation: string): BoundExpression | undefined {
  const now = sessionValue('transaction_timestamp', 'timestamptz')
  switch (operation) {
    case 'SVFOP_CURRENT_TIMESTAMP':
      return now
    case 'SVFOP_CURRENT_DATE':
      return cast(now, scalar('date'))
    case 'SVFOP_LOCALTIMESTAMP':
      return cast(now, scalar('timestamp'))
    case 'SVFOP_LOCALTIME':
      return cast(now, scalar('time'))
    case 'SVFOP_CURRENT_USER':
    case 'SVFOP_USER':
    case 'SVFOP_CURRENT_ROLE':
      return sessionValue('current_user', 'name')
    case 'SVFOP_SESSION_USER':
      return sessionValue('session_user', 'name')
    case 'SVFOP_CURRENT_CATALOG':
      return sessionValue('current_database', 'name')
    case 'SVFOP_CURRENT_SCHEMA':
      return sessionValue('current_schema', 'name')
    default:
      return undefined
  }
}
