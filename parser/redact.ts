import { secretsBegin } from './secret-words.ts'
import type { ParsedStatement } from './statement.ts'

/** What stands in a log where a secret stood (questdb-rbac.md, S16). */
const redacted = "'***'"

/** The text of a statement with each secret hidden. */
export function redactSecrets({ text, span, secrets }: ParsedStatement): string {
  let shown = ''
  let at = 0
  for (const secret of secrets) {
    shown += text.slice(at, secret.start - span.start) + redacted
    at = secret.end - span.start
  }
  return shown + text.slice(at)
}

/**
 * A text that did not parse, fit for a log: all that follows the first PASSWORD, TOKEN or KEY is
 * hidden. Where its secrets end cannot be known: a quote too many turns everything inside out.
 */
export function redactText(text: string): string {
  const begin = secretsBegin(text)
  return begin === undefined ? text : `${text.slice(0, begin)} ${redacted}`
}
