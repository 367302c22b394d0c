/** Splits the text of a date, time or interval into fields (PostgreSQL 15, ParseDateTime). */

export type FieldKind = 'Number' | 'String' | 'Date' | 'Time' | 'Zone' | 'Special'

export interface Field {
  readonly kind: FieldKind
  /** Lower-case. */
  readonly text: string
}

/** PostgreSQL's MAXDATEFIELDS. */
const fieldsMax = 25

const isDigit = (character: string): boolean => character >= '0' && character <= '9'
const isLetter = (character: string): boolean => /^[a-z]$/i.test(character)
const isSpace = (character: string): boolean => /^[ \t\n\v\f\r]$/.test(character)
const isPunctuation = (character: string): boolean => /^[!-/:-@[-`{-~]$/.test(character)

/** The fields, or undefined for text that cannot be split. `isWord` knows the words of dates. */
export function splitFields(
  text: string,
  isWord: (text: string) => boolean,
): readonly Field[] | undefined {
  const fields: Field[] = []
  let at = 0
  while (at < text.length) {
    const character = text.charAt(at)
    if (isSpace(character)) {
      at += 1
      continue
    }
    const end = fieldAt(text, at, isWord)
    if (end === undefined) {
      if (!isPunctuation(character) || character === '+' || character === '-') return undefined
      // PostgreSQL ignores other punctuation.
      at += 1
      continue
    }
    fields.push(end.field)
    if (fields.length > fieldsMax) return undefined
    at = end.next
  }
  return fields
}

interface FieldEnd {
  readonly field: Field
  readonly next: number
}

function fieldAt(
  text: string,
  at: number,
  isWord: (text: string) => boolean,
): FieldEnd | undefined {
  const character = text.charAt(at)
  if (isDigit(character)) return numberField(text, at)
  if (character === '.') {
    const next = skip(text, at + 1, isDigit)
    return { field: { kind: 'Number', text: text.slice(at, next) }, next }
  }
  if (isLetter(character)) return wordField(text, at, isWord)
  if (character === '+' || character === '-') return signField(text, at)
  return undefined
}

function skip(text: string, from: number, accept: (character: string) => boolean): number {
  let at = from
  while (at < text.length && accept(text.charAt(at))) at += 1
  return at
}

/** A field that starts with a digit: a number, a date or a time. */
function numberField(text: string, start: number): FieldEnd {
  let at = skip(text, start, isDigit)
  const delimiter = text.charAt(at)
  const end = (kind: FieldKind): FieldEnd => ({
    field: { kind, text: text.slice(start, at).toLowerCase() },
    next: at,
  })
  if (delimiter === ':') {
    at = skip(text, at, (one) => isDigit(one) || one === ':' || one === '.')
    return end('Time')
  }
  if (delimiter !== '-' && delimiter !== '/' && delimiter !== '.') return end('Number')
  at += 1
  if (!isDigit(text.charAt(at))) {
    at = skip(text, at, (one) => isDigit(one) || isLetter(one) || one === delimiter)
    return end('Date')
  }
  at = skip(text, at, isDigit)
  if (text.charAt(at) !== delimiter) return end(delimiter === '.' ? 'Number' : 'Date')
  at = skip(text, at + 1, (one) => isDigit(one) || one === delimiter)
  return end('Date')
}

/** A field that starts with a letter: a word, a date with a month's name, a time zone's name. */
function wordField(text: string, start: number, isWord: (text: string) => boolean): FieldEnd {
  let at = skip(text, start, isLetter)
  const follows = text.charAt(at)
  const isDate =
    follows === '-' ||
    follows === '/' ||
    follows === '.' ||
    ((follows === '+' || isDigit(follows)) && !isWord(text.slice(start, at).toLowerCase()))
  if (isDate) {
    at = skip(text, at, (one) => isDigit(one) || isLetter(one) || '+-/_.:'.includes(one))
  }
  return {
    field: { kind: isDate ? 'Date' : 'String', text: text.slice(start, at).toLowerCase() },
    next: at,
  }
}

/** A sign: of a time zone's offset or a number, or of a word such as `-infinity`. */
function signField(text: string, start: number): FieldEnd | undefined {
  const from = skip(text, start + 1, isSpace)
  const isNumber = isDigit(text.charAt(from))
  if (!isNumber && !isLetter(text.charAt(from))) return undefined
  const next = isNumber
    ? skip(text, from, (one) => isDigit(one) || ':.-'.includes(one))
    : skip(text, from, isLetter)
  return {
    field: {
      kind: isNumber ? 'Zone' : 'Special',
      text: `${text.charAt(start)}${text.slice(from, next)}`.toLowerCase(),
    },
    next,
  }
}
