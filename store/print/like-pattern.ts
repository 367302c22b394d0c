import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'

/** A part of a LIKE pattern: what stands for itself, `_` and `%`. */
export type LikePart =
  | { readonly kind: 'Literal'; readonly character: string }
  | { readonly kind: 'One' }
  | { readonly kind: 'Any' }

/**
 * The parts of a pattern, read with an escape character or none.
 * @throws SqlError 22025 if the pattern ends with the escape character
 */
export function likeParts(pattern: string, escape: string): readonly LikePart[] {
  const parts: LikePart[] = []
  let isEscaped = false
  for (const character of pattern) {
    if (!isEscaped && character === escape) isEscaped = true
    else {
      parts.push(isEscaped ? { kind: 'Literal', character } : partOf(character))
      isEscaped = false
    }
  }
  if (isEscaped) throw endsWithEscape()
  return parts
}

function partOf(character: string): LikePart {
  if (character === '%') return { kind: 'Any' }
  return character === '_' ? { kind: 'One' } : { kind: 'Literal', character }
}

function endsWithEscape(): SqlError {
  return new SqlError(
    SqlState.InvalidEscapeSequence,
    'LIKE pattern must not end with escape character',
  )
}

/**
 * The pattern for the engine's LIKE, where that takes linear time: it tries every place for `%` beside
 * `_`, without end and deaf to interrupts (duckdb-hardening.md, section 5.2); alone it searches. It is
 * used without escape character.
 */
export function plainLike(parts: readonly LikePart[]): string | undefined {
  const hasOne = parts.some(({ kind }) => kind === 'One')
  const hasInnerAny = parts.slice(0, -1).some(({ kind }) => kind === 'Any')
  if (hasOne && hasInnerAny) return undefined
  const texts = parts.map((part) => {
    if (part.kind === 'Any') return '%'
    if (part.kind === 'One') return '_'
    return part.character === '%' || part.character === '_' ? undefined : part.character
  })
  return texts.includes(undefined) ? undefined : texts.join('')
}

/** The pattern as a regular expression of the whole text. */
export function likeExpression(parts: readonly LikePart[]): string {
  return parts
    .map((part) => {
      if (part.kind === 'Any') return '.*'
      return part.kind === 'One' ? '.' : codeOf(part.character)
    })
    .join('')
}

/** A character as RE2 reads it whatever it is. */
export function codeOf(character: string): string {
  if (/^[a-zA-Z0-9]$/.test(character)) return character
  return `\\x{${(character.codePointAt(0) ?? 0).toString(16)}}`
}
