import { spaces } from './regexp-literal.ts'

/**
 * Patterns that PostgreSQL's regular expressions and RE2 read alike and match alike. PostgreSQL takes
 * the longest match of the leftmost, RE2 the first that its order of trying finds: without
 * alternation and with at most one part of variable length both are the same.
 */

/** Classes that need no locale. */
const namedClasses = new Set(['digit', 'xdigit'])

/** The pattern for RE2, or undefined where the meaning may differ. */
export function patternOfSameMeaning(pattern: string): string | undefined {
  const atoms = splitAtoms(pattern)
  if (atoms === undefined) return undefined
  const variable = atoms.filter(({ isVariable }) => isVariable).length
  return variable <= 1 ? atoms.map(({ text }) => text).join('') : undefined
}

interface Atom {
  readonly text: string
  readonly isVariable: boolean
}

const tokenPattern =
  /\[\^?\]?(?:\[:[a-z]+:\]|[^\]\\[])*\]|\\.|[()^$]|[*+?](?![*+?])|\{\d{1,3}(?:,\d{0,3})?\}(?![*+?])|[^\\[\](){}|*+?^$]/gsu

function splitAtoms(pattern: string): readonly Atom[] | undefined {
  const tokens = pattern.match(tokenPattern) ?? []
  if (tokens.join('') !== pattern) return undefined
  const atoms: Atom[] = []
  let previous = ''
  for (const token of tokens) {
    const atom = atomOf(token, previous)
    if (atom === undefined) return undefined
    atoms.push(atom)
    previous = token
  }
  return atoms
}

function atomOf(token: string, previous: string): Atom | undefined {
  if (/^[*+?{]/.test(token) && token.length <= 9 && !token.startsWith('\\')) {
    // A repeated group may match in several ways, and anchors cannot be repeated.
    if (previous === '' || /^[()^$*+?{]/.test(previous)) return undefined
    return quantifier(token)
  }
  if (token.startsWith('[')) return bracket(token)
  if (token.startsWith('\\')) return escape(token.slice(1))
  // `(?` would have been split as a group and a quantifier, which is refused above.
  return { text: token, isVariable: false }
}

function quantifier(token: string): Atom | undefined {
  const [, least, comma, most] = /^\{(\d+)(,?)(\d*)\}$/.exec(token) ?? []
  if (least === undefined) return { text: token, isVariable: true }
  // PostgreSQL allows 255 repetitions.
  if (Number(least) > 255 || Number(most) > 255) return undefined
  if (most !== '' && Number(least) > Number(most)) return undefined
  return { text: token, isVariable: comma === ',' && least !== most }
}

function bracket(token: string): Atom | undefined {
  const names = [...token.matchAll(/\[:([a-z]+):\]/g)].map(([, name]) => name ?? '')
  if (!names.every((name) => namedClasses.has(name))) return undefined
  // Ranges are by code point to both; `[a-]` and `[]a]` mean the same too.
  return { text: token, isVariable: false }
}

function escape(character: string): Atom | undefined {
  if (character === 'd') return { text: '[0-9]', isVariable: false }
  if (character === 'D') return { text: '[^0-9]', isVariable: false }
  if (character === 's') return { text: `[${spaces}]`, isVariable: false }
  if (character === 'S') return { text: `[^${spaces}]`, isVariable: false }
  if (/^[tnr]$/.test(character)) return { text: `\\${character}`, isVariable: false }
  // Any escaped sign is itself; other letters and digits have meanings of their own.
  return /^[^a-zA-Z0-9]$/u.test(character)
    ? { text: `\\${character}`, isVariable: false }
    : undefined
}
