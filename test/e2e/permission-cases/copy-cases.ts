/** COPY from files of the server, and COPY ... CANCEL (Q1, section 11). */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from 'pg'
import type { Meanwhile, PermissionCase } from './permission-case.ts'
import { dayTable, permissionCase, rowsOf } from './permission-case.ts'
import { answer } from './run-permission-case.ts'

const file = 'permission-cases.csv'

/** The file that the cases import, in the folder that COPY reads from where no other is configured. */
export async function writeImportFile(dataDir: string): Promise<void> {
  const folder = join(dataDir, 'import')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, file), 'ts,v,s\n2024-01-05T00:00:00.000000Z,5,e\n')
}

const copyInto = (table: string): string => `COPY ${table} FROM '${file}' WITH HEADER true`

/** An import of the built-in admin that cannot go on: a row of the same table waits for its COMMIT. */
async function waitingImport(open: () => Promise<Client>): Promise<Meanwhile> {
  const [client, holder] = [await open(), await open()]
  await client.query(
    `CREATE TABLE IF NOT EXISTS copied_slowly (ts TIMESTAMP, v INT, s SYMBOL)
     TIMESTAMP(ts) PARTITION BY DAY WAL DEDUP UPSERT KEYS(ts)`,
  )
  await holder.query('BEGIN')
  await holder.query(`INSERT INTO copied_slowly VALUES ('2024-01-01T00:00:00Z', 1, 'a')`)
  const { rows } = await client.query<{ readonly id: string }>(copyInto('copied_slowly'))
  const end = async (): Promise<void> => {
    await holder.query('ROLLBACK')
    await Promise.all([client.end(), holder.end()])
  }
  return { id: rows[0]?.id ?? '', end }
}

export const copyCases: readonly PermissionCase[] = [
  permissionCase('INSERT', 'COPY FROM into an existing table', (n) => ({
    setUp: dayTable(n('t')),
    statement: copyInto(n('t')),
    target: { table: n('t') },
    outcome: { kind: 'Changes', probe: rowsOf(n('t')), eventually: true },
  })),
  // Who holds nothing at the name is denied INSERT, whether the table is there or not (R9).
  permissionCase('CREATE TABLE', 'COPY FROM into a new table', (n) => ({
    besides: [`INSERT ON ${n('t')}`],
    statement: copyInto(n('t')),
    // The table goes again: of one that is there INSERT would do.
    perform: async (client, statement) => {
      const given = await answer(client, statement)
      const id = given.rows[0]?.[0] ?? ''
      for (;;) {
        const { rows } = await client.query<{ readonly status: string }>(
          'SELECT status FROM copy_log() WHERE id = $1',
          [id],
        )
        if (rows[0]?.status !== 'started') break
      }
      await answer(client, `DROP TABLE ${n('t')}`)
      return given
    },
    outcome: {
      kind: 'ReturnsLike',
      isRight: (rows) => rows.length === 1 && /^[0-9a-f]{16}$/.test(rows[0]?.[0] ?? ''),
    },
  })),
  {
    ...permissionCase('CANCEL ANY COPY', "COPY id CANCEL (another principal's import)", () => ({
      meanwhile: waitingImport,
      statement: `COPY '{id}' CANCEL`,
      outcome: {
        kind: 'Changes',
        probe: `SELECT status FROM copy_log() WHERE id = '{id}'`,
        eventually: true,
      },
    })),
    alone: true,
  },
]
