import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Grantd } from './grantd.ts'
import { admin, startGrantd } from './grantd.ts'
import { psql } from './psql.ts'

/** Whatever a table, a view and an access list can have, and what happened to them since they were made. */
const setUp = `
  CREATE USER bob WITH PASSWORD 'pw_bob';
  CREATE USER "Ann O'Hara";
  CREATE USER eve WITH PASSWORD 'pw_eve';
  CREATE GROUP desk WITH EXTERNAL ALIAS 'cn=desk''s';
  ALTER GROUP desk WITH EXTERNAL ALIAS 'cn=second';
  CREATE GROUP ops;
  CREATE SERVICE ACCOUNT app WITH PASSWORD 'pw_app';
  CREATE SERVICE ACCOUNT "my app";
  ADD USER bob TO ops, desk;
  GRANT ASSUME SERVICE ACCOUNT app TO bob WITH GRANT OPTION;
  GRANT ASSUME SERVICE ACCOUNT "my app" TO desk;
  GRANT ASSUME SERVICE ACCOUNT app TO later_user;

  CREATE TABLE trades (
    ts TIMESTAMP, sym SYMBOL CAPACITY 256 CACHE, price numeric(10,2) DEFAULT 1.5 NOT NULL,
    note VARCHAR(20) DEFAULT 'it''s, a (note)' , tags TEXT[], made timestamptz DEFAULT now(),
    CONSTRAINT positive CHECK (price > 0 AND "trades".price < 1000 /* price */ OR sym = 'price'), CHECK (note <> '')
  ) TIMESTAMP(ts) PARTITION BY DAY WAL DEDUP UPSERT KEYS(ts, sym);
  CREATE TABLE keyed ("Id" INT, b BIGINT UNIQUE, c DOUBLE PRECISION, d DATE, gone INT, PRIMARY KEY ("Id"), UNIQUE (b, c));
  ALTER TABLE keyed DROP COLUMN gone;
  ALTER TABLE keyed ADD COLUMN "select" BOOLEAN NOT NULL DEFAULT true;
  CREATE TABLE quiet (ts TIMESTAMP, a INT) TIMESTAMP(ts) PARTITION BY NONE;
  CREATE TABLE loose (ts TIMESTAMP, a INT) TIMESTAMP(ts) PARTITION BY MONTH BYPASS WAL;
  CREATE TABLE "It's ""odd""" ("a ""b""" CHAR, "c'd" CHAR(3), e TIME, f TIMESTAMP WITH TIME ZONE);
  CREATE TABLE copied AS (SELECT ts, price, note, tags, 1 AS one FROM trades) TIMESTAMP(ts) PARTITION BY YEAR;
  CREATE TABLE alike (LIKE trades);

  CREATE VIEW z_view AS (SELECT * FROM trades WHERE price > 1);
  CREATE VIEW a_view (x, y) AS SELECT sym, price * 2 FROM z_view -- a comment
  ;
  CREATE VIEW b_view AS SELECT k.*, q.a AS q FROM keyed k JOIN quiet q ON k.b = q.a UNION ALL SELECT *, 1 FROM keyed;
  CREATE VIEW c_view AS WITH w AS (SELECT * FROM quiet) SELECT * FROM w JOIN (SELECT a, ts AS other FROM loose) l USING (a);
  ALTER TABLE keyed ADD COLUMN "grown" INT;
  ALTER TABLE quiet ADD COLUMN "grown" INT;
  CREATE TABLE checked (low INT, high INT, CONSTRAINT c CHECK (low < high AND checked.high < 10));
  ALTER TABLE checked RENAME COLUMN high TO "The high";
  RENAME TABLE checked TO verified;

  GRANT HTTP, PGWIRE TO bob;
  GRANT PGWIRE TO eve;
  GRANT PGWIRE TO app;
  GRANT DATABASE ADMIN TO ops;
  REVOKE DATABASE ADMIN FROM ops;
  GRANT USER DETAILS TO ops WITH GRANT OPTION;
  GRANT SELECT, INSERT ON ALL TABLES TO desk;
  GRANT SELECT ON trades TO desk WITH GRANT OPTION;
  GRANT SELECT, UPDATE ON trades(price, note) TO eve;
  GRANT SELECT ON trades(sym) TO eve WITH GRANT OPTION;
  GRANT SELECT ON a_view TO eve;
  GRANT SELECT ON later, later(a), "s p".t(b) TO eve;
  GRANT CONVERT PARTITION TO PARQUET ON ALL TABLES TO "Ann O'Hara";
  GRANT SELECT ON quiet TO "Later User" WITH GRANT OPTION;
  GRANT ALL ON ALL TABLES TO app;
  REVOKE UPDATE ON trades(note) FROM app;
  REVOKE INSERT ON keyed FROM app;
  GRANT INSERT ON will_be_view TO eve;
  CREATE VIEW will_be_view AS SELECT 1 AS one;
  CREATE TABLE gone (a INT, b TEXT[], c CHAR(3));
  CREATE TABLE partly (a INT, b INT);
  CREATE VIEW of_gone AS SELECT * FROM gone;
  CREATE VIEW of_view AS SELECT b, count(*) AS n FROM of_gone GROUP BY b;
  CREATE VIEW of_partly (only_b) AS SELECT b FROM partly;
  CREATE VIEW counted AS SELECT count(*) AS n FROM gone;
  GRANT SELECT ON gone TO eve;
  DROP TABLE gone;
  ALTER TABLE partly RENAME COLUMN b TO c;
  ALTER USER "Ann O'Hara" DISABLE;
  ALTER SERVICE ACCOUNT "my app" DISABLE;
`

