/**
 * CSV (RFC 4180) in pieces: a quoted cell may hold delimiters, line ends and doubled quotes; lines end with LF,
 * CR LF or CR. A record is bounded, so that a file without line ends cannot fill the memory (R8).
 */
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'

/** Characters of one record (our number). */
export const recordLengthMax = 1_048_576

export interface CsvRecord {
  /** Where it begins, from 1. */
  readonly line: number
  /** `null`: nothing stands there, not even quotes. */
  readonly cells: readonly (string | null)[]
  /** A quote stands where none can, or text behind a closing one. */
  readonly isMalformed: boolean
}

type State = 'CellStart' | 'Plain' | 'Quoted' | 'QuoteInQuoted'

export class CsvParser {
  readonly #delimiter: string
  #state: State = 'CellStart'
  #cells: (string | null)[] = []
  #cell = ''
  #length = 0
  #line = 1
  #recordLine = 1
  #isMalformed = false
  #isAfterCr = false

  constructor(delimiter: string) {
    this.#delimiter = delimiter
  }

  /** @returns the records that end in this piece. @throws SqlError 54000 for one that is too long */
  push(text: string): readonly CsvRecord[] {
    const records: CsvRecord[] = []
    for (const character of text) {
      const isLineEnd = character === '\n' || character === '\r'
      const isSecondHalf = character === '\n' && this.#isAfterCr
      this.#isAfterCr = character === '\r'
      if (isLineEnd && !isSecondHalf) this.#line += 1
      if (isLineEnd && this.#state !== 'Quoted') {
        if (!isSecondHalf) this.#endRecord(records)
        continue
      }
      this.#length += character.length
      if (this.#length > recordLengthMax) throw recordTooLong(this.#recordLine)
      this.#take(character)
    }
    return records
  }

  /** The last record, which no line end needs to follow. @throws SqlError 22P04 inside of quotes */
  end(): readonly CsvRecord[] {
    if (this.#state === 'Quoted') throw unterminatedQuote(this.#recordLine)
    const records: CsvRecord[] = []
    this.#endRecord(records)
    return records
  }

  #take(character: string): void {
    switch (this.#state) {
      case 'CellStart':
        if (character === this.#delimiter) this.#cells.push(null)
        else if (character === '"') this.#state = 'Quoted'
        else this.#add(character, 'Plain')
        return
      case 'Plain':
        if (character === this.#delimiter) this.#endCell()
        else {
          if (character === '"') this.#isMalformed = true
          this.#cell += character
        }
        return
      case 'Quoted':
        if (character === '"') this.#state = 'QuoteInQuoted'
        else this.#cell += character
        return
      case 'QuoteInQuoted':
        if (character === this.#delimiter) this.#endCell()
        else if (character === '"') this.#add(character, 'Quoted')
        else {
          this.#isMalformed = true
          this.#add(character, 'Plain')
        }
    }
  }

  #add(character: string, state: State): void {
    this.#cell += character
    this.#state = state
  }

  #endCell(): void {
    this.#cells.push(this.#cell)
    this.#cell = ''
    this.#state = 'CellStart'
  }

  /** An empty line is no record. */
  #endRecord(records: CsvRecord[]): void {
    const isEmpty = this.#state === 'CellStart' && this.#cells.length === 0
    if (this.#state === 'CellStart') this.#cells.push(null)
    else this.#endCell()
    if (!isEmpty) {
      records.push({
        line: this.#recordLine,
        cells: this.#cells,
        isMalformed: this.#isMalformed,
      })
    }
    this.#state = 'CellStart'
    this.#cells = []
    this.#length = 0
    this.#isMalformed = false
    this.#recordLine = this.#line
  }
}

function recordTooLong(line: number): SqlError {
  return new SqlError(
    SqlState.ProgramLimitExceeded,
    `line ${line}: longer than ${recordLengthMax} characters`,
  )
}

function unterminatedQuote(line: number): SqlError {
  return new SqlError(SqlState.BadCopyFileFormat, `line ${line}: unterminated quoted cell`)
}
