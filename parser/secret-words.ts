/**
 * Words behind which a statement may hold a secret: `PASSWORD p`, `TOKEN TYPE REST 't'`, `PUBLIC KEY
 * x '...' y '...'`. Looked for in raw text, also inside strings and comments, because it serves
 * texts that are not well formed: rather too much is hidden than too little (questdb-rbac.md, S16).
 */
const secretWord = /password|\btoken\b|\bkey\b/i

/** Whether a secret may follow somewhere in `text`. */
export function mentionsSecret(text: string): boolean {
  return secretWord.test(text)
}

/** The offset behind the first word that a secret may follow. */
export function secretsBegin(text: string): number | undefined {
  const match = secretWord.exec(text)
  return match === null ? undefined : match.index + match[0].length
}
