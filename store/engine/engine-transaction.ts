import type { SessionConnection } from './session-connection.ts'

/** PostgreSQL fails a transaction at any error, the engine at some: the state is kept here (section 6.4). */
export type Transaction = { readonly kind: 'None' } | OpenTransaction

export interface OpenTransaction {
  readonly kind: 'Open' | 'Failed'
  readonly connection: SessionConnection
  readonly beginning: Beginning
  readonly done: Done
}

/** How a transaction began. */
export interface Beginning {
  readonly readOnly: boolean
  /** Of {@link TableWrites}, before the snapshot was taken. */
  readonly moment: number | undefined
}

/** What a transaction has done that going on without it would show. */
interface Done {
  hasRead: boolean
  hasWritten: boolean
}

export function beginText(readOnly: boolean): string {
  return readOnly ? 'BEGIN TRANSACTION READ ONLY' : 'BEGIN TRANSACTION'
}
