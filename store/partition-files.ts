/**
 * Files of partitions that were taken out of their tables: `detached/<oid>/<name>.<number>.parquet` below the
 * directory that the engine may write to. Names are made of numbers and of a partition's name, never of a
 * client's text. A file counts when the catalog says so; what it says nothing of is left over from a crash
 * or a rollback.
 */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { mkdir, open, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { invariant } from '../errors/invariant.ts'

/** A partition's file: of which table, which partition, and a number that no other file has. */
export interface PartitionFile {
  readonly oid: number
  /** As QuestDB names partitions: digits, `-`, `T`, `W`. */
  readonly partition: string
  readonly number: number
}

/** Characters that the engine would read as a pattern of several files. */
const wildcards = /[*?[\]{}]/

/** The path of a file, or of the one that it is written to first. */
export function partitionPath(
  directory: string,
  file: PartitionFile,
  stage: 'Written' | 'Published',
): string {
  const { oid, partition, number } = file
  invariant(/^[0-9TW-]+$/.test(partition), 'the name of a partition is digits and letters')
  invariant(Number.isSafeInteger(oid) && Number.isSafeInteger(number), 'files are numbered')
  const name = `${partition}.${number}.parquet${stage === 'Written' ? '.tmp' : ''}`
  return join(directory, 'detached', String(oid), name)
}

export class PartitionFiles {
  readonly directory: string

  constructor(directory: string) {
    this.directory = directory
  }

  /** Whether the engine can be told of files here one by one. */
  get isUsable(): boolean {
    return !wildcards.test(this.directory)
  }

  /** Makes the place in which the engine writes a file. */
  async prepare(file: PartitionFile): Promise<void> {
    const place = dirname(this.#path(file, 'Published'))
    await mkdir(place, { recursive: true, mode: 0o700 })
    for (const path of [dirname(place), this.directory]) await syncPath(path)
  }

  /** Makes what the engine wrote last through a power cut, under its name. @returns its size in bytes */
  async publish(file: PartitionFile): Promise<number> {
    const written = this.#path(file, 'Written')
    const published = this.#path(file, 'Published')
    await syncPath(written)
    await rename(written, published)
    await syncPath(dirname(published))
    return (await stat(published)).size
  }

  has(file: PartitionFile): boolean {
    return existsSync(this.#path(file, 'Published'))
  }

  /** Removes a file, whatever stage it is in; one that is not there is gone already. */
  remove(file: PartitionFile): void {
    for (const stage of ['Written', 'Published'] as const) {
      rmSync(this.#path(file, stage), { force: true })
    }
  }

  /** Removes all files of a table that is gone. */
  removeAll(oid: number): void {
    invariant(Number.isSafeInteger(oid), 'tables are numbered')
    rmSync(join(this.directory, 'detached', String(oid)), { recursive: true, force: true })
  }

  /** Removes every file but these, before anybody works. @returns how many */
  sweep(kept: readonly PartitionFile[]): number {
    const root = join(this.directory, 'detached')
    if (!existsSync(root)) return 0
    const wanted = new Set(kept.map((file) => this.#path(file, 'Published')))
    let count = 0
    for (const table of readdirSync(root)) {
      const place = join(root, table)
      const names = statSync(place).isDirectory() ? readdirSync(place) : []
      const unwanted = names.map((name) => join(place, name)).filter((path) => !wanted.has(path))
      for (const path of unwanted) rmSync(path, { recursive: true, force: true })
      count += unwanted.length
      if (unwanted.length === names.length) rmSync(place, { recursive: true, force: true })
    }
    return count
  }

  #path(file: PartitionFile, stage: 'Written' | 'Published'): string {
    return partitionPath(this.directory, file, stage)
  }
}

/** fsync of a file or a directory; a large file takes its time, and nobody else waits for it (R8). */
async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
