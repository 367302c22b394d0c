import { chmodSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { invariant } from '../errors/invariant.ts'

/** The store's files (duckdb-hardening.md, section 3.2: private, since SQL could read them). */
export interface DataDirectory {
  readonly databaseFile: string
  readonly spillDirectory: string
  readonly emptyDirectory: string
  /** Files of rows that the engine writes and reads: partitions that were detached. */
  readonly filesDirectory: string
  /** Lets the directory be opened again. */
  release(): void
}

/**
 * Data files that are open in this process, by device and inode: a second engine could open one
 * without an error, and both would write (duckdb-hardening.md, section 6.5).
 */
const openDirectories = new Set<string>()

/** @throws if the directory is in use by a store of this process, or cannot be made private */
export function openDataDirectory(directory: string): DataDirectory {
  const path = resolve(directory)
  makePrivate(path)
  const key = identityOf(path)
  invariant(!openDirectories.has(key), `data directory ${path} is open in this process already`)
  openDirectories.add(key)
  const spillDirectory = join(path, 'spill')
  const emptyDirectory = join(path, 'empty')
  const filesDirectory = join(path, 'files')
  rmSync(spillDirectory, { recursive: true, force: true })
  makePrivate(spillDirectory)
  makePrivate(emptyDirectory)
  makePrivate(filesDirectory)
  invariant(readdirSync(emptyDirectory).length === 0, `${emptyDirectory} is empty`)
  return {
    databaseFile: join(path, 'store.duckdb'),
    spillDirectory,
    emptyDirectory,
    filesDirectory,
    release: () => openDirectories.delete(key),
  }
}

function makePrivate(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  chmodSync(path, 0o700)
}

function identityOf(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true })
  return `${dev}:${ino}`
}
