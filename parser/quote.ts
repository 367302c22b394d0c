import { isQuotedKeyword } from './keywords.ts'

/**
 * `text` as a name in SQL: bare if it is a plain lower-case identifier and no keyword, else in double
 * quotes (PostgreSQL's quote_identifier).
 */
export function quoteName(text: string): string {
  const isPlain = /^[a-z_][a-z0-9_]*$/.test(text) && !isQuotedKeyword(text)
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`
}

/** `text` as a string constant; standard_conforming_strings is always on. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
