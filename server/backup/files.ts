/** Files of a backup: copied, measured and made to survive a power cut. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { link, mkdir, open, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { driverCode } from '../../errors/driver-code.ts'

/** A file of a backup: where it is in it, with slashes, and what must be there. */
export interface FileDigest {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

const privateDirectory = 0o700
const privateFile = 0o600

/** The paths, relative and with slashes, of all files below a directory; none if it is not there. */
export async function filesBelow(directory: string): Promise<readonly string[]> {
  const found: string[] = []
  const pending = ['']
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    const entries = await unlessGone(readdir(join(directory, place), { withFileTypes: true }))
    for (const entry of entries ?? []) {
      const path = place === '' ? entry.name : `${place}/${entry.name}`
      if (entry.isDirectory()) pending.push(path)
      else found.push(path)
    }
  }
  return found.toSorted()
}

export async function makePrivateDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: privateDirectory })
}

/** Size and hash of a file, read in slices so that the event loop turns. */
export async function digestFile(
  directory: string,
  path: string,
  signal?: AbortSignal,
): Promise<FileDigest> {
  const hash = createHash('sha256')
  let bytes = 0
  const file = createReadStream(join(directory, path), { highWaterMark: 1 << 18 })
  for await (const chunk of file) {
    signal?.throwIfAborted()
    hash.update(chunk)
    bytes += chunk.length
  }
  return { path, bytes, sha256: hash.digest('hex') }
}

/** Copies a file, durable when this resolves, and says what was copied. */
export async function copyFileDurably(
  from: { readonly directory: string; readonly path: string },
  to: { readonly directory: string; readonly path: string },
  signal?: AbortSignal,
): Promise<FileDigest> {
  const hash = createHash('sha256')
  let bytes = 0
  const target = join(to.directory, to.path)
  await makePrivateDirectory(dirname(target))
  const measure = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk)
      bytes += chunk.length
      done(undefined, chunk)
    },
  })
  await pipeline(
    createReadStream(join(from.directory, from.path), { highWaterMark: 1 << 18 }),
    measure,
    createWriteStream(target, { flags: 'wx', mode: privateFile }),
    ...(signal === undefined ? [] : [{ signal }]),
  )
  await syncPath(target)
  return { path: to.path, bytes, sha256: hash.digest('hex') }
}

/**
 * Gives every file below a directory a second name elsewhere on the same disk: nobody's removal is felt there. A file
 * that goes while this looks is one that no table names any more: it is removed after the commit that says so.
 */
export async function linkFiles(from: string, to: string): Promise<void> {
  await makePrivateDirectory(to)
  for (const path of await filesBelow(from)) {
    await makePrivateDirectory(dirname(join(to, path)))
    await unlessGone(link(join(from, path), join(to, path)))
  }
}

async function unlessGone<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (driverCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Writes a small file, durable when this resolves. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', privateFile)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Syncs a file, or the names in a directory. */
export async function syncPath(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Syncs every directory from `directory` down. */
export async function syncDirectories(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) await syncDirectories(join(directory, entry.name))
  }
  await syncPath(directory)
}
