import { SqlError } from '../errors/sql-error.ts'
import { SqlState } from '../errors/sql-state.ts'
import { NEAR_TEXT_MAX } from './limits.ts'

/** Where an error lies: the client's whole text and a range of it. */
export interface ErrorPlace {
  readonly source: string
  readonly start: number
  readonly end: number
  /** Whether a secret may stand there: then the error does not repeat it (questdb-rbac.md, S16). */
  readonly secret?: boolean
}

/** `syntax error at or near "x"`, as PostgreSQL's scanner_yyerror writes it. */
export function syntaxError(place: ErrorPlace, hint?: string): SqlError {
  return errorNear('syntax error', place, hint)
}

/** `<message> at or near "x"`, or `<message> at end of input`. */
export function errorNear(message: string, place: ErrorPlace, hint?: string): SqlError {
  return new SqlError(SqlState.SyntaxError, `${message} ${nearText(place)}`, {
    offset: place.start,
    ...(hint === undefined ? {} : { hint }),
  })
}

/** A form of another dialect (questdb-rbac.md, Y1): the hint shows the form to use. */
export function foreignForm(place: ErrorPlace, hint: string): SqlError {
  return syntaxError(place, hint)
}

/** Closed by default: something that is known, and that grantd does not have. */
export function notSupported(what: string, offset: number, hint?: string): SqlError {
  return new SqlError(SqlState.FeatureNotSupported, `${what} is not supported`, {
    offset,
    ...(hint === undefined ? {} : { hint }),
  })
}

/** A syntax error of which PostgreSQL says more than where it is. */
export function malformed(message: string, offset: number): SqlError {
  return new SqlError(SqlState.SyntaxError, message, { offset })
}

export function textTooLong(bytesMax: number): SqlError {
  return new SqlError(SqlState.ProgramLimitExceeded, 'statement text is too long', {
    detail: `A query text may have ${bytesMax} bytes.`,
  })
}

export function tooManyStatements(statementsMax: number): SqlError {
  return new SqlError(SqlState.ProgramLimitExceeded, 'too many statements in one text', {
    detail: `A query text may have ${statementsMax} statements.`,
  })
}

export function tooComplex(detail: string, offset: number, cause?: unknown): SqlError {
  return new SqlError(SqlState.StatementTooComplex, 'statement is too complex', {
    detail,
    offset,
    ...(cause === undefined ? {} : { cause }),
  })
}

export function tooManyColumns(columnsMax: number, offset: number): SqlError {
  return new SqlError(SqlState.TooManyColumns, `at most ${columnsMax} columns are supported`, {
    offset,
  })
}

export function tooManyDeclarations(declarationsMax: number, offset: number): SqlError {
  return tooComplex(`A query may declare ${declarationsMax} variables.`, offset)
}

export function tooManyConstraints(constraintsMax: number, offset: number): SqlError {
  return tooComplex(`A table may have ${constraintsMax} constraints.`, offset)
}

export function nameTooLong(bytesMax: number, offset: number): SqlError {
  return new SqlError(SqlState.NameTooLong, `identifier is longer than ${bytesMax} bytes`, {
    offset,
  })
}

export function badCharacter(message: string, offset: number): SqlError {
  return new SqlError(SqlState.CharacterNotInRepertoire, message, { offset })
}

/** A rule of PostgreSQL's grammar actions that has a state of its own. */
export function grammarError(sqlState: SqlState, message: string, offset: number): SqlError {
  return new SqlError(sqlState, message, { offset })
}

/** What stands at the place, in PostgreSQL's words. */
function nearText({ source, start, end, secret }: ErrorPlace): string {
  if (start >= source.length) return 'at end of input'
  const near = source.slice(start, Math.min(end, start + NEAR_TEXT_MAX))
  const shown = secret === true && !isPunctuation(near) ? '***' : near
  return `at or near "${shown}"`
}

function isPunctuation(text: string): boolean {
  return /^[^\p{L}\p{N}'"]{1,2}$/u.test(text)
}
