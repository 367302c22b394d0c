import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import {
  caseVariants,
  codeOf,
  escapedCharacter,
  escapedClasses,
  spaces,
  unsupportedPattern,
} from './regexp-literal.ts'

/** A bracket expression for RE2 and where it ends in the pattern. */
export interface Bracket {
  readonly text: string
  readonly end: number
}

/** Classes that are the same in every locale, and white space as PostgreSQL has it. */
const namedClasses: ReadonlyMap<string, string> = new Map([
  ['digit', '0-9'],
  ['xdigit', '0-9A-Fa-f'],
  ['space', spaces],
])

const memberPattern = /\[:([a-z]+):\]|\[[.=:]|\\.|[^\]]/gsuy

interface Member {
  readonly end: number
  /** Absent for a class. */
  readonly character?: string
  readonly text: string
}

/** The bracket expression that begins at `start`; undefined if it does not end. */
export function bracketOf(
  pattern: string,
  start: number,
  caseInsensitive: boolean,
): Bracket | undefined {
  const isNegated = pattern[start + 1] === '^'
  let at = start + (isNegated ? 2 : 1)
  let text = isNegated ? '[^' : '['
  const first = at
  while (at < pattern.length) {
    if (pattern[at] === ']' && at > first) return { text: `${text}]`, end: at + 1 }
    const member = memberAt(pattern, at)
    if (member === undefined) return undefined
    const last = rangeEnd(pattern, member)
    text += last === undefined ? plainMember(member, caseInsensitive) : ''
    if (last !== undefined) text += range(member, last, caseInsensitive)
    at = (last ?? member).end
  }
  return undefined
}

/** A member; the first one may be a closing bracket. */
function memberAt(pattern: string, at: number): Member | undefined {
  if (pattern[at] === ']') return { end: at + 1, character: ']', text: codeOf(']') }
  memberPattern.lastIndex = at
  const [token, name] = memberPattern.exec(pattern) ?? []
  if (token === undefined) return undefined
  const end = at + token.length
  if (name !== undefined) {
    const members = namedClasses.get(name)
    if (members === undefined) throw unsupportedPattern(`the class "[:${name}:]"`)
    return { end, text: members }
  }
  if (/^\[[.=:]$/.test(token)) throw unsupportedPattern(`"${token}" within brackets`)
  if (!token.startsWith('\\')) return { end, character: token, text: codeOf(token) }
  if (token === '\\') return undefined
  const members = escapedClasses.get(token.slice(1))
  if (members !== undefined) return { end, text: members }
  const character = escapedCharacter(token.slice(1))
  return { end, character, text: codeOf(character) }
}

/** The other end, if a hyphen that is not the last member follows. */
function rangeEnd(pattern: string, member: Member): Member | undefined {
  if (pattern[member.end] !== '-' || pattern[member.end + 1] === ']') return undefined
  return memberAt(pattern, member.end + 1)
}

function plainMember({ character, text }: Member, caseInsensitive: boolean): string {
  if (character === undefined || !caseInsensitive) return text
  return caseVariants(character).map(codeOf).join('')
}

function range(from: Member, to: Member, caseInsensitive: boolean): string {
  const [first, last] = [from.character, to.character].map((one) => one?.codePointAt(0))
  if (first === undefined || last === undefined || first > last) throw invalidRange()
  const text = `${from.text}-${to.text}`
  if (!caseInsensitive) return text
  if (last > 127)
    throw unsupportedPattern('a case-insensitive range of other than ASCII characters')
  const otherCases = Array.from({ length: last - first + 1 }, (_, index) =>
    String.fromCodePoint(first + index),
  ).filter((one) => /[a-zA-Z]/.test(one))
  return text + otherCases.flatMap(caseVariants).join('')
}

function invalidRange(): SqlError {
  return new SqlError(
    SqlState.InvalidRegularExpression,
    'invalid regular expression: invalid character range',
  )
}
