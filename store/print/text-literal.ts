import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'

/**
 * A string literal in the engine's one spelling: quotes doubled, nothing else is special.
 * @throws SqlError 22021 if the text holds U+0000, which would end the engine's text
 */
export function textLiteral(text: string): string {
  if (text.includes('\0')) throw nullCharacter()
  return `'${text.replaceAll("'", "''")}'`
}

function nullCharacter(): SqlError {
  return new SqlError(
    SqlState.CharacterNotInRepertoire,
    'invalid byte sequence for encoding "UTF8": 0x00',
  )
}
