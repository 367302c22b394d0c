import type { Database, Statement } from 'better-sqlite3'
import type { Commit } from '../acl/effect.ts'
import { invariant } from '../errors/invariant.ts'
import { decodeCommit } from './document.ts'
import { encodeTaggedJson } from './tagged-json.ts'

/** What a transaction that also writes tables was about to do when it was last heard of. */
export interface OpenTransaction {
  readonly transactionNumber: number
  readonly commit: Commit
}

/** Prepared transactions (migration 5). */
export class PreparedTransactions {
  readonly #insert: Statement<[number, string]>
  readonly #select: Statement<[], { transaction_number: number; document: string }>
  readonly #delete: Statement<[number]>

  constructor(database: Database) {
    this.#insert = database.prepare(
      'INSERT INTO prepared_transactions (transaction_number, document) VALUES (?, ?)',
    )
    this.#select = database.prepare(
      'SELECT transaction_number, document FROM prepared_transactions ORDER BY transaction_number',
    )
    this.#delete = database.prepare(
      'DELETE FROM prepared_transactions WHERE transaction_number = ?',
    )
  }

  /** @throws SyntaxError for a document that is no commit */
  read(): readonly OpenTransaction[] {
    return this.#select.all().map(({ transaction_number: transactionNumber, document }) => ({
      transactionNumber,
      commit: decodeCommit(document),
    }))
  }

  insert({ transactionNumber, commit }: OpenTransaction): void {
    this.#insert.run(transactionNumber, encodeTaggedJson(commit))
  }

  delete(transactionNumber: number): void {
    const { changes } = this.#delete.run(transactionNumber)
    invariant(changes === 1, 'a transaction that ends was prepared')
  }
}
