/** What a connection may ask of the server; each limit ends in a clear error (architecture.md, R8). */
export interface WireLimits {
  /** Bytes of one message. PostgreSQL allows 1 GiB; no SQL text or parameter list needs it here. */
  readonly messageBytesMax: number
  /** Bytes of messages that wait behind a running statement; above it the socket is not read. */
  readonly queueBytesMax: number
  /** Bytes that wait for a slow reader; above it nothing more is produced. */
  readonly outputBytesHigh: number
  /** From accepting the socket to ReadyForQuery; PostgreSQL's `authentication_timeout`. */
  readonly loginTimeoutMs: number
  /** Sessions at a time; PostgreSQL's `max_connections` is 100, but ours are cheap. */
  readonly sessionsMax: number
  /** Sockets at a time that are not let in yet. */
  readonly pendingLoginsMax: number
  /** How long a statement runs on when its client closed without a Terminate. */
  readonly disconnectGraceMs: number
  /** How long running statements may take to end when the listener closes. */
  readonly shutdownGraceMs: number
}

export const defaultLimits: WireLimits = {
  messageBytesMax: 64 * 1024 * 1024,
  queueBytesMax: 1024 * 1024,
  outputBytesHigh: 1024 * 1024,
  loginTimeoutMs: 60_000,
  sessionsMax: 1000,
  pendingLoginsMax: 256,
  disconnectGraceMs: 10_000,
  shutdownGraceMs: 10_000,
}

/** PostgreSQL 15, libpq/pqcomm.h: MAX_STARTUP_PACKET_LENGTH. */
export const startupPacketBytesMax = 10_000

/** PostgreSQL 15, libpq/auth.h: PG_MAX_AUTH_TOKEN_LENGTH. */
export const passwordMessageBytesMax = 65_535

/** PostgreSQL 15, libpq/libpq.h: PQ_SMALL_MESSAGE_LIMIT, for messages that hold no SQL and no values. */
export const smallMessageBytesMax = 10_000
