/**
 * The door between the wire and the rest of the server. The connection (server/pgwire/connection.ts)
 * turns bytes into typed messages, keeps the protocol's order (start-up, skip to Sync, one
 * ReadyForQuery) and writes the answers; a `SessionHandler` says what a message means. Named statements
 * and portals live behind this door, since SQL (DEALLOCATE, DISCARD ALL) and the end of a transaction
 * end them too.
 */
import type { Notice } from '../../errors/notice.ts'
import type { SqlError } from '../../errors/sql-error.ts'
import type { SqlType } from '../../store/sql-type.ts'
import type { WireFormat } from '../../store/store.ts'
import type { Bind } from './messages/bind.ts'
import type { Parse } from './messages/parse.ts'
import type { Target } from './messages/target.ts'

/** Synchronous where the answer is at hand: never one promise a message (performance.md, section 4). */
export type Awaitable<T> = T | Promise<T>

/** The status byte of ReadyForQuery: idle, in a transaction block, in a failed one. */
export type TransactionStatus = 'I' | 'T' | 'E'

/** One field of RowDescription. */
export interface ColumnDescription {
  readonly name: string
  readonly type: SqlType
  readonly origin?: { readonly oid: number; readonly attnum: number }
}

/** What a statement gives back: rows of these columns, or none (`NoData`). */
export interface StatementDescription {
  readonly parameters: readonly SqlType[]
  readonly columns: readonly ColumnDescription[] | undefined
}

export interface PortalDescription {
  readonly columns: readonly ColumnDescription[] | undefined
  /** As Bind asked: none (text), one for all, or one a column. */
  readonly formats: readonly WireFormat[]
}

/** Where a running statement's answers go; the connection encodes and, in order, sends them. */
export interface ResultSink {
  /** RowDescription; in the simple protocol only, where no Describe asks for it. */
  rowDescription(columns: readonly ColumnDescription[]): void
  /** Whole DataRow messages, ready for the socket; a promise holds the producer back (back-pressure). */
  rows(messages: Buffer, rowCount: number): void | Promise<void>
  commandComplete(tag: string): void
  emptyQuery(): void
  portalSuspended(): void
  notice(notice: Notice): void
  parameterStatus(name: string, value: string): void
}

/**
 * One session, from a successful login to its end. A method that throws (or rejects) a SqlError has
 * already put the session's transaction into the state that `transactionStatus` tells; the connection
 * sends ErrorResponse and, in the extended protocol, skips to Sync.
 */
export interface SessionHandler {
  readonly transactionStatus: TransactionStatus
  /** All statements of a simple Query message, as one implicit transaction unless it holds its own. */
  query(text: string, sink: ResultSink): Awaitable<void>
  parse(message: Parse, sink: ResultSink): Awaitable<void>
  bind(message: Bind, sink: ResultSink): Awaitable<void>
  describeStatement(name: string): Awaitable<StatementDescription>
  describePortal(name: string): Awaitable<PortalDescription>
  /** At most `rowsMax` rows (0: all); ends in commandComplete, emptyQuery or portalSuspended. */
  execute(portal: string, rowsMax: number, sink: ResultSink): Awaitable<void>
  closeStatement(name: string): Awaitable<void>
  closePortal(name: string): Awaitable<void>
  /** Ends the implicit transaction of the messages since the last Sync: commits, or rolls back after an error. */
  sync(sink: ResultSink): Awaitable<void>
  /**
   * The text that an error's `offset` counts in, for errors of Bind, Describe and Execute, which do not
   * carry it; without it such an error is sent without a position.
   */
  textOf?(target: Target): string | undefined
  /** The connection itself refused a message (a malformed Bind): the transaction fails as for any error. */
  fail(): void
  /** CancelRequest: what runs now ends with 57014; harmless when idle. */
  cancel(): void
  /** The connection is gone or going: roll back, free everything. Never rejects. */
  end(): Promise<void>
}

/** What a client said before it is let in. */
export interface LoginRequest {
  readonly user: string
  /** Any database name is accepted (rule H1). */
  readonly database: string
  readonly password: string
  /** Other start-up keys, `options` taken apart; names in lower case, in the order sent. */
  readonly settings: readonly (readonly [name: string, value: string])[]
  readonly processId: number
  /** For the log: never decides access. */
  readonly remoteAddress: string
}

export type LoginOutcome =
  | {
      readonly kind: 'Accepted'
      readonly handler: SessionHandler
      /** ParameterStatus messages to send before ReadyForQuery. */
      readonly parameters: readonly (readonly [name: string, value: string])[]
      readonly notices: readonly Notice[]
    }
  /** Severity FATAL; the connection closes (rules H2, S14, S15). */
  | { readonly kind: 'Refused'; readonly error: SqlError }

/** Decides over logins; made by the composition root. */
export type Login = (request: LoginRequest) => Promise<LoginOutcome>
