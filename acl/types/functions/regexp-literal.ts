/** Single characters of a regular expression, as RE2 has to read them. */
import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'

/** White space to PostgreSQL in a UTF-8 locale, for use within brackets. */
export const spaces =
  '\\t-\\r \\x{1680}\\x{2000}-\\x{2006}\\x{2008}-\\x{200a}\\x{2028}\\x{2029}\\x{205f}\\x{3000}'

/** 0A000: what RE2 has not, or reads otherwise. */
export function unsupportedPattern(what: string): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    `${what} in a regular expression is not supported`,
  )
}

/** One character that stands for itself, in both cases if case does not matter. */
export function literalOf(character: string, caseInsensitive: boolean): string {
  const variants = caseInsensitive ? caseVariants(character) : [character]
  const texts = variants.map(codeOf)
  return texts.length === 1 ? texts.join('') : `[${texts.join('')}]`
}

/** The code point as RE2 writes it; letters and digits of ASCII are themselves. */
export function codeOf(character: string): string {
  if (/^[a-zA-Z0-9]$/.test(character)) return character
  return `\\x{${(character.codePointAt(0) ?? 0).toString(16)}}`
}

/**
 * The character in both cases, as towlower and towupper have them (regc_locale.c, allcases). RE2's own
 * folding would add others, such as the Kelvin sign to `k`.
 */
export function caseVariants(character: string): readonly string[] {
  const variants = new Set([character, character.toLowerCase(), character.toUpperCase()])
  const isSimple = [...variants].every(
    (one) => Array.from(one).length === 1 && variants.has(one.toLowerCase()),
  )
  if (!isSimple) throw unsupportedPattern(`case-insensitive "${character}"`)
  return [...variants]
}

/** `\d`, `\.` and their like outside of brackets. */
export function escapeOf(character: string): string {
  const negated = /^[DS]$/.test(character) ? '^' : ''
  const members = escapedClasses.get(character.toLowerCase())
  if (members !== undefined) return `[${negated}${members}]`
  return codeOf(escapedCharacter(character))
}

/** `\d` and `\s` as members of brackets. */
export const escapedClasses: ReadonlyMap<string, string> = new Map([
  ['d', '0-9'],
  ['s', spaces],
])

/** The character that an escape stands for, in brackets or outside. */
export function escapedCharacter(character: string): string {
  const control = controls.get(character)
  if (control !== undefined) return control
  // Any escaped sign is itself; other letters and digits have meanings of their own.
  if (/^[a-zA-Z0-9]$/.test(character)) throw unsupportedPattern(`the escape "\\${character}"`)
  return character
}

const controls: ReadonlyMap<string, string> = new Map([
  ['t', '\t'],
  ['n', '\n'],
  ['r', '\r'],
  ['f', '\f'],
  ['v', '\v'],
])
