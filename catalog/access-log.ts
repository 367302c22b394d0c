import type { Database, Statement } from 'better-sqlite3'
import type { AuditRecord } from '../acl/effect.ts'
import type { Epoch } from '../acl/names.ts'

/** A row of the access log. Numbers grow with time; a rolled back transaction uses none. */
export interface LoggedAuditRecord extends AuditRecord {
  readonly id: number
  /** Of the model that the change made. */
  readonly epoch: number
}

interface LogRow {
  readonly id: bigint
  readonly epoch: bigint
  readonly at_micros: bigint
  readonly login_principal: string
  readonly effective_principal: string
  readonly action: string
  readonly statement: string
}

/** Rows read at a time: between pages the database is free for other statements. */
const pageLength = 256

/** The append-only record of changes of access (migration 4). */
export class AccessLog {
  readonly #insert: Statement<[Epoch, bigint, string, string, string, string]>
  readonly #select: Statement<[bigint, number], LogRow>

  constructor(database: Database) {
    this.#insert = database.prepare(
      `INSERT INTO access_log
         (epoch, at_micros, login_principal, effective_principal, action, statement)
       VALUES (?, ?, ?, ?, ?, ?)`,
    )
    this.#select = database.prepare<[bigint, number], LogRow>(
      `SELECT id, epoch, at_micros, login_principal, effective_principal, action, statement
         FROM access_log WHERE id > ? ORDER BY id LIMIT ?`,
    )
    this.#select.safeIntegers()
  }

  append(epoch: Epoch, record: AuditRecord): void {
    const { atMicros, loginPrincipal, effectivePrincipal, action, statement } = record
    this.#insert.run(epoch, atMicros, loginPrincipal, effectivePrincipal, action, statement)
  }

  /** From the oldest on. */
  *read(): IterableIterator<LoggedAuditRecord> {
    let last = 0n
    for (;;) {
      const page = this.#select.all(last, pageLength)
      for (const row of page) {
        last = row.id
        yield recordOfRow(row)
      }
      if (page.length < pageLength) return
    }
  }
}

function recordOfRow(row: LogRow): LoggedAuditRecord {
  return {
    id: Number(row.id),
    epoch: Number(row.epoch),
    atMicros: row.at_micros,
    loginPrincipal: row.login_principal,
    effectivePrincipal: row.effective_principal,
    action: row.action,
    statement: row.statement,
  }
}
