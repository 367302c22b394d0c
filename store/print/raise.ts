import type { SqlState } from '../../errors/sql-state.ts'
import { textLiteral } from './text-literal.ts'

/**
 * An expression that raises when it is evaluated. The engine's message is then
 * `Invalid Input Error: grantd:<SQLSTATE>:<message>`, which the store turns into that error
 * (store/engine-error.ts). The message is one of our own sentences, never data (rule R7).
 */
export function raise(sqlState: SqlState, message: string): string {
  return `error(${textLiteral(`grantd:${sqlState}:${message}`)})`
}
