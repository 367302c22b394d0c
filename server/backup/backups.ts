/**
 * BACKUP and CHECKPOINT: copies of tables and catalog of one moment, while others read and write. A copy is made under
 * another name, synced and renamed, so that one is there whole or not at all; what a crash leaves is swept.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { definitionOf } from '../../acl/show-definition.ts'
import type { Table } from '../../acl/schema.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { CatalogCopy } from '../../catalog/catalog-copy.ts'
import { driverCode } from '../../errors/driver-code.ts'
import { invariant } from '../../errors/invariant.ts'
import type { Store, StoreCopy } from '../../store/store.ts'
import type { Logger } from '../log.ts'
import type { Committer } from '../session/committer.ts'
import {
  backupFailed,
  backupInProgress,
  checkpointExists,
  momentNotReached,
} from './backup-errors.ts'
import {
  copyFileDurably,
  digestFile,
  filesBelow,
  linkFiles,
  makePrivateDirectory,
  syncDirectories,
  syncPath,
  writeDurably,
} from './files.ts'
import { identityOf } from './identity.ts'
import {
  catalogFile,
  checkpointOf,
  definitionsFile,
  filesOf,
  heldFilesOf,
  partitionFiles,
  storeFile,
  tablesFile,
} from './layout.ts'
import type { Manifest } from './manifest.ts'
import { writeManifest } from './manifest.ts'
import { manifestTable } from './table-document.ts'

export interface BackupsOptions {
  /** Where backups go (`cairo.sql.backup.root`). */
  readonly root: string
  readonly dataDirectory: string
  readonly committer: Committer
  readonly catalog: Pick<Catalog, 'copy' | 'epoch'>
  readonly store: Pick<Store, 'beginCopy'>
  readonly logger: Logger
  readonly nowMicros: () => bigint
}

/** A backup that is there. */
export interface MadeBackup {
  /** Name of its folder. */
  readonly name: string
  /** When its moment was, microseconds since 1970. */
  readonly atMicros: bigint
}

/** How long commits may wait for the moment to be taken. */
const holdSecondsMax = 10

/** What is copied, decided over once more at the moment itself. */
type Choice =
  | { readonly kind: 'Database'; readonly authorize: () => void }
  | { readonly kind: 'Tables'; readonly choose: () => readonly Table[] }

interface Moment {
  readonly atMicros: bigint
  readonly epoch: number
  readonly tables: readonly Table[]
  readonly store: StoreCopy
  readonly catalog: CatalogCopy | undefined
}

export class Backups {
  readonly #options: BackupsOptions
  readonly #partialPrefix: string
  #isBusy = false
  #checkpointMicros: bigint | undefined

  constructor(options: BackupsOptions) {
    this.#options = options
    // Of this server: another one may have the same root.
    const owner = createHash('sha256').update(options.dataDirectory).digest('hex').slice(0, 12)
    this.#partialPrefix = `.partial-${owner}-`
  }

  /** When CHECKPOINT CREATE was, if it is not released; microseconds since 1970. */
  get checkpointMicros(): bigint | undefined {
    return this.#checkpointMicros
  }

  /**
   * BACKUP DATABASE. @param authorize decides, with the list in force at the moment that is copied
   * @throws SqlError 55006 while another is made, 57014, 53100, 58030
   */
  async database(authorize: () => void, signal: AbortSignal): Promise<MadeBackup> {
    return await this.#alone(() => this.#toRoot({ kind: 'Database', authorize }, signal))
  }

  /** BACKUP TABLE. @param choose the tables, decided over with the list in force at the moment that is copied */
  async tables(choose: () => readonly Table[], signal: AbortSignal): Promise<MadeBackup> {
    return await this.#alone(() => this.#toRoot({ kind: 'Tables', choose }, signal))
  }

