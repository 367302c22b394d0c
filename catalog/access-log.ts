import type { Database, Statement } from 'better-sqlite3'
import type { AuditRecord } from '../acl/effect.ts'
import type { Epoch } from '../acl/names.ts'
import type { AuditPage } from '../acl/server-relation.ts'
import { SqlError } from '../errors/sql-error.ts'
import { SqlState } from '../errors/sql-state.ts'

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

/** Characters of a statement that a listing shows. */
const shownStatementMax = 8192
/** Characters of all statements of one listing. */
const shownCharactersMax = 16 << 20

/** Rows read at a time: between pages the database is free for other statements. */
const pageLength = 256

/** The append-only record of changes of access (migration 4). */
export class AccessLog {
  readonly #insert: Statement<[Epoch, bigint, string, string, string, string]>
  readonly #select: Statement<[bigint, number], LogRow>
  readonly #selectBefore: Statement<[bigint, number], LogRow>

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
    this.#selectBefore = database.prepare<[bigint, number], LogRow>(
      `SELECT id, epoch, at_micros, login_principal, effective_principal, action,
              CASE WHEN length(statement) <= ${shownStatementMax} THEN statement
                   ELSE substr(statement, 1, ${shownStatementMax}) || '...' END AS statement
         FROM access_log WHERE id < ? ORDER BY id DESC LIMIT ?`,
    )
    this.#selectBefore.safeIntegers()
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

  /**
   * The newest `count` records whose number is below `before`, from the oldest on; long statements are cut.
   * @throws SqlError 54000 when they are more than fits into memory at once
   */
  newest({ count, before }: AuditPage): readonly LoggedAuditRecord[] {
    const records: LoggedAuditRecord[] = []
    let characters = 0
    const from = before === undefined ? beyondAll : BigInt(before)
    for (const row of this.#selectBefore.iterate(from, count)) {
      characters += row.statement.length
      if (characters > shownCharactersMax) throw tooMuchAtOnce(count)
      records.push(recordOfRow(row))
    }
    return records.toReversed()
  }
}

/** Larger than any number that a record has. */
const beyondAll = 0x7fff_ffff_ffff_ffffn

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

function tooMuchAtOnce(count: number): SqlError {
  return new SqlError(
    SqlState.ProgramLimitExceeded,
    `these records are too long to be read at once [count=${count}]`,
    { hint: 'Read fewer at a time: audit_log(count, before).' },
  )
}
