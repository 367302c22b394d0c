import type { FileHandle } from 'node:fs/promises'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { CsvRecord } from './csv-parser.ts'
import { CsvParser } from './csv-parser.ts'

const pieceBytes = 65_536

/** The records of a file, read as they are wanted: no more than a piece of the file is held beside them. */
export class RecordSource {
  readonly #file: FileHandle
  readonly #parser: CsvParser
  readonly #decoder = new TextDecoder('utf-8', { fatal: true })
  #ready: CsvRecord[] = []
  #isAtEnd = false

  constructor(file: FileHandle, delimiter: string) {
    this.#file = file
    this.#parser = new CsvParser(delimiter)
  }

  /** The next records, at most `max`; none at the end. @throws SqlError 22P04, 22021, 54000 */
  async take(max: number): Promise<readonly CsvRecord[]> {
    const buffer = Buffer.allocUnsafe(pieceBytes)
    while (this.#ready.length < max && !this.#isAtEnd) {
      const { bytesRead } = await this.#file.read(buffer, 0, pieceBytes)
      const piece = this.#decode(buffer.subarray(0, bytesRead), bytesRead > 0)
      for (const record of this.#parser.push(piece)) this.#ready.push(record)
      if (bytesRead > 0) continue
      for (const record of this.#parser.end()) this.#ready.push(record)
      this.#isAtEnd = true
    }
    const taken = this.#ready.slice(0, max)
    this.#ready = this.#ready.slice(max)
    return taken
  }

  #decode(bytes: Buffer, stream: boolean): string {
    try {
      return this.#decoder.decode(bytes, { stream })
    } catch (error) {
      throw new SqlError(SqlState.CharacterNotInRepertoire, 'the file is not encoded in UTF-8', {
        cause: error,
      })
    }
  }
}
