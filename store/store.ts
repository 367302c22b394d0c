/**
 * The one interface to tables: an embedded DuckDB in a child process today, an upstream PostgreSQL
 * later. A store runs bound statements; it does not know who asked.
 */
import type { SessionValueName, TargetConstraint } from './bound.ts'
import type { CopiedRows } from './protocol/request.ts'
import type { PartitionFiles } from './partition-files.ts'
import type { SqlType, SqlValue } from './sql-type.ts'

/** Text or binary, as Bind's format codes have it (protocol page "Bind"). */
export type WireFormat = 'text' | 'binary'

/** Where the value of the engine's parameter `$n` comes from. */
export type ProgramParameter =
  | { readonly kind: 'Client'; readonly number: number; readonly type: SqlType }
  | { readonly kind: 'Session'; readonly name: SessionValueName; readonly type: SqlType }
  | {
      /** A column of a server relation: the list of its values, one parameter a column. */
      readonly kind: 'ServerColumn'
      readonly range: number
      readonly column: number
      readonly type: SqlType
    }

/** Names in the user's words, for errors about constraints: attribute number to column name. */
export interface ProgramTarget {
  readonly oid: number
  readonly table: string
  readonly schema: string
  readonly columns: readonly { readonly attnum: number; readonly name: string }[]
  readonly constraints?: readonly TargetConstraint[]
}

/** A bound statement, printed for the engine. Made by `printStatement` only. */
export interface Program {
  readonly sql: string
  readonly kind: 'Query' | 'Insert' | 'Update' | 'Delete' | 'PhysicalChange' | 'Export'
  /** Run before `sql` and with the parameters, which `sql` then has none of; see print/upsert.ts. */
  readonly stage?: string
  /** The number of rows to be told, where it is not the number of rows that the engine changed. */
  readonly rowCount?: number
  /** In the order of the engine's `$1`, `$2`, ... */
  readonly parameters: readonly ProgramParameter[]
  /** Output columns; a type that is absent is to be asked of the engine (`describe`). */
  readonly columns: readonly { readonly type?: SqlType }[]
  readonly target?: ProgramTarget
}

/** Receives whole DataRow messages, ready for the socket; a promise holds the producer back. */
export interface RowSink {
  rows(messages: Buffer, rowCount: number): void | Promise<void>
}

/** What one fetch ended with. `rowCount`: rows sent (queries, RETURNING) or changed. */
export type FetchOutcome =
  | { readonly kind: 'Complete'; readonly rowCount: number }
  | { readonly kind: 'Suspended'; readonly rowCount: number }

export interface ExecuteRequest {
  readonly program: Program
  /** One a `program.parameters`, already of its type. */
  readonly values: readonly SqlValue[]
  /** One a column, or one for all, or none (text). */
  readonly formats: readonly WireFormat[]
}

/** An executing statement. Fetches come one after another; after `Complete` or an error it is closed. */
export interface StorePortal {
  /**
   * Sends at most `rowsMax` rows (0: all) to the sink.
   * @throws SqlError in the dialect's words, never the engine's (duckdb-hardening.md, section 7)
   */
  fetch(rowsMax: number, sink: RowSink): Promise<FetchOutcome>
  close(): Promise<void>
}

/** One client's own connection to the engine, made when first needed. Calls are run in order. */
export interface StoreSession {
  /** Types of the output columns, where the program lacks them. */
  describe(program: Program): Promise<readonly SqlType[]>
  /**
   * Opens a portal. Outside a transaction the statement is its own transaction, durable when its last
   * fetch completes. A portal that is suspended when another statement runs keeps its rows.
   */
  open(request: ExecuteRequest): StorePortal
  begin(options: { readonly readOnly: boolean }): Promise<void>
  /**
   * Commits; with a number, writes it to the store's own table in the same transaction, so that
   * {@link Store.hasCommitted} knows after a crash whether the commit happened.
   * @throws SqlError 40001 on a conflict, 23505 on a late uniqueness violation; the transaction is gone
   */
  commit(transactionNumber?: number): Promise<void>
  rollback(): Promise<void>
  /** Whether a transaction is open that no error has ended: any error of a call in it does. */
  readonly isTransactionUsable: boolean
  /** How many statements that write were sent in the transaction that is open, whatever became of them. */
  readonly writesInTransaction: number
  /**
   * Begins the transaction that an error ended anew, if nobody can tell that from going on: it has
   * written nothing, and what it reads now is what it has read. @returns whether it did
   */
  revive(): Promise<boolean>
  /** Interrupts what runs now (57014); harmless when idle. */
  cancel(): void
  /** Session time zone for timestamptz text and functions; an IANA name that was checked. */
  setTimeZone(name: string): Promise<void>
  close(): Promise<void>
}

/** The tables as they were at one moment, while others write. */
export interface StoreCopy {
  /**
   * Writes them into the copy's file. @param oids which tables; absent: all
   * @returns the oids of those that were there
   * @throws SqlError 57014 when cancelled, 53100 and 58030 when the file cannot be written
   */
  write(oids?: readonly number[]): Promise<readonly number[]>
  /** Ends what runs (57014); harmless when nothing does. */
  cancel(): void
  /** Lets go of the moment and of the file. */
  close(): Promise<void>
}

export interface Store {
  /** Cheap: nothing happens until the first statement. */
  connect(): StoreSession
  /** Files of partitions that are not in their tables. */
  readonly files: PartitionFiles
  /** Whether the transaction of that number was committed to the tables. */
  hasCommitted(transactionNumber: number): Promise<boolean>
  /** Forgets commit numbers below `transactionNumber`: the catalog has completed them. */
  forgetCommitsBelow(transactionNumber: number): Promise<void>
  /** The oids of the physical tables that there are. */
  tables(): Promise<readonly number[]>
  /**
   * Writes what was committed into the data file, and gives back the space of rows that no transaction can see
   * any more. Transactions go on beside it.
   * @throws SqlError 55006 while others have updated rows or altered tables and not committed
   */
  checkpoint(): Promise<void>
  /**
   * Begins a copy of the tables into a new file of its own, in a directory that the engine may write; its moment
   * is when this resolves. One copy at a time.
   */
  beginCopy(file: string): Promise<StoreCopy>
  /** Fills a table with the rows of one in a file that a {@link StoreCopy} wrote. */
  takeRows(rows: CopiedRows): Promise<void>
  /** Drops physical tables whose oid is not in `oids` (left over from a crash); returns which. */
  sweep(oids: ReadonlySet<number>): Promise<readonly number[]>
  /** Memory that the engine's process has, where that can be told. */
  residentBytes(): number | undefined
  /** Longest that a statement that starts from now on may run; undefined: no limit. */
  setStatementTimeout(ms: number | undefined): void
  close(): Promise<void>
}
