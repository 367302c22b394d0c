import { asciiUpperCase } from './keywords.ts'
import { NAME_BYTES_MAX } from './limits.ts'
import { decodeEscapeString, decodeUnicodeEscapes } from './string-escapes.ts'
import { mentionsSecret } from './secret-words.ts'
import { errorNear, malformed } from './syntax-error.ts'
import type { StringToken, SymbolText, Token } from './token.ts'

/**
 * Cuts SQL text into tokens by PostgreSQL's lexical rules (`src/backend/parser/scan.l`, version 18,
 * with standard_conforming_strings on). The last token is the `End`. Throws what PostgreSQL throws.
 */
export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = []
  let at = skipWhiteSpace(source, 0)
  while (at < source.length) {
    const token = readToken(source, at)
    tokens.push(token)
    at = skipWhiteSpace(source, token.end)
  }
  tokens.push({ kind: 'End', start: source.length, end: source.length })
  return tokens
}

const whiteSpace = /[ \t\n\r\f\v]+/y
const lineComment = /--[^\n\r]*/y
const wordPattern = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y
const parameterPattern = /\$[0-9]+/y
const operatorPattern = /[~!@#^&|`?+\-*/%<>=]{1,64}/y
const basedNumber = /0[xX](?:_?[0-9A-Fa-f])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+/y
const decimalNumber =
  /(?:[0-9](?:_?[0-9])*(?:\.(?!\.)(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?/y
const numberUnit = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y

function matchAt(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(source)?.[0]
}

function skipWhiteSpace(source: string, from: number): number {
  let at = from
  for (;;) {
    const skipped = matchAt(whiteSpace, source, at) ?? matchAt(lineComment, source, at)
    if (skipped !== undefined) at += skipped.length
    else if (source.startsWith('/*', at)) at = endOfComment(source, at)
    else return at
  }
}

/** Comments nest. */
function endOfComment(source: string, start: number): number {
  const edges = /\/\*|\*\//g
  edges.lastIndex = start
  let depth = 0
  for (;;) {
    const edge = edges.exec(source)
    if (edge === null) throw lexicalError('unterminated /* comment', source, start, source.length)
    depth += edge[0] === '/*' ? 1 : -1
    if (depth === 0) return edges.lastIndex
  }
}

function readToken(source: string, start: number): Token {
  const first = source.charAt(start)
  const next = source[start + 1]
  switch (first) {
    case "'":
      return readPlainString(source, start, start, 'Plain')
    case '"':
      return readQuotedName(source, start)
    case '$':
      return readDollar(source, start)
    case '(':
    case ')':
    case '[':
    case ']':
    case ',':
    case ';':
      return symbol(first, start)
    case ':':
      if (next === ':' || next === '=') return operator(source, start, 2)
      return symbol(first, start)
    case '.':
      if (next === '.') return operator(source, start, 2)
      return readNumber(source, start) ?? symbol(first, start)
    default:
      return readOther(source, start)
  }
}

function readOther(source: string, start: number): Token {
  return (
    readPrefixed(source, start) ??
    readWord(source, start) ??
    readNumber(source, start) ??
    readOperator(source, start) ?? { kind: 'Other', start, end: start + 1 }
  )
}

function symbol(text: SymbolText, start: number): Token {
  return { kind: 'Symbol', text, start, end: start + 1 }
}

function operator(source: string, start: number, length: number): Token {
  const end = start + length
  return { kind: 'Operator', text: source.slice(start, end), start, end }
}

function readWord(source: string, start: number): Token | undefined {
  const text = matchAt(wordPattern, source, start)
  if (text === undefined) return undefined
  return { kind: 'Word', text, word: asciiUpperCase(text), start, end: start + text.length }
}

/**
 * scan.l, `operator`: ends before a comment; a final + or - is a token of its own unless one of some
 * other characters is in it. No more is looked at than an operator may have, so that a long row of
 * signs costs no more than a short one.
 */
function readOperator(source: string, start: number): Token | undefined {
  let text = matchAt(operatorPattern, source, start)
  if (text === undefined) return undefined
  const comment = text.search(/--|\/\*/)
  if (comment > 0) text = text.slice(0, comment)
  if (text.length > NAME_BYTES_MAX) {
    throw lexicalError('operator too long', source, start, start + text.length)
  }
  if (!/[~!@#%^&|`?]/.test(text)) text = text.slice(0, 1) + text.slice(1).replace(/[+-]+$/, '')
  return operator(source, start, text.length)
}

function readNumber(source: string, start: number): Token | undefined {
  const text = matchAt(basedNumber, source, start) ?? matchAt(decimalNumber, source, start)
  if (text === undefined) return undefined
  const end = start + text.length
  const unit = matchAt(numberUnit, source, end)
  if (unit === undefined) return { kind: 'Number', text, start, end }
  return { kind: 'NumberUnit', text: text + unit, start, end: end + unit.length }
}

function readDollar(source: string, start: number): Token {
  const parameter = matchAt(parameterPattern, source, start)
  if (parameter !== undefined) return { kind: 'Parameter', start, end: start + parameter.length }
  const tag = matchAt(dollarTag, source, start)
  if (tag === undefined) return { kind: 'Other', start, end: start + 1 }
  const from = start + tag.length
  const to = source.indexOf(tag, from)
  if (to === -1) {
    throw lexicalError('unterminated dollar-quoted string', source, start, source.length)
  }
  const value = source.slice(from, to)
  return { kind: 'String', style: 'Dollar', value, start, end: to + tag.length }
}

/** E'', U&'', U&"", N'', B'' and X'': a prefix right before a quote. */
function readPrefixed(source: string, start: number): Token | undefined {
  const next = source[start + 1]
  const isUnicode = next === '&' && (source[start + 2] === "'" || source[start + 2] === '"')
  if (next !== "'" && !isUnicode) return undefined
  switch (source.charAt(start)) {
    case 'e':
    case 'E':
      return readEscapeString(source, start)
    case 'n':
    case 'N':
      return readPlainString(source, start, start + 1, 'National')
    case 'b':
    case 'B':
    case 'x':
    case 'X':
      return readBitString(source, start)
    case 'u':
    case 'U':
      return isUnicode ? readUnicode(source, start) : undefined
    default:
      return undefined
  }
}

interface Quoted {
  readonly body: string
  readonly end: number
}

/** The inside of single quotes from `quote` on, doubled quotes resolved, continuation lines joined. */
function readQuotes(source: string, quote: number): Quoted | undefined {
  const parts: string[] = []
  let from = quote + 1
  for (;;) {
    const to = source.indexOf("'", from)
    if (to === -1) return undefined
    parts.push(source.slice(from, to))
    from = to + 1
    if (source[from] === "'") {
      parts.push("'")
      from += 1
      continue
    }
    const more = continuation(source, from)
    if (more === undefined) return { body: parts.join(''), end: from }
    from = more
  }
}

/**
 * Where a string goes on that was closed at `from`: behind a quote that only white space with a line
 * break and line comments part from it (scan.l, `quotecontinue`).
 */
function continuation(source: string, from: number): number | undefined {
  let at = from
  let isNewLine = false
  for (;;) {
    const space = matchAt(whiteSpace, source, at) ?? matchAt(lineComment, source, at)
    if (space === undefined) break
    isNewLine ||= /[\n\r]/.test(space)
    at += space.length
  }
  return isNewLine && source[at] === "'" ? at + 1 : undefined
}

function readPlainString(
  source: string,
  start: number,
  quote: number,
  style: StringToken['style'],
): Token {
  const quoted = readQuotes(source, quote)
  if (quoted === undefined) throw unterminatedString(source, start)
  return { kind: 'String', style, value: quoted.body, start, end: quoted.end }
}

/** A bit string has no quote in it, but goes on like the others. */
function readBitString(source: string, start: number): Token {
  let from: number | undefined = start + 2
  let end = from
  while (from !== undefined) {
    end = source.indexOf("'", from) + 1
    if (end === 0) throw lexicalError(unterminatedBits(source, start), source, start, source.length)
    from = continuation(source, end)
  }
  return { kind: 'BitString', start, end }
}

function unterminatedBits(source: string, start: number): string {
  const what = /[bB]/.test(source.charAt(start)) ? 'bit' : 'hexadecimal'
  return `unterminated ${what} string literal`
}

/** In E'' a backslash may hide the quote that would end it. */
function readEscapeString(source: string, start: number): Token {
  const parts: string[] = []
  let from = start + 2
  let at = from
  for (;;) {
    const char = source[at]
    if (char === undefined) throw unterminatedString(source, start)
    if (char === '\\') at += 2
    else if (char !== "'") at += 1
    else if (source[at + 1] === "'") at += 2
    else {
      parts.push(source.slice(from, at))
      const more = continuation(source, at + 1)
      if (more === undefined) break
      from = more
      at = more
    }
  }
  const end = at + 1
  const value = decodeEscapeString(parts.join(''), { source, start, end })
  return { kind: 'String', style: 'Escape', value, start, end }
}

function readQuotedName(source: string, start: number): Token {
  const quoted = readDoubleQuotes(source, start, start)
  return { kind: 'QuotedName', value: quoted.body, start, end: quoted.end }
}

function readDoubleQuotes(source: string, start: number, quote: number): Quoted {
  let from = quote + 1
  const parts: string[] = []
  for (;;) {
    const to = source.indexOf('"', from)
    if (to === -1) {
      throw lexicalError('unterminated quoted identifier', source, start, source.length)
    }
    parts.push(source.slice(from, to))
    from = to + 1
    if (source[from] !== '"') return { body: parts.join(''), end: from }
    parts.push('"')
    from += 1
  }
}

/** U&'...' and U&"...", with the UESCAPE that may follow (`src/backend/parser/parser.c`). */
function readUnicode(source: string, start: number): Token {
  const isName = source[start + 2] === '"'
  const quoted = isName ? readDoubleQuotes(source, start, start + 2) : readQuotes(source, start + 2)
  if (quoted === undefined) throw unterminatedString(source, start)
  const uescape = readUescape(source, quoted.end)
  const end = uescape?.end ?? quoted.end
  const value = decodeUnicodeEscapes(quoted.body, uescape?.escape ?? '\\', { source, start, end })
  if (isName) return { kind: 'QuotedName', value, start, end }
  return { kind: 'String', style: 'Unicode', value, start, end }
}

function readUescape(source: string, from: number): { escape: string; end: number } | undefined {
  const at = skipWhiteSpace(source, from)
  const word = matchAt(wordPattern, source, at)
  if (word === undefined || asciiUpperCase(word) !== 'UESCAPE') return undefined
  const quote = skipWhiteSpace(source, at + word.length)
  const quoted = source[quote] === "'" ? readQuotes(source, quote) : undefined
  if (quoted === undefined) {
    throw malformed('UESCAPE must be followed by a simple string literal', quote)
  }
  if (!/^[^0-9A-Fa-f+'"\s]$/.test(quoted.body)) {
    throw malformed('invalid Unicode escape character', quote)
  }
  return { escape: quoted.body, end: quoted.end }
}

function unterminatedString(source: string, start: number): Error {
  return lexicalError('unterminated quoted string', source, start, source.length)
}

function lexicalError(message: string, source: string, start: number, end: number): Error {
  const secret = mentionsSecret(source.slice(0, end))
  return errorNear(message, { source, start, end, secret })
}
