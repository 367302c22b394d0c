/**
 * The directory that holds the catalog and the tables: private to the server, and used by one server at
 * a time.
 */
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { driverCode } from '../errors/driver-code.ts'
import { dataDirectoryInUse, dataDirectoryUnusable } from './catalog-error.ts'

const privateMode = 0o700

/** Makes the directory if it is missing, parents included, and keeps others of this machine out of it. */
export function makeDataDirectory(directory: string): void {
  try {
    const made = mkdirSync(directory, { recursive: true, mode: privateMode })
    // Empty, so nobody else relies on its mode. One that holds things is left as its owner made it:
    // our files in it are private by themselves.
    if (made !== undefined || readdirSync(directory).length === 0) chmodSync(directory, privateMode)
    if (made !== undefined) syncDirectory(dirname(resolve(made)))
  } catch (error) {
    throw dataDirectoryUnusable(directory, error)
  }
}

/** Makes the names of files that were made in a directory survive a power cut. */
export function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Held while a server uses the directory. The kernel lets go of it however the process ends. */
export interface DirectoryLock {
  release(): void
}

/**
 * Takes the lock or refuses. The lock is SQLite's own on an empty database file: it is fcntl's, which Node
 * has not, so a process killed with -9 leaves nothing behind that would have to be cleared.
 * INVARIANT: nothing in this process opens `grantd.lock` otherwise; closing any descriptor of a
 * file drops the process's fcntl locks on it (https://sqlite.org/howtocorrupt.html, 2.2).
 * @throws SqlError F0001 when another server has it
 */
export function lockDataDirectory(directory: string): DirectoryLock {
  const path = join(directory, 'grantd.lock')
  try {
    makePrivateFile(path)
    const database = new Database(path, { timeout: 0 })
    try {
      database.pragma('journal_mode = MEMORY')
      database.exec('BEGIN EXCLUSIVE')
    } catch (error) {
      database.close()
      throw error
    }
    return { release: () => database.close() }
  } catch (error) {
    throw driverCode(error)?.startsWith('SQLITE_BUSY') === true
      ? dataDirectoryInUse(directory, error)
      : dataDirectoryUnusable(directory, error)
  }
}

function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (driverCode(error) !== 'EEXIST') throw error
  }
}
