import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import { invalidArgument } from '../errors.ts'

/** Reads a bytea in hex (`\x00ff`) or escape form (varlena.c, byteain; encode.c, hex_decode). */
export function parseBytea(text: string): Uint8Array {
  return text.startsWith('\\x') ? parseHex(text.slice(2)) : parseEscaped(text)
}

function parseHex(text: string): Uint8Array {
  const bytes: number[] = []
  let index = 0
  while (index < text.length) {
    const first = text.charAt(index)
    // White space may stand between bytes, not within one.
    if (/[ \n\t\r]/.test(first)) {
      index += 1
      continue
    }
    const high = hexDigit(first)
    if (index + 1 >= text.length) {
      throw invalidArgument('invalid hexadecimal data: odd number of digits')
    }
    bytes.push(high * 16 + hexDigit(text.charAt(index + 1)))
    index += 2
  }
  return Uint8Array.from(bytes)
}

function hexDigit(character: string): number {
  if (!/^[0-9a-f]$/i.test(character)) {
    throw invalidArgument(`invalid hexadecimal digit: "${character}"`)
  }
  return Number.parseInt(character, 16)
}

function parseEscaped(text: string): Uint8Array {
  const parts: Uint8Array[] = []
  let index = 0
  while (index < text.length) {
    const backslash = text.indexOf('\\', index)
    const end = backslash === -1 ? text.length : backslash
    if (end > index) parts.push(new TextEncoder().encode(text.slice(index, end)))
    if (backslash === -1) break
    const octal = /^\\([0-3][0-7][0-7])/.exec(text.slice(backslash, backslash + 4))?.[1]
    if (octal !== undefined) {
      parts.push(Uint8Array.of(Number.parseInt(octal, 8)))
      index = backslash + 4
    } else if (text.charAt(backslash + 1) === '\\') {
      parts.push(Uint8Array.of(0x5c))
      index = backslash + 2
    } else {
      throw invalidBytea()
    }
  }
  return Buffer.concat(parts)
}

function invalidBytea(): SqlError {
  return new SqlError(SqlState.InvalidTextRepresentation, 'invalid input syntax for type bytea')
}