  /** CHECKPOINT CREATE: a copy inside of the data directory, for whoever copies that. @throws SqlError 55000 */
  async createCheckpoint(authorize: () => void, signal: AbortSignal): Promise<void> {
    await this.#alone(async () => {
      if (this.#checkpointMicros !== undefined) throw checkpointExists()
      const target = checkpointOf(this.#options.dataDirectory)
      const draft = `${target}.partial`
      const { atMicros } = await this.#make(draft, target, { kind: 'Database', authorize }, signal)
      this.#checkpointMicros = atMicros
    })
  }

  /** CHECKPOINT RELEASE; without a checkpoint there is nothing to do. */
  async releaseCheckpoint(): Promise<void> {
    await this.#alone(async () => {
      await this.#removeCheckpoint()
      this.#checkpointMicros = undefined
    })
  }

  /** Whole or not there for the next start too: it goes under its draft's name first. */
  async #removeCheckpoint(): Promise<void> {
    const checkpoint = checkpointOf(this.#options.dataDirectory)
    const draft = `${checkpoint}.partial`
    await rm(draft, { recursive: true, force: true })
    try {
      await rename(checkpoint, draft)
    } catch (error) {
      if (driverCode(error) !== 'ENOENT') throw error
    }
    await rm(draft, { recursive: true, force: true })
  }

  /** Removes what a crash left: at start. A checkpoint ends with its server. */
  async sweep(): Promise<void> {
    const { dataDirectory, root, logger } = this.#options
    const left = [heldFilesOf(dataDirectory)]
    try {
      const names = await readdir(root)
      const partial = names.filter((name) => name.startsWith(this.#partialPrefix))
      left.push(...partial.map((name) => join(root, name)))
    } catch (error) {
      // No backup was made yet; or the root cannot be read, which the next BACKUP will say.
      if (driverCode(error) !== 'ENOENT') logger.warn({ err: error }, 'backup root cannot be read')
    }
    await this.#removeCheckpoint()
    for (const path of left) await rm(path, { recursive: true, force: true })
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isBusy) throw backupInProgress()
    this.#isBusy = true
    try {
      return await work()
    } finally {
      this.#isBusy = false
    }
  }

  async #toRoot(choice: Choice, signal: AbortSignal): Promise<MadeBackup> {
    const { root, nowMicros } = this.#options
    const draft = join(root, `${this.#partialPrefix}${nowMicros()}`)
    return await this.#make(draft, undefined, choice, signal)
  }

  /** @param target absent: a new name in the root */
  async #make(
    draft: string,
    target: string | undefined,
    choice: Choice,
    signal: AbortSignal,
  ): Promise<MadeBackup> {
    return await this.#failing(signal, async () => {
      await rm(draft, { recursive: true, force: true })
      await makePrivateDirectory(dirname(draft))
      try {
        await mkdir(draft, { mode: 0o700 })
        const moment = await this.#takeMoment(draft, choice)
        const { atMicros } = moment
        try {
          await this.#write(draft, moment, choice.kind, { signal, isInPlace: target !== undefined })
        } finally {
          await this.#release(moment)
        }
        signal.throwIfAborted()
        return { name: await this.#publish(draft, target, atMicros), atMicros }
      } catch (error) {
        await rm(draft, { recursive: true, force: true })
        throw error
      }
    })
  }

  /** What the file system says becomes words for the client; the log has the rest. */
  async #failing<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      signal.throwIfAborted()
      const told = backupFailed(error)
      if (told !== error) this.#options.logger.error({ err: error }, 'a backup failed')
      throw told
    }
  }

  /** Tables, catalog and files of one moment: commits wait, rows that are written to one table need not. */
  async #takeMoment(draft: string, choice: Choice): Promise<Moment> {
    const { committer, catalog, store, dataDirectory, nowMicros } = this.#options
    await makePrivateDirectory(join(draft, 'store'))
    const isWhole = choice.kind === 'Database'
    const file = join(draft, isWhole ? storeFile : tablesFile)
    return await committer.hold(async () => {
      if (choice.kind === 'Database') choice.authorize()
      const tables = choice.kind === 'Tables' ? choice.choose() : []
      const beginning = store.beginCopy(file)
      const copy = await inTime(beginning)
      let catalogCopy: CatalogCopy | undefined
      try {
        if (isWhole) {
          await this.#removeHeldFiles()
          await linkFiles(filesOf(dataDirectory), heldFilesOf(dataDirectory))
          catalogCopy = catalog.copy()
        }
        return {
          atMicros: nowMicros(),
          epoch: committer.model.epoch,
          tables,
          store: copy,
          catalog: catalogCopy,
        }
      } catch (error) {
        catalogCopy?.close()
        await copy.close()
        await this.#removeHeldFiles()
        throw error
      }
    })
  }

  async #write(
    draft: string,
    moment: Moment,
    kind: Manifest['kind'],
    given: { readonly signal: AbortSignal; readonly isInPlace: boolean },
  ): Promise<void> {
    const { signal } = given
    const { dataDirectory } = this.#options
    await moment.catalog?.writeTo(join(draft, catalogFile), signal)
    moment.catalog?.close()
    await this.#writeTables(moment, signal)
    // The engine's connection to the file ends here: from now on it is a file like another.
    await moment.store.close()
    if (kind === 'Tables') {
      const definitions = moment.tables.map((table) => `${definitionOf(table)};\n`).join('')
      await writeDurably(join(draft, definitionsFile), definitions)
    } else {
      const held = heldFilesOf(dataDirectory)
      for (const path of await filesBelow(held)) {
        const from = { directory: held, path }
        const to = { directory: draft, path: `${partitionFiles}/${path}` }
        await copyFileDurably(from, to, signal)
      }
    }
    const files = []
    for (const path of await filesBelow(draft)) {
      await syncPath(join(draft, path))
      files.push(await digestFile(draft, path, signal))
    }
    await writeManifest(draft, {
      kind,
      timestamp: isoMicros(moment.atMicros),
      epoch: moment.epoch,
      files,
      tables: moment.tables.map(manifestTable),
      ...(given.isInPlace ? { origin: await identityOf(dataDirectory) } : {}),
    })
    await syncDirectories(draft)
  }

  async #writeTables(moment: Moment, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const cancel = (): void => moment.store.cancel()
    signal.addEventListener('abort', cancel, { once: true })
    try {
      const oids = moment.catalog === undefined ? moment.tables.map(({ oid }) => oid) : undefined
      const written = new Set(await moment.store.write(oids))
      invariant(
        oids === undefined || oids.every((oid) => written.has(oid)),
        'the tables of the catalog are in the store at the same moment',
      )
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  }

  async #release(moment: Moment): Promise<void> {
    moment.catalog?.close()
    await moment.store.close()
    await this.#removeHeldFiles()
  }

  async #removeHeldFiles(): Promise<void> {
    await rm(heldFilesOf(this.#options.dataDirectory), { recursive: true, force: true })
  }

  /** Under its name: whole, or not there. @returns the name */
  async #publish(draft: string, target: string | undefined, atMicros: bigint): Promise<string> {
    const { root, dataDirectory } = this.#options
    if (target !== undefined) {
      await rename(draft, target)
      await syncPath(dataDirectory)
      return target
    }
    const time = isoMicros(atMicros).replaceAll(/[-:.]/g, '')
    const taken = await readdir(root)
    let number = 1
    while (taken.includes(`${time}-${number}`)) number += 1
    const name = `${time}-${number}`
    await rename(draft, join(root, name))
    await syncPath(root)
    return name
  }
}

/** Commits wait meanwhile, and must not wait for an engine that does not answer. */
async function inTime(beginning: Promise<StoreCopy>): Promise<StoreCopy> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(momentNotReached(holdSecondsMax)), holdSecondsMax * 1000)
  })
  try {
    return await Promise.race([beginning, late])
  } catch (error) {
    // Should it begin after all, it ends at once.
    void beginning.then(
      (copy) => copy.close(),
      () => undefined,
    )
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** `2026-11-25T02:05:37.123456Z`. */
function isoMicros(micros: bigint): string {
  const seconds = new Date(Number(micros / 1000n)).toISOString().slice(0, -1)
  return `${seconds}${String(micros % 1000n).padStart(3, '0')}Z`
}
