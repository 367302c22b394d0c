/**
 * Patterns of `~` and its family for RE2. Whether a text matches does not depend on which of several
 * matches is taken, so alternation and any quantifiers mean the same to PostgreSQL (chapter "POSIX
 * Regular Expressions", regcomp.c) and to RE2. What means something else there, or nothing, is refused.
 */
import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import { bracketOf } from './regexp-bracket.ts'
import { escapeOf, literalOf, unsupportedPattern } from './regexp-literal.ts'

/** PostgreSQL's bound of a repetition (RE_DUP_MAX). */
const repetitionsMax = 255
/** RE2's bound of repetitions within repetitions. */
const nestedRepetitionsMax = 1000
const groupsMax = 100

/**
 * The pattern for RE2, to be run where the point matches a line break; case is already in it.
 * @throws SqlError 2201B for an invalid pattern, 0A000 for one that RE2 would read otherwise
 */
export function matchPattern(pattern: string, caseInsensitive: boolean): string {
  if (pattern.startsWith('***')) throw unsupportedPattern('the prefix "***"')
  const options = /^\(\?([a-z]*)\)/.exec(pattern)
  if (options === null) return new Translation(pattern, caseInsensitive).run()
  const [prefix, letters] = options
  if (letters !== 'i') throw unsupportedPattern(`the prefix "${prefix}"`)
  return new Translation(pattern.slice(prefix.length), true).run()
}

/** 2201B, in PostgreSQL's words (regerrs.h). */
function invalidRegularExpression(why: string): SqlError {
  return new SqlError(SqlState.InvalidRegularExpression, `invalid regular expression: ${why}`)
}

function invalidRepetition(): SqlError {
  return invalidRegularExpression('invalid repetition count(s)')
}

/** What a quantifier would apply to. */
type Operand = 'None' | 'Atom' | 'Quantified'

const tokenPattern = /\(\?:|\{\d{1,3}(?:,\d{0,3})?\}\??|[*+?]\??|\\.|[()|^$]|./gsuy

class Translation {
  readonly #pattern: string
  readonly #caseInsensitive: boolean
  #output = ''
  #at = 0
  #operand: Operand = 'None'
  /** Most repetitions of one thing in the last atom, and in what is open around it. */
  #weight = 1
  #groupWeight = 1
  readonly #outerWeights: number[] = []

  constructor(pattern: string, caseInsensitive: boolean) {
    this.#pattern = pattern
    this.#caseInsensitive = caseInsensitive
  }

  run(): string {
    while (this.#at < this.#pattern.length) {
      if (this.#pattern[this.#at] === '[') this.#readBracket()
      else this.#readToken()
    }
    if (this.#outerWeights.length > 0) throw invalidRegularExpression('parentheses () not balanced')
    return this.#output
  }

  #readBracket(): void {
    const bracket = bracketOf(this.#pattern, this.#at, this.#caseInsensitive)
    if (bracket === undefined) throw invalidRegularExpression('brackets [] not balanced')
    this.#at = bracket.end
    this.#atom(bracket.text)
  }

  #readToken(): void {
    tokenPattern.lastIndex = this.#at
    const [token = ''] = tokenPattern.exec(this.#pattern) ?? []
    this.#at += token.length
    if (token === '(' || token === '(?:') this.#open()
    else if (token === ')') this.#close()
    else if (token === '|' || token === '^' || token === '$') this.#constraint(token)
    else if (/^[*+?]|^\{\d/.test(token)) this.#quantify(token)
    else if (token.startsWith('\\')) this.#escape(token.slice(1))
    else if (token === '{' && /\d/.test(this.#pattern.charAt(this.#at))) throw invalidRepetition()
    else this.#atom(token === '.' ? token : literalOf(token, this.#caseInsensitive))
  }

  #atom(text: string): void {
    this.#output += text
    this.#operand = 'Atom'
    this.#weight = 1
  }

  #constraint(text: string): void {
    this.#output += text
    this.#operand = 'None'
  }

  #escape(character: string): void {
    if (character === '') throw invalidRegularExpression('invalid escape \\ sequence')
    if (character === 'A') this.#constraint('\\A')
    else if (character === 'Z') this.#constraint('\\z')
    else this.#atom(escapeOf(character))
  }

  /** Groups capture nothing here: no reference to them is translated. */
  #open(): void {
    if (this.#pattern[this.#at] === '?') throw unsupportedPattern('a group that begins with "(?"')
    if (this.#outerWeights.length >= groupsMax) throw unsupportedPattern('so many nested groups')
    this.#outerWeights.push(this.#groupWeight)
    this.#groupWeight = 1
    this.#constraint('(?:')
  }

  #close(): void {
    const outer = this.#outerWeights.pop()
    if (outer === undefined) throw invalidRegularExpression('parentheses () not balanced')
    this.#output += ')'
    this.#operand = 'Atom'
    this.#weight = this.#groupWeight
    this.#groupWeight = Math.max(outer, this.#groupWeight)
  }

  #quantify(token: string): void {
    if (this.#operand !== 'Atom') throw invalidRegularExpression('quantifier operand invalid')
    const [, least, comma, most] = /^\{(\d+)(,?)(\d*)\}/.exec(token) ?? []
    if (least !== undefined) {
      const last = comma === '' ? least : most
      this.#repeat(Number(least), last === '' ? undefined : Number(last))
    }
    this.#output += token
    this.#operand = 'Quantified'
    this.#groupWeight = Math.max(this.#groupWeight, this.#weight)
  }

  #repeat(least: number, most: number | undefined): void {
    const isInvalid = least > repetitionsMax || (most ?? 0) > repetitionsMax
    if (isInvalid || (most !== undefined && least > most)) {
      throw invalidRepetition()
    }
    this.#weight *= Math.max(least, most ?? 0, 1)
    if (this.#weight > nestedRepetitionsMax) throw unsupportedPattern('so many nested repetitions')
  }
}
