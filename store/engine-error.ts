import { randomBytes } from 'node:crypto'
import { SqlError } from '../errors/sql-error.ts'
import { SqlState } from '../errors/sql-state.ts'
import type { EngineFailure } from './protocol/response.ts'
import type { StoreEvent } from './store-options.ts'
import type { Program, ProgramTarget } from './store.ts'

/** The failure of a call as the client sees it; the engine's words go to the log only (section 7). */
export function translateFailure(
  failure: EngineFailure,
  program: Program | undefined,
  log: (event: StoreEvent) => void,
): SqlError {
  if (failure.kind === 'Sql') return new SqlError(failure.sqlState, failure.message)
  const error = translate(failure.message, program?.target)
  const id = error === undefined ? randomBytes(6).toString('hex') : undefined
  const translated = error ?? internalError(id ?? '')
  log({
    kind: 'EngineError',
    sqlState: translated.sqlState,
    message: failure.message,
    ...(id === undefined ? {} : { id }),
    ...(program === undefined ? {} : { sql: program.sql }),
  })
  return translated
}

/** An error that clients get for what is our own mistake; the id finds it in the log. */
export function internalError(id: string): SqlError {
  return new SqlError(SqlState.InternalError, `internal error ${id}`)
}

interface Rule {
  readonly pattern: RegExp
  readonly make: (match: RegExpExecArray, target: ProgramTarget | undefined) => SqlError
}

/** In this order; every pattern is tied to the start, so that data inside a message decides nothing. */
const rules: readonly Rule[] = [
  // Raised by printed SQL: a fixed sentence of the printer, no data.
  {
    pattern: /^Invalid Input Error: grantd:([0-9A-Z]{5}):([^\n]*)/,
    make: ([, state = '', message = '']) => new SqlError(stateOf(state), message),
  },
  fixed(/^INTERRUPT Error/, SqlState.QueryCanceled, 'canceling statement due to user request'),
  fixed(
    /^TransactionContext Error: Current transaction is aborted/,
    SqlState.InFailedSqlTransaction,
    'current transaction is aborted, commands ignored until end of transaction block',
  ),
  {
    pattern:
      /^(?:TransactionContext Error: Failed to commit: |Constraint Error: )(?:.*)(?:duplicate key|violates (?:primary key|unique))/i,
    make: (_, target) => uniqueViolation(target),
  },
]

function fixed(pattern: RegExp, state: SqlState, message: string): Rule {
  return { pattern, make: () => new SqlError(state, message) }
}

function translate(message: string, target: ProgramTarget | undefined): SqlError | undefined {
  for (const rule of rules) {
    const match = rule.pattern.exec(message)
    if (match !== null) return rule.make(match, target)
  }
  return undefined
}

const knownStates: ReadonlyMap<string, SqlState> = new Map(
  Object.values(SqlState).map((state) => [state, state]),
)

function stateOf(text: string): SqlState {
  return knownStates.get(text) ?? SqlState.InternalError
}

function uniqueViolation(target: ProgramTarget | undefined): SqlError {
  const table = target?.table ?? ''
  return new SqlError(
    SqlState.UniqueViolation,
    `duplicate key value violates unique constraint of table "${table}"`,
  )
}
