import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'

/** Text that PostgreSQL could hold: its strings cannot contain U+0000. */
export function checkText(text: string): string {
  if (text.includes('\u0000')) throw nullCharacter()
  return text
}

export function nullCharacter(): SqlError {
  return new SqlError(
    SqlState.CharacterNotInRepertoire,
    'invalid byte sequence for encoding "UTF8": 0x00',
  )
}

/** bpchar is filled with blanks to its length in characters. */
export function padBlank(text: string, length: number | undefined): string {
  if (length === undefined || text.length >= length * 2) return text
  const missing = length - Array.from(text).length
  return missing > 0 ? text + ' '.repeat(missing) : text
}
