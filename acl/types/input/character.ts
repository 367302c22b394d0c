import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import type { ScalarType } from '../../../store/sql-type.ts'
import { valueTooLong } from '../errors.ts'
import { typeText } from '../type-name.ts'

/** PostgreSQL's NAMEDATALEN - 1, in bytes. */
const nameBytesMax = 63

/** Reads text, varchar(n), bpchar(n) or name: too long is an error unless only blanks are cut. */
export function parseCharacter(text: string, type: ScalarType): string {
  if (text.includes('\0')) throw nullCharacter()
  if (type.name === 'name') return truncatedName(text)
  if (type.length === undefined) return text
  const characters = Array.from(text)
  if (characters.length > type.length) {
    const rest = characters.slice(type.length)
    if (rest.some((character) => character !== ' ')) throw valueTooLong(typeText(type))
    return characters.slice(0, type.length).join('')
  }
  return type.name === 'bpchar' ? text + ' '.repeat(type.length - characters.length) : text
}

function truncatedName(text: string): string {
  const bytes = new TextEncoder().encode(text)
  if (bytes.length <= nameBytesMax) return text
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(nameBytesMax))
  return text.slice(0, read)
}

function nullCharacter(): SqlError {
  return new SqlError(
    SqlState.CharacterNotInRepertoire,
    'invalid byte sequence for encoding "UTF8": 0x00',
  )
}
