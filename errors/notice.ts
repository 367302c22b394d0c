import type { SqlState } from './sql-state.ts'

/** Something worth telling the client that is not an error: becomes a NoticeResponse. */
export interface Notice {
  readonly severity: 'NOTICE' | 'WARNING'
  readonly sqlState: SqlState
  readonly message: string
  readonly hint?: string
}
