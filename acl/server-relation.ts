import type { LoggedAuditRecord } from '../catalog/access-log.ts'
import type { SqlValue } from '../store/sql-type.ts'
import type { Actor } from './actor.ts'
import type { ListingColumn, ListingRow } from './listing.ts'
import type { AccessModel } from './model.ts'

/** A statement that runs now, as the server knows it. */
export interface RunningStatement {
  /** Grows; never given twice while the server runs. */
  readonly id: number
  /** Of the session: what BackendKeyData told its client. */
  readonly processId: number
  /** The endpoint that it came in by. */
  readonly endpoint: string
  readonly actor: Actor
  readonly startedMicros: bigint
  readonly state: StatementState
  readonly stateChangedMicros: bigint
  /** Secrets hidden (S16), values of parameters not in it, cut to a bound. */
  readonly text: string
}

/**
 * `waiting`: for a place in the engine, for a password to be hashed, for its turn to commit; `cancelled`: told
 * to end, and not at its end yet.
 */
export type StatementState = 'waiting' | 'active' | 'cancelled'

/** One COPY t FROM, running or ended. */
export interface CopyImport {
  readonly id: string
  readonly table: string
  readonly file: string
  readonly actor: Actor
  readonly status: 'started' | 'finished' | 'failed' | 'cancelled'
  /** Why it failed. */
  readonly message: string | undefined
  readonly rowsHandled: number
  /** In the table once it is finished; before, put in and not committed. */
  readonly rowsImported: number
  /** Cells and rows that were left out. */
  readonly errors: number
  readonly startedMicros: bigint
  readonly endedMicros: bigint | undefined
}

/** The newest `count` records whose number is below `before`. */
export interface AuditPage {
  readonly count: number
  readonly before: number | undefined
}

/** What the rows of some server relations are made of besides the model: known to the server alone. */
export interface ServerFacts {
  readonly runningStatements: () => readonly RunningStatement[]
  /** In the order of their starts. */
  readonly imports: () => readonly CopyImport[]
  /** When the checkpoint that is not released was made; undefined: there is none. */
  readonly checkpointMicros: () => bigint | undefined
  /** From the oldest on. @throws SqlError 54000 when they are more than may be read at once */
  readonly auditRecords: (page: AuditPage) => readonly LoggedAuditRecord[]
}

/** What the rows of a server relation depend on: who asks, on which model, and what the server knows. */
export interface RowsRequest {
  readonly model: AccessModel
  readonly actor: Actor
  readonly args: readonly SqlValue[]
  readonly facts: ServerFacts
}

/** A function that the server itself answers, usable in FROM (questdb-rbac.md, 9.5). */
export interface ServerRelation {
  readonly columns: readonly ListingColumn[]
  /** How many arguments it takes, at least and at most. */
  readonly arity: readonly [number, number]
  /** What its arguments are: names by default. */
  readonly argument?: 'Text' | 'Integer'
  /** @throws SqlError 42501, 42704, as the SHOW statement of the same content */
  readonly rows: (request: RowsRequest) => readonly ListingRow[]
  /** What `rows` refuses, where it can be told without making them. */
  readonly guard?: (model: AccessModel, actor: Actor) => void
}
