/**
 * Restoring is copying a backup into a data directory, each file held against its hash on the way. A mark is
 * there from before the first file until after the last is durable, so that no server takes half a restore for a
 * data directory.
 */
import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { lockDataDirectory, makeDataDirectory } from '../../catalog/data-directory.ts'
import type { Logger } from '../log.ts'
import { backupDamaged, cannotRestore } from './backup-errors.ts'
import { copyFileDurably, digestFile, syncDirectories, syncPath, writeDurably } from './files.ts'
import { identityOf } from './identity.ts'
import { catalogFile, checkpointOf, triggerOf, unfinishedOf } from './layout.ts'
import type { Manifest } from './manifest.ts'
import { readManifest } from './manifest.ts'

/**
 * `scripts/restore`: fills an empty data directory from a backup of the database.
 * @throws SqlError when the backup is damaged or is none, and when the directory is in use or not empty
 */
export async function restoreDatabase(given: {
  readonly backup: string
  readonly dataDirectory: string
}): Promise<Manifest> {
  const backup = resolve(given.backup)
  const dataDirectory = resolve(given.dataDirectory)
  const manifest = await readManifest(backup)
  requireDatabase(manifest)
  makeDataDirectory(dataDirectory)
  const lock = lockDataDirectory(dataDirectory)
  try {
    const mark = unfinishedOf(dataDirectory)
    // What lies beside the mark is an earlier try, and nobody's data.
    if (!existsSync(mark)) {
      await requireEmpty(dataDirectory)
      await writeDurably(mark, '')
      await syncPath(dataDirectory)
    }
    try {
      await replaceFiles(manifest, backup, dataDirectory)
    } catch (error) {
      await removeFiles(dataDirectory)
      await rm(mark, { force: true })
      throw error
    }
    await rm(mark)
    await syncPath(dataDirectory)
  } finally {
    lock.release()
  }
  return manifest
}

/**
 * What a start does before it looks at its files: with QuestDB's trigger `_restore` it goes back to the checkpoint
 * beside it; a copied folder with a checkpoint and without the trigger is refused, since its other files were
 * copied while they were written.
 * @throws SqlError for whoever starts the server
 */
export async function recoverCheckpoint(dataDirectory: string, logger: Logger): Promise<void> {
  if (existsSync(unfinishedOf(dataDirectory))) {
    throw cannotRestore(
      'a restore into data.dir has not finished',
      'Run the restore again, or empty data.dir.',
    )
  }
  const checkpoint = checkpointOf(dataDirectory)
  if (existsSync(triggerOf(dataDirectory))) {
    await restoreCheckpoint(dataDirectory, logger)
    return
  }
  if (!existsSync(checkpoint)) return
  const { origin } = await readManifest(checkpoint)
  if (origin !== (await identityOf(dataDirectory))) throw copiedWithoutTrigger()
  logger.info('the checkpoint that was not released ends with the restart')
}

function copiedWithoutTrigger(): Error {
  return cannotRestore(
    'data.dir is a copy that holds a checkpoint, and nothing says whether to go back to it',
    'Put an empty file _restore into data.dir to start from the checkpoint; or, if the files beside it were ' +
      'not written while they were copied, remove the folder checkpoint.',
  )
}

async function restoreCheckpoint(dataDirectory: string, logger: Logger): Promise<void> {
  const checkpoint = checkpointOf(dataDirectory)
  if (!existsSync(checkpoint)) {
    throw cannotRestore('there is a file _restore in data.dir, but no folder checkpoint')
  }
  const lock = lockDataDirectory(dataDirectory)
  try {
    const manifest = await readManifest(checkpoint)
    requireDatabase(manifest)
    // All of it before anything is replaced.
    for (const file of manifest.files) {
      requireSame(file, await digestFile(checkpoint, file.path))
    }
    await replaceFiles(manifest, checkpoint, dataDirectory)
    // Until here the next start would do it all again.
    await rm(triggerOf(dataDirectory))
    await syncPath(dataDirectory)
    await rm(checkpoint, { recursive: true, force: true })
    logger.info({ timestamp: manifest.timestamp }, 'went back to the checkpoint')
  } finally {
    lock.release()
  }
}

function requireDatabase({ kind }: Manifest): void {
  if (kind === 'Database') return
  throw cannotRestore('it is a backup of tables', 'Use --table to add its tables to a database.')
}

async function requireEmpty(directory: string): Promise<void> {
  const found = (await readdir(directory)).filter((name) => !name.startsWith('grantd.lock'))
  if (found.length === 0) return
  throw cannotRestore(`"${directory}" is not empty`, 'Restore into a new data.dir.')
}

async function replaceFiles(
  { files }: Manifest,
  backup: string,
  dataDirectory: string,
): Promise<void> {
  await removeFiles(dataDirectory)
  for (const file of files) {
    const from = { directory: backup, path: file.path }
    const to = { directory: dataDirectory, path: file.path }
    requireSame(file, await copyFileDurably(from, to))
  }
  await syncDirectories(join(dataDirectory, 'store'))
  await syncPath(dataDirectory)
}

async function removeFiles(dataDirectory: string): Promise<void> {
  const catalog = ['', '-wal', '-shm', '.new'].map((end) => `${catalogFile}${end}`)
  for (const name of [...catalog, 'store']) {
    await rm(join(dataDirectory, name), { recursive: true, force: true })
  }
}

function requireSame(
  wanted: Manifest['files'][number],
  found: { readonly bytes: number; readonly sha256: string },
): void {
  if (wanted.bytes === found.bytes && wanted.sha256 === found.sha256) return
  throw backupDamaged(`${wanted.path} is not as it was written`)
}
