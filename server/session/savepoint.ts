/**
 * Savepoints of a transaction block (PostgreSQL 15, xact.c, SAVEPOINT). What changed access or settings
 * since one is a list, and is cut; tables have none, so that going back over a table's change is
 * refused, and exact otherwise.
 */
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { Name } from '../../parser/statement.ts'
import { tooManyNames } from './session-errors.ts'
import type { SettingValues } from './settings.ts'
import type { TransactionMark } from './transaction.ts'

export interface Savepoint {
  readonly name: string
  readonly mark: TransactionMark
  readonly settings: SettingValues
  readonly settingsAfterCommit: SettingValues
  /** The last portal made before it. */
  readonly lastPortal: number
}

/** A stack of savepoints: the last of a name hides earlier ones of that name. */
export type Savepoints = readonly Savepoint[]

/** @throws SqlError 53400 for one too many */
export function requireFreeSavepoint(savepoints: Savepoints, max: number): void {
  if (savepoints.length >= max) throw tooManyNames('savepoints', max)
}

/** Where the last savepoint of that name stands. @throws SqlError 3B001 */
export function placeOfSavepoint(savepoints: Savepoints, name: Name): number {
  const index = savepoints.findLastIndex((one) => one.name === name.text)
  if (index >= 0) return index
  throw new SqlError(SqlState.InvalidSavepoint, `savepoint "${name.text}" does not exist`)
}

/** @param statement `SAVEPOINT`, `RELEASE SAVEPOINT`, `ROLLBACK TO SAVEPOINT` */
export function onlyInTransactionBlock(statement: string): SqlError {
  return new SqlError(
    SqlState.NoActiveSqlTransaction,
    `${statement} can only be used in transaction blocks`,
  )
}

export function cannotWriteInside(): SqlError {
  return new SqlError(
    SqlState.ActiveSqlTransaction,
    'cannot set transaction read-write mode inside a read-only transaction',
  )
}

const whyNot = {
  TableWritten: ['after a table was written', 'A table was written since the savepoint.'],
  WritesLost: [
    'after an engine error',
    'The error ended what the transaction had written to tables before the savepoint.',
  ],
  SnapshotLost: [
    'after an engine error',
    'The error ended the snapshot that the transaction read, and it cannot be taken again.',
  ],
} as const

/** Going back would leave what was written since, or take back more: tables have no savepoints. */
export function cannotGoBack(why: keyof typeof whyNot): SqlError {
  const [when, detail] = whyNot[why]
  return new SqlError(
    SqlState.FeatureNotSupported,
    `ROLLBACK TO SAVEPOINT ${when} is not supported`,
    { detail, hint: 'Use ROLLBACK, and run the transaction again.' },
  )
}
