import { randomBytes } from 'node:crypto'
import { open, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { invariant } from '../../errors/invariant.ts'
import type { EncodedRows } from './row-stream.ts'

interface Entry {
  readonly rowCount: number
  readonly bytes: number
  /** Absent: in the file, at `offset`. */
  readonly frame?: Buffer
  readonly offset: number
}

/** Rows kept in memory before the file is used. */
const memoryBytesMax = 4 << 20

/**
 * Finished rows of a suspended portal, kept because its connection is wanted for another statement:
 * some in memory, the rest in an unlinked file of the private spill directory.
 */
export class RowSpool {
  readonly #directory: string
  readonly #reservedBytes: number
  readonly #entries: Entry[] = []
  #memoryBytes = 0
  #file: FileHandle | undefined
  #fileBytes = 0

  /** `reservedBytes`: room before the messages that every frame has. */
  constructor(directory: string, reservedBytes: number) {
    this.#directory = directory
    this.#reservedBytes = reservedBytes
  }

  async add(rows: EncodedRows): Promise<void> {
    const { frame, rowCount } = rows
    if (this.#memoryBytes + frame.length <= memoryBytesMax) {
      this.#memoryBytes += frame.length
      this.#entries.push({ rowCount, bytes: frame.length, frame, offset: 0 })
      return
    }
    this.#file ??= await openUnlinked(this.#directory)
    await this.#file.write(frame, 0, frame.length, this.#fileBytes)
    this.#entries.push({ rowCount, bytes: frame.length, offset: this.#fileBytes })
    this.#fileBytes += frame.length
  }

  /** The next rows, at most `rowsMax`; nothing at the end. */
  async take(rowsMax: number): Promise<EncodedRows | undefined> {
    const entry = this.#entries.shift()
    if (entry === undefined) return undefined
    const frame = entry.frame ?? (await this.#read(entry))
    if (entry.frame !== undefined) this.#memoryBytes -= entry.bytes
    if (entry.rowCount <= rowsMax) return { frame, rowCount: entry.rowCount }
    const end = endOfRows(frame, this.#reservedBytes, rowsMax)
    this.#putBack(frame, end, entry.rowCount - rowsMax)
    return { frame: Buffer.from(frame.subarray(0, end)), rowCount: rowsMax }
  }

  async close(): Promise<void> {
    this.#entries.length = 0
    const file = this.#file
    this.#file = undefined
    await file?.close()
  }

  /** The rows behind `end`, with room before them again. */
  #putBack(frame: Buffer, end: number, rowCount: number): void {
    const rest = frame.subarray(end - this.#reservedBytes)
    this.#memoryBytes += rest.length
    this.#entries.unshift({ rowCount, bytes: rest.length, frame: rest, offset: 0 })
  }

  async #read(entry: Entry): Promise<Buffer> {
    invariant(this.#file, 'rows that are not in memory are in the file')
    const buffer = Buffer.allocUnsafe(entry.bytes)
    const { bytesRead } = await this.#file.read(buffer, 0, entry.bytes, entry.offset)
    invariant(bytesRead === entry.bytes, 'the spool file holds what was written')
    return buffer
  }
}

/** Where the message after the first `rows` begins: each says its length behind its type byte. */
function endOfRows(frame: Buffer, start: number, rows: number): number {
  let at = start
  for (let row = 0; row < rows; row++) at += 1 + frame.readInt32BE(at + 1)
  return at
}

async function openUnlinked(directory: string): Promise<FileHandle> {
  const path = join(directory, `portal-${randomBytes(8).toString('hex')}`)
  const file = await open(path, 'wx+', 0o600)
  await unlink(path)
  return file
}
