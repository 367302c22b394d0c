/**
 * Opens the catalog's file: a new one is made whole before it gets its name; an existing one is looked at
 * without being written to, and anything wrong with it ends the start with the file untouched.
 */
import {
  chmodSync,
  closeSync,
  existsSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { driverCode } from '../errors/driver-code.ts'
import { SqlError } from '../errors/sql-error.ts'
import { catalogDamaged, catalogNewer, convertDriverErrors } from './catalog-error.ts'
import { syncDirectory } from './data-directory.ts'
import { latestVersion, migrations } from './migrations/migrations.ts'

/** Says in the file's header whose file it is: "grnt" (https://sqlite.org/fileformat2.html, 1.3.9). */
export const applicationId = 0x67726e74

const headerLength = 100
const applicationIdOffset = 68
const privateMode = 0o600

/**
 * The database at `path`, of this program's version.
 * INVARIANT: the caller holds the lock of the data directory.
 */
export function openDatabase(path: string): Database.Database {
  if (existsSync(path)) examineDatabase(path)
  else makeDatabase(path)
  const database = convertDriverErrors(() => connect(path))
  try {
    convertDriverErrors(() => migrate(database))
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Under another name first: a file of the catalog's name is a whole catalog, or a damaged one. */
function makeDatabase(path: string): void {
  if (hasLog(path)) {
    throw catalogDamaged(path, `the file is missing, but "${path}-wal" is there`)
  }
  const draft = `${path}.new`
  for (const left of [draft, `${draft}-wal`, `${draft}-shm`]) rmSync(left, { force: true })
  convertDriverErrors(() => {
    closeSync(openSync(draft, 'wx', privateMode))
    const database = connect(draft)
    try {
      database.pragma(`application_id = ${applicationId}`)
      migrate(database)
    } finally {
      database.close()
    }
  })
  renameSync(draft, path)
  syncDirectory(dirname(path))
}

function connect(path: string): Database.Database {
  chmodSync(path, privateMode)
  const database = new Database(path, { fileMustExist: true, timeout: 1000 })
  try {
    configure(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function configure(database: Database.Database): void {
  database.pragma('journal_mode = WAL')
  // FULL: in WAL mode a commit is synced before it is acknowledged (https://sqlite.org/pragma.html).
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  // REPLACE then fires delete triggers: the access log's (0004-access-log.ts).
  database.pragma('recursive_triggers = ON')
  // What was deleted (hashes of old passwords) does not stay in free pages.
  database.pragma('secure_delete = ON')
  database.pragma('trusted_schema = OFF')
}

/** Each step and its number are one transaction. Steps only go forward. */
function migrate(database: Database.Database): void {
  for (const migration of migrations.slice(userVersion(database))) {
    database
      .transaction(() => {
        database.exec(migration.sql)
        database.pragma(`user_version = ${migration.version}`)
      })
      .immediate()
  }
}

/** @throws SqlError for a file that is no catalog, is damaged, or is newer than this program */
function examineDatabase(path: string): void {
  examineHeader(path)
  const hadLog = existsSync(`${path}-wal`)
  try {
    // Read-only: a close then leaves file and write-ahead log as they were.
    const database = new Database(path, { readonly: true, fileMustExist: true, timeout: 1000 })
    try {
      examineVersion(path, database)
      examineContent(path, database)
    } finally {
      database.close()
    }
  } catch (error) {
    // Even a reader makes the two; whoever looks at a damaged catalog need not wonder about them.
    if (!hadLog && !hasLog(path))
      for (const end of ['-wal', '-shm']) rmSync(path + end, { force: true })
    throw examinationError(path, error)
  }
}

/** Whether there is a write-ahead log with something in it. */
function hasLog(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0
}

function examinationError(path: string, error: unknown): unknown {
  if (error instanceof SqlError) return error
  const code = driverCode(error)
  if (code === undefined) return error
  return /^SQLITE_(CORRUPT|NOTADB|ERROR|FORMAT|IOERR_SHORT_READ)/.test(code)
    ? catalogDamaged(path, 'it cannot be read', error)
    : error
}

/** The first page is written when the file is made, so its identity does not wait in the log. */
function examineHeader(path: string): void {
  const size = statSync(path).size
  const header = Buffer.alloc(headerLength)
  const descriptor = openSync(path, 'r')
  try {
    if (readSync(descriptor, header, 0, headerLength, 0) < headerLength) {
      throw catalogDamaged(path, `it ends after ${size} bytes`)
    }
  } finally {
    closeSync(descriptor)
  }
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
    throw catalogDamaged(path, 'it is not an SQLite database')
  }
  if (header.readUInt32BE(applicationIdOffset) !== applicationId) {
    throw catalogDamaged(path, 'it is not a catalog of grantd')
  }
}

function examineVersion(path: string, database: Database.Database): void {
  const version = userVersion(database)
  if (version > latestVersion) throw catalogNewer(path, { found: version, known: latestVersion })
  if (version < 1) throw catalogDamaged(path, 'it has no version')
}

function examineContent(path: string, database: Database.Database): void {
  const found = database.prepare<[], { quick_check: string }>('PRAGMA quick_check(1)').get()
  if (found?.quick_check !== 'ok') {
    throw catalogDamaged(path, `quick_check says: ${found?.quick_check ?? 'nothing'}`)
  }
  if (database.prepare<[]>('PRAGMA foreign_key_check').get() !== undefined) {
    throw catalogDamaged(path, 'a row refers to a principal that is not there')
  }
}

function userVersion(database: Database.Database): number {
  return (
    database.prepare<[], { user_version: number }>('PRAGMA user_version').get()?.user_version ?? 0
  )
}
