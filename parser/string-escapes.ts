import { badCharacter, malformed } from './syntax-error.ts'

/** The token that the escapes stand in; errors point at it. */
interface EscapePlace {
  readonly source: string
  readonly start: number
  readonly end: number
}

const simpleEscapes: ReadonlyMap<string, number> = new Map([
  ['b', 8],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
])

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const escapePattern =
  /''|\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([\s\S]))/g

/**
 * The value of E'...' (scan.l, `<xe>`): octal and hexadecimal escapes are bytes, so the whole is put
 * together as bytes and must then be UTF-8.
 */
export function decodeEscapeString(body: string, place: EscapePlace): string {
  if (!body.includes('\\')) return body.replaceAll("''", "'")
  const chunks: Buffer[] = []
  let from = 0
  let highSurrogate: number | undefined
  for (const match of body.matchAll(escapePattern)) {
    const between = body.slice(from, match.index)
    const unit = match[3] ?? match[4]
    if (highSurrogate !== undefined && (between !== '' || unit === undefined)) {
      throw invalidSurrogate(place)
    }
    chunks.push(Buffer.from(between, 'utf8'))
    from = match.index + match[0].length
    if (unit === undefined) {
      chunks.push(byteEscape(match, place))
      continue
    }
    const joined = joinSurrogates(highSurrogate, Number.parseInt(unit, 16), place)
    highSurrogate = joined.highSurrogate
    chunks.push(Buffer.from(joined.text, 'utf8'))
  }
  if (highSurrogate !== undefined) throw invalidSurrogate(place)
  chunks.push(Buffer.from(body.slice(from), 'utf8'))
  return decodeUtf8(Buffer.concat(chunks), place)
}

function byteEscape(match: RegExpMatchArray, place: EscapePlace): Buffer {
  if (match[0] === "''") return Buffer.from("'")
  const octal = match[1]
  if (octal !== undefined) return Buffer.from([Number.parseInt(octal, 8) & 0xff])
  const hexadecimal = match[2]
  if (hexadecimal !== undefined) return Buffer.from([Number.parseInt(hexadecimal, 16)])
  const char = match[5] ?? ''
  if (char === 'u' || char === 'U') throw malformed('invalid Unicode escape', place.start)
  const code = simpleEscapes.get(char)
  return code === undefined ? Buffer.from(char, 'utf8') : Buffer.from([code])
}

function decodeUtf8(bytes: Buffer, place: EscapePlace): string {
  if (bytes.includes(0)) {
    throw badCharacter('invalid byte sequence for encoding "UTF8": 0x00', place.start)
  }
  try {
    return utf8.decode(bytes)
  } catch {
    throw badCharacter('invalid byte sequence for encoding "UTF8"', place.start)
  }
}

/** The value of U&'...' and U&"..." (`src/backend/parser/parser.c`, str_udeescape). */
export function decodeUnicodeEscapes(body: string, escape: string, place: EscapePlace): string {
  let value = ''
  let at = 0
  let highSurrogate: number | undefined
  while (at < body.length) {
    const char = body.charAt(at)
    if (char !== escape || body.charAt(at + 1) === escape) {
      if (highSurrogate !== undefined) throw invalidSurrogate(place)
      value += char
      at += char === escape ? 2 : 1
      continue
    }
    const digits = /^(?:\+([0-9A-Fa-f]{6})|([0-9A-Fa-f]{4}))/.exec(body.slice(at + 1, at + 8))
    if (digits === null) throw malformed('invalid Unicode escape', place.start)
    const code = Number.parseInt(digits[1] ?? digits[2] ?? '', 16)
    const joined = joinSurrogates(highSurrogate, code, place)
    highSurrogate = joined.highSurrogate
    value += joined.text
    at += 1 + digits[0].length
  }
  if (highSurrogate !== undefined) throw invalidSurrogate(place)
  return value
}

interface JoinedSurrogates {
  readonly text: string
  readonly highSurrogate: number | undefined
}

/** One more code of an escape: a character, or half of one. */
function joinSurrogates(
  highSurrogate: number | undefined,
  code: number,
  place: EscapePlace,
): JoinedSurrogates {
  if (code === 0 || code > 0x10ffff) throw malformed('invalid Unicode escape value', place.start)
  const isHigh = code >= 0xd800 && code <= 0xdbff
  const isLow = code >= 0xdc00 && code <= 0xdfff
  if (isLow !== (highSurrogate !== undefined)) throw invalidSurrogate(place)
  if (isHigh) return { text: '', highSurrogate: code }
  const text =
    highSurrogate === undefined
      ? String.fromCodePoint(code)
      : String.fromCharCode(highSurrogate, code)
  return { text, highSurrogate: undefined }
}

function invalidSurrogate(place: EscapePlace): Error {
  return malformed('invalid Unicode surrogate pair', place.start)
}
