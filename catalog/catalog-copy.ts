import { chmodSync } from 'node:fs'
import Database from 'better-sqlite3'
import { convertDriverErrors, sqlErrorOf } from './catalog-error.ts'

/** Between two steps the event loop turns: a step is some 400 KiB. */
const pagesPerStep = 100

/** The catalog as it was at one moment, to be written to a file of its own while the server goes on. */
export class CatalogCopy {
  readonly #database: Database.Database

  /** @param path the catalog's file; the moment is now */
  constructor(path: string) {
    this.#database = convertDriverErrors(() => {
      const database = new Database(path, { readonly: true, fileMustExist: true })
      try {
        // BEGIN alone reads nothing; SQLite's backup goes on with a read transaction that it finds
        // (https://sqlite.org/c3ref/backup_finish.html, "Concurrent Usage").
        database.exec('BEGIN')
        database.prepare('SELECT count(*) FROM counters').get()
        return database
      } catch (error) {
        database.close()
        throw error
      }
    })
  }

  /**
   * Writes the copy, whole when this resolves; the new file is private.
   * @throws SqlError 53100 and 58030 when the disk is full or fails; the reason of an abort
   */
  async writeTo(file: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#database.backup(file, {
        progress: () => {
          signal.throwIfAborted()
          return pagesPerStep
        },
      })
      chmodSync(file, 0o600)
    } catch (error) {
      throw sqlErrorOf(error) ?? error
    }
  }

  close(): void {
    this.#database.close()
  }
}