const principals = ['bob', "Ann O'Hara", 'eve', 'desk', 'ops', 'app', 'my app']
const tables = [
  'trades',
  'keyed',
  'quiet',
  'loose',
  `It's "odd"`,
  'copied',
  'alike',
  'verified',
  'partly',
]
const views = [
  'a_view',
  'b_view',
  'c_view',
  'z_view',
  'will_be_view',
  'of_gone',
  'of_view',
  'of_partly',
  'counted',
]
const inDoubleQuotes = (name: string): string => `"${name.replaceAll('"', '""')}"`

const marker = '-- next answer'

/** All that SHOW tells about relations and access. */
const questions = [
  'SHOW USERS',
  'SHOW GROUPS',
  'SHOW SERVICE ACCOUNTS',
  'SHOW TABLES',
  ...principals.map((name) => `SHOW PERMISSIONS ${inDoubleQuotes(name)}`),
  ...['bob', "Ann O'Hara", 'eve'].map((name) => `SHOW GROUPS ${inDoubleQuotes(name)}`),
  ...['bob', 'desk'].map((name) => `SHOW SERVICE ACCOUNTS ${inDoubleQuotes(name)}`),
  ...[...tables, ...views].map((name) => `SHOW COLUMNS FROM ${inDoubleQuotes(name)}`),
  ...tables.map((name) => `SHOW CREATE TABLE ${inDoubleQuotes(name)}`),
  ...views.map((name) => `SHOW CREATE VIEW ${inDoubleQuotes(name)}`),
  'SHOW CREATE DATABASE',
]

/** What somebody is told, by question. */
async function answers(
  grantd: Grantd,
  login: Parameters<typeof psql>[1],
  asked: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const commands = asked.flatMap((question) => ['-c', `\\echo ${marker}`, '-c', question])
  const result = await psql(grantd, login, ['-At', ...commands])
  expect(result.errors).toBe('')
  const answersInOrder = result.output.split(`${marker}\n`).slice(1)
  return Object.fromEntries(asked.map((question, at) => [question, answersInOrder[at] ?? '']))
}

describe('SHOW CREATE DATABASE through real psql', () => {
  let original: Grantd
  let replayed: Grantd
  let directory: string
  beforeAll(async () => {
    ;[original, replayed, directory] = await Promise.all([
      startGrantd(),
      startGrantd(),
      mkdtemp(join(tmpdir(), 'grantd-dump-')),
    ])
  })
  afterAll(async () => {
    await Promise.all([original.remove(), replayed.remove()])
    await rm(directory, { recursive: true, force: true })
  })

  async function run(grantd: Grantd, text: string): Promise<void> {
    const file = join(directory, 'statements.sql')
    await writeFile(file, text)
    const result = await psql(grantd, admin, ['-v', 'ON_ERROR_STOP=1', '-q', '-f', file])
    expect(result.errors.split('\n').filter((line) => line.includes('ERROR'))).toEqual([])
    expect(result.exitCode).toBe(0)
  }

  test('replayed on an empty server, the dump makes the same database (W13)', async () => {
    await run(original, setUp)
    const dump = await psql(original, admin, ['-Atc', 'SHOW CREATE DATABASE'])
    expect(dump.errors).toBe('')
    await run(replayed, dump.output)
    expect(await answers(replayed, admin, questions)).toEqual(
      await answers(original, admin, questions),
    )
    // Secrets are in no dump; with their passwords again, the others see what they saw.
    await run(
      replayed,
      `ALTER USER bob WITH PASSWORD 'pw_bob'; ALTER USER eve WITH PASSWORD 'pw_eve';
       ALTER SERVICE ACCOUNT app WITH PASSWORD 'pw_app'`,
    )
    const ownQuestions = ['SHOW TABLES', 'SHOW PERMISSIONS', 'SHOW CREATE DATABASE']
    for (const user of ['bob', 'eve', 'app']) {
      const login = { user, password: `pw_${user}` }
      const own = await answers(original, login, ownQuestions)
      expect(own['SHOW CREATE DATABASE']).toContain('CREATE TABLE')
      expect(await answers(replayed, login, ownQuestions)).toEqual(own)
    }
    // A view that was invalid is: it reads what is there again under the names (V10).
    const back = 'CREATE TABLE gone (b TEXT[], a INT, c CHAR(3)); INSERT INTO gone (a) VALUES (7)'
    await run(replayed, `${back}; ALTER TABLE partly RENAME COLUMN c TO b;`)
    const asked = ['-c', 'SELECT a, n, only_b FROM of_gone, of_view LEFT JOIN of_partly ON true']
    expect((await psql(replayed, admin, ['-At', ...asked])).output).toBe('7|1|\n')
    // The catalog gives back all that the statements say.
    await original.stop()
    original = await startGrantd({ dataDir: original.dataDir })
    const again = await psql(original, admin, ['-Atc', 'SHOW CREATE DATABASE'])
    expect(again.output).toBe(dump.output)
    expect(dump.output).not.toContain('OWNED BY')
    expect(dump.output).not.toContain('pw_')
  })
})
