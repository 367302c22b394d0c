/** information_schema.tables and columns say of a table what PostgreSQL says of it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Client } from 'pg'
import type { Grantd } from '../e2e/grantd.ts'
import { admin, connect, startGrantd } from '../e2e/grantd.ts'
import type { Postgres } from '../postgres.ts'
import { startPostgres } from '../postgres.ts'

let grantd: Grantd
let postgres: Postgres
let ours: Client
let theirs: Client
beforeAll(async () => {
  ;[grantd, postgres] = await Promise.all([startGrantd(), startPostgres()])
  const { host, port, user, database } = postgres
  ours = await connect(grantd, admin)
  theirs = new Client({ host, port, user, database })
  await theirs.connect()
  for (const client of [ours, theirs]) {
    await client.query(
      `CREATE TABLE "Kinds" (
         a int2, b int4 NOT NULL, c int8, d float4, e float8, f numeric, g numeric(10, 2),
         h text, i varchar, j varchar(20), k char, l char(5), m bytea, n date, o time, p timestamp,
         q timestamptz, r interval, s uuid, t json, u bool, v int4[], w text[], x int4 DEFAULT 7)`,
    )
    await client.query('CREATE VIEW seen AS SELECT a, j FROM "Kinds"')
  }
})
afterAll(async () => {
  await Promise.all([ours.end(), theirs.end()])
  await Promise.all([grantd.remove(), postgres.stop()])
})

function withoutCatalog(row: Record<string, unknown>): unknown {
  return {
    ...row,
    table_catalog: row['table_catalog'] === null ? null : 'x',
    udt_catalog: row['udt_catalog'] === null ? null : 'x',
    // A simple view can be written through in PostgreSQL; ours are read-only (V9).
    ...(row['table_name'] === 'seen' ? { is_updatable: 'NO', is_insertable_into: 'NO' } : {}),
  }
}

test.each(['tables', 'columns'])('information_schema.%s', async (name) => {
  const order = name === 'tables' ? 'table_name' : 'table_name, ordinal_position'
  const sql = `SELECT * FROM information_schema.${name} WHERE table_schema = 'public' ORDER BY ${order}`
  const [found, wanted] = [await ours.query(sql), await theirs.query(sql)]
  const described = (result: typeof found): unknown[] =>
    result.fields.map((field) => [field.name, field.dataTypeID])
  expect(described(found)).toEqual(described(wanted))
  expect(found.rows.map(withoutCatalog)).toEqual(wanted.rows.map(withoutCatalog))
})

test('what tools ask is answered alike', async () => {
  for (const text of [
    `SELECT column_name FROM INFORMATION_SCHEMA.COLUMNS WHERE table_name = 'Kinds'
     AND table_catalog = current_database() AND table_schema = 'public' ORDER BY ordinal_position`,
    `select table_name from information_schema.tables where table_schema = current_schema()
     and table_name = 'Kinds'`,
    `SELECT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_name = 'nope')`,
    `SELECT tables.table_name, information_schema.tables.table_type FROM information_schema.tables
     WHERE tables.table_schema = 'public' ORDER BY 1`,
    `SELECT t.table_name, count(*) FROM information_schema.tables t
     JOIN information_schema.columns c USING (table_schema, table_name)
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema') GROUP BY 1 ORDER BY 1`,
  ]) {
    expect((await ours.query(text)).rows).toEqual((await theirs.query(text)).rows)
  }
  const asked = {
    text: `select * from information_schema.tables where table_name = $1 and table_schema = $2`,
    values: ['Kinds', 'public'],
  }
  expect((await ours.query(asked)).rowCount).toBe((await theirs.query(asked)).rowCount)
})

test('nobody is shown what it holds nothing on, nor a default it cannot read (G60)', async () => {
  await ours.query(
    `CREATE USER eve WITH PASSWORD 'pw'; GRANT PGWIRE TO eve; CREATE USER bob WITH PASSWORD 'pw';
     GRANT PGWIRE TO bob; GRANT SELECT ON "Kinds"(b) TO bob; GRANT UPDATE ON "Kinds"(x) TO bob`,
  )
  const eve = await connect(grantd, { user: 'eve', password: 'pw' })
  const bob = await connect(grantd, { user: 'bob', password: 'pw' })
  const tables = 'SELECT table_name FROM information_schema.tables'
  const columns = 'SELECT column_name, column_default FROM information_schema.columns'
  expect((await eve.query(tables)).rows).toEqual([])
  expect((await eve.query(columns)).rows).toEqual([])
  expect((await bob.query(tables)).rows).toEqual([{ table_name: 'Kinds' }])
  expect((await bob.query(columns)).rows).toEqual([
    { column_name: 'b', column_default: null },
    { column_name: 'x', column_default: null },
  ])
  await Promise.all([eve.end(), bob.end()])
})
