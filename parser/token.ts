/** Where a token lies: UTF-16 offsets in the text that the client sent, the end exclusive. */
interface TokenPlace {
  readonly start: number
  readonly end: number
}

/** An identifier or keyword without quotes. */
export interface WordToken extends TokenPlace {
  readonly kind: 'Word'
  /** As written. */
  readonly text: string
  /** In upper case (ASCII), for comparing with keywords. */
  readonly word: string
}

/** `"..."` or `U&"..."`; doubled quotes and escapes resolved. */
export interface QuotedNameToken extends TokenPlace {
  readonly kind: 'QuotedName'
  readonly value: string
}

/** Any of PostgreSQL's character string constants; escapes and continuation lines resolved. */
export interface StringToken extends TokenPlace {
  readonly kind: 'String'
  readonly style: 'Plain' | 'Escape' | 'Unicode' | 'Dollar' | 'National'
  readonly value: string
}

/** `B'...'` or `X'...'`. */
export interface BitStringToken extends TokenPlace {
  readonly kind: 'BitString'
}

/** A number as PostgreSQL writes it. */
export interface NumberToken extends TokenPlace {
  readonly kind: 'Number'
  readonly text: string
}

/** A number with letters right behind it: a TTL such as `30d` in our dialect, junk to PostgreSQL. */
export interface NumberUnitToken extends TokenPlace {
  readonly kind: 'NumberUnit'
  readonly text: string
}

/** `$1`. */
export interface ParameterToken extends TokenPlace {
  readonly kind: 'Parameter'
}

/** An operator of PostgreSQL's alphabet, and `::`, `:=`, `..`. */
export interface OperatorToken extends TokenPlace {
  readonly kind: 'Operator'
  readonly text: string
}

export type SymbolText = '(' | ')' | '[' | ']' | ',' | ';' | '.' | ':'

/** One of the characters that stand for themselves. */
export interface SymbolToken extends TokenPlace {
  readonly kind: 'Symbol'
  readonly text: SymbolText
}

/** A character that begins nothing, such as `\\` or `{`; no grammar takes it. */
export interface OtherToken extends TokenPlace {
  readonly kind: 'Other'
}

/** The end of the text. */
export interface EndToken extends TokenPlace {
  readonly kind: 'End'
}

export type Token =
  | WordToken
  | QuotedNameToken
  | StringToken
  | BitStringToken
  | NumberToken
  | NumberUnitToken
  | ParameterToken
  | OperatorToken
  | SymbolToken
  | OtherToken
  | EndToken
