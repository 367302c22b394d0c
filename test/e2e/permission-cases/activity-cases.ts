/** Statements of others that run: who sees and who stops them (Q1). */
import type { Client } from 'pg'
import type { CaseOutcome, Meanwhile, PermissionCase } from './permission-case.ts'
import { permissionCase } from './permission-case.ts'

/** Runs until it is stopped: ten billion pairs, counted one by one. */
const endless =
  'SELECT count(*) AS n FROM generate_series(1, 100000) a, generate_series(1, 100000) b WHERE a + b < 0'
const ofOthers = "query LIKE 'SELECT count(*) AS n FROM generate_series%' AND state = 'active'"
const running = `SELECT query_id FROM query_activity() WHERE ${ofOthers}`

/** The built-in admin's statement that has no end, by its number. */
async function endlessStatement(open: () => Promise<Client>): Promise<Meanwhile> {
  const [client, watcher] = [await open(), await open()]
  const ended = client.query(endless).catch(() => undefined)
  for (;;) {
    const { rows } = await watcher.query<{ readonly query_id: string }>(running)
    const id = rows[0]?.query_id
    if (id === undefined) continue
    const end = async (): Promise<void> => {
      await watcher.query(`SELECT cancel_query(${id})`)
      await ended
      await Promise.all([client.end(), watcher.end()])
    }
    return { id, end }
  }
}

const isStopped: CaseOutcome = { kind: 'Changes', probe: running, eventually: true }

const alone = { alone: true } as const

export const activityCases: readonly PermissionCase[] = [
  {
    ...permissionCase('SQL ENGINE ADMIN', 'query_activity() (rows of others)', () => ({
      meanwhile: endlessStatement,
      statement: `SELECT username FROM query_activity() WHERE query_id = {id}`,
      outcome: { kind: 'Reveals', isShown: ([row]) => row?.[0] === 'admin' },
    })),
    ...alone,
  },
  {
    ...permissionCase('SQL ENGINE ADMIN', 'CANCEL QUERY (query of another)', () => ({
      meanwhile: endlessStatement,
      statement: 'CANCEL QUERY {id}',
      outcome: isStopped,
    })),
    ...alone,
  },
  {
    ...permissionCase('SQL ENGINE ADMIN', 'cancel_query() (query of another)', () => ({
      meanwhile: endlessStatement,
      statement: 'SELECT cancel_query({id})',
      outcome: isStopped,
    })),
    ...alone,
  },
]
