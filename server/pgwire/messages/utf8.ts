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
  const end = offset + announcedLength(bytes.readUInt8(offset))
  const shown = Array.from(
    bytes.subarray(offset, end),
    (byte) => `0x${byte.toString(16).padStart(2, '0')}`,
  )
  return new SqlError(
    SqlState.CharacterNotInRepertoire,
    `invalid byte sequence for encoding "UTF8": ${shown.join(' ')}`,
  )
}

/** PostgreSQL 15, wchar.c: `pg_utf_mblen`. */
function announcedLength(first: number): number {
  if ((first & 0xe0) === 0xc0) return 2
  if ((first & 0xf0) === 0xe0) return 3
  return (first & 0xf8) === 0xf0 ? 4 : 1
}
