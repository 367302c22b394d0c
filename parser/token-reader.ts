import type { SqlError } from '../errors/sql-error.ts'
import { asciiUpperCase } from './keywords.ts'
import { mentionsSecret } from './secret-words.ts'
import type { StatementTokens } from './split-statements.ts'
import type { Span } from './statement.ts'
import { errorNear, foreignForm, notSupported, syntaxError } from './syntax-error.ts'
import type { SymbolText, Token } from './token.ts'

/**
 * Reads the tokens of one statement from left to right. Behind the last one stands what ends the
 * statement, so that an error can name it.
 */
export class TokenReader {
  /** The client's whole text. */
  readonly source: string
  readonly #tokens: readonly Token[]
  readonly #terminator: Token
  readonly #secrets: Span[] = []
  #index = 0

  constructor(source: string, { tokens, terminator }: StatementTokens) {
    this.source = source
    this.#tokens = tokens
    this.#terminator = terminator
  }

  /** The token `ahead` places from here; behind the statement its terminator. */
  peek(ahead = 0): Token {
    return this.#tokens[this.#index + ahead] ?? this.#terminator
  }

  /** The token before this one; at the start the first. */
  previous(): Token {
    return this.#tokens[this.#index - 1] ?? this.peek()
  }

  get index(): number {
    return this.#index
  }

  get isAtEnd(): boolean {
    return this.#index >= this.#tokens.length
  }

  /** How many tokens of the statement are left. */
  get remaining(): number {
    return Math.max(0, this.#tokens.length - this.#index)
  }

  /** Offset of the statement's first token. */
  get start(): number {
    return (this.#tokens[0] ?? this.#terminator).start
  }

  /** Offset behind the statement's last token. */
  get end(): number {
    return (this.#tokens.at(-1) ?? this.#terminator).end
  }

  /** The tokens from `from` up to `to`, by index. */
  tokens(from = 0, to = this.#tokens.length): readonly Token[] {
    return this.#tokens.slice(from, to)
  }

  /** Where secrets stand that were read so far. */
  get secrets(): readonly Span[] {
    return this.#secrets
  }

  next(): Token {
    const token = this.peek()
    this.#index += 1
    return token
  }

  skip(count: number): void {
    this.#index += count
  }

  /** Goes on reading at the end of the statement. */
  skipToEnd(): void {
    this.#index = this.#tokens.length
  }

  markSecret({ start, end }: Span): void {
    this.#secrets.push({ start, end })
  }

  /** Whether these words, in upper case, come next. */
  atWords(...words: readonly string[]): boolean {
    return words.every((word, ahead) => {
      const token = this.peek(ahead)
      return token.kind === 'Word' && token.word === word
    })
  }

  /** Reads these words if all of them come next. */
  acceptWords(...words: readonly string[]): boolean {
    if (!this.atWords(...words)) return false
    this.skip(words.length)
    return true
  }

  expectWords(...words: readonly string[]): void {
    for (const word of words) if (!this.acceptWords(word)) throw this.unexpected()
  }

  /** Reads one of these words and says which; none of them is a syntax error. */
  expectOneOf<Word extends string>(words: readonly Word[]): Word {
    const word = words.find((candidate) => this.acceptWords(candidate))
    if (word === undefined) throw this.unexpected()
    return word
  }

  atSymbol(text: SymbolText, ahead = 0): boolean {
    const token = this.peek(ahead)
    return token.kind === 'Symbol' && token.text === text
  }

  acceptSymbol(text: SymbolText): boolean {
    if (!this.atSymbol(text)) return false
    this.skip(1)
    return true
  }

  expectSymbol(text: SymbolText): void {
    if (!this.acceptSymbol(text)) throw this.unexpected()
  }

  atOperator(text: string, ahead = 0): boolean {
    const token = this.peek(ahead)
    return token.kind === 'Operator' && token.text === text
  }

  expectEnd(): void {
    if (!this.isAtEnd) throw this.unexpected()
  }

  /** A list of at least one, parted by commas. */
  list<Item>(readItem: () => Item): readonly Item[] {
    const items = [readItem()]
    while (this.acceptSymbol(',')) items.push(readItem())
    return items
  }

  /** A list of at least one in parentheses. */
  parenthesised<Item>(readItem: () => Item): readonly Item[] {
    this.expectSymbol('(')
    const items = this.list(readItem)
    this.expectSymbol(')')
    return items
  }

  /** That the token here is not what the grammar wants. */
  unexpected(hint?: string): SqlError {
    const token = this.peek()
    const place = { source: this.source, start: token.start, end: token.end }
    const secret = this.#secretMayStandAt(token)
    if (token.kind === 'NumberUnit') {
      return errorNear('trailing junk after numeric literal', { ...place, secret }, hint)
    }
    return syntaxError({ ...place, secret }, hint)
  }

  /** That the token here begins a form of another dialect (Y1). */
  foreign(hint: string): SqlError {
    const { start, end } = this.peek()
    return foreignForm({ source: this.source, start, end }, hint)
  }

  /** That `what` is known and that grantd does not have it. */
  notSupported(what: string, offset = this.start, hint?: string): SqlError {
    return notSupported(what, offset, hint)
  }

  /** Only statements about principals hold secrets; a column may well be called password. */
  #secretMayStandAt(token: Token): boolean {
    const first = this.#tokens[0]
    if (first?.kind !== 'Word' || !['CREATE', 'ALTER'].includes(first.word)) return false
    const second = this.#tokens[1]
    if (second?.kind !== 'Word') return false
    if (!['USER', 'SERVICE', 'GROUP', 'ROLE'].includes(asciiUpperCase(second.text))) return false
    return mentionsSecret(this.source.slice(this.start, token.start))
  }
}
