/** Makes a server as empty as a new one, by what it says of itself: a start for each vector takes longer. */
import type { Client } from 'pg'

const dump = 'SHOW CREATE DATABASE'

/** `'it''s'` in a statement of the dump, and everything else that it says of a relation or grant. */
const relationLine = /^CREATE (TABLE|VIEW) ((?:'(?:[^']|'')*'\.)?'(?:[^']|'')*')/
const principalLine = /^CREATE (USER|GROUP|SERVICE ACCOUNT) ('(?:[^']|'')*')/
const grantLine = /^GRANT (.*) TO ('(?:[^']|'')*')(?: WITH GRANT OPTION)?;$/

/** Drops and revokes all that there is. @throws Error when something is left */
export async function emptyServer(admin: Client): Promise<void> {
  for (const line of await lines(admin)) {
    const [, kind, name] = relationLine.exec(line) ?? principalLine.exec(line) ?? []
    if (kind === undefined || name === undefined) continue
    const cascade = kind === 'TABLE' || kind === 'VIEW' ? ' CASCADE PERMISSIONS' : ''
    await admin.query(`DROP ${kind} ${name}${cascade}`)
  }
  // What waits for names that nobody has.
  for (const line of await lines(admin)) {
    const [, held, grantee] = grantLine.exec(line) ?? []
    if (held !== undefined) await admin.query(`REVOKE ${held} FROM ${String(grantee)}`)
  }
  const left = await lines(admin)
  if (left.length > 0) throw new Error(`something is left:\n${left.join('\n')}`)
}

async function lines(admin: Client): Promise<readonly string[]> {
  const { rows } = await admin.query<{ readonly ddl: string }>(dump)
  return rows.map(({ ddl }) => ddl)
}
