import { NAME_BYTES_MAX } from './limits.ts'
import { asciiLowerCase, canNameRelation } from './keywords.ts'
import type { Literal, Name, QualifiedName } from './statement.ts'
import { malformed, nameTooLong } from './syntax-error.ts'
import type { TokenReader } from './token-reader.ts'

/**
 * principal = identifier | '"' chars '"' | "'" chars "'"
 *
 * Keywords are names here, since the position leaves no doubt (D3); the rest is the model's (N6).
 */
export function parsePrincipal(reader: TokenReader): Name {
  const token = reader.peek()
  const { start, end } = token
  if (token.kind === 'Word') {
    reader.skip(1)
    return { text: token.text, span: { start, end } }
  }
  return parseQuotedName(reader)
}

/** table, column = ColId | '"' chars '"' | "'" chars "'" ; at most 63 bytes, not empty. */
export function parseRelationName(reader: TokenReader): Name {
  const token = reader.peek()
  const { start, end } = token
  if (token.kind === 'Word' && !canNameRelation(token.word)) throw reader.unexpected()
  const name = parsePrincipal(reader)
  if (name.text === '') {
    const near = reader.source.slice(start, end)
    throw malformed(`zero-length delimited identifier at or near "${near}"`, start)
  }
  checkNameLength(name.text, start)
  return name
}

/** A name of PostgreSQL's own kind (a savepoint, a cursor): ColId, folded unless quoted; no string. */
export function parseFoldedName(reader: TokenReader): Name {
  const token = reader.peek()
  if (token.kind !== 'Word' && token.kind !== 'QuotedName') throw reader.unexpected()
  const name = parseRelationName(reader)
  return token.kind === 'Word' ? { ...name, text: asciiLowerCase(name.text) } : name
}

/** table = [ name "." ] name ; */
export function parseQualifiedName(reader: TokenReader): QualifiedName {
  const first = parseRelationName(reader)
  if (!reader.acceptSymbol('.')) return { name: first }
  const name = parseRelationName(reader)
  if (reader.atSymbol('.')) {
    throw malformed('improper qualified name (too many dotted names)', first.span.start)
  }
  return { schema: first, name }
}

function parseQuotedName(reader: TokenReader): Name {
  const token = reader.peek()
  const isName = token.kind === 'QuotedName' || (token.kind === 'String' && token.style === 'Plain')
  if (!isName) throw reader.unexpected()
  reader.skip(1)
  return { text: token.value, span: { start: token.start, end: token.end } }
}

/** string = "'" chars "'" ; any of PostgreSQL's string constants. */
export function parseString(reader: TokenReader): Literal {
  const token = reader.peek()
  if (token.kind !== 'String') throw reader.unexpected()
  reader.skip(1)
  return { value: token.value, span: { start: token.start, end: token.end } }
}

/** secret = identifier | string ; a bare word is taken exactly as written (S4). */
export function parseSecret(reader: TokenReader): Literal {
  const token = reader.peek()
  const secret = token.kind === 'Word' ? parseBareSecret(reader) : parseString(reader)
  reader.markSecret(secret.span)
  return secret
}

function parseBareSecret(reader: TokenReader): Literal {
  const { text, span } = parsePrincipal(reader)
  return { value: text, span }
}

/** Longer names are refused, not cut off: two names could become one (42622). */
export function checkNameLength(text: string, offset: number): void {
  if (text.length * 3 <= NAME_BYTES_MAX) return
  if (Buffer.byteLength(text, 'utf8') > NAME_BYTES_MAX) throw nameTooLong(NAME_BYTES_MAX, offset)
}
