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

/** Halves the valid prefix: each prefix up to a sequence's start is valid UTF-8, none beyond is. */
function firstInvalidOffset(bytes: Buffer): number {
  let valid = 0
  let invalid = bytes.length
  while (invalid - valid > sequenceBytesMax) {
    const middle = sequenceStart(bytes, { offset: (valid + invalid) >>> 1, least: valid + 1 })
    if (isUtf8(bytes.subarray(0, middle))) valid = middle
    else invalid = middle
  }
  const sequence = bytes.subarray(valid, invalid)
  let length = 0
  for (let end = 1; end < sequence.length; end++) {
    if (isUtf8(sequence.subarray(0, end))) length = end
  }
  return valid + length
}

const sequenceBytesMax = 4

/** The start of the sequence at `offset`: at most three continuation bytes are stepped back over. */
function sequenceStart(bytes: Buffer, at: { offset: number; least: number }): number {
  let offset = at.offset
  while (offset > at.least && at.offset - offset < 3 && isContinuation(bytes[offset])) offset--
  return offset
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}

/** PostgreSQL names the bytes that the first one announces (wchar.c, `report_invalid_encoding`). */
function invalidByteSequence(bytes: Buffer, offset: number): SqlError {
  const first = bytes[offset] ?? 0
  const announced = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1
  const shown = Array.from(
    bytes.subarray(offset, offset + announced),
    (byte) => `0x${byte.toString(16).padStart(2, '0')}`,
  )
  return new SqlError(
    SqlState.CharacterNotInRepertoire,
    `invalid byte sequence for encoding "UTF8": ${shown.join(' ')}`,
  )
}
