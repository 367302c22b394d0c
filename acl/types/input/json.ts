import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import { invalidJson } from '../errors.ts'

/**
 * Deepest nesting of a document. The engine's JSON functions end the process on documents nested
 * 100,000 deep (duckdb-hardening.md, section 5.1); PostgreSQL's own limit is its stack.
 */
const depthMax = 1000

/** Checks a json document and keeps its text as it is, as PostgreSQL's type json does. */
export function parseJson(text: string): string {
  checkDepth(text)
  if (!isJson(text)) throw invalidJson(`The document is not valid JSON.`)
  return text
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    // JSON.parse throws nothing but its SyntaxError.
    return false
  }
}

function checkDepth(text: string): void {
  let depth = 0
  let isInString = false
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index)
    if (isInString) {
      if (character === '\\') index += 1
      else if (character === '"') isInString = false
    } else if (character === '"') {
      isInString = true
    } else if (character === '[' || character === '{') {
      depth += 1
      if (depth > depthMax) throw jsonTooDeep()
    } else if (character === ']' || character === '}') {
      depth -= 1
    }
  }
}

function jsonTooDeep(): SqlError {
  return new SqlError(
    SqlState.StatementTooComplex,
    `json document is nested more than ${depthMax} levels deep`,
  )
}
