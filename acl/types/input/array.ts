/** Array literals as PostgreSQL 15 reads them (arrayfuncs.c, array_in). */
import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import type { SqlValue } from '../../../store/sql-type.ts'
import { malformedArray, unsupportedForm } from '../errors.ts'

/** PostgreSQL's MAXDIM. */
const dimensionsMax = 6

const dimensionsPattern = /^\s*((?:\[\s*[+-]?\d+\s*(?::\s*[+-]?\d+\s*)?\]\s*)+)=/

/** Reads an array; `parseElement` reads each element that is not NULL. */
export function parseArray(
  text: string,
  parseElement: (text: string) => SqlValue,
): readonly SqlValue[] {
  const written = dimensionsPattern.exec(text)
  const reader = new ArrayReader(text, written?.[0].length ?? 0, parseElement)
  const value = reader.read()
  const sizes = sizesOf(value)
  if (!hasSizes(value, sizes)) {
    throw malformedArray(
      text,
      'Multidimensional arrays must have sub-arrays with matching dimensions.',
    )
  }
  if (written?.[1] !== undefined) checkDimensions({ text, dimensions: written[1], sizes })
  return value
}

/** Reads braces, elements and commas from one place on. */
class ArrayReader {
  readonly #text: string
  readonly #parseElement: (text: string) => SqlValue
  #at: number

  constructor(text: string, at: number, parseElement: (text: string) => SqlValue) {
    this.#text = text
    this.#at = at
    this.#parseElement = parseElement
  }

  read(): readonly SqlValue[] {
    this.#skipSpace()
    if (this.#peek() !== '{') {
      throw malformedArray(
        this.#text,
        this.#at === 0 || this.#text.slice(0, this.#at).trim() === ''
          ? 'Array value must start with "{" or dimension information.'
          : 'Array contents must start with "{".',
      )
    }
    const value = this.#readBraces(1)
    this.#skipSpace()
    if (this.#at < this.#text.length) {
      throw malformedArray(this.#text, 'Junk after closing right brace.')
    }
    return value
  }

  #peek(): string {
    return this.#text.charAt(this.#at)
  }

  #skipSpace(): void {
    while (/^[ \t\n\v\f\r]$/.test(this.#peek())) this.#at += 1
  }

  #readBraces(depth: number): readonly SqlValue[] {
    if (depth > dimensionsMax) throw tooManyDimensions(depth)
    this.#at += 1
    const members: SqlValue[] = []
    this.#skipSpace()
    if (this.#peek() === '}') {
      if (depth > 1) throw malformedArray(this.#text, 'Unexpected "}" character.')
      this.#at += 1
      return members
    }
    for (;;) {
      this.#skipSpace()
      members.push(this.#peek() === '{' ? this.#readBraces(depth + 1) : this.#readElement())
      this.#skipSpace()
      const next = this.#peek()
      if (next === '}') {
        this.#at += 1
        return members
      }
      if (next === '') throw malformedArray(this.#text, 'Unexpected end of input.')
      if (next !== ',') throw malformedArray(this.#text, `Unexpected "${next}" character.`)
      this.#at += 1
    }
  }

  #readElement(): SqlValue {
    if (this.#peek() === '"') return this.#readQuoted()
    let element = ''
    // Blanks at the end do not count, unless a backslash stands before them.
    let significant = 0
    let hasEscape = false
    for (;;) {
      const character = this.#peek()
      if (character === '' || character === ',' || character === '}') break
      if (character === '{') throw malformedArray(this.#text, 'Unexpected "{" character.')
      if (character === '"') throw malformedArray(this.#text, 'Unexpected array element.')
      element += character === '\\' ? this.#escaped() : character
      hasEscape ||= character === '\\'
      if (character === '\\' || !/[ \t\n\v\f\r]/.test(character)) significant = element.length
      this.#at += 1
    }
    if (this.#peek() === '') throw malformedArray(this.#text, 'Unexpected end of input.')
    element = element.slice(0, significant)
    if (element === '') {
      throw malformedArray(this.#text, `Unexpected "${this.#peek()}" character.`)
    }
    return !hasEscape && element.toLowerCase() === 'null' ? null : this.#parseElement(element)
  }

  /** The character after a backslash, on which the reader then stands. */
  #escaped(): string {
    this.#at += 1
    const code = this.#text.codePointAt(this.#at)
    if (code === undefined) throw malformedArray(this.#text, 'Unexpected end of input.')
    const character = String.fromCodePoint(code)
    this.#at += character.length - 1
    return character
  }

  #readQuoted(): SqlValue {
    let element = ''
    for (;;) {
      this.#at += 1
      const character = this.#peek()
      if (character === '') throw malformedArray(this.#text, 'Unexpected end of input.')
      if (character === '"') break
      element += character === '\\' ? this.#escaped() : character
    }
    this.#at += 1
    return this.#parseElement(element)
  }
}

/** The size of each dimension, by the first member of each. */
function sizesOf(value: SqlValue): readonly number[] {
  if (!isArrayValue(value)) return []
  return [value.length, ...(value[0] === undefined ? [] : sizesOf(value[0]))]
}

/** Whether every member has the same sizes all the way down. */
function hasSizes(value: SqlValue, sizes: readonly number[]): boolean {
  const [size, ...rest] = sizes
  if (!isArrayValue(value)) return size === undefined
  return value.length === size && value.every((member) => hasSizes(member, rest))
}

function isArrayValue(value: SqlValue): value is readonly SqlValue[] {
  return Array.isArray(value)
}

interface WrittenDimensions {
  readonly text: string
  readonly dimensions: string
  readonly sizes: readonly number[]
}

/** `[1:3][1:2]=` must agree with the contents; values here know no lower bound but 1. */
function checkDimensions({ text, dimensions, sizes }: WrittenDimensions): void {
  const bounds = [...dimensions.matchAll(/\[\s*([+-]?\d+)\s*(?::\s*([+-]?\d+)\s*)?\]/g)].map(
    ([, first, second]) =>
      second === undefined ? [1, Number(first)] : [Number(first), Number(second)],
  )
  if (bounds.length > dimensionsMax) throw tooManyDimensions(bounds.length)
  for (const [lower = 1, upper = 0] of bounds) {
    if (upper < lower) throw upperBelowLower()
    if (lower !== 1) throw unsupportedForm('array', 'a lower bound other than 1')
  }
  const isSame =
    bounds.length === sizes.length && bounds.every(([, upper], index) => upper === sizes[index])
  if (!isSame) {
    throw malformedArray(text, 'Specified array dimensions do not match array contents.')
  }
}

function upperBelowLower(): SqlError {
  return new SqlError(SqlState.ArraySubscriptError, 'upper bound cannot be less than lower bound')
}

function tooManyDimensions(count: number): SqlError {
  return new SqlError(
    SqlState.ProgramLimitExceeded,
    `number of array dimensions (${count}) exceeds the maximum allowed (${dimensionsMax})`,
  )
}
