import { isAscii, isUtf8 } from 'node:buffer'
import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'

/**
 * The text of bytes that a client sent, or 22021: no byte is replaced or dropped, and a zero byte is
 * none of a text's (PostgreSQL 15, wchar.c: `pg_utf8_verifystr`).
 */
export function decodeUtf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw invalidByteSequence(bytes, firstInvalidOffset(bytes))
  const zero = bytes.indexOf(0)
  if (zero >= 0) throw invalidByteSequence(bytes, zero)
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8')
}

/** Where Node's decoder first puts a replacement character for bytes that are none. */
function firstInvalidOffset(bytes: Buffer): number {
  const text = bytes.toString('utf8')
  let offset = 0
  let from = 0
  for (;;) {
    const found = text.indexOf(replacement, from)
    offset += Buffer.byteLength(text.slice(from, found))
    if (!bytes.subarray(offset, offset + 3).equals(replacementBytes)) return offset
    offset += replacementBytes.length
    from = found + 1
  }
}

const replacement = '\uFFFD'
const replacementBytes = Buffer.from(replacement)

/** PostgreSQL names the bytes that the first one announces (wchar.c, `report_invalid_encoding`). */
function invalidByteSequence(bytes: Buffer, offset: number): SqlError {
  const first = bytes[offset] ?? 0
  const announced = first >= 0xf8 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1
  const shown = Array.from(
    bytes.subarray(offset, offset + announced),
    (byte) => `0x${byte.toString(16).padStart(2, '0')}`,
  )
  return new SqlError(
    SqlState.CharacterNotInRepertoire,
    `invalid byte sequence for encoding "UTF8": ${shown.join(' ')}`,
  )
}
