import type { SqlState } from '../errors/sql-state.ts'

/** What the store has to tell its log; engine words and physical names appear here only. */
export type StoreEvent =
  | { readonly kind: 'EngineStarted'; readonly processId: number }
  | { readonly kind: 'EngineEnded'; readonly processId: number; readonly reason: string }
  | { readonly kind: 'EngineStartFailed'; readonly reason: string }
  /** What the engine process wrote to its standard error. */
  | { readonly kind: 'EngineOutput'; readonly text: string }
  /** An engine error behind an error that a client got; `id` is in the client's message if XX000. */
  | {
      readonly kind: 'EngineError'
      readonly sqlState: SqlState
      readonly message: string
      readonly id?: string
      readonly sql?: string
    }

export interface StoreOptions {
  /** Made if missing, mode 0700: the data file, its log and the spill files are in it. */
  readonly directory: string
  /** Where copies of the tables may be written and read, absolute; need not be there. */
  readonly copyDirectories?: readonly string[]
  /** Name of the attached database in printed SQL: random at each start (duckdb-hardening.md, rule 3). */
  readonly databaseAlias: string
  /** The engine's own limit; default 1 GiB. At most half of what the process may use (section 4.1). */
  readonly memoryLimitBytes?: number
  /** Resident memory at which the process is ended; default twice the limit and 256 MiB. */
  readonly residentBytesMax?: number
  readonly spillBytesMax?: number
  /** 1 or 2. */
  readonly threads?: number
  /** Statements in the engine at once; default 8. */
  readonly statementSlots?: number
  /** Statements that may wait for a slot; default 200. */
  readonly statementQueueMax?: number
  readonly statementQueueTimeoutMs?: number
  /** Longest that a statement may run; absent: no limit. */
  readonly statementTimeoutMs?: number
  /** Rows on their way to one session that it has not taken yet; default 4 MiB. */
  readonly creditBytes?: number
  readonly onEvent?: (event: StoreEvent) => void
}

/** Every option with its value. The time that a statement has can be changed while the store is open. */
export type StoreConfiguration = Required<Omit<StoreOptions, 'statementTimeoutMs'>> & {
  statementTimeoutMs: number | undefined
}

const mebibyte = 1 << 20

export function withDefaults(options: StoreOptions): StoreConfiguration {
  const memoryLimitBytes = options.memoryLimitBytes ?? 1024 * mebibyte
  return {
    directory: options.directory,
    copyDirectories: options.copyDirectories ?? [],
    databaseAlias: options.databaseAlias,
    memoryLimitBytes,
    residentBytesMax: options.residentBytesMax ?? 2 * memoryLimitBytes + 256 * mebibyte,
    spillBytesMax: options.spillBytesMax ?? 16 * 1024 * mebibyte,
    threads: options.threads ?? 2,
    statementSlots: options.statementSlots ?? 8,
    statementQueueMax: options.statementQueueMax ?? 200,
    statementQueueTimeoutMs: options.statementQueueTimeoutMs ?? 30_000,
    statementTimeoutMs: options.statementTimeoutMs,
    creditBytes: options.creditBytes ?? 4 * mebibyte,
    onEvent: options.onEvent ?? (() => undefined),
  }
}
