import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import type { BoundExpression } from '../../../store/bound.ts'
import { argumentNotConstant } from '../errors.ts'
import { constant, constantValue, text } from '../expressions.ts'
import { scalar } from '../scalar.ts'
import { unsupportedPattern } from './regexp-literal.ts'

/**
 * `similar_to_escape(pattern[, escape])`, as which the grammar gives the pattern of SIMILAR TO: the
 * same pattern as a POSIX regular expression (regexp.c, similar_escape_internal).
 */
export function similarToEscape([pattern, escape]: readonly BoundExpression[]): BoundExpression {
  const value = constantValue(pattern)
  const escapeValue = escape === undefined ? '\\' : constantValue(escape)
  if (value === null || escapeValue === null) return constant(null, scalar('text'))
  if (typeof value !== 'string' || typeof escapeValue !== 'string') {
    throw argumentNotConstant('similar_to_escape', 'the pattern')
  }
  if (Array.from(escapeValue).length > 1) throw invalidEscape()
  return text(`^(?:${translate(value, escapeValue)})$`)
}

function translate(pattern: string, escape: string): string {
  let output = ''
  let isEscaped = false
  let isInBrackets = false
  for (const character of pattern) {
    if (isEscaped) {
      if (character === '"') throw unsupportedPattern('a separator')
      output += `\\${character}`
      isEscaped = false
    } else if (character === escape) {
      isEscaped = true
    } else if (isInBrackets) {
      output += character === '\\' ? '\\\\' : character
      isInBrackets = character !== ']'
    } else {
      output += meanings.get(character) ?? character
      isInBrackets = character === '['
    }
  }
  return output
}

const meanings: ReadonlyMap<string, string> = new Map([
  ['%', '.*'],
  ['_', '.'],
  ['(', '(?:'],
  ['\\', '\\\\'],
  ['.', '\\.'],
  ['^', '\\^'],
  ['$', '\\$'],
])

function invalidEscape(): SqlError {
  return new SqlError(SqlState.InvalidEscapeSequence, 'invalid escape string', {
    hint: 'Escape string must be empty or one character.',
  })
}
